"""Expressions of triggers have the values that expr-lang 1.17.8 gives them.

``expr_recorded.json`` holds what its own compiler and machine said of each: a value, as ``%v`` prints it, or that it is
broken, or that it has no value.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nixernetes.engine.argocd.notifications.functions import variables
from nixernetes.languages.expr import EvaluationFailure, ExpressionError, evaluate, shown
from nixernetes.objects.manifest import Json

_RECORDED: Json = json.loads(Path(__file__).with_name("expr_recorded.json").read_text())
_VALUES = {"app": _RECORDED["app"], **variables(datetime(2026, 1, 2, 3, 14, 5, tzinfo=UTC))}


def _said(text: str) -> list[str]:
    try:
        return ["value", shown(evaluate(text, _VALUES))]
    except ExpressionError:
        return ["broken", ""]
    except EvaluationFailure:
        return ["no value", ""]


@pytest.mark.parametrize(("text", "kind", "value"), _RECORDED["cases"])
def test_an_expression_has_the_value_that_expr_gives_it(text: str, kind: str, value: str) -> None:
    assert _said(text) == [kind, value]


@pytest.mark.parametrize(
    "text",
    ["(" * 100 + "1" + ")" * 100, "1" * 30, "x" * 20_000, "if true { 1 } else { 2 }", "now()", "open('x')", "{" * 80],
)
def test_what_is_not_taken_is_said(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(text, _VALUES)


@pytest.mark.parametrize(
    "text",
    [
        "map(1..100000, map(1..100000, # * #))",
        "repeat(repeat('abcdefghij', 1000), 1000)",
        "1..100000000",
        "reduce(1..50000, #acc + 'xxxxxxxxxx', '')",
        "2 ** 100000",
        "'a' * 1000000",
        "app.__class__",
        "app.name.__class__.__mro__",
    ],
)
def test_an_expression_is_bounded_and_reaches_nothing_else(text: str) -> None:
    assert _said(text) in (["no value", ""], ["value", "<nil>"])
