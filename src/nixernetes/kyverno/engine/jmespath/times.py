"""Times: RFC 3339 in and out, with their zones (Kyverno, ``pkg/engine/jmespath/time.go``)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from nixernetes.languages.gotemplates.dates import read_moment
from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.jmespath.errors import JmesPathError
from nixernetes.languages.jmespath.functions import JmesPathFunction
from nixernetes.objects.durations import format_duration, nanoseconds

__all__ = ["time_functions"]

_S: Final = "string"
_RFC_3339: Final = "2006-01-02T15:04:05Z07:00"
_DIGITS: Final = re.compile(r"\d\d")
_PARTS: Final = (
    ("2006", re.compile(r"\d{4}")),
    *(("-", re.compile("-")), ("01", _DIGITS), ("-", re.compile("-")), ("02", _DIGITS), ("T", re.compile("T"))),
    *(("15", _DIGITS), (":", re.compile(":")), ("04", _DIGITS), (":", re.compile(":"))),
    ("05", re.compile(r"\d\d(?:[.,]\d+)?")),
    ("Z07:00", re.compile(r"Z|[+-]\d\d:\d\d")),
)
_NUMBER: Final = re.compile(r"\d*\.?\d*")
_UNIT: Final = re.compile(r"[^.\d]*")
_UNITS: Final = ("ns", "us", "\u00b5s", "\u03bcs", "ms", "s", "m", "h")
_ZERO: Final = datetime(1, 1, 1, tzinfo=UTC)  # from which Go truncates
_MICRO: Final = timedelta(microseconds=1)


def _moment(text: str, layout: str = "") -> datetime:
    if not layout:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is not None and found.tzinfo is not None and "T" in text:
            return found
        raise JmesPathError(f'parsing time "{text}"{_what_is_wrong(text)}')
    try:
        return read_moment(layout, text)
    except TemplateError as error:
        raise JmesPathError(error.message) from error


def _what_is_wrong(text: str) -> str:
    """Return the words of Go about a text that is not a time in RFC 3339."""
    rest = text
    for part, pattern in _PARTS:
        found = pattern.match(rest)
        if found is None:
            return f' as "{_RFC_3339}": cannot parse "{rest}" as "{part}"'
        rest = rest[found.end() :]
    return f': extra text: "{rest}"' if rest else ": out of range"


def _written(at: datetime) -> str:
    text = at.replace(microsecond=0).isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def _duration(text: str) -> timedelta:
    try:
        return timedelta(microseconds=nanoseconds(text) / 1000)
    except ValueError:
        raise JmesPathError(f'time: {_wrong_duration(text)}duration "{text}"') from None


def _wrong_duration(text: str) -> str:
    rest = text.removeprefix("-") if text.startswith("-") else text.removeprefix("+")
    while rest:
        number = _NUMBER.match(rest)
        if number is None or number[0] in ("", "."):
            return "invalid "
        rest = rest[number.end() :]
        unit = _UNIT.match(rest)
        if unit is None or not unit[0]:
            return "missing unit in "
        if unit[0] not in _UNITS:
            return f'unknown unit "{unit[0]}" in '
        rest = rest[unit.end() :]
    return "invalid "


def _added(text: str, by: str) -> str:
    try:
        return _written(_moment(text) + _duration(by))
    except OverflowError:
        raise JmesPathError(f"{text} and {by} give no time") from None


def _parsed(layout: str, text: str) -> str:
    if layout.isdecimal():
        try:
            return _written(datetime.fromtimestamp(int(text), UTC))
        except (ValueError, OverflowError, OSError):
            raise JmesPathError(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None
    return _written(_moment(text, layout))


def _truncated(text: str, to: str) -> str:
    at, step = _moment(text), _duration(to)
    if step <= timedelta():
        return _written(at)
    return _written(at - (at - _ZERO) % step)


def _cron(text: str) -> str:
    at = _moment(text)
    return f"{at.minute} {at.hour} {at.day} {at.month} {at.isoweekday() % 7}"


def _is_between(text: str, start: str, end: str) -> bool:
    at, low, high = _moment(text), _moment(start), _moment(end)
    return low < at < high


def _difference(one: str, other: str) -> str:
    start, end = _moment(one), _moment(other)
    return format_duration(end - start)


def _since(layout: str, one: str, other: str, now: str) -> str:
    if not other and not now:
        raise JmesPathError("not evaluated: time_since needs the time, which is not given")
    start = _moment(one, layout)
    end = _moment(other, layout) if other else _moment(now)
    return format_duration((end - start) // _MICRO * _MICRO)


def _present(name: str, now: str) -> str:
    if not now:
        raise JmesPathError(f"not evaluated: {name} needs the time, which is not given")
    return _written(_moment(now))


def time_functions(now: str) -> dict[str, JmesPathFunction]:
    """Return the functions.

    Args:
        now: the present in RFC 3339; ``""`` where it is not given, so that what needs it is refused.

    """
    two, three = (_S, _S), (_S, _S, _S)
    return {
        "time_add": JmesPathFunction(two, _added),
        "time_after": JmesPathFunction(two, lambda one, other: _moment(one) > _moment(other)),
        "time_before": JmesPathFunction(two, lambda one, other: _moment(one) < _moment(other)),
        "time_between": JmesPathFunction(three, _is_between),
        "time_diff": JmesPathFunction(two, _difference),
        "time_now": JmesPathFunction((), lambda: _present("time_now", now)),
        "time_now_utc": JmesPathFunction((), lambda: _present("time_now_utc", now)),
        "time_parse": JmesPathFunction(two, _parsed),
        "time_since": JmesPathFunction(three, lambda layout, one, other: _since(layout, one, other, now)),
        "time_to_cron": JmesPathFunction((_S,), _cron),
        "time_truncate": JmesPathFunction(two, _truncated),
        "time_utc": JmesPathFunction((_S,), lambda text: _written(_moment(text).astimezone(UTC))),
    }
