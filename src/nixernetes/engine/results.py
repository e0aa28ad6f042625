"""What a reconcile may answer. A closed union, so that no two flags can contradict each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

__all__ = ["Done", "Result", "RetryAfter", "Stalled", "Waiting"]


@dataclass(frozen=True, slots=True)
class Done:
    """The desired state was reached; look again after ``again``, or when something changes (None: only then)."""

    again: timedelta | None = None


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """It failed, and is worth another try after ``delay``."""

    delay: timedelta
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something else must happen first (a dependency, a rollout); look again after ``poll``."""

    poll: timedelta
    on: str


@dataclass(frozen=True, slots=True)
class Stalled:
    """It can never succeed as it is written; only a change of the object makes it worth another look."""

    why: str


Result: TypeAlias = Done | RetryAfter | Waiting | Stalled
