"""Notifications on their way out: each is recorded, and sent only where the user asks for that.

What is recorded can be shown: who is told, and every request, with its secrets hidden. A notification that could not be
delivered is kept apart too (a dead letter), so that many that were cannot push it out of sight.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from nixernetes.engine.notices.requests import Parcel, WebReply, WebRequest
from nixernetes.engine.notices.showing import ShownRequest, host_of, shown
from nixernetes.engine.ports import Notifier
from nixernetes.errors import NixernetesError
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey

__all__ = ["Notice", "Notification", "Outbox", "OutboxWatch"]

_KEPT: Final = 1_000  # a view shows the latest; older ones are only counted
_DEAD: Final = 200
_REQUESTS: Final = 20  # of one conversation
_LOOKS: Final = timedelta(milliseconds=200)

Outcome = Literal["recorded", "sending", "sent", "failed"]
OnFailure = Callable[[NixernetesError], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a notification is about.

    Attributes:
        time: when it was due.
        cluster: the cluster that holds the object.
        key: the object.
        reason: Flux's reason, or the trigger of Argo CD.
        message: what is told, in words.
        receiver: who is told: ``Provider/<namespace>/<name>``, or Argo CD's ``<service>:<recipient>``.

    """

    time: datetime
    cluster: str
    key: ObjectKey
    reason: str
    message: str
    receiver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message to one receiver, and what became of it.

    Attributes:
        notice: what it is about.
        host: where it goes: scheme and host alone, ``""`` for an address that is none.
        outcome: ``recorded`` (nothing left the machine), ``sending``, ``sent``, or ``failed``.
        error: why it failed, or ``""``.
        requests: what is sent, as it is told where nobody answers: a question is taken to find nothing.

    """

    notice: Notice
    host: str
    outcome: Outcome
    error: str = ""
    requests: tuple[ShownRequest, ...] = ()


@dataclass(slots=True)
class _Waiting:
    notification: Notification
    place: int
    on_failure: OnFailure | None


class Outbox:
    """Takes what is to be sent.

    Args:
        notifier: sends; None records only.
        keep: how many of the latest are held; older ones are forgotten, and only counted.

    """

    def __init__(self, notifier: Notifier | None = None, keep: int = _KEPT) -> None:
        self._notifier = notifier
        self._keep = keep
        self._recent: dict[int, Notification] = {}
        self._dead: deque[Notification] = deque(maxlen=min(keep, _DEAD))
        self._waiting: dict[int, _Waiting] = {}
        self.count = 0

    @property
    def sends(self) -> bool:
        """Whether what is to be sent leaves the machine."""
        return self._notifier is not None

    @property
    def recent(self) -> list[Notification]:
        """The latest notifications, oldest first."""
        return list(self._recent.values())

    @property
    def dead(self) -> list[Notification]:
        """The latest that could not be delivered, oldest first."""
        return list(self._dead)

    @property
    def is_waiting(self) -> bool:
        """Whether something is on its way."""
        return bool(self._waiting)

    def send(self, notice: Notice, parcel: Parcel, on_failure: OnFailure | None = None) -> None:
        """Record a notification, and send it where that is asked for.

        Args:
            notice: what it is about.
            parcel: what is sent.
            on_failure: told why it could not be delivered: before this returns, or when :meth:`collect` is called.

        Raises:
            NixernetesError: it cannot be sent as it is configured, and is not recorded.

        """
        requests, host = _rehearsed(parcel)
        notification = Notification(
            notice=notice,
            host=host,
            outcome="sending" if self._notifier is not None else "recorded",
            requests=requests,
        )
        self.count += 1
        place = self.count
        self._recent[place] = notification
        while len(self._recent) > self._keep:
            del self._recent[next(iter(self._recent))]
        if self._notifier is not None:
            self._waiting[place] = _Waiting(notification, place, on_failure)
            self._notifier.take(place, parcel)
            self.collect()

    def collect(self) -> None:
        """Take note of what has been delivered or has failed since, and tell who asked for it."""
        if self._notifier is None:
            return
        for place, error in self._notifier.finished():
            waiting = self._waiting.pop(place, None)
            if waiting is not None:
                self._finish(waiting, error)

    def _finish(self, waiting: _Waiting, error: NixernetesError | None) -> None:
        outcome: Outcome = "failed" if error else "sent"
        ended = replace(waiting.notification, outcome=outcome, error=error.message if error else "")
        if waiting.place in self._recent:
            self._recent[waiting.place] = ended
        if error is not None:
            self._dead.append(ended)
            if waiting.on_failure is not None:
                waiting.on_failure(error)


class OutboxWatch:
    """Looks now and then whether what is on its way has arrived; a :class:`~nixernetes.engine.runtime.Process`."""

    name = "notifications"

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self._outbox = outbox
        self._looked = clock.now()

    def due(self) -> datetime | None:
        """Return the moment of the next look, None while nothing is on its way."""
        return self._looked + _LOOKS if self._outbox.is_waiting else None

    def run(self, now: datetime) -> None:
        """Look."""
        self._looked = now
        self._outbox.collect()


def _rehearsed(parcel: Parcel) -> tuple[tuple[ShownRequest, ...], str]:
    """Return what a conversation sends where every answer is the one that is taken for granted, and where to."""
    found: list[ShownRequest] = []
    exchange, host = parcel.exchange(), ""
    try:
        request = next(exchange)
        while len(found) < _REQUESTS:
            found.append(shown(request, parcel.hidden))
            host = host or host_of(request)
            request = exchange.send(request.granted if isinstance(request, WebRequest) else WebReply())
    except StopIteration:
        pass
    finally:
        exchange.close()
    return tuple(found), host
