"""Which keys never come to rest: an interval of nothing, or two deliveries that change each other back for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nixernetes.objects.bounded import Bounded

__all__ = ["Restless"]

_WINDOW: Final = timedelta(minutes=1)
_MOST: Final = 1_000  # reconciles of one key in a window; the longest honest chain of dependencies stays far below
_MOST_LATER: Final = 10  # of a key that was restless before: a run of hours must end in seconds
_KEPT: Final = 10_000  # keys; one that is restless is asked for all the time, so it is not what is forgotten

_Work = tuple[str, tuple[str, ...]]


@dataclass(slots=True)
class _Window:
    since: datetime
    count: int = 0
    most: int = _MOST


class Restless:
    """Counts how often each key is reconciled within a minute, for the ten thousand keys that ran last."""

    def __init__(self) -> None:
        self._windows: Bounded[_Work, _Window] = Bounded(_KEPT)

    def runs(self, work: _Work, now: datetime) -> bool:
        """Count one reconcile; tell whether there were too many within a minute, and begin anew when so."""
        window = self._windows.answer(work, lambda: _Window(now))
        if now - window.since >= _WINDOW:
            window.since, window.count = now, 0
        window.count += 1
        if window.count < window.most:
            return False
        window.count, window.most = 0, _MOST_LATER
        return True
