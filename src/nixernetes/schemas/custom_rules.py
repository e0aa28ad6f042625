"""The rules that a definition has of its objects: ``x-kubernetes-validations``, in CEL.

A rule sees ``self`` and, where it speaks of ``oldSelf``, the value that is replaced: without one it is not asked. What
did not change is not asked again. After k8s.io/apiextensions-apiserver 0.34, ``pkg/apiserver/schema/cel``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from nixernetes.errors import InputError
from nixernetes.objects.fields import flag_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.schemas.problems import FieldPath, Problem, ProblemKind
from nixernetes.schemas.structural_values import ABSENT, child_of, old_items

if TYPE_CHECKING:
    from nixernetes.languages.cel import Environment, Program

__all__ = ["RULES", "compiled_rule", "has_rules", "rule_problems"]

RULES: Final = "x-kubernetes-validations"
_DEEPEST: Final = 60


def rule_problems(schema: Json, value: Json, path: FieldPath = (), old: Json = ABSENT) -> Iterator[Problem]:
    """Yield what the rules of a schema have against a value: those of the whole first, then those of its parts."""
    if not isinstance(schema, dict) or value is None or len(path) > _DEEPEST:
        return
    if old is not ABSENT and path and old == value and type(old) is type(value):
        return
    yield from _rules(schema, value, path, old)
    if isinstance(value, dict):
        known, others = mapping_at(schema, "properties"), schema.get("additionalProperties")
        for name, item in value.items():
            yield from rule_problems(known.get(name, others), item, (*path, name), child_of(old, name))
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for number, (item, before) in enumerate(zip(value, old_items(schema, value, old), strict=True)):
            yield from rule_problems(schema["items"], item, (*path, number), before)


def has_rules(schema: Json) -> bool:
    """Tell whether there is a rule anywhere in a schema."""
    if not isinstance(schema, dict):
        return False
    below = [*mapping_at(schema, "properties").values(), schema.get("items"), schema.get("additionalProperties")]
    return bool(schema.get(RULES)) or any(map(has_rules, below))


def _rules(schema: Json, value: Json, path: FieldPath, old: Json) -> Iterator[Problem]:
    for rule in objects_at(schema, RULES):
        text = text_at(rule, "rule")
        is_transition = "oldSelf" in text
        if not text or (is_transition and old is ABSENT and not flag_at(rule, "optionalOldSelf")):
            continue
        said = _violated(rule, value, _before(rule, old))
        if said:
            at = (*path, *_steps(text_at(rule, "fieldPath")))
            yield _problem(at, text_at(rule, "reason"), value, said)


def _before(rule: Manifest, old: Json) -> Json:
    """Return what a rule sees as ``oldSelf``: for one that can do without, an optional value."""
    if not flag_at(rule, "optionalOldSelf"):
        return None if old is ABSENT else old
    from nixernetes.languages.cel.values import NONE, OptionalValue  # noqa: PLC0415  # most rules need none

    return NONE if old is ABSENT else OptionalValue(old)


def _problem(at: FieldPath, reason: str, value: Json, said: str) -> Problem:
    match reason:
        case "FieldValueForbidden":
            return Problem(at, ProblemKind.RULE, f"Forbidden: {said}")
        case "FieldValueRequired":
            return Problem(at, ProblemKind.RULE, f"Required value: {said}")
        case "FieldValueDuplicate":
            return Problem(at, ProblemKind.RULE, f'Duplicate value: "{_type_name(value)}"')
    return Problem(at, ProblemKind.RULE, f'Invalid value: "{_type_name(value)}": {said}')


def _type_name(value: Json) -> str:
    """Return what stands for a value in a message: its type."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _steps(field: str) -> tuple[str, ...]:
    return tuple(step for step in field.split(".") if step)


def _violated(rule: Manifest, value: Json, before: Json) -> str:
    """Return what a rule has against a value; ``""`` where it holds, or does not compile."""
    text, message, expression = (text_at(rule, name) for name in ("rule", "message", "messageExpression"))
    try:
        program = compiled_rule(text)
    except InputError:
        return ""
    words = message or f"failed rule: {' '.join(text.split())}"
    given = {"self": value, "oldSelf": before}
    try:
        if program.evaluate(given) is True:
            return ""
    except InputError as error:
        return f"{error.message} evaluating rule: {message or text}"
    if expression:
        try:
            found = compiled_rule(expression).evaluate(given)
        except InputError:
            return words
        return found if isinstance(found, str) and found.strip() else words
    return words


@cache
def _environment() -> Environment:
    from nixernetes.languages.cel.hosts.kubernetes import kubernetes  # noqa: PLC0415  # most platforms have no rule
    from nixernetes.languages.cel.types import DYN  # noqa: PLC0415  # same

    return kubernetes().declaring({"self": DYN, "oldSelf": DYN})


@lru_cache(maxsize=1024)
def compiled_rule(text: str) -> Program:
    """Return a rule or the expression of a message, ready to be asked; the thousand last ones are kept.

    Raises:
        InputError: it does not compile.

    """
    return _environment().compile(text)
