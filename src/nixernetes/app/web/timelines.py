"""How deliveries stood at each moment of a run: what changed, and why, so that a roll-out can be looked at again.

A timeline holds changes alone, the latest twenty thousand; what is older is summed up in the state that it begins with.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from nixernetes.app.console.happenings import one_line
from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.wire import AS_JSON
from nixernetes.engine.reports import DeliveryRow, short_revision
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.identity import ObjectKey

__all__ = ["Timeline", "TimelineChange", "TimelineMoment", "TimelinePage"]

_MOST: Final = 20_000  # changes
_MOST_MESSAGE: Final = 300  # characters
_GONE: Final = "gone"

_Who = tuple[str, ObjectKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineChange:
    """What became of a delivery.

    Attributes:
        delivery: which one, as a number in the list of the page.
        state: its state from then on; ``gone`` where it was deleted.
        status: the word of its engine.
        revision: the applied revision.
        message: what its engine says.
        cause: why it changed: ``commit`` (another revision), ``asked`` (by hand), ``new``, or ``""``.

    """

    __pydantic_config__ = AS_JSON

    delivery: int
    state: str
    status: str = ""
    revision: str = ""
    message: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineMoment:
    """A moment at which something changed."""

    __pydantic_config__ = AS_JSON

    time: str
    changes: tuple[TimelineChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePage:
    """How a run went.

    Attributes:
        began: when it began.
        now: the present moment.
        deliveries: all that there were, in the order in which they came.
        moments: the moments, the oldest first; the first one says how it began.

    """

    __pydantic_config__ = AS_JSON

    began: str
    now: str
    deliveries: tuple[ObjectName, ...] = ()
    moments: tuple[TimelineMoment, ...] = ()


class _Stand(NamedTuple):
    """How a delivery stands."""

    state: str
    status: str
    revision: str
    message: str


class _Moment(NamedTuple):
    time: datetime
    changes: tuple[TimelineChange, ...]


class Timeline:
    """Takes note of how deliveries stand; bounded, see above.

    Args:
        began: when the run began.

    """

    def __init__(self, began: datetime) -> None:
        self._began = began
        self._numbers: dict[_Who, int] = {}
        self._stands: dict[_Who, _Stand] = {}
        self._first: dict[int, TimelineChange] = {}
        self._moments: deque[_Moment] = deque()
        self._held = 0
        self._asked: set[_Who] = set()

    def asked(self, names: Iterable[ObjectName]) -> None:
        """Take note that somebody asked for something: what changes next of these changes because of that."""
        self._asked |= {(name.cluster, name.key) for name in names}

    def note(self, now: datetime, rows: Iterable[DeliveryRow], gone: Iterable[_Who] = ()) -> None:
        """Take note of a moment.

        Args:
            now: the moment.
            rows: how deliveries stand; those that are as they were may be left out.
            gone: the deliveries that are not there any more.

        """
        found = {(row.cluster, row.key): _stand(row) for row in rows}
        changes = [
            self._change(who, stand) for who, stand in found.items() if not _is_same(self._stands.get(who), stand)
        ]
        self._stands |= found
        for who in gone:
            if self._stands.pop(who, None) is not None:
                changes.append(TimelineChange(delivery=self._numbers[who], state=_GONE))
        if changes:
            self._moments.append(_Moment(now, tuple(sorted(changes, key=lambda change: change.delivery))))
            self._held += len(changes)
        while self._held > _MOST:
            oldest = self._moments.popleft()
            self._held -= len(oldest.changes)
            self._first |= {change.delivery: change for change in oldest.changes}
            self._began = oldest.time

    def _change(self, who: _Who, stand: _Stand) -> TimelineChange:
        number = self._numbers.setdefault(who, len(self._numbers))
        before = self._stands.get(who)
        if before is None:
            cause = "new"
        elif before.revision and before.revision != stand.revision:
            cause = "commit"
        else:
            cause = "asked" if who in self._asked else ""
        self._asked.discard(who)
        return TimelineChange(
            delivery=number,
            state=stand.state,
            status=stand.status,
            revision=stand.revision,
            message=stand.message,
            cause=cause,
        )

    def page(self, now: datetime) -> TimelinePage:
        """Return all of it."""
        began = timestamp(self._began)
        first = [TimelineMoment(time=began, changes=tuple(self._first.values()))] if self._first else []
        return TimelinePage(
            began=began,
            now=timestamp(now),
            deliveries=tuple(ObjectName.of(*who) for who in self._numbers),
            moments=(
                *first,
                *(TimelineMoment(time=timestamp(each.time), changes=each.changes) for each in self._moments),
            ),
        )


def _stand(row: DeliveryRow) -> _Stand:
    message = one_line(row.message)[:_MOST_MESSAGE]
    return _Stand(row.state, row.status, short_revision(row.revision), message)


def _is_same(before: _Stand | None, now: _Stand) -> bool:
    """Tell whether nothing that counts is another; a message alone is what a failure goes on saying."""
    if before is None or before[:3] != now[:3]:
        return False
    return before.message == now.message or now.state == "ready"
