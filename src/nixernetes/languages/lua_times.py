"""``os.time`` and ``os.date`` as Argo CD's scripts have them (``util/lua/oslib_safe.go``), at a given moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

__all__ = ["fields_of", "moment_of", "seconds_of", "written"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CYCLE_DAYS: Final = 146_097  # the calendar repeats after 400 years
# Argo CD hands Go's layouts on; that of %a and those of %x are as they are there.
_FLAGS: Final[dict[str, str]] = {
    "A": "%A",
    "b": "%b",
    "B": "%B",
    "c": "%d %b %y %H:%M UTC",
    "d": "%d",
    "F": "%Y-%m-%d",
    "H": "%H",
    "I": "%I",
    "m": "%m",
    "M": "%M",
    "p": "%p",
    "S": "%S",
    "x": "%H/%M/%S",
    "X": "%H:%M:%S",
    "y": "%y",
    "Y": "%Y",
    "z": "+0000",
    "Z": "UTC",
    "a": "mon",
}
_OWN: Final[dict[str, Callable[[datetime], str]]] = {
    "P": lambda moment: moment.strftime("%p").lower(),
    "w": lambda moment: str(moment.isoweekday() % 7),
}


def seconds_of(year: int, month: int, day: int, *clock: int) -> int:
    """Return the seconds since 1970 of a date; hours, minutes and seconds follow. What is out of range carries over."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    cycles, year = divmod(year, 400)
    days = date(year + 400, month, 1).toordinal() + (cycles - 1) * _CYCLE_DAYS - _EPOCH.toordinal() + day - 1
    hour, minute, second = clock
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def fields_of(moment: datetime) -> tuple[int, ...]:
    """Return year, month, day, hour, minute, second and day of the week, Sunday being 1."""
    return (*moment.timetuple()[:6], moment.isoweekday() % 7 + 1)


def written(moment: datetime, pattern: str) -> str:
    """Return a moment as a pattern wants it; a flag that is not known stays."""
    parts, flagged = [], False
    for position, letter in enumerate(pattern):
        if flagged:
            parts.append(_flag(moment, letter))
            flagged = False
        elif letter == "%" and position < len(pattern) - 1:
            flagged = True
        else:
            parts.append(letter)
    return "".join(parts)


def _flag(moment: datetime, letter: str) -> str:
    if letter in _OWN:
        return _OWN[letter](moment)
    return moment.strftime(_FLAGS[letter]) if letter in _FLAGS else "%".rstrip(letter) + letter


def moment_of(seconds: float) -> datetime:
    """Return the moment so many seconds after 1970.

    Raises:
        OverflowError: it is outside of the years that are written with four digits.

    """
    return _EPOCH + timedelta(seconds=int(seconds))
