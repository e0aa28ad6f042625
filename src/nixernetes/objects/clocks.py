"""Time is handed in. ``Clock`` is all that pure layers know of it; ``VirtualClock`` moves only when told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

__all__ = ["Clock", "VirtualClock", "timestamp"]


class Clock(Protocol):
    """Tells the time, always in UTC."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class VirtualClock:
    """A clock that stands still until it is moved.

    Args:
        start: the first moment; default 2026-01-01T00:00:00Z, so that runs are equal.

    """

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the present moment of this clock."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move forward; never backward."""
        self.advance_to(self._now + by)

    def advance_to(self, moment: datetime) -> None:
        """Move to a later moment; an earlier one changes nothing."""
        self._now = max(self._now, moment)


@lru_cache(maxsize=64)  # much happens at one moment
def timestamp(moment: datetime) -> str:
    """Write a moment as Kubernetes does (``metav1.Time``): RFC 3339, whole seconds, ``Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
