"""Durations as Go and Kubernetes write them: ``1h30m``, ``90s``, ``1.5h``, ``100ms``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

__all__ = ["format_duration", "nanoseconds", "parse_duration"]

_UNITS: Final = {
    "ns": 1,
    "us": 1_000,
    "\u00b5s": 1_000,
    "\u03bcs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_PART: Final = re.compile(r"([0-9]{0,25})(?:\.([0-9]{0,25}))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)")
_MOST: Final = 2**63 - 1  # nanoseconds that Go's time.Duration holds: 292 years


def nanoseconds(text: str) -> int:
    """Return how long a Go duration is, exactly.

    Raises:
        ValueError: the text is not a duration (Go's ``time.ParseDuration``; there are no days or weeks).

    """
    body = text[1:] if text.startswith(("+", "-")) else text
    total, at = 0, 0
    while at < len(body) and body != "0":
        part = _PART.match(body, at)
        if part is None or not (part[1] or part[2]):
            break
        unit, fraction = _UNITS[part[3]], part[2] or ""
        total += int(part[1] or 0) * unit + int(fraction or 0) * unit // 10 ** len(fraction)
        at = part.end()
    if not body or (at < len(body) and body != "0") or total > _MOST:
        raise ValueError(f"{text!r} is not a duration: write it as 30s, 10m or 1h30m")
    return -total if text.startswith("-") else total


def parse_duration(text: str) -> timedelta:
    """Parse a Go duration; what is shorter than a microsecond is left out.

    Raises:
        ValueError: the text is not a duration.

    """
    exact = nanoseconds(text)
    return timedelta(microseconds=abs(exact) // 1_000) * (-1 if exact < 0 else 1)


def format_duration(value: timedelta) -> str:
    """Write a duration as Go prints it: ``10m0s``, ``1h0m0s``, ``30s``, ``1.5s``, ``100ms``, ``0s``."""
    total = value // timedelta(microseconds=1)
    if total == 0:
        return "0s"
    sign, total = ("-", -total) if total < 0 else ("", total)
    if total < 1_000:
        return f"{sign}{total}µs"
    if total < 1_000_000:
        return f"{sign}{_decimal(total, 1_000)}ms"
    hours, rest = divmod(total, 3_600_000_000)
    minutes, rest = divmod(rest, 60_000_000)
    seconds = _decimal(rest, 1_000_000) + "s"
    if hours:
        return f"{sign}{hours}h{minutes}m{seconds}"
    return f"{sign}{minutes}m{seconds}" if minutes else f"{sign}{seconds}"


def _decimal(value: int, unit: int) -> str:
    whole, fraction = divmod(value, unit)
    digits = str(fraction).rjust(len(str(unit)) - 1, "0").rstrip("0")
    return f"{whole}.{digits}" if digits and fraction else str(whole)
