"""When a failed operation is tried again (sections 1.3 and 8.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.manifest import Json

__all__ = ["AUTOMATED_LIMIT", "Retry"]

AUTOMATED_LIMIT = 5  # what an automated operation gets when the Application says nothing
_DURATION = timedelta(seconds=5)
_MAX_DURATION = timedelta(minutes=3)
_FACTOR = 2
_LONGEST = 64  # doublings; beyond it every wait is the maximum


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """A retry strategy; a limit below 0 has no end, 0 allows no retry."""

    limit: int = 0
    duration: timedelta = _DURATION
    factor: int = _FACTOR
    max_duration: timedelta = _MAX_DURATION
    refresh: bool = False

    @classmethod
    def decode(cls, block: Json) -> Retry:
        """Read ``retry``; None gives no retries.

        Raises:
            ValueError: a duration that is none.

        """
        block = block or {}
        backoff = mapping_at(block, "backoff")
        factor = backoff.get("factor")
        return cls(
            limit=int(block.get("limit") or 0),
            duration=_duration(backoff.get("duration"), _DURATION),
            factor=_FACTOR if factor is None else int(factor),
            max_duration=_duration(backoff.get("maxDuration"), _MAX_DURATION),
            refresh=bool(block.get("refresh")),
        )

    def allows(self, retries: int) -> bool:
        """Tell whether one more retry may follow after so many."""
        return self.limit < 0 or retries < self.limit

    def at(self, finished: datetime, retries: int) -> datetime:
        """Return when retry number ``retries`` (from 0) starts."""
        wait = self.duration
        for _ in range(min(retries, _LONGEST)):
            wait = min(wait * self.factor, self.max_duration)
        return finished + min(wait, self.max_duration)


def _duration(text: Json, default: timedelta) -> timedelta:
    if text in (None, ""):
        return default
    words = str(text)
    return timedelta(seconds=int(words)) if re.fullmatch(r"\d+", words) else parse_duration(words)
