"""How long ago something was, as Kubernetes writes it (apimachinery ``pkg/util/duration``, v0.34.4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from nixernetes.objects.manifest import Json

__all__ = ["age", "human"]

_UNKNOWN: Final = "<unknown>"
_HOUR: Final = 3600
_DAYS_OF_A_YEAR: Final = 365


def age(since: Json, now: datetime) -> str:
    """Return how long ago a timestamp of Kubernetes was: ``5d3h``, ``12m``, ``40s``; ``<unknown>`` for none."""
    moment = parsed(since)
    return _UNKNOWN if moment is None else human(now - moment)


def parsed(text: Json) -> datetime | None:
    """Return the moment of a timestamp; None where it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def human(passed: timedelta) -> str:
    """Write a duration as people read it (``HumanDuration``)."""
    total = passed.total_seconds()
    if total <= -2:
        return "<invalid>"
    seconds = int(max(total, 0))
    minutes, hours = seconds // 60, seconds // _HOUR
    days, years = hours // 24, hours // 24 // _DAYS_OF_A_YEAR
    if seconds < 120:
        return f"{seconds}s"
    if hours < 3:
        return _two(minutes, "m", seconds % 60, "s") if minutes < 10 else f"{minutes}m"
    if hours < 48:
        return _two(hours, "h", minutes % 60, "m") if hours < 8 else f"{hours}h"
    if years < 2:
        return _two(days, "d", hours % 24, "h") if days < 8 else f"{days}d"
    return _two(years, "y", days % _DAYS_OF_A_YEAR, "d") if years < 8 else f"{years}y"


def _two(first: int, unit: str, second: int, small: str) -> str:
    return f"{first}{unit}{second}{small}" if second else f"{first}{unit}"
