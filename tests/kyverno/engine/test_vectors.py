"""Kyverno's own answers to small questions: wildcards, scalars, conditions, patterns."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.errors import InputError
from nixernetes.kyverno.engine import conditions, patterns, scalars, variables, wildcards
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request, RuleContext

UNITS = SHARED / "conformance/kyverno/units"


def share(file: str, answer: Callable[[dict[str, Any], Any], bool]) -> float:
    """Return which part of a matrix of answers is Kyverno's."""
    table = json.loads((UNITS / file).read_text())
    right = total = 0
    for case in table["cases"]:
        for value, expected in zip(table["values"], case["results"], strict=False):
            if expected == ".":
                continue
            try:
                found = "t" if answer(case, value) else "f"
            except InputError:
                found = "e"
            total += 1
            right += found == expected
    return right / total


@needs_shared
def test_wildcards_are_kyvernos() -> None:
    assert share("wildcard.json", lambda case, value: wildcards.matches(case["pattern"], value)) == 1


@needs_shared
def test_scalar_patterns_are_kyvernos() -> None:
    def answer(case: dict[str, Any], value: Any) -> bool:
        return not isinstance(value, list) and scalars.is_matched(case["pattern"], value)

    assert share("leaf.json", answer) > 0.97


@needs_shared
def test_conditions_are_kyvernos() -> None:
    def answer(case: dict[str, Any], value: Any) -> bool:
        return conditions.holds(case["key"], case["operator"], value)

    assert share("conditions.json", answer) > 0.97


@needs_shared
def test_variables_and_references_are_filled_in_as_in_kyverno() -> None:
    table = json.loads((UNITS / "substitution.json").read_text())
    for case in table["cases"]:
        operation = "DELETE" if case.get("delete") else "CREATE"
        context = RuleContext(Request(manifest={}, operation=operation), {}, PolicySurroundings())
        old = {"operation": "DELETE", "oldObject": {"metadata": {"name": "old"}}} if case.get("delete") else {}
        context.data = {**table["context"], "request": {**table["context"]["request"], **old}}
        try:
            found, error = variables.substituted(variables.referenced(case["value"]), context.lookup), ""
        except InputError as raised:
            found, error = None, raised.message
        assert (found, error) == (case.get("result"), case.get("error", "")), case


@needs_shared
def test_patterns_end_as_in_kyverno() -> None:
    for case in json.loads((UNITS / "patterns.json").read_text())["cases"]:
        found = patterns.mismatch(case["pattern"], case["resource"])
        assert (found.status if found else "pass") == case["status"], case


def test_a_wildcard_ends_on_a_hostile_pattern() -> None:
    assert not wildcards.matches("*a" * 200 + "b", "a" * 2000)


@pytest.mark.parametrize(("pattern", "value", "fits"), [("?*", "", False), ("<10", None, True), ("1-2Gi", "1Gi", True)])
def test_scalar_patterns_know_ranges_and_null(pattern: str, value: Any, fits: bool) -> None:
    assert scalars.is_matched(pattern, value) is fits
