"""When to look at which object again: one moment an object, forgotten when it has come or the object goes."""

from __future__ import annotations

import heapq
from datetime import datetime
from typing import Final

from nixernetes.objects.identity import ObjectKey

__all__ = ["Timers"]

_SLACK: Final = 1_000  # moments that count no more and may wait in the heap


class Timers:
    """The next moment of each object."""

    def __init__(self) -> None:
        self._moments: dict[ObjectKey, datetime] = {}
        self._heap: list[tuple[datetime, ObjectKey]] = []

    def __len__(self) -> int:
        """Return how many objects wait."""
        return len(self._moments)

    def set(self, key: ObjectKey, moment: datetime) -> None:
        """Look at an object at a moment, in place of the one that was set before."""
        if self._moments.get(key) == moment:
            return
        self._moments[key] = moment
        heapq.heappush(self._heap, (moment, key))
        if len(self._heap) > 2 * len(self._moments) + _SLACK:
            self._heap = [(moment, key) for key, moment in self._moments.items()]
            heapq.heapify(self._heap)

    def drop(self, key: ObjectKey) -> None:
        """Forget an object."""
        self._moments.pop(key, None)

    def due(self) -> datetime | None:
        """Return the next moment, or None."""
        while self._heap and self._moments.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop(self, now: datetime) -> list[ObjectKey]:
        """Return the objects whose moment has come, in order; they wait no more."""
        found = []
        while (moment := self.due()) is not None and moment <= now:
            key = heapq.heappop(self._heap)[1]
            del self._moments[key]
            found.append(key)
        return found
