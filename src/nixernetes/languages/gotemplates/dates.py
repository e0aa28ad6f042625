"""Sprig's functions for moments, in UTC, with Go's layouts; none reads a clock.

What Sprig would ask the clock for (a value that is no moment, ``ago``, ``now``) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.gotemplates.values import show
from nixernetes.objects.durations import format_duration, nanoseconds, parse_duration
from nixernetes.objects.manifest import Json

__all__ = [
    "date",
    "duration",
    "duration_round",
    "field",
    "modified",
    "read_moment",
    "to_date",
    "to_date_or_zero",
    "unix_epoch",
]

# A mark of Go's layouts: how it is written, and the format of Python's that reads it.
_MARKS: Final[dict[str, tuple[Callable[[datetime], str], str]]] = {
    "2006": (lambda at: f"{at.year:04d}", "%Y"),
    "January": (lambda at: f"{at:%B}", "%B"),
    "Monday": (lambda at: f"{at:%A}", "%A"),
    "Jan": (lambda at: f"{at:%b}", "%b"),
    "Mon": (lambda at: f"{at:%a}", "%a"),
    "MST": (lambda _: "UTC", "UTC"),
    "Z07:00": (lambda _: "Z", "%z"),
    "-07:00": (lambda _: "+00:00", "%z"),
    "-0700": (lambda _: "+0000", "%z"),
    "01": (lambda at: f"{at.month:02d}", "%m"),
    "02": (lambda at: f"{at.day:02d}", "%d"),
    "03": (lambda at: f"{(at.hour + 11) % 12 + 1:02d}", "%I"),
    "04": (lambda at: f"{at.minute:02d}", "%M"),
    "05": (lambda at: f"{at.second:02d}", "%S"),
    "06": (lambda at: f"{at.year % 100:02d}", "%y"),
    "15": (lambda at: f"{at.hour:02d}", "%H"),
    "PM": (lambda at: f"{at:%p}", "%p"),
    "pm": (lambda at: f"{at:%p}".lower(), "%p"),
    "_2": (lambda at: f"{at.day:2d}", "%d"),
    "1": (lambda at: str(at.month), "%m"),
    "2": (lambda at: str(at.day), "%d"),
    "3": (lambda at: str((at.hour + 11) % 12 + 1), "%I"),
    "4": (lambda at: str(at.minute), "%M"),
    "5": (lambda at: str(at.second), "%S"),
}
_MARK: Final = re.compile("|".join(map(re.escape, _MARKS)))
_FIELDS: Final = {name: name.lower() for name in ("Year", "Day", "Hour", "Minute", "Second")}
_SPANS: Final = (("y", 8760), ("mo", 720), ("d", 24), ("h", 1))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ZERO: Final = datetime(1, 1, 1, tzinfo=UTC)
_LONGEST: Final = 100  # characters of a layout
_HOUR: Final = 3_600_000_000_000  # nanoseconds


def _moment(value: Json) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return _EPOCH + timedelta(seconds=value)
    raise TemplateError(f"{show(value)} is not a date, and there is no clock here: use toDate")


def date(layout: str, value: Json, zone: str = "UTC") -> str:
    """Return a moment, or seconds since 1970, as a layout says.

    Raises:
        TemplateError: the value is none, or the zone is not UTC.

    """
    if zone not in ("UTC", "", "Local"):
        raise TemplateError(f"time zone {zone!r} is not supported: use UTC")
    at = _moment(value)
    return _MARK.sub(lambda mark: _MARKS[mark[0]][0](at), layout)


def read_moment(layout: str, text: str) -> datetime:
    """Return the moment that a text spells, in its own zone; UTC where it names none.

    Raises:
        TemplateError: it does not follow the layout.

    """
    if len(layout) > _LONGEST:
        raise TemplateError(f"a layout of {len(layout):,} characters is too long")
    form = _MARK.sub(lambda mark: _MARKS[mark[0]][1], layout.replace("%", "%%"))
    try:
        at = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is set below, where the text has none
    except (ValueError, re.error) as error:
        raise TemplateError(f"parsing time {text!r} as {layout!r}: cannot parse") from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def to_date(layout: str, text: str) -> datetime:
    """Return the moment that a text spells, in UTC.

    Raises:
        TemplateError: it does not follow the layout.

    """
    return read_moment(layout, text).astimezone(UTC)


def to_date_or_zero(layout: str, text: str) -> datetime:
    """Return the moment that a text spells in UTC; Go's first one where it spells none, as Sprig's ``toDate``."""
    try:
        return to_date(layout, text)
    except TemplateError:
        return _ZERO


def modified(change: str, value: Json) -> datetime:
    """Return a moment that is a duration later.

    Raises:
        ValueError: that is no duration.

    """
    return _moment(value) + parse_duration(change)


def field(value: datetime, name: str) -> Json:
    """Return what a method of Go's ``time.Time`` gives.

    Raises:
        TemplateError: there is no such method here.

    """
    if name in _FIELDS:
        return getattr(value, _FIELDS[name])
    if name in ("Month", "Weekday"):
        return f"{value:%B}" if name == "Month" else f"{value:%A}"
    if name == "Unix":
        return int(value.timestamp())
    raise TemplateError(f"can't evaluate field {name} in a date")


def unix_epoch(value: Json) -> str:
    """Return the seconds since 1970."""
    return str(int(_moment(value).timestamp()))


def duration(seconds: Json) -> str:
    """Return seconds that are a text as a duration; anything else is none."""
    sound = isinstance(seconds, str) and re.fullmatch(r"[+-]?[0-9]{1,10}", seconds)
    return format_duration(timedelta(seconds=int(seconds) if sound else 0))


def duration_round(value: Json) -> str:
    """Return a duration in its largest unit."""
    try:
        left = abs(nanoseconds(value)) if isinstance(value, str) else 0
    except ValueError:
        left = 0
    for unit, hours in _SPANS:
        if left > hours * _HOUR:
            return f"{left // (hours * _HOUR)}{unit}"
    if left > _HOUR // 60:
        return f"{left // (_HOUR // 60)}m"
    return f"{left // (_HOUR // 3600)}s"
