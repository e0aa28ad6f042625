"""What a change would do, rehearsed in the background for as long as somebody asks how far it is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final, Literal

from nixernetes.app.rehearsing.records import DeliveryCourse, Happening
from nixernetes.app.rehearsing.rehearsal import (
    Rehearsal,
    RehearsalCancelledError,
    RehearsalOptions,
    RehearsalWatch,
    rehearse,
)
from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.wire import AS_JSON
from nixernetes.errors import NixernetesError

__all__ = ["CourseLine", "HappeningLine", "RehearsalPage", "Rehearsals"]

_LOG: Final = logging.getLogger(__name__)
_LEASE_SECONDS: Final = 6.0  # without a question: the page asks each second
_MOST_KEPT: Final = 4
_MOST_LINES: Final = 2_000
_WAITS: Final = "waits until another has ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class HappeningLine:
    """One thing that happens.

    Attributes:
        after: seconds since the change was pushed.
        id: to whom.
        what: what happens.
        text: what is said of it.

    """

    __pydantic_config__ = AS_JSON

    after: float
    id: ObjectName
    what: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLine:
    """How one delivery goes through it.

    Attributes:
        id: the delivery.
        before: its state when the change is pushed; ``""`` where it is not there yet.
        after: its state at the end; ``""`` where it is gone.
        moved: seconds after which it stands as it does at the end.
        revision: the revision at the end.
        message: what its engine says at the end.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    before: str
    after: str
    moved: float
    revision: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalPage:
    """A rehearsal, while it goes on and after it.

    Attributes:
        state: whether it goes on, is done, or could not be done.
        base: the revision before.
        head: the revision after.
        phase: what it does now, in words.
        time: its virtual time now.
        problem: why it could not be done.
        began_settled: whether the revision before came to rest.
        settled: whether the change came to rest.
        took: seconds of virtual time until then.
        happenings: what happens, in its order: the first two thousand.
        left_out: how many more there are.
        counts: how many objects are created, changed, deleted, and how much fails.
        courses: how each delivery goes through it.
        failing: pods that are not ready at the end.
        notes: what is not run, and faults.

    """

    __pydantic_config__ = AS_JSON

    state: Literal["running", "done", "failed"]
    base: str = ""
    head: str = ""
    phase: str = ""
    time: str = ""
    problem: str = ""
    began_settled: bool = True
    settled: bool = True
    took: float = 0.0
    happenings: tuple[HappeningLine, ...] = ()
    left_out: int = 0
    counts: Mapping[str, int] | None = None
    courses: tuple[CourseLine, ...] = ()
    failing: tuple[HappeningLine, ...] = ()
    notes: tuple[str, ...] = ()


class _Running:
    """A rehearsal in a thread of its own, which ends when nobody has asked for some seconds."""

    def __init__(self, options: RehearsalOptions, now: Callable[[], float]) -> None:
        self.asked = now()
        self.is_dropped = False
        self.page: RehearsalPage | None = None
        self.watcher = RehearsalWatch(lambda: not self.is_dropped and now() - self.asked < _LEASE_SECONDS)
        self._options = options
        self._thread = threading.Thread(target=self._run, name="rehearsal", daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether its thread has ended."""
        return not self._thread.is_alive()

    def join(self) -> None:
        """Wait until it has ended."""
        self._thread.join()

    def _run(self) -> None:
        try:
            self.page = page_of(rehearse(self._options, self.watcher))
        except RehearsalCancelledError:
            self.is_dropped = True
        except NixernetesError as error:
            self.page = RehearsalPage(state="failed", problem=str(error))
        except Exception as error:  # noqa: BLE001  # the boundary of a thread: whoever asks must be told
            _LOG.exception("a fault of ours, rehearsing")
            self.page = RehearsalPage(state="failed", problem=f"a fault of ours: {type(error).__name__}: {error}")


class Rehearsals:
    """Rehearses changes of a repository, one at a time; the latest four are kept until files are edited.

    Args:
        options: the repository, and how it is run.
        now: seconds that only grow.

    """

    def __init__(self, options: RehearsalOptions, now: Callable[[], float] = monotonic) -> None:
        self._options = options
        self._now = now
        self._turn = threading.Lock()
        self._kept: dict[tuple[str, str], _Running] = {}
        self._latest: _Running | None = None

    def edited(self) -> None:
        """Forget all: files were edited."""
        with self._turn:
            for each in self._kept.values():
                each.is_dropped = True
            self._kept = {}

    def page(self, about: Mapping[str, str]) -> RehearsalPage:
        """Return how the rehearsal of a step stands; begin it where nobody has.

        Another step that is being rehearsed is ended; until it has, nothing begins.
        """
        wanted = (about.get("base", ""), about.get("head", ""))
        with self._turn:
            found = self._kept.get(wanted)
            if found is None or (found.is_dropped and found.page is None):
                if self._latest is not None and not self._latest.is_over:
                    self._latest.is_dropped = True
                    return RehearsalPage(state="running", base=wanted[0], head=wanted[1], phase=_WAITS)
                self._latest = found = self._begin(wanted)
            found.asked = self._now()
        if found.page is not None:
            return found.page
        watcher = found.watcher
        return RehearsalPage(state="running", base=wanted[0], head=wanted[1], phase=watcher.phase, time=watcher.time)

    def _begin(self, wanted: tuple[str, str]) -> _Running:
        self._kept = {key: each for key, each in self._kept.items() if each.page is not None}
        while len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[wanted] = found = _Running(
            replace(self._options, base=wanted[0], head=wanted[1] or self._options.head), self._now
        )
        return found

    def wait(self) -> None:
        """Wait until all that goes on has ended."""
        if self._latest is not None:
            self._latest.join()


def page_of(found: Rehearsal) -> RehearsalPage:
    """Return a rehearsal as the page tells it."""
    lines = found.happenings[:_MOST_LINES]
    counts: dict[str, int] = {}
    for each in found.happenings:
        counts[each.what] = counts.get(each.what, 0) + 1
    return RehearsalPage(
        state="done",
        base=found.base,
        head=found.head,
        began_settled=found.began_settled,
        settled=found.settled,
        took=found.took,
        happenings=_lines(lines),
        left_out=found.left_out + len(found.happenings) - len(lines),
        counts=counts,
        courses=tuple(map(_course, found.courses)),
        failing=_lines(found.failing),
        notes=found.notes,
    )


def _lines(found: Iterable[Happening]) -> tuple[HappeningLine, ...]:
    return tuple(
        HappeningLine(after=each.after, id=ObjectName.of(each.cluster, each.key), what=each.what, text=each.text)
        for each in found
    )


def _course(found: DeliveryCourse) -> CourseLine:
    return CourseLine(
        id=ObjectName.of(found.cluster, found.key),
        before=found.before,
        after=found.after,
        moved=found.moved,
        revision=found.revision,
        message=found.message if found.after not in ("ready", "") else "",
    )
