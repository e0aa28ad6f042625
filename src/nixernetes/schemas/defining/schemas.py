"""What is wrong with the schema of a version.

After ``ValidateStructural`` and ``ValidateCustomResourceDefinitionOpenAPISchema`` (apiextensions-apiserver 0.34.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.regexes import compiled
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas.custom_rules import RULES, compiled_rule
from nixernetes.schemas.defining.places import SchemaPlace
from nixernetes.schemas.problems import Problem

__all__ = ["schema_problems"]

_PRESERVE: Final = "x-kubernetes-preserve-unknown-fields"
_INT_OR_STRING: Final = "x-kubernetes-int-or-string"
_EMBEDDED: Final = "x-kubernetes-embedded-resource"
_LIST_TYPE: Final = "x-kubernetes-list-type"
_MAP_TYPE: Final = "x-kubernetes-map-type"
_LIST_KEYS: Final = "x-kubernetes-list-map-keys"
_TYPES: Final = ("array", "boolean", "integer", "number", "object", "string")
_REASONS: Final = ("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired")
_UNSUPPORTED: Final = ("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref")
_STATES: Final = {"root": "at the root", "item": "for specified array items", "field": "for specified object fields"}
_DEEPEST: Final = 60
_ANY: Final = [{"type": "integer"}, {"type": "string"}]


def schema_problems(schema: Json, place: SchemaPlace, *, has_status: bool) -> Iterator[Problem]:
    """Yield what is wrong with a schema; rules are looked at where the rest of it is right."""
    if not isinstance(schema, dict):
        return
    kind = text_at(schema, "type")
    if has_status and kind and kind != "object":
        detail = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
        yield place.child("type").invalid(kind, detail)
    if flag_at(schema, "nullable"):
        yield place.child("nullable").forbidden("nullable cannot be true at the root")
    structural = list(_structural(schema, place, "root"))
    shaped = list(_shaped(schema, place))
    yield from structural
    yield from shaped
    if not structural and not shaped:
        yield from _rules(schema, place)


def _structural(schema: Json, place: SchemaPlace, level: str) -> Iterator[Problem]:
    """Yield what makes a schema not structural (``validateStructuralInvariants``)."""
    if not isinstance(schema, dict) or len(place.path) > _DEEPEST:
        return
    kind, others = text_at(schema, "type"), schema.get("additionalProperties")
    if kind == "array" and not schema.get("items"):
        yield place.child("items").required("must be specified")
    yield from _structural(schema.get("items"), place.child("items"), "item")
    for name, inner in mapping_at(schema, "properties").items():
        yield from _structural(inner, place.of("properties", name), "field")
    if others is not None and others is not False:
        if level == "root":
            yield place.child("additionalProperties").forbidden("must not be used at the root")
        yield from _structural(others, place.child("additionalProperties"), "field")
    yield from _type(schema, place, level, kind)
    yield from _nested(schema, place)


def _type(schema: Mapping[str, Json], place: SchemaPlace, level: str, kind: str) -> Iterator[Problem]:
    either, open_ = flag_at(schema, _INT_OR_STRING), flag_at(schema, _PRESERVE)
    embedded = flag_at(schema, _EMBEDDED)
    if either and open_:
        yield place.child(_PRESERVE).invalid(True, f"must be false if {_INT_OR_STRING} is true")
    if either and embedded:
        yield place.child(_EMBEDDED).invalid(True, f"must be false if {_INT_OR_STRING} is true")
    if embedded and kind != "object":
        detail = f"must be object if {_EMBEDDED} is true"
        yield place.child("type").invalid(kind, detail) if kind else place.child("type").required(detail)
    elif not kind and not either and not open_:
        yield place.child("type").required(f"must not be empty {_STATES[level]}")
    if level == "root" and kind and kind != "object":
        yield place.child("type").invalid(kind, "must be object at the root")
    if embedded and not open_ and not mapping_at(schema, "properties"):
        detail = f"must not be empty if {_EMBEDDED} is true without {_PRESERVE}"
        yield place.child("properties").required(detail)
    if level == "root" or embedded:
        for name in ("kind", "apiVersion"):
            told = at(schema, "properties", name)
            if told is not None and text_at(told, "type") != "string":
                yield place.of("properties", name).child("type").invalid(text_at(told, "type"), "must be string")
        meta = at(schema, "properties", "metadata")
        if meta is not None and text_at(meta, "type") != "object":
            yield place.of("properties", "metadata").child("type").invalid(text_at(meta, "type"), "must be object")
        if level == "root" and isinstance(meta, dict) and {*mapping_at(meta, "properties")} - {"name", "generateName"}:
            detail = "must not specify anything other than name and generateName, but metadata is implicitly specified"
            yield place.of("properties", "metadata").forbidden(detail)


def _nested(schema: Mapping[str, Json], place: SchemaPlace) -> Iterator[Problem]:
    """Yield what ``allOf``, ``anyOf``, ``oneOf``, ``not`` may not say, and patterns that cannot be read."""
    pattern = schema.get("pattern")
    if isinstance(pattern, str):
        try:
            compiled(pattern)
        except ValueError as error:
            yield place.child("pattern").invalid(pattern, f"must be a valid regular expression, but isn't: {error}")
    for part in ("allOf", "anyOf", "oneOf"):
        rows = objects_at(schema, part)
        if part == "anyOf" and rows == _ANY:
            continue
        for number, inner in enumerate(rows):
            first = part == "allOf" and number == 0 and objects_at(inner, "anyOf") == _ANY
            yield from _valued({**inner, "anyOf": []} if first else inner, place.child(part).child(number))
    if isinstance(schema.get("not"), dict):
        yield from _valued(schema["not"], place.child("not"))


def _valued(schema: Mapping[str, Json], place: SchemaPlace) -> Iterator[Problem]:
    """Yield what a part that only checks values may not say (``validateNestedValueValidation``)."""
    if len(place.path) > _DEEPEST:
        return
    yield from _nested(schema, place)
    if isinstance(schema.get("items"), dict):
        yield from _valued(schema["items"], place.child("items"))
    for name, inner in mapping_at(schema, "properties").items():
        if isinstance(inner, dict):
            yield from _valued(inner, place.of("properties", name))
    if text_at(schema, "type"):
        yield place.child("type").forbidden("must be empty to be structural")
    if schema.get("additionalProperties") is not None:
        yield place.child("additionalProperties").forbidden("must be undefined to be structural")
    for part in ("default", "title", "description", "nullable", _PRESERVE, _EMBEDDED, _INT_OR_STRING):
        told = schema.get(part)
        if told not in (None, "", False):
            yield place.child(part).forbidden(
                "must be undefined to be structural" if part == "default" else _NESTED[part]
            )
    for part in (_LIST_TYPE, _LIST_KEYS, _MAP_TYPE, RULES):
        if schema.get(part):
            yield place.child(part).forbidden(
                "must be undefined to be structural" if part != RULES else "must be empty to be structural"
            )


_NESTED: Final = {
    "title": "must be empty to be structural",
    "description": "must be empty to be structural",
    **dict.fromkeys(("nullable", _PRESERVE, _EMBEDDED, _INT_OR_STRING), "must be false to be structural"),
}


def _shaped(schema: Json, place: SchemaPlace) -> Iterator[Problem]:
    """Yield what OpenAPI has and a definition may not have, and list types that fit nothing."""
    if not isinstance(schema, dict) or len(place.path) > _DEEPEST:
        return
    kind = text_at(schema, "type")
    if kind == "null":
        yield place.child("type").forbidden("type cannot be set to null, use nullable as an alternative")
    if kind and kind not in _TYPES:
        yield place.child("type").unsupported(kind, _TYPES)
    yield from _unsupported(schema, place)
    others, inner = schema.get("additionalProperties"), mapping_at(schema, "properties")
    if inner and others is not None and others is not True:
        yield place.child("additionalProperties").forbidden("additionalProperties and properties are mutual exclusive")
    if schema.get(_PRESERVE) is False:
        yield place.child(_PRESERVE).invalid(False, "must be true or undefined")
    yield from _extended(schema, place, kind)
    yield from _said(schema, place)
    for name, each in inner.items():
        yield from _shaped(each, place.of("properties", name))
    for part in ("additionalProperties", "items", "not"):
        yield from _shaped(schema.get(part), place.child(part))
    for part in ("allOf", "anyOf", "oneOf"):
        for number, each in enumerate(objects_at(schema, part)):
            yield from _shaped(each, place.child(part).child(number))


def _unsupported(schema: Mapping[str, Json], place: SchemaPlace) -> Iterator[Problem]:
    for part in _UNSUPPORTED:
        if schema.get(part) not in (None, "", {}):
            yield place.child(part).forbidden(f"{part} is not supported")
    if flag_at(schema, "uniqueItems"):
        detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
        yield place.child("uniqueItems").forbidden(detail)


def _extended(schema: Mapping[str, Json], place: SchemaPlace, kind: str) -> Iterator[Problem]:
    of_map, of_list = schema.get(_MAP_TYPE), schema.get(_LIST_TYPE)
    for part, told, wanted, allowed in (
        (_MAP_TYPE, of_map, "object", ("atomic", "granular")),
        (_LIST_TYPE, of_list, "array", ("atomic", "set", "map")),
    ):
        if told is None:
            continue
        if kind != wanted:
            detail = f"must be {wanted} if {part} is specified"
            yield place.child("type").invalid(kind, detail) if kind else place.child("type").required(detail)
        if told not in allowed:
            yield place.child(part).unsupported(told, allowed)
    keys = items_at(schema, _LIST_KEYS)
    if keys and of_list != "map":
        detail = f"must be map if {_LIST_KEYS} is non-empty"
        yield (
            place.child(_LIST_TYPE).required(detail)
            if of_list is None
            else place.child(_LIST_TYPE).invalid(of_list, detail)
        )
    if of_list == "map":
        yield from _map_list(schema, place, keys)
    items = mapping_at(schema, "items")
    if of_list == "set" and text_at(items, "type") == "object" and items.get(_MAP_TYPE) != "atomic":
        detail = f"must be atomic as item of a list with {_LIST_TYPE}=set"
        yield place.child("items").child(_MAP_TYPE).invalid(items.get(_LIST_TYPE), detail)
    if of_list in ("set", "map") and flag_at(items, "nullable"):
        yield place.child("items").child("nullable").forbidden(f"cannot be nullable when {_LIST_TYPE} is {of_list}")


def _map_list(schema: Mapping[str, Json], place: SchemaPlace, keys: list[Json]) -> Iterator[Problem]:
    if not keys:
        yield place.child(_LIST_KEYS).required(f"must not be empty if {_LIST_TYPE} is map")
    if schema.get("items") is None:
        yield place.child("items").required(f"must have a schema if {_LIST_TYPE} is map")
        return
    items = mapping_at(schema, "items")
    if text_at(items, "type") != "object":
        detail = f"must be object if parent array's {_LIST_TYPE} is map"
        yield place.child("items").child("type").invalid(text_at(items, "type"), detail)
        return
    for number, key in enumerate(map(str, keys)):
        told, here = at(items, "properties", key), place.child("items").of("properties", key)
        if told is None:
            yield place.child(_LIST_KEYS).invalid(keys, "entries must all be names of item properties")
            continue
        if text_at(told, "type") in ("array", "object"):
            detail = f"must be a scalar type if parent array's {_LIST_TYPE} is map"
            yield here.child("type").invalid("object", detail)
        if key not in items_at(items, "required") and at(told, "default") is None:
            detail = f"this property is in {_LIST_KEYS}, so it must have a default or be a required property"
            yield here.child("default").required(detail)
        if key in [str(each) for each in keys[:number]]:
            yield place.child(_LIST_KEYS).invalid(keys, "must not contain duplicate entries")


def _said(schema: Mapping[str, Json], place: SchemaPlace) -> Iterator[Problem]:
    """Yield what is wrong with rules but for their expressions."""
    for number, each in enumerate(objects_at(schema, RULES)):
        here, rule, words = place.child(RULES).child(number), text_at(each, "rule").strip(), text_at(each, "message")
        if not rule:
            yield here.child("rule").required("rule is not specified")
        elif words and not words.strip():
            yield here.child("message").invalid(words, "must be non-empty if specified")
        elif "\n" in words.strip() or "\r" in words.strip():
            yield here.child("message").invalid(words, "must not contain line breaks")
        elif "\n" in rule and not words.strip():
            yield here.child("message").required("message must be specified if rule contains line breaks")
        expression, reason, field = (text_at(each, part) for part in ("messageExpression", "reason", "fieldPath"))
        if expression and not expression.strip():
            yield here.child("messageExpression").required("messageExpression must be non-empty if specified")
        if each.get("reason") is not None and reason not in _REASONS:
            yield here.child("reason").unsupported(reason, _REASONS)
        if field and not _leads(schema, field):
            yield here.child("fieldPath").invalid(field, "must be a valid path")


def _leads(schema: Mapping[str, Json], path: str) -> bool:
    """Tell whether a path of fields leads to a part of a schema; one with brackets is believed."""
    if "[" in path:
        return True
    found: Json = schema
    for step in path.split(".")[1:]:
        found = at(found, "properties", step) or at(found, "additionalProperties")
    return path.startswith(".") and isinstance(found, dict)


def _rules(schema: Json, place: SchemaPlace) -> Iterator[Problem]:
    """Yield expressions that cannot be read."""
    if not isinstance(schema, dict) or len(place.path) > _DEEPEST:
        return
    for number, rule in enumerate(objects_at(schema, RULES)):
        for part in ("rule", "messageExpression"):
            text = text_at(rule, part)
            try:
                if text:
                    compiled_rule(text)
            except InputError as error:
                here = place.child(RULES).child(number).child(part)
                yield here.invalid(_shown(rule), f"compilation failed: {error.message}")
        if rule.get("optionalOldSelf") is not None and "oldSelf" not in text_at(rule, "rule"):
            here = place.child(RULES).child(number).child("optionalOldSelf")
            yield here.invalid(rule["optionalOldSelf"], "may not be set if oldSelf is not used in rule")
    for name, inner in mapping_at(schema, "properties").items():
        yield from _rules(inner, place.of("properties", name))
    for part in ("additionalProperties", "items"):
        yield from _rules(schema.get(part), place.child(part))


def _shown(rule: Mapping[str, Json]) -> Json:
    """Return a rule as Go shows it."""
    return {
        "Rule": text_at(rule, "rule"),
        "Message": text_at(rule, "message"),
        "MessageExpression": text_at(rule, "messageExpression"),
        "Reason": rule.get("reason"),
        "FieldPath": text_at(rule, "fieldPath"),
        "OptionalOldSelf": rule.get("optionalOldSelf"),
    }
