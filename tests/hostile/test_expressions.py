"""Conditions of triggers are short, shallow and small, and what does not fit is told."""

from __future__ import annotations

import pytest

from nixernetes.languages.expr import EvaluationFailure, ExpressionError, evaluate


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x " * 300_000, "longer than 10,000 characters"),
        ("not " * 100_000 + "true", "longer than 10,000 characters"),
        ("(" * 200 + "true" + ")" * 200, "nested too deeply"),
        ("[" * 200 + "]" * 200, "nested too deeply"),
        ("9" * 5_000 + " == 1", "is too long"),
        ("not " * 2_400 + "true", "nested too deeply"),
        ("1 < 'a'", "< is not for these values"),
        ("'a' in 5", "in is not for these values"),
        ("5 contains 5", "contains is not for these values"),
        ("app.a[[1]] == 1", "cannot fetch"),
        ("'", "cannot read"),
        ("1 +", "a value is expected where 'the end' stands"),
    ],
)
def test_an_expression_is_refused_with_its_reason(text: str, said: str) -> None:
    with pytest.raises((ExpressionError, EvaluationFailure), match=said):
        evaluate(text, {"app": {"a": {}}, "x": 1})


def test_a_long_expression_is_read_once() -> None:
    assert evaluate("true " + "and true " * 1_000, {}) is True
    assert evaluate("1+" * 4_000 + "1", {}) == 4_001
    assert evaluate("false " + "and false " * 990, {}) is False
    assert evaluate("not " * 51 + "true", {}) is False
