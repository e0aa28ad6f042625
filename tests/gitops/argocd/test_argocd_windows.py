"""Sync windows: when they are open, and the truth table."""

from datetime import UTC, datetime
from typing import Any

import pytest

from nixernetes.gitops.argocd.projects.windows import can_sync, is_active, matching_windows

MONDAY = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
DAY = {"schedule": "0 10 * * *", "duration": "4h", "applications": ["*"]}
NIGHT = {**DAY, "schedule": "0 22 * * *"}


def test_a_window_is_open_from_its_start_for_its_duration() -> None:
    assert is_active(DAY, MONDAY)
    assert not is_active(DAY, MONDAY.replace(hour=9, minute=59))
    assert is_active(DAY, MONDAY.replace(hour=13, minute=59))
    assert not is_active(DAY, MONDAY.replace(hour=14))
    assert not is_active({**DAY, "timeZone": "Asia/Tokyo"}, MONDAY)
    assert is_active({**DAY, "timeZone": "Mars"}, MONDAY)


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
        ({"clusters": ["https://*"]}, False),
        ({"clusters": ["!x"]}, False),
        ({}, False),
    ],
)
def test_windows_apply_by_application_namespace_or_cluster(window: dict[str, Any], *, expected: bool) -> None:
    assert bool(matching_windows({"syncWindows": [window]}, "web", "prod", ["in-cluster"])) is expected
