"""Durations as Go and Kubernetes write them: ``1h30m``, ``90s``, ``1.5h``, ``100ms``."""

from __future__ import annotations

import re
from datetime import timedelta

__all__ = ["format_duration", "parse_duration"]

_UNITS = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1_000, "us": 1, "µs": 1, "ns": 0.001}
_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns)")


def parse_duration(text: str) -> timedelta:
    """Parse a Go duration.

    Raises:
        ValueError: the text is not a duration (Go's ``time.ParseDuration``; there are no days or weeks).

    """
    body = text[1:] if text[:1] in "+-" and text else text
    position, microseconds = 0, 0.0
    while position < len(body):
        part = _PART.match(body, position)
        if part is None:
            break
        microseconds += float(part[1]) * _UNITS[part[2]]
        position = part.end()
    if body == "0":
        return timedelta()
    if not body or position != len(body):
        raise ValueError(f"{text!r} is not a duration: write it as 30s, 10m or 1h30m")
    return timedelta(microseconds=-microseconds if text.startswith("-") else microseconds)


def format_duration(value: timedelta) -> str:
    """Write a duration as Go prints it: ``10m0s``, ``1h0m0s``, ``30s``, ``1.5s``, ``100ms``, ``0s``."""
    total = round(value / timedelta(microseconds=1))
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
