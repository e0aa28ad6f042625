"""Substitution ends, refuses with an InputError only, reads no value twice, and grows within a limit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nixernetes.languages.substitution import SubstitutionError, substitute

QUICK = settings(max_examples=300, deadline=None, derandomize=True)
VALUES = st.dictionaries(st.sampled_from("ab"), st.text(alphabet="ab${}*[é", max_size=12))


@QUICK
@given(st.text().filter(lambda text: "$" not in text), VALUES)
def test_text_without_a_dollar_stays(text: str, variables: dict[str, str]) -> None:
    assert substitute(text, variables) == text


@QUICK
@given(st.text(alphabet="${}ab:-=/#%^,*?[]\\é.0123+", max_size=60), VALUES, st.booleans())
def test_anything_is_substituted_or_refused(text: str, variables: dict[str, str], strict: bool) -> None:
    try:
        assert isinstance(substitute(text, variables, strict=strict), str)
    except SubstitutionError as error:
        assert len(str(error)) < 500  # noqa: PT017  # both outcomes are right; only another exception is not


@QUICK
@given(VALUES.filter(lambda values: "a" in values), st.text(alphabet="ab -", max_size=9))
def test_a_value_is_not_read_again(variables: dict[str, str], around: str) -> None:
    assert substitute(f"{around}${{a}}{around}", variables) == around + variables["a"] + around


@QUICK
@given(st.text(alphabet="ab:-/", min_size=1, max_size=9), VALUES)
def test_two_dollars_are_one(name: str, variables: dict[str, str]) -> None:
    assert substitute(f"$${{{name}}}", variables) == f"${{{name}}}"


@pytest.mark.parametrize(
    ("text", "variables", "message"),
    [
        ("${a}" * 1000, {"a": "v" * 1_000_000}, "larger than 32 MiB"),
        ("${u:-" + "${a}" * 1000 + "}", {"a": "v" * 1_000_000}, "larger than 32 MiB"),
        ("${a//v/${a}}", {"a": "v" * 10_000}, "larger than 32 MiB"),
        ("${a//v/" * 9 + "${a}" + "}" * 9, {"a": "v" * 100}, "larger than 32 MiB"),
        ("${a##" + "*a" * 500 + "b}", {"a": "a" * 100_000}, "too long to be matched"),
        ("${a##*a*b}" * 1000, {"a": "a" * 100_000}, "too long to be matched"),
        ("${a:-" * 5000 + "}" * 5000, {"a": "1"}, "nested deeper than 64"),
    ],
    ids=["values", "defaults", "replacement", "replacements", "pattern", "patterns", "depth"],
)
def test_what_explodes_is_refused(text: str, variables: dict[str, str], message: str) -> None:
    with pytest.raises(SubstitutionError, match=message):
        substitute(text, variables, strict=False)
