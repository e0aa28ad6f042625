"""Schedules come round as cron reads them, over changes of the clocks too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nixernetes.languages.cron import parse_schedule

MONDAY = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        ("*/15 * * * *", "2026-01-05T12:01", "2026-01-05T12:15"),
        ("0 22 * * MON-FRI", "2026-01-09T22:00", "2026-01-12T22:00"),
        ("0 0 1,15 * *", "2026-01-02T00:00", "2026-01-15T00:00"),
        ("0 0 13 * FRI", "2026-01-05T00:00", "2026-01-09T00:00"),
        ("0 0 13 * *", "2026-01-05T00:00", "2026-01-13T00:00"),
        ("5/20 3 * feb ?", "2026-01-05T00:00", "2026-02-01T03:05"),
        ("0 0 29 2 *", "2026-01-05T00:00", "2028-02-29T00:00"),
        ("CRON_TZ=Asia/Tokyo 0 21 * * *", "2026-01-05T00:00", "2026-01-05T12:00"),
        ("10-40/10 0 * * 0", "2026-01-11T00:20", "2026-01-11T00:30"),
    ],
)
def test_a_schedule_comes_next(schedule: str, after: str, expected: str) -> None:
    found = parse_schedule(schedule).next_after(datetime.fromisoformat(f"{after}+00:00"), ZoneInfo("UTC"))
    assert found == datetime.fromisoformat(f"{expected}+00:00")


def test_a_day_that_never_comes_has_no_next() -> None:
    assert parse_schedule("0 0 31 2 *").next_after(MONDAY, ZoneInfo("UTC")) is None


def test_a_time_that_the_clock_change_skips_does_not_happen_and_a_repeated_one_happens_twice() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    schedule = parse_schedule("30 2 * * *")
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert schedule.next_after(before, berlin) == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)
    autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)
    first = schedule.next_after(autumn, berlin)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert schedule.next_after(first, berlin) == first + timedelta(hours=1)


@pytest.mark.parametrize(
    "schedule",
    [
        "* * * *",
        "60 * * * *",
        "* * * * 7",
        "5-3 * * * *",
        "*/0 * * * *",
        "@daily",
        "x * * * *",
        "*-5/0 * * * *",
        "TZ=No/Where * * * * *",
    ],
)
def test_a_wrong_schedule_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match=r"must|not a"):
        parse_schedule(schedule)


def test_a_range_from_a_star_takes_every_value_and_empty_parts_of_lists_none() -> None:
    every = parse_schedule("* * * * *")
    assert parse_schedule("*-3 ?-x * * *") == every
    assert parse_schedule("1, ,2 * * *").minutes == (1,)
    assert parse_schedule("+5 * * * *").minutes == (5,)
