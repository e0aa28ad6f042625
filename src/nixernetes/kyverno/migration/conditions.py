"""Preconditions and deny conditions in CEL; the operators are those of ``kyverno.engine.conditions``."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Final

from nixernetes.kyverno.engine import conditions
from nixernetes.kyverno.engine.scalars import duration, quantity, range_ends
from nixernetes.kyverno.engine.variables import has_variables
from nixernetes.kyverno.engine.wildcards import has_wildcard, matches
from nixernetes.kyverno.migration.queries import CelQuery, Queries, QueryShape
from nixernetes.kyverno.migration.spelling import NotCarriedError, all_of, any_of, fits, fits_any, literal, negated
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["conditions_met"]

_ORDER: Final = {
    "greaterthan": ">",
    "greaterthanorequals": ">=",
    "lessthan": "<",
    "lessthanorequals": "<=",
}
_OF_ROLES: Final = re.compile(r"\.\??(apiGroups|resources|verbs)(\.orValue\([^()]*\))?")  # in which * is all
_DURATION: Final = "^[-+]?([0-9]+(\\\\.[0-9]*)?(ns|us|ms|s|m|h))+$"
_QUANTITIES: Final = ("1", "10", "0.5", "500m", "1Gi", "1e3")
_SETS: Final = {"in": "allin", "notin": "anynotin"}


def conditions_met(block: Json, queries: Queries) -> str:
    """Return whether conditions are met.

    Raises:
        NotCarriedError: a condition cannot be written in CEL.
        JmesPathError: a variable is no expression.

    """
    if isinstance(block, list):
        if all(isinstance(each, dict) and ("any" in each or "all" in each) for each in block):
            return all_of(conditions_met(each, queries) for each in block)
        block = {"all": block}
    if not isinstance(block, dict):
        raise NotCarriedError("conditions that are not any, all or a list")
    tests = []
    if block.get("any") is not None:
        tests.append(any_of(_held(each, queries) for each in objects_at(block, "any")))
    tests += [_held(each, queries) for each in objects_at(block, "all")]
    return all_of(tests)


def _held(condition: Json, queries: Queries) -> str:
    key, operator, value = condition.get("key"), text_at(condition, "operator"), condition.get("value")
    if not has_variables(key) and not has_variables(value):
        return literal(conditions.holds(key, operator, value))
    name = operator.lower()
    name = _SETS.get(name, name)
    left = _of(key, queries)
    if name in ("equals", "equal"):
        return _equal(left, value, queries)
    if name in ("notequals", "notequal"):
        return negated(_equal(left, value, queries))
    if name in ("anyin", "allin", "anynotin", "allnotin"):
        return _among(left, value, name, queries)
    if name in _ORDER:
        return _ordered(left, _ORDER[name], value, queries)
    raise NotCarriedError(f"operator {operator}")


def _of(value: Json, queries: Queries) -> CelQuery:
    if isinstance(value, dict | list) and has_variables(value):
        return CelQuery(text=queries.filled(value), shape=QueryShape.LIST)
    return queries.of(value)


def _equal(left: CelQuery, value: Json, queries: Queries) -> str:
    if has_variables(value):
        return f"{left.text} == {_of(value, queries).text}"
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return f"dyn({left.text}) == {literal(value)}"  # a checker would refuse what is of another type
    if isinstance(value, int | float):
        is_number = left.shape is QueryShape.NUMBER
        return f"{left.text} == {literal(value)}" if is_number else f"string({left.text}) == {literal(str(value))}"
    if left.shape is QueryShape.NUMBER:
        return f"string({left.text}) == {literal(value)}"
    if has_wildcard(value):
        text = f"string({left.text})"
        is_open = any(matches(value, each) for each in _QUANTITIES)  # what is a quantity equals no text
        return all_of([f"!isQuantity({text})", fits(text, value)]) if is_open else fits(text, value)
    if value.isdecimal():
        return f"string({left.text}) == {literal(value)}"
    if _is_measure(value):
        raise NotCarriedError(f"equality with the quantity or duration {value}")
    return f"{left.text} == {literal(value)}"


def _is_measure(text: str) -> bool:
    return quantity(text) is not None or duration(text) is not None


def _among(left: CelQuery, value: Json, name: str, queries: Queries) -> str:
    """Return whether keys are among values: one of them or all, in or not in."""
    found = _OF_ROLES.search(left.text)
    is_wild = found is not None and found.end() == len(left.text)
    if left.shape is QueryShape.UNKNOWN:  # what the checker may know to be no list, or no text, is asked for both
        left = replace(left, text=f"dyn({left.text})")
    inner = "item"
    while f"{inner}." in left.text or f"{inner}," in left.text or f"{inner})" in left.text:
        inner += "_"

    def test(item: str) -> str:
        held = _is_one_of(item, value, queries)
        return any_of([f"string({item}) == '*'", held]) if is_wild else held

    loops = {
        "anyin": f"{left.text}.exists({inner}, {test(inner)})",
        "allin": f"{left.text}.all({inner}, {test(inner)})",
        "anynotin": f"{left.text}.exists({inner}, {negated(test(inner))})",
        "allnotin": f"!{left.text}.exists({inner}, {test(inner)})",
    }
    single = test(left.text) if name in ("anyin", "allin") else negated(test(left.text))
    if left.shape is QueryShape.LIST:
        return all_of([left.guard or "true", loops[name]])
    if left.shape is QueryShape.UNKNOWN:
        return f"(type({left.text}) == list ? {loops[name]} : {single})"
    return single


def _is_one_of(item: str, value: Json, queries: Queries) -> str:
    if isinstance(value, list):
        plain = [each for each in value if not has_variables(each)]
        if any(isinstance(each, dict | list) for each in plain):
            raise NotCarriedError("a list of lists as a value")
        tests = [f"string({item}) == string({queries.of(each).text})" for each in value if has_variables(each)]
        return any_of([*([fits_any(f"string({item})", map(_written, plain))] if plain else []), *tests])
    if has_variables(value):
        other = queries.of(value)
        if other.shape is QueryShape.TEXT:
            return f"string({item}) == {other.text}"
        if other.shape is QueryShape.LIST:
            return f"{item} in {other.text}"
        held = f"dyn({other.text})"
        single = f"{item} == {held}"
        if other.text.startswith("variables."):  # what a ConfigMap holds may be a list, as JSON
            read = f"string({item}) in json.unmarshal({held})"
            single = f"({held}.startsWith('[') ? {read} : string({item}) == {held})"
        return f"(type({held}) == list ? {item} in {held} : {single})"
    text = _written(value)
    if range_ends(text) is not None:
        raise NotCarriedError(f"the range {text} as a value")
    listed = _json_list(text)
    return _is_one_of(item, listed, queries) if listed is not None else fits(f"string({item})", text)


def _written(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _json_list(text: str) -> list[Json] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, list) else None


def _ordered(left: CelQuery, word: str, value: Json, queries: Queries) -> str:
    if has_variables(value):
        right = queries.of(value)
        if QueryShape.NUMBER in (left.shape, right.shape):
            return f"{_as_number(left)} {word} {_as_number(right)}"
        raise NotCarriedError("an order of two values of which none is a number")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NotCarriedError(f"an order with {literal(value)}")
    if isinstance(value, int | float) or _number(value) is not None:
        number = value if isinstance(value, int | float) else _number(value)
        return f"{_as_number(left)} {word} {number}"
    if duration(value) is not None and quantity(value) is None:
        is_one = f"string({left.text}).matches({literal(_DURATION)})"
        return f"{is_one} && duration({left.text}) {word} duration({literal(value)})"
    if quantity(value) is not None:
        return f"quantity(string({left.text})).compareTo(quantity({literal(value)})) {word} 0"
    raise NotCarriedError(f"an order with {value}")


def _as_number(query: CelQuery) -> str:
    return query.text if query.shape is QueryShape.NUMBER else f"double({query.text})"


def _number(text: str) -> float | None:
    try:
        return float(text) if text.strip() == text else None
    except ValueError:
        return None
