"""What is wrong with a CustomResourceDefinition itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.regexes import compiled
from nixernetes.objects.fields import flag_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas.custom_rules import RULES, compiled_rule
from nixernetes.schemas.problems import FieldPath, Problem, invalid, required

__all__ = ["definition_problems"]

_PRESERVE: Final = "x-kubernetes-preserve-unknown-fields"
_INT_OR_STRING: Final = "x-kubernetes-int-or-string"
_FIELD: Final = "for specified object fields"
_ITEM: Final = "for specified array items"
_LOGICAL: Final = "logic"  # below ``not``, ``allOf``, ``anyOf``, ``oneOf`` no type is said
_DEEPEST: Final = 60


def definition_problems(crd: Mapping[str, Json]) -> Iterator[Problem]:
    """Yield what is wrong with the rules and patterns of a CustomResourceDefinition."""
    for index, version in enumerate(objects_at(crd, "spec", "versions")):
        schema = mapping_at(version, "schema", "openAPIV3Schema")
        path: FieldPath = ("spec", "versions", index, "schema", "openAPIV3Schema")
        if not schema and not flag_at(version, "schema", _PRESERVE):
            yield required(path, "schemas are required")
        yield from _defined(schema, path)
    stored = [each for each in objects_at(crd, "spec", "versions") if flag_at(each, "storage")]
    if len(stored) != 1:
        detail = "must have exactly one version marked as storage version"
        yield invalid(("spec", "versions"), len(stored), detail)
    expected = f"{text_at(crd, 'spec', 'names', 'plural')}.{text_at(crd, 'spec', 'group')}"
    if text_at(crd, "metadata", "name") != expected:
        detail = f'must be spec.names.plural+"."+spec.group: it is {expected}'
        yield invalid(("metadata", "name"), text_at(crd, "metadata", "name"), detail)


def _defined(schema: Json, path: FieldPath, what: str = "at the root") -> Iterator[Problem]:
    """Yield what is wrong in a schema and in its parts; ``what`` is said of a part that needs a type."""
    if not isinstance(schema, dict) or len(path) > _DEEPEST:
        return
    if what != _LOGICAL and schema and _has_no_type(schema):
        yield required((*path, "type"), f"must not be empty {what}")
    if what != _LOGICAL and text_at(schema, "type") == "array" and not schema.get("items"):
        yield required((*path, "items"), "must be specified")
    yield from _written(schema, path)
    nested = what != _LOGICAL
    for name, inner in mapping_at(schema, "properties").items():
        yield from _defined(inner, (*path, "properties", name), _FIELD if nested else _LOGICAL)
    yield from _defined(schema.get("items"), (*path, "items"), _ITEM if nested else _LOGICAL)
    others = (*path, "additionalProperties")
    yield from _defined(schema.get("additionalProperties"), others, _FIELD if nested else _LOGICAL)
    yield from _defined(schema.get("not"), (*path, "not"), _LOGICAL)
    for part in ("allOf", "anyOf", "oneOf"):
        for index, inner in enumerate(objects_at(schema, part)):
            yield from _defined(inner, (*path, part, index), _LOGICAL)


def _written(schema: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield the rules and the pattern of a part that cannot be read."""
    for index, rule in enumerate(objects_at(schema, RULES)):
        for part in ("rule", "messageExpression"):
            text = text_at(rule, part)
            try:
                if text:
                    compiled_rule(text)
            except InputError as error:
                yield invalid((*path, RULES, index, part), text, f"compilation failed: {error.message}")
    pattern = schema.get("pattern")
    if isinstance(pattern, str):
        try:
            compiled(pattern)
        except ValueError as error:
            yield invalid((*path, "pattern"), pattern, f"must be a valid regular expression, but isn't: {error}")


def _has_no_type(schema: Mapping[str, Json]) -> bool:
    """Tell whether a part of a schema says no type and nothing that stands for one (``schema/validation.go``)."""
    return not text_at(schema, "type") and not any(flag_at(schema, each) for each in (_PRESERVE, _INT_OR_STRING))
