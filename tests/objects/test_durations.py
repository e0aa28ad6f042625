"""Durations are read and printed as Go does."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from nixernetes.objects.durations import format_duration, nanoseconds, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10m", 600), ("1h30m", 5400), ("90s", 90), ("1.5h", 5400), ("100ms", 0.1), ("0", 0), ("-5s", -5), (".5s", 0.5)],
)
def test_a_go_duration_is_read(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


def test_a_duration_is_exact() -> None:
    assert nanoseconds("2562047h47m16.854775807s") == 2**63 - 1
    assert nanoseconds("-1.000000001s") == -1_000_000_001
    assert nanoseconds("1\u00b5s") == nanoseconds("1\u03bcs") == nanoseconds("1us") == 1_000
    assert parse_duration("999ns") == timedelta()


@pytest.mark.parametrize(
    "text", ["", "10", "1d", "1w", "m", "10 m", "1h-5m", "abc", "+", "1.2.3s", ".s", "\u0661s", "9" * 99 + "s", "0h0"]
)
def test_what_go_refuses_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(600, "10m0s"), (3600, "1h0m0s"), (30, "30s"), (1.5, "1.5s"), (0.1, "100ms"), (0, "0s"), (-61, "-1m1s")],
)
def test_a_duration_is_printed_as_go_prints_it(seconds: float, text: str) -> None:
    assert format_duration(timedelta(seconds=seconds)) == text


@given(st.timedeltas(min_value=timedelta(days=-99_999), max_value=timedelta(days=99_999)))
def test_what_is_printed_reads_back(value: timedelta) -> None:
    assert parse_duration(format_duration(value)) == value
