"""What Go says of a wrong cron schedule."""

from __future__ import annotations

import pytest

from nixernetes.languages.cron_words import schedule_problem


@pytest.mark.parametrize(
    ("schedule", "problem"),
    [
        ("*/5 0-6,22 ? jan,MAR Mon-Fri", ""),
        ("3/4 * * * *", ""),
        ("60 * * * *", "end of range (60) above maximum (59): 60"),
        ("* 5-24 * * *", "end of range (24) above maximum (23): 5-24"),
        ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
        ("30-10 * * * *", "beginning of range (30) beyond end of range (10): 30-10"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
        ("1/2/3 * * * *", "too many slashes: 1/2/3"),
        ("x * * * *", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'),
        ("* * * * 1-xyz", 'failed to parse int from xyz: strconv.Atoi: parsing "xyz": invalid syntax'),
        (
            "9" * 30 + " * * * *",
            f'failed to parse int from {"9" * 30}: strconv.Atoi: parsing "{"9" * 30}": value out of range',
        ),
        ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
        ("@often", "unrecognized descriptor: @often"),
        ("", "empty spec string"),
    ],
)
def test_the_first_thing_that_is_wrong_is_said(schedule: str, problem: str) -> None:
    assert schedule_problem(schedule) == problem
