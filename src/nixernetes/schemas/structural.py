"""A custom object against the schema of its definition: OpenAPI v3 as ``apiextensions.k8s.io/v1`` has it.

Unknown fields are pruned by a server, with a warning; under server-side apply they are refused. ``x-kubernetes-``
extensions: preserve-unknown-fields, int-or-string, embedded-resource, list types, and validations (CEL), which see
``self`` and, where an old value is given, ``oldSelf``. After k8s.io/apiextensions-apiserver 0.34.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.regexes import compiled
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, canonical
from nixernetes.schemas.custom_rules import rule_problems
from nixernetes.schemas.embedded_objects import EMBEDDED, embedded_problems
from nixernetes.schemas.problems import (
    FieldPath,
    Problem,
    ProblemKind,
    invalid,
    path_text,
    required,
    shown,
    unsupported,
)
from nixernetes.schemas.structural_values import ABSENT, child_of, old_items

__all__ = ["ALSO_TAKEN", "instance_problems", "keeps_rules_unasked"]

_PRESERVE: Final = "x-kubernetes-preserve-unknown-fields"
_INT_OR_STRING: Final = "x-kubernetes-int-or-string"
ALSO_TAKEN: Final = "x-nixernetes-also-taken"
"""Values that are taken beside those of ``enum``, which other programs add to definitions of ours."""
_DEEPEST: Final = 60
_BLOCKING: Final = (ProblemKind.TYPE, ProblemKind.REQUIRED, ProblemKind.UNSUPPORTED)
_OUTSIDE: Final = ("apiVersion", "kind", "metadata")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}")
_DATE_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_HOST: Final = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_URI: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+")


def instance_problems(schema: Json, value: Mapping[str, Json], old: Mapping[str, Json] | None = None) -> list[Problem]:
    """Return what is wrong with a custom object; its rules are asked where its types are right.

    Args:
        schema: the ``openAPIV3Schema`` of its version.
        value: the object.
        old: what it is to replace: what did not change is not looked at again.

    """
    found = list(_value(_inside(schema), _without_outside(value), (), _without_outside(old) if old else ABSENT))
    found += embedded_problems(schema, value)
    if not any(map(keeps_rules_unasked, found)):
        found += rule_problems(schema, value, (), ABSENT if old is None else old)
    return found


def keeps_rules_unasked(problem: Problem) -> bool:
    """Tell whether a problem keeps a server from asking the rules: they would see what they do not expect."""
    return problem.kind in _BLOCKING or problem.message.startswith("Too ")


def _inside(schema: Json) -> Json:
    """Return a root schema without what every object has."""
    properties = {name: each for name, each in mapping_at(schema, "properties").items() if name not in _OUTSIDE}
    needed = [name for name in items_at(schema, "required") if name not in _OUTSIDE]
    return {**schema, "properties": properties, "required": needed}


def _without_outside(value: Mapping[str, Json]) -> Json:
    return {name: item for name, item in value.items() if name not in _OUTSIDE}


def _value(schema: Json, value: Json, path: FieldPath, old: Json) -> Iterator[Problem]:
    if not isinstance(schema, dict) or len(path) > _DEEPEST:
        return
    if old is not ABSENT and path and old == value and type(old) is type(value):
        return
    if value is None:
        if not flag_at(schema, "nullable") and schema.get("type") and path:
            yield _mistyped(schema, value, path)
        return
    if not _has_type(schema, value):
        yield _mistyped(schema, value, path)
        return
    yield from _alone(schema, value, path)
    if isinstance(value, dict):
        yield from _object(schema, value, path, old)
    elif isinstance(value, list):
        yield from _list(schema, value, path, old)
    yield from _combined(schema, value, path)


def _has_type(schema: Json, value: Json) -> bool:
    if flag_at(schema, _INT_OR_STRING):
        return isinstance(value, str | int) and not isinstance(value, bool)
    match schema.get("type"):
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
    return True


def _mistyped(schema: Json, value: Json, path: FieldPath) -> Problem:
    found = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    wanted = "integer,string" if flag_at(schema, _INT_OR_STRING) else schema.get("type")
    what = found.get(type(value), "null")
    detail = f'Invalid value: "{what}": {path_text(path)} in body must be of type {wanted}: "{what}"'
    hint = ": quote it" if wanted == "string" and isinstance(value, bool | int | float) else ""
    return Problem(path, ProblemKind.TYPE, detail, hint)


def _alone(schema: Json, value: Json, path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with a value by itself: values, lengths, bounds, patterns, formats."""
    where = path_text(path)
    allowed = items_at(schema, "enum")
    if allowed and value not in allowed and value not in items_at(schema, ALSO_TAKEN):
        yield unsupported(path, value, tuple(str(each) for each in allowed))
    if isinstance(value, str):
        yield from _text(schema, value, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        least, most, step = (_number(schema, name) for name in ("minimum", "maximum", "multipleOf"))
        if least is not None and (value < least or (flag_at(schema, "exclusiveMinimum") and value == least)):
            words = "greater than" if flag_at(schema, "exclusiveMinimum") else "greater than or equal to"
            yield invalid(path, value, f"{where} in body should be {words} {least}")
        if most is not None and (value > most or (flag_at(schema, "exclusiveMaximum") and value == most)):
            words = "less than" if flag_at(schema, "exclusiveMaximum") else "less than or equal to"
            yield invalid(path, value, f"{where} in body should be {words} {most}")
        if step and isinstance(value, int) and isinstance(step, int) and value % step:
            yield invalid(path, value, f"{where} in body should be a multiple of {step}")
    for low, high, size, word in (
        ("minItems", "maxItems", len(value) if isinstance(value, list) else None, "items"),
        ("minProperties", "maxProperties", len(value) if isinstance(value, dict) else None, "properties"),
    ):
        if size is None:
            continue
        if isinstance(schema.get(low), int) and size < schema[low]:
            yield invalid(path, size, f"{where} in body should have at least {schema[low]} {word}")
        if isinstance(schema.get(high), int) and size > schema[high]:
            yield Problem(path, ProblemKind.INVALID, f"Too many: {size}: must have at most {schema[high]} items")


def _number(schema: Json, name: str) -> float | None:
    found = schema.get(name)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def _text(schema: Json, value: str, path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with a text: of its length and its pattern the first alone, as kube-openapi stops there."""
    where = path_text(path)
    least, most, pattern = schema.get("minLength"), schema.get("maxLength"), schema.get("pattern")
    if isinstance(least, int) and len(value) < least:
        yield invalid(path, value, f"{where} in body should be at least {least} chars long")
    elif isinstance(most, int) and len(value) > most:
        yield Problem(path, ProblemKind.INVALID, f"Too long: may not be more than {most} bytes")
    elif isinstance(pattern, str) and not _matches(pattern, value):
        yield invalid(path, value, f"{where} in body should match '{pattern}'")
    name = text_at(schema, "format")
    if name and not _is_of_format(name, value):
        yield invalid(path, value, f'{where} in body must be of type {name}: "{value}"')


@lru_cache(maxsize=2048)
def _matches(pattern: str, value: str) -> bool:
    try:
        return compiled(pattern).search(value) is not None
    except InputError:
        return True


def _is_of_format(name: str, value: str) -> bool:
    """Tell whether a text is of a format; formats that the API server does not know hold always."""
    if name in ("ipv4", "ipv6"):
        try:
            return ip_address(value).version == int(name[-1])
        except ValueError:
            return False
    if name == "duration":
        return _is_duration(value)
    known = {"uuid": _UUID, "date-time": _DATE_TIME, "date": _DATE, "hostname": _HOST, "email": _EMAIL, "uri": _URI}
    pattern = known.get(name)
    return pattern is None or pattern.fullmatch(value) is not None


def _is_duration(value: str) -> bool:
    try:
        return isinstance(parse_duration(value), timedelta)
    except (InputError, ValueError):
        return False


def _object(schema: Json, value: Mapping[str, Json], path: FieldPath, old: Json) -> Iterator[Problem]:
    known = mapping_at(schema, "properties")
    others = schema.get("additionalProperties")
    is_open = flag_at(schema, _PRESERVE) or others is True or (not known and others is None and not schema.get("type"))
    is_embedded = flag_at(schema, EMBEDDED)
    for name, item in value.items():
        if name in known:
            yield from _value(known[name], item, (*path, name), child_of(old, name))
        elif isinstance(others, dict):
            yield from _value(others, item, (*path, name), child_of(old, name))
        elif not is_open and not (is_embedded and name in _OUTSIDE):
            near = get_close_matches(name, known, n=1, cutoff=0.7)
            near = near or [each for each in known if each.lower() == name.lower()]
            yield Problem((*path, name), ProblemKind.UNKNOWN, "unknown field", f": is it {near[0]}?" if near else "")
    for name in items_at(schema, "required"):
        if isinstance(name, str) and name not in value and mapping_at(known, name).get("default") is None:
            yield required((*path, name))


def _list(schema: Json, value: list[Json], path: FieldPath, old: Json) -> Iterator[Problem]:
    items = schema.get("items")
    if isinstance(items, dict):
        for number, (item, before) in enumerate(zip(value, old_items(schema, value, old), strict=True)):
            yield from _value(items, item, (*path, number), before)
    kind = text_at(schema, "x-kubernetes-list-type")
    keys = [key for key in items_at(schema, "x-kubernetes-list-map-keys") if isinstance(key, str)]
    seen: set[bytes] = set()
    for number, item in enumerate(value) if kind in ("set", "map") or flag_at(schema, "uniqueItems") else ():
        identity = {key: item.get(key) for key in keys} if kind == "map" and isinstance(item, dict) else item
        spelled = canonical(identity)
        if spelled in seen:
            yield Problem((*path, number), ProblemKind.DUPLICATE, f"Duplicate value: {shown(identity)}")
        seen.add(spelled)


def _combined(schema: Json, value: Json, path: FieldPath) -> Iterator[Problem]:
    """Yield what ``allOf``, ``anyOf``, ``oneOf`` and ``not`` have against a value; unknown fields do not matter."""
    where = path_text(path)
    for each in objects_at(schema, "allOf"):
        yield from _known(each, value, path)
    anyof, oneof, but = objects_at(schema, "anyOf"), objects_at(schema, "oneOf"), schema.get("not")
    if anyof and not any(_holds(each, value, path) for each in anyof):
        yield invalid(path, "", f'"{where}" must validate at least one schema (anyOf)')
    if oneof:
        count = sum(_holds(each, value, path) for each in oneof)
        if count != 1:
            found = "Found none valid" if not count else f"Found {count} valid alternatives"
            yield invalid(path, "", f'"{where}" must validate one and only one schema (oneOf). {found}')
    if isinstance(but, dict) and _holds(but, value, path):
        yield invalid(path, "", f'"{where}" must not validate the schema (not)')


def _known(schema: Json, value: Json, path: FieldPath) -> Iterator[Problem]:
    return (
        each
        for each in _value({**schema, _PRESERVE: True}, value, path, ABSENT)
        if each.kind is not ProblemKind.UNKNOWN
    )


def _holds(schema: Json, value: Json, path: FieldPath) -> bool:
    return next(_known(schema, value, path), None) is None
