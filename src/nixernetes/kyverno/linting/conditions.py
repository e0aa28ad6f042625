"""Conditions that Kyverno refuses (``pkg/validation/policy/validate.go``, ``validateConditions``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.kyverno.linting.problems import FieldPath, PolicyProblem
from nixernetes.objects.fields import at, items_at, objects_at
from nixernetes.objects.manifest import Json

__all__ = ["refused_conditions"]

_OPERATORS: Final = (
    *("AllIn", "AllNotIn", "AnyIn", "AnyNotIn", "Equal", "Equals", "In", "NotEqual", "NotEquals", "NotIn"),
    *("GreaterThan", "GreaterThanOrEquals", "LessThan", "LessThanOrEquals"),
    *("DurationGreaterThan", "DurationGreaterThanOrEquals", "DurationLessThan", "DurationLessThanOrEquals"),
)
_OPERATIONS: Final = ("CREATE", "UPDATE", "DELETE", "CONNECT")
_DEEPEST: Final = 8  # of a foreach in a foreach


def refused_conditions(rule: dict[str, Json], where: FieldPath) -> Iterator[PolicyProblem]:
    """Yield what is wrong with the conditions of a rule and of its ``foreach``."""
    yield from _block(at(rule, "preconditions"), (*where, "preconditions"), is_whole=True)
    deny = at(rule, "validate", "deny", "conditions")
    yield from _block(deny, (*where, "validate", "deny", "conditions"), is_whole=True)
    for part in ("validate", "mutate"):
        yield from _loops(items_at(rule, part, "foreach"), (*where, part, "foreach"), 0)


def _loops(loops: list[Json], where: FieldPath, depth: int) -> Iterator[PolicyProblem]:
    for index, loop in enumerate(loops if depth < _DEEPEST else ()):
        path = (*where, index)
        yield from _block(at(loop, "preconditions"), (*path, "preconditions"), is_whole=False)
        yield from _block(at(loop, "deny", "conditions"), (*path, "deny", "conditions"), is_whole=False)
        yield from _loops(items_at(loop, "foreach"), (*path, "foreach"), depth + 1)


def _block(block: Json, where: FieldPath, *, is_whole: bool) -> Iterator[PolicyProblem]:
    """Yield the problems of conditions; ``is_whole`` where Kyverno wants key and value as well."""
    places: list[tuple[FieldPath, Json]] = []
    if isinstance(block, list):
        places = [((*where, index), each) for index, each in enumerate(block)]
    elif isinstance(block, dict):
        for how in ("any", "all"):
            places += [((*where, how, index), each) for index, each in enumerate(objects_at(block, how))]
    for path, condition in places:
        if isinstance(condition, dict):
            yield from _condition(condition, path, is_whole=is_whole)


def _condition(condition: dict[str, Json], path: FieldPath, *, is_whole: bool) -> Iterator[PolicyProblem]:
    key, value, operator = (at(condition, name) for name in ("key", "value", "operator"))
    if is_whole and (key is None or value is None or not operator):
        missing = [name for name, held in (("key", key), ("value", value), ("operator", operator)) if not held]
        message = f"a condition has key, value and operator; this one lacks {', '.join(missing)}"
        if "any" in condition or "all" in condition:
            message = "any and all stand in a map, not in a list: Kyverno reads the items of a list as conditions"
        yield PolicyProblem(path=path, message=message)
        return
    if operator not in _OPERATORS:
        message = f"{operator!r} is not an operator: write one of {', '.join(sorted(_OPERATORS))}"
        yield PolicyProblem(path=(*path, "operator"), message=message)
    if is_whole and isinstance(key, str) and key.replace(" ", "") == "{{request.operation}}":
        yield from _of_operation(value, (*path, "value"))


def _of_operation(value: Json, path: FieldPath) -> Iterator[PolicyProblem]:
    if isinstance(value, str) and value.startswith("{{") and value.endswith("}}"):
        return
    for each in value if isinstance(value, list) else [value]:
        if each not in _OPERATIONS:
            yield PolicyProblem(path=path, message=f"{each!r} is not an operation: {', '.join(_OPERATIONS)}")
