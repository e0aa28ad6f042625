"""The machine's clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

__all__ = ["SystemClock"]


class SystemClock:
    """Tells the machine's time; a :class:`~nixernetes.objects.clocks.Clock`.

    What waits for a moment must meet it, so time never goes back: when the machine's is set back, it goes on from
    where it was, as fast as the monotonic clock does. When the machine's is set forward, or it slept, it jumps.

    Args:
        wall: the machine's time, in seconds since 1970.
        monotonic: seconds that only grow.

    """

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._now = self._machine()
        self._asked = monotonic()

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        before, self._asked = self._asked, self._monotonic()
        self._now = max(self._now + timedelta(seconds=self._asked - before), self._machine())
        return self._now

    def _machine(self) -> datetime:
        return datetime.fromtimestamp(self._wall(), UTC)
