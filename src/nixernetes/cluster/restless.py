"""Which work never comes to rest: an interval of nothing, or two that change each other back for ever."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from nixernetes.objects.bounded import Bounded

__all__ = ["REST", "Restless"]

REST: Final = timedelta(minutes=15)  # how long restless work is held back; Flux --max-retry-delay
_WINDOW: Final = timedelta(minutes=1)
_MOST: Final = 1_000  # runs of one work in a window; the longest honest chain of dependencies stays far below
_MOST_LATER: Final = 10  # of work that was restless before: a run of hours must end in seconds
_KEPT: Final = 10_000  # works; one that is restless is asked for all the time, so it is not what is forgotten

_Work = TypeVar("_Work", bound=Hashable)


@dataclass(slots=True)
class _Window:
    since: datetime
    most: int
    count: int = 0


class Restless(Generic[_Work]):
    """Counts how often each work is done within a minute, for the ten thousand that ran last.

    Args:
        most: how often one may be done within a minute.

    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._windows: Bounded[_Work, _Window] = Bounded(_KEPT)

    def runs(self, work: _Work, now: datetime) -> bool:
        """Count that it is done once more; tell whether that is too often within a minute, and begin anew when so."""
        window = self._windows.answer(work, lambda: _Window(now, self._most))
        if now - window.since >= _WINDOW:
            window.since, window.count = now, 0
        window.count += 1
        if window.count < window.most:
            return False
        window.count, window.most = 0, _MOST_LATER
        return True
