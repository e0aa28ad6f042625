"""Methods of Go's ``time.Time`` and ``time.Duration``, for languages in which users call them."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.durations import format_duration
from nixernetes.objects.manifest import Json

__all__ = ["GoDuration", "constants", "member", "parsed"]

_SECOND: Final = 1_000_000_000
_LAYOUTS: Final = {
    "Layout": "01/02 03:04:05PM '06 -0700",
    "ANSIC": "Mon Jan _2 15:04:05 2006",
    "UnixDate": "Mon Jan _2 15:04:05 MST 2006",
    "RubyDate": "Mon Jan 02 15:04:05 -0700 2006",
    "RFC822": "02 Jan 06 15:04 MST",
    "RFC822Z": "02 Jan 06 15:04 -0700",
    "RFC850": "Monday, 02-Jan-06 15:04:05 MST",
    "RFC1123": "Mon, 02 Jan 2006 15:04:05 MST",
    "RFC1123Z": "Mon, 02 Jan 2006 15:04:05 -0700",
    "RFC3339": "2006-01-02T15:04:05Z07:00",
    "RFC3339Nano": "2006-01-02T15:04:05.999999999Z07:00",
    "Kitchen": "3:04PM",
    "Stamp": "Jan _2 15:04:05",
    "StampMilli": "Jan _2 15:04:05.000",
    "StampMicro": "Jan _2 15:04:05.000000",
    "StampNano": "Jan _2 15:04:05.000000000",
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Member = Callable[..., Json]


class GoDuration(int):
    """A duration: nanoseconds, which print as ``1m30s``."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return it as Go prints it."""
        return format_duration(timedelta(microseconds=int(self) / 1000))


def constants() -> dict[str, Json]:
    """Return the layouts and the units of package ``time``."""
    units = {"Nanosecond": 1, "Microsecond": 1_000, "Millisecond": 1_000_000, "Second": _SECOND}
    longer = {"Minute": 60 * _SECOND, "Hour": 3_600 * _SECOND}
    return {**_LAYOUTS, **{name: GoDuration(value) for name, value in {**units, **longer}.items()}}


def parsed(text: Json) -> datetime:
    """Return the moment that a text in RFC 3339 names.

    Raises:
        InputError: it names none.

    """
    try:
        found = datetime.fromisoformat(text if isinstance(text, str) and "T" in text else "")
    except ValueError:
        raise InputError(f"parsing time {str(text)[:40]!r} as RFC 3339: cannot parse") from None
    if found.tzinfo is None:
        raise InputError(f"parsing time {str(text)[:40]!r} as RFC 3339: it names no zone")
    return found.astimezone(UTC)


def member(value: Json, name: str) -> Member | None:
    """Return a method of a moment or a duration, None where there is none of that name."""
    table = _OF_MOMENTS if isinstance(value, datetime) else _OF_DURATIONS if isinstance(value, GoDuration) else {}
    found = table.get(name)
    return None if found is None else lambda *given: found(value, *given)


def _later(moment: datetime, by: Json) -> datetime:
    return moment + timedelta(microseconds=int(by) / 1000)


def _since(moment: datetime, other: datetime) -> GoDuration:
    return GoDuration(round((moment - other) / timedelta(microseconds=1)) * 1000)


def _cut(moment: datetime, unit: Json) -> datetime:
    whole = int(unit)
    if whole <= 0:
        return moment
    zero = datetime(1, 1, 1, tzinfo=UTC)  # Go counts from the year 1
    nanos = round((moment - zero) / timedelta(microseconds=1)) * 1000
    return zero + timedelta(microseconds=(nanos - nanos % whole) // 1000)


def _dated(moment: datetime, years: int, months: int, days: int) -> datetime:
    month = moment.month - 1 + months
    year = moment.year + years + month // 12
    first = moment.replace(year=year, month=month % 12 + 1, day=1)
    return first + timedelta(days=moment.day - 1 + days)


def _formatted(moment: datetime, layout: Json) -> str:
    from nixernetes.languages.gotemplates import dates  # noqa: PLC0415  # which reads layouts, and stands above this

    return dates.date(str(layout), moment)


_OF_MOMENTS: Final[Mapping[str, Callable[..., Json]]] = {
    "Add": _later,
    "AddDate": _dated,
    "After": lambda moment, other: bool(moment > other),
    "Before": lambda moment, other: bool(moment < other),
    "Compare": lambda moment, other: (moment > other) - (moment < other),
    "Day": lambda moment: moment.day,
    "Equal": lambda moment, other: bool(moment == other),
    "Format": _formatted,
    "Hour": lambda moment: moment.hour,
    "IsZero": lambda moment: bool(moment == datetime(1, 1, 1, tzinfo=UTC)),
    "Local": lambda moment: moment,
    "Minute": lambda moment: moment.minute,
    "Month": lambda moment: calendar.month_name[moment.month],
    "Nanosecond": lambda moment: moment.microsecond * 1000,
    "Second": lambda moment: moment.second,
    "String": lambda moment: f"{moment:%Y-%m-%d %H:%M:%S} +0000 UTC",
    "Sub": _since,
    "Truncate": _cut,
    "UTC": lambda moment: moment,
    "Unix": lambda moment: (moment - _EPOCH) // timedelta(seconds=1),
    "UnixMilli": lambda moment: (moment - _EPOCH) // timedelta(milliseconds=1),
    "UnixNano": lambda moment: (moment - _EPOCH) // timedelta(microseconds=1) * 1000,
    "Weekday": lambda moment: calendar.day_name[moment.weekday()],
    "Year": lambda moment: moment.year,
    "YearDay": lambda moment: moment.timetuple().tm_yday,
}
_OF_DURATIONS: Final[Mapping[str, Callable[..., Json]]] = {
    "Abs": lambda span: GoDuration(abs(span)),
    "Hours": lambda span: span / (3_600 * _SECOND),
    "Microseconds": lambda span: int(span / 1_000),
    "Milliseconds": lambda span: int(span / 1_000_000),
    "Minutes": lambda span: span / (60 * _SECOND),
    "Nanoseconds": int,
    "Round": lambda span, unit: GoDuration((span + unit // 2) // unit * unit if unit > 0 else span),
    "Seconds": lambda span: span / _SECOND,
    "String": str,
    "Truncate": lambda span, unit: GoDuration(int(span / unit) * unit if unit > 0 else span),
}
