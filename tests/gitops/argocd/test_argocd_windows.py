"""Sync windows: schedules as cron reads them, and the truth table."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nixernetes.gitops.argocd.projects.cron import parse_schedule
from nixernetes.gitops.argocd.projects.permissions import IN_CLUSTER
from nixernetes.gitops.argocd.projects.windows import can_sync, is_active, matching_windows

MONDAY = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
DAY = {"schedule": "0 10 * * *", "duration": "4h", "applications": ["*"]}
NIGHT = {**DAY, "schedule": "0 22 * * *"}


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
    ["* * * *", "60 * * * *", "* * * * 7", "5-3 * * * *", "*/0 * * * *", "@daily", "x * * * *", "*-5 * * * *"],
)
def test_a_wrong_schedule_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match=r"must|not a"):
        parse_schedule(schedule)


def test_a_window_is_open_from_its_start_for_its_duration() -> None:
    assert is_active(DAY, MONDAY)
    assert not is_active(DAY, MONDAY.replace(hour=9, minute=59))
    assert is_active(DAY, MONDAY.replace(hour=13, minute=59))
    assert not is_active(DAY, MONDAY.replace(hour=14))
    assert not is_active({**DAY, "timeZone": "Asia/Tokyo"}, MONDAY)
    with pytest.raises(ValueError, match="there is no time zone 'Mars'"):
        is_active({**DAY, "timeZone": "Mars"}, MONDAY)


ALLOW_OPEN, ALLOW_CLOSED = {**DAY, "kind": "allow"}, {**NIGHT, "kind": "allow"}
DENY_OPEN, DENY_CLOSED = {**DAY, "kind": "deny"}, {**NIGHT, "kind": "deny"}


@pytest.mark.parametrize(
    ("windows", "automatic", "manual"),
    [
        ([], True, True),
        ([DENY_CLOSED], True, True),
        ([ALLOW_OPEN], True, True),
        ([ALLOW_OPEN, ALLOW_CLOSED], True, True),
        ([ALLOW_CLOSED], False, False),
        ([{**ALLOW_CLOSED, "manualSync": True}], False, True),
        ([DENY_OPEN], False, False),
        ([DENY_OPEN, ALLOW_OPEN], False, False),
        ([{**DENY_OPEN, "manualSync": True}], False, True),
        ([{**DENY_OPEN, "manualSync": True}, DENY_OPEN], False, False),
    ],
)
def test_the_truth_table(windows: list[dict[str, Any]], *, automatic: bool, manual: bool) -> None:
    assert can_sync(windows, MONDAY, manual=False) is automatic
    assert can_sync(windows, MONDAY, manual=True) is manual


def test_an_operation_that_began_in_time_may_finish_with_overrun() -> None:
    late, began = MONDAY.replace(hour=15), MONDAY
    assert not can_sync([ALLOW_OPEN], late, manual=False, started=began)
    assert can_sync([{**ALLOW_OPEN, "syncOverrun": True}], late, manual=False, started=began)
    assert not can_sync([{**ALLOW_OPEN, "syncOverrun": True}], late, manual=False, started=late)
    early = MONDAY.replace(hour=9)
    assert can_sync([{**DENY_OPEN, "syncOverrun": True}], MONDAY, manual=False, started=early)
    assert not can_sync([DENY_OPEN], MONDAY, manual=False, started=early)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({"applications": ["we*"]}, True),
        ({"applications": ["api"], "namespaces": ["prod"]}, True),
        ({"applications": ["api"], "namespaces": ["prod"], "andOperator": True}, False),
        ({"applications": ["web"], "namespaces": ["prod"], "andOperator": True}, True),
        ({"clusters": ["in-cluster"]}, True),
        ({"clusters": ["https://*"]}, True),
        ({"clusters": ["!x"]}, False),
        ({}, False),
    ],
)
def test_windows_apply_by_application_namespace_or_cluster(window: dict[str, Any], *, expected: bool) -> None:
    assert bool(matching_windows({"syncWindows": [window]}, "web", "prod", IN_CLUSTER)) is expected
