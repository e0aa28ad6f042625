"""Five-field cron schedules, as Argo CD's sync windows have them: minute, hour, day of month, month, day of week.

Fields take lists (``1,15``), ranges (``MON-FRI``), steps (``*/5``, ``10-40/10``, ``3/4``), names of months and days,
``*`` and ``?`` (whatever else such a range says); ``CRON_TZ=Zone`` may stand in front. Days of the week are 0 (Sunday)
to 6. When both day fields are restricted, either may fit. Times that a clock change skips do not happen, and those that
it repeats happen twice. As ``parser.go`` of ``robfig/cron`` 3.0.1 reads them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

__all__ = ["Schedule", "parse_schedule"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of week", 0, 6, _DAYS),
)
_ITEM = re.compile(r"(\*|\?|\+?[0-9a-z]+)(-[^/]*)?(?:/(\+?\d{1,4}))?\Z")
_NO_LEAP_YEAR = date(2025, 1, 1)
_HORIZON = timedelta(days=366 * 5)  # 29 February comes within it; what does not never comes


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A parsed schedule; each field is the set of values that fit."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool
    zone: ZoneInfo | None = None

    def next_after(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the first moment (in UTC) after the given one that fits in a time zone; None when there is none.

        A schedule that names a time zone itself fits in that.
        """
        zone = self.zone or zone
        day = moment.astimezone(zone).date()
        last = day + _HORIZON
        while day <= last:
            if self._has(day):
                fires = _fires(self, day, zone)
                later = bisect_right(fires, moment)
                if later < len(fires):
                    return fires[later]
            day += timedelta(days=1)
        return None

    def runs_a_year(self) -> Fraction:
        """Return how often it fires in a year of 365 days, on average over the days on which a year begins."""
        days = Fraction(0)
        for number in range(365):
            day = _NO_LEAP_YEAR + timedelta(days=number)
            if day.month in self.months:
                by_month_day, weekdays = day.day in self.days, Fraction(len(self.weekdays), 7)
                if self.any_day or self.any_weekday:
                    days += weekdays if by_month_day else 0
                else:
                    days += 1 if by_month_day else weekdays
        return days * len(self.hours) * len(self.minutes)

    def _has(self, day: date) -> bool:
        by_month_day, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        both = self.any_day or self.any_weekday
        return day.month in self.months and (by_month_day and by_weekday if both else by_month_day or by_weekday)


@lru_cache(maxsize=32)  # days that are asked about again and again: a schedule of every minute has 1,440 moments in one
def _fires(schedule: Schedule, day: date, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the moments of a day (in UTC) at which a schedule fires, in order."""
    found = set()
    for hour in schedule.hours:
        for minute in schedule.minutes:
            local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
            for fold in (0, 1):
                fire = local.replace(fold=fold).astimezone(UTC)
                if fire.astimezone(zone).replace(fold=0) == local:  # false for a time that is skipped
                    found.add(fire)
    return tuple(sorted(found))


def parse_schedule(text: str) -> Schedule:
    """Parse a schedule.

    Raises:
        ValueError: it has not five fields, or one of them is wrong.

    """
    zone, text = _zoned(text)
    words = text.lower().split()
    if len(words) != 5:
        raise ValueError(
            f"{text!r} must have five fields: minute, hour, day of month, month, day of week (0 22 * * MON-FRI)"
        )
    sets = [_field(word, *rule) for word, rule in zip(words, _FIELDS, strict=True)]
    minutes, hours, days, months, weekdays = sets
    return Schedule(
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=days,
        months=months,
        weekdays=weekdays,
        any_day=_is_any(words[2]),
        any_weekday=_is_any(words[4]),
        zone=zone,
    )


def _zoned(text: str) -> tuple[ZoneInfo | None, str]:
    """Split off ``CRON_TZ=Zone`` or ``TZ=Zone`` in front."""
    mark, equals, rest = text.partition("=")
    if not equals or mark not in ("CRON_TZ", "TZ"):
        return None, text
    name, _, fields = rest.partition(" ")
    try:
        return ZoneInfo(name), fields
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r}: it must be an IANA name such as Europe/Berlin") from None


def _is_any(word: str) -> bool:
    """Tell whether a field takes every value: a step of more than one restricts it."""
    steps = [part.partition("/")[2] for part in word.split(",") if part.startswith(("*", "?"))]
    return any(not step or step.lstrip("+0") == "1" for step in steps)


def _field(word: str, what: str, low: int, high: int, names: tuple[str, ...]) -> frozenset[int]:
    found: set[int] = set()
    for part in filter(None, word.split(",")):
        item = _ITEM.match(part)
        if item is None:
            raise ValueError(f"the {what} {part!r} is not a number, range or step")
        step = int(item[3]) if item[3] else 1
        if item[1] in "*?":
            first, last = low, high
        else:
            first = _value(item[1], what, low, high, names)
            last = _value(item[2][1:], what, low, high, names) if item[2] else (high if item[3] else first)
        if step == 0 or first > last:
            raise ValueError(f"the {what} {part!r} is not a range: write it as {low}-{high} or */5")
        found.update(range(first, last + 1, step))
    return frozenset(found)


def _value(text: str, what: str, low: int, high: int, names: tuple[str, ...]) -> int:
    if text in names:
        return names.index(text) + low
    value = int(text) if text.removeprefix("+").isdigit() else -1
    if not low <= value <= high:
        raise ValueError(f"the {what} {text!r} must be between {low} and {high}")
    return value
