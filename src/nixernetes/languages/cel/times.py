"""Durations and timestamps in nanoseconds (cel-go ``common/types/duration.go`` and ``timestamp.go``).

Timestamps reach from the year 1 to 9999. Durations are spelled as Go spells them to be read (``1h30m``), and in seconds
when they become text (``5400s``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.objects.durations import nanoseconds

__all__ = ["Duration", "Timestamp", "duration", "moment", "read_duration", "read_timestamp", "timestamp"]

_SECOND = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MIN_SECOND, _MAX_SECOND = -62_135_596_800, 253_402_300_799
_MAX_DURATION = 2**63 - 1  # nanoseconds: Go's time.Duration
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,30}))?(Z|([+-])(\d\d):(\d\d))", re.ASCII)
_OFFSET = re.compile(r"([+-]?)(\d\d):(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A span of time."""

    nanoseconds: int

    def __str__(self) -> str:
        return f"{_decimal(self.nanoseconds)}s"


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """A moment: nanoseconds since 1970 in UTC."""

    nanoseconds: int

    def __str__(self) -> str:
        seconds, rest = divmod(self.nanoseconds, _SECOND)
        date = _EPOCH + timedelta(seconds=seconds)
        fraction = f".{rest:09d}".rstrip("0") if rest else ""
        # Not strftime: it leaves out the zeros of early years on some systems.
        return (
            f"{date.year:04d}-{date.month:02d}-{date.day:02d}"
            f"T{date.hour:02d}:{date.minute:02d}:{date.second:02d}{fraction}Z"
        )


def _decimal(nanoseconds: int) -> str:
    sign = "-" if nanoseconds < 0 else ""
    seconds, rest = divmod(abs(nanoseconds), _SECOND)
    return f"{sign}{seconds}" + (f".{rest:09d}".rstrip("0") if rest else "")


def duration(nanoseconds: int) -> Duration:
    """Return a duration.

    Raises:
        EvaluationError: it is out of range.

    """
    if not -_MAX_DURATION - 1 <= nanoseconds <= _MAX_DURATION:
        raise EvaluationError("duration overflow: out of range")
    return Duration(nanoseconds)


def timestamp(nanoseconds: int) -> Timestamp:
    """Return a timestamp.

    Raises:
        EvaluationError: it is out of range.

    """
    if not _MIN_SECOND <= nanoseconds // _SECOND <= _MAX_SECOND:
        raise EvaluationError("timestamp overflow: out of range")
    return Timestamp(nanoseconds)


def read_duration(text: str) -> Duration | None:
    """Return the duration that a text spells, or nothing."""
    try:
        return Duration(nanoseconds(text))
    except ValueError:
        return None


def read_timestamp(text: str) -> Timestamp | None:
    """Return the moment that a text of RFC 3339 spells, or nothing.

    Raises:
        EvaluationError: it is out of range.

    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(found[n]) for n in range(1, 7))
    offset = 0
    if found[9]:
        hours, minutes = int(found[10]), int(found[11])
        if hours > 23 or minutes > 59:
            return None
        offset = (hours * 60 + minutes) * (60 if found[9] == "+" else -60)
    if not year:
        raise EvaluationError("timestamp overflow: out of range")
    try:
        date = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    gone = date - _EPOCH
    seconds = gone.days * 86_400 + gone.seconds - offset
    return timestamp(seconds * _SECOND + int((found[7] or "0").ljust(9, "0")[:9]))


def moment(value: Timestamp, zone: str = "") -> datetime:
    """Return the calendar date of a timestamp in a time zone: a name, ``+hh:mm``, or UTC.

    Raises:
        EvaluationError: there is no such time zone.

    """
    date = _EPOCH + timedelta(microseconds=value.nanoseconds // 1_000)
    try:
        return date.astimezone(_zone(zone)) if zone else date
    except OverflowError as error:
        raise EvaluationError("timestamp overflow: out of range") from error


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo:
    """Return a time zone. Memoised for 256 names."""
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        minutes = int(offset[2]) * 60 + int(offset[3])
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    from zoneinfo import ZoneInfo  # noqa: PLC0415  most programs name no time zone

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise EvaluationError(f"unknown time zone {name}") from error
