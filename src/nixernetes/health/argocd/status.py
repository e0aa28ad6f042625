"""The words for health, from best to worst, and the worst of several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Health", "HealthStatus", "Rule", "decoded", "degraded", "healthy", "progressing", "worst"]


class HealthStatus(StrEnum):
    """The health codes."""

    HEALTHY = "Healthy"
    SUSPENDED = "Suspended"
    PROGRESSING = "Progressing"
    MISSING = "Missing"
    DEGRADED = "Degraded"
    UNKNOWN = "Unknown"


_ORDER = {status: rank for rank, status in enumerate(HealthStatus)}


@dataclass(frozen=True, slots=True)
class Health:
    """A status and the sentence that explains it."""

    status: HealthStatus
    message: str = ""


Rule: TypeAlias = Callable[[Manifest], Health | None]


def worst(first: HealthStatus, second: HealthStatus) -> HealthStatus:
    """Return the worse of two codes."""
    return max(first, second, key=_ORDER.__getitem__)


def healthy(message: str = "") -> Health:
    """Return Healthy with a message."""
    return Health(HealthStatus.HEALTHY, message)


def progressing(message: str = "") -> Health:
    """Return Progressing with a message."""
    return Health(HealthStatus.PROGRESSING, message)


def degraded(message: str = "") -> Health:
    """Return Degraded with a message."""
    return Health(HealthStatus.DEGRADED, message)


def decoded(status: Json, message: Json) -> Health | None:
    """Return what a script returned, as Argo CD decodes it (``util/lua/lua.go``).

    A value of another type makes the whole no health; a status of its own making is Unknown.
    """
    if any(each is not None and not isinstance(each, str) for each in (status, message)):
        return None
    if status not in [*HealthStatus]:
        return Health(HealthStatus.UNKNOWN, "Lua returned an invalid health status")
    return Health(HealthStatus(str(status)), str(message or ""))
