"""Conditions of triggers are short, shallow and small, and what does not fit is told."""

from __future__ import annotations

import pytest

from nixernetes.languages.expr import ExpressionError, evaluate


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x " * 300_000, "longer than 10,000 characters"),
        ("not " * 100_000 + "true", "longer than 10,000 characters"),
        ("(" * 200 + "true" + ")" * 200, "nested too deeply"),
        ("[" * 200 + "]" * 200, "nested too deeply"),
        ("9" * 5_000 + " == 1", "is too large"),
        ("1 < 'a'", "'<' does not fit what stands beside it"),
        ("'a' in 5", "'in' does not fit what stands beside it"),
        ("5 contains 5", "'contains' does not fit what stands beside it"),
        ("app.a[[1]] == 1", "cannot fetch"),
        ("'", "cannot read"),
        ("1 +", "is not supported"),
    ],
)
def test_an_expression_is_refused_with_its_reason(text: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said):
        evaluate(text, {"app": {"a": {}}, "x": 1})


def test_a_long_expression_is_read_once() -> None:
    assert evaluate("true " + "and true " * 1_000, {}) is True
    assert evaluate("not " * 2_401 + "true", {}) is False
    assert evaluate("not " * 2_400 + "true", {}) is True
