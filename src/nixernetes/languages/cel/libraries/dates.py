"""Parts of timestamps, in UTC or a time zone, and of durations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from nixernetes.languages.cel.functions import Function, function
from nixernetes.languages.cel.times import Duration, Timestamp, moment

__all__ = ["DATES"]

_PARTS: dict[str, Callable[[datetime], int]] = {
    "getFullYear": lambda date: date.year,
    "getMonth": lambda date: date.month - 1,
    "getDate": lambda date: date.day,
    "getDayOfMonth": lambda date: date.day - 1,
    "getDayOfWeek": lambda date: date.isoweekday() % 7,
    "getDayOfYear": lambda date: date.timetuple().tm_yday - 1,
    "getHours": lambda date: date.hour,
    "getMinutes": lambda date: date.minute,
    "getSeconds": lambda date: date.second,
    "getMilliseconds": lambda date: date.microsecond // 1_000,
}
_SPANS = {"getHours": 3_600 * 10**9, "getMinutes": 60 * 10**9, "getSeconds": 10**9, "getMilliseconds": 10**6}


def _of_timestamp(part: Callable[[datetime], int]) -> Callable[..., int]:
    def read(value: Timestamp, zone: str = "") -> int:
        return part(moment(value, zone))

    return read


def _of_duration(unit: int) -> Callable[[Duration], int]:
    def read(value: Duration) -> int:
        whole = abs(value.nanoseconds) // unit
        return -whole if value.nanoseconds < 0 else whole

    return read


DATES: tuple[Function, ...] = (
    *(function(name, "timestamp.() -> int", _of_timestamp(part)) for name, part in _PARTS.items()),
    *(function(name, "timestamp.(string) -> int", _of_timestamp(part)) for name, part in _PARTS.items()),
    *(function(name, "duration.() -> int", _of_duration(unit)) for name, unit in _SPANS.items()),
)
