"""How often somebody may ask: a bucket for each address, and fewer wrong tokens than could be guessed with."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

__all__ = ["AskingLimits", "RateLimit"]

_MOST_KNOWN: Final = 10_000  # addresses


class RateLimit:
    """Lets so many through at once, and so many a second after that; for each name.

    Holds at most ten thousand names: the one that asked first is forgotten.

    Args:
        burst: how many at once.
        rate: how many a second.
        now: seconds that only grow.

    """

    def __init__(self, burst: float, rate: float, now: Callable[[], float] = monotonic) -> None:
        self._burst, self._rate, self._now = burst, rate, now
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, name: str) -> bool:
        """Take one; tell whether there was one left."""
        left, at = self._filled(name)
        is_left = left >= 1
        while len(self._left) >= _MOST_KNOWN and name not in self._left:
            del self._left[next(iter(self._left))]
        self._left[name] = (left - is_left, at)  # what was refused takes nothing: else nobody in a hurry would get any
        return is_left

    def forget(self) -> None:
        """Forget everybody: all may begin anew."""
        self._left = {}

    def has(self, name: str) -> bool:
        """Tell whether one is left, and take none."""
        return self._filled(name)[0] >= 1

    def _filled(self, name: str) -> tuple[float, float]:
        now = self._now()
        left, before = self._left.get(name, (self._burst, now))
        return min(self._burst, left + (now - before) * self._rate), now


class AskingLimits:
    """The limits of one server.

    Args:
        now: seconds that only grow.

    Attributes:
        requests: requests of an address.
        changes: changes of an address.
        wrong: wrong tokens of an address; then not even a right one is looked at for a while.

    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self.requests = RateLimit(600, 120, now)
        self.changes = RateLimit(60, 10, now)
        self.wrong = RateLimit(10, 0.1, now)
