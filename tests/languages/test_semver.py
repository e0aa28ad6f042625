"""Versions and constraints are read as Masterminds reads them."""

import contextlib

import pytest
from hypothesis import given, settings, strategies as st

from nixernetes.languages.semver import newest, parse_constraint, parse_version


@pytest.mark.parametrize(
    ("constraint", "version", "admitted"),
    [
        ("1.2.3", "v1.2.3", True),
        ("=1.2", "1.2.9", True),
        ("1.x", "1.9.0", True),
        ("1.x", "2.0.0", False),
        ("*", "0.3.1", True),
        ("*", "1.0.0-rc.1", False),
        (">=0.0.0-0", "1.0.0-rc.1", True),
        (">=1.2, <2", "1.5.0", True),
        (">=1.2 <2", "2.0.0", False),
        (">=1.2 <1.3 || 3.x", "3.4.5", True),
        ("1.2 - 2.3.4", "2.3.4", True),
        ("1.2 - 2.3.4", "2.3.5", False),
        ("~1.2.3", "1.2.9", True),
        ("~1.2.3", "1.3.0", False),
        ("~1", "1.9.0", True),
        ("^1.2.3", "1.9.0", True),
        ("^1.2.3", "2.0.0", False),
        ("^0.2.3", "0.2.9", True),
        ("^0.2.3", "0.3.0", False),
        ("^0.0.3", "0.0.4", False),
        ("^0.0", "0.0.9", True),
        (">11", "11.1.0", False),
        (">11", "12.0.0", True),
        (">11.1", "11.1.5", False),
        (">11.1", "11.2.0", True),
        ("<=11", "11.9.9", True),
        ("<=11.1", "11.2.0", False),
        ("!=1.2.3", "1.2.3", False),
        ("!=1.x", "1.5.0", False),
        ("!=1.x", "2.0.0", True),
        ("=>1.0", "1.0.0", True),
        ("1.2.3+build", "1.2.3+other", True),
    ],
)
def test_a_constraint_admits_what_masterminds_admits(constraint: str, version: str, admitted: bool) -> None:
    parsed = parse_version(version)
    assert parsed is not None
    assert parse_constraint(constraint).admits(parsed) is admitted


def test_pre_releases_are_ordered_by_number_then_text_and_stand_below_the_release() -> None:
    order = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0"]
    assert sorted(set(order), key=lambda text: parse_version(text) or text) == order


def test_the_newest_is_the_highest_version_and_not_the_last_text() -> None:
    assert newest(["v1.9.0", "v1.10.0", "latest", "v2.0.0-rc1"], parse_constraint("*")) == ["v1.10.0"]


@pytest.mark.parametrize("text", ["", "main", ">", "1.2.3.4", "a || 1", "1.0 beta"])
def test_what_is_no_constraint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="improper constraint"):
        parse_constraint(text)


@settings(deadline=None, derandomize=True)
@given(st.text(alphabet="0123x*.-<>=~^|, va+", max_size=40))
def test_any_text_is_a_constraint_or_a_value_error(text: str) -> None:
    version = parse_version("1.2.3")
    assert version is not None
    with contextlib.suppress(ValueError):
        parse_constraint(text).admits(version)


@pytest.mark.parametrize(
    ("constraint", "version", "admitted"),
    [
        ("2025.02.x", "2025.02.03", True),  # zeros in front are no error
        (">=1.0.0-0, <2.0.0", "1.5.0-rc.1", True),  # one comparison of an alternative names a pre-release
        ("!=1.0.0", "2.0.0-rc.1", False),
        ("!=*", "1.0.0", True),
        ("^*", "1.0.0", False),
        ("1.0.0 || 2.0.0 - 3.0.0", "2.5.0", True),
        (">= 1.0 , < 2", "1.9.9", True),
    ],
)
def test_constraints_admit_what_masterminds_admits(constraint: str, version: str, admitted: bool) -> None:
    read = parse_version(version)
    assert read is not None
    assert parse_constraint(constraint).admits(read) is admitted


@pytest.mark.parametrize("text", ["==1.0.0", "1.0,,2.0", "1.0,", ",1.0", "1.0 ||2.0.0 - 3.0.0", ">1.2.3-01", "1x"])
def test_constraints_that_masterminds_refuses_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="constraint"):
        parse_constraint(text)


def test_numbers_of_a_pre_release_have_no_zeros_in_front() -> None:
    assert parse_version("1.0.0-01") is None
    assert parse_version("18446744073709551616.0.0") is None
