"""An object of a built-in kind against its type: types, fields that are not known or must be given, values, list keys.

The walk is over the types of Kubernetes' schema, so that what holds of a container holds wherever there is one: the
rules that a server has beyond the schema hang on types (``schemas.rules``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.manifest import Json
from nixernetes.objects.schema import Field
from nixernetes.schemas import versions
from nixernetes.schemas.problems import FieldPath, Problem, ProblemKind, TypeRule, invalid, required, unsupported
from nixernetes.schemas.rules.values import ALLOWED

__all__ = ["problems"]

_QUANTITY: Final = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_INT_OR_STRING: Final = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/\s]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\s*")
_WORDS: Final = {
    "s": "string",
    "y": "string",
    "i": "integer",
    "l": "integer",
    "n": "number",
    "b": "boolean",
    "a": "array",
    "o": "object",
}
_MAX_DEPTH: Final = 60


def problems(
    root: Field, value: Json, rules: Mapping[str, tuple[TypeRule, ...]], minor: int, path: FieldPath = ()
) -> Iterator[Problem]:
    """Yield what is wrong with an object.

    Args:
        root: the type of the object.
        value: the object.
        rules: the rules of types, by their short names.
        minor: the minor version of Kubernetes.
        path: where the object stands.

    """
    walk = _Walk(rules, minor)
    yield from walk.of(root, value, path)


class _Walk:
    def __init__(self, rules: Mapping[str, tuple[TypeRule, ...]], minor: int) -> None:
        self._rules = rules
        self._minor = minor

    def of(self, field: Field, value: Json, path: FieldPath) -> Iterator[Problem]:
        if value is None or len(path) > _MAX_DEPTH:
            return
        wrong = _type_problem(field, value, path)
        if wrong is not None:
            yield wrong
        elif isinstance(value, dict):
            if field.type_name:
                yield from self._struct(field, value, path)
            else:
                inner = field.field("")
                for name, item in value.items() if inner is not None else ():
                    yield from self.of(inner, item, (*path, name))  # type: ignore[arg-type]  # none without it
        elif isinstance(value, list):
            items = field.items()
            for number, item in enumerate(value) if items is not None else ():
                if item is None:
                    continue
                yield from self.of(items, item, (*path, number))  # type: ignore[arg-type]  # none without it
            yield from _twice(field, value, path)

    def _struct(self, field: Field, value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
        short = field.type_name.rpartition(".")[2]
        for name, item in value.items():
            inner = field.field(name)
            if inner is None:
                yield _unknown(field, name, path)
                continue
            first, last = versions.field_span(field.type_name, name)
            if not first <= self._minor <= last:
                when = f"came with Kubernetes 1.{first}" if self._minor < first else f"went after Kubernetes 1.{last}"
                yield Problem((*path, name), ProblemKind.UNKNOWN, f"unknown field: it {when}")
                continue
            allowed = ALLOWED.get((short, name))
            if allowed is not None and isinstance(item, str) and item and item not in allowed:
                yield unsupported((*path, name), item, allowed)
            yield from self.of(inner, item, (*path, name))
        for name in versions.must_be_given(field.type_name):
            if value.get(name) is None:
                yield required((*path, name))
        for rule in self._rules.get(short, ()):
            yield from _guarded(rule, value, path)


def _guarded(rule: TypeRule, value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what a rule finds; of fields with another type it has nothing to say, since that was said."""
    try:
        yield from list(rule(value, path))
    except (TypeError, ValueError, AttributeError, KeyError, InputError):
        return


def _unknown(field: Field, name: str, path: FieldPath) -> Problem:
    known = field.names()
    near = get_close_matches(name, known, n=1, cutoff=0.7) or [each for each in known if each.lower() == name.lower()]
    hint = f": is it {near[0]}?" if near else ""
    return Problem((*path, name), ProblemKind.UNKNOWN, "unknown field", hint)


def _type_problem(field: Field, value: Json, path: FieldPath) -> Problem | None:
    if field.type_name == _QUANTITY:
        return _quantity_problem(value, path)
    if field.type_name == _INT_OR_STRING:
        fits = isinstance(value, str | int) and not isinstance(value, bool)
        return None if fits else _mistyped(path, "integer or string", value)
    letter = field.json_type
    fits = True
    if letter in ("s", "y"):
        fits = isinstance(value, str)
    elif letter in ("i", "l"):
        fits = isinstance(value, int) and not isinstance(value, bool)
    elif letter == "n":
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    elif letter == "b":
        fits = isinstance(value, bool)
    elif letter == "a":
        fits = isinstance(value, list)
    elif letter == "o":
        fits = isinstance(value, dict)
    if not fits:
        return _mistyped(path, _WORDS[letter], value)
    if letter == "y" and _BASE64.fullmatch(value) is None:
        return Problem(path, ProblemKind.TYPE, "illegal base64 data", ": write plain text under stringData")
    return None


def _mistyped(path: FieldPath, wanted: str, value: Json) -> Problem:
    found = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    hint = ": quote it" if wanted == "string" and isinstance(value, bool | int | float) else ""
    return Problem(path, ProblemKind.TYPE, f"expected {wanted}, got {found.get(type(value), 'null')}", hint)


def _quantity_problem(value: Json, path: FieldPath) -> Problem | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return _mistyped(path, "quantity", value)
    try:
        quantities.parse(str(value))
    except InputError:
        return invalid(path, value, f"not a quantity{_meant_quantity(str(value))}")
    return None


def _meant_quantity(text: str) -> str:
    """Return what was perhaps meant by ``512MB`` or ``1Gib``."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kKmMgGtTpP])(i?)[bB]?", text)
    if found is None:
        return ""
    number, letter, binary = found.groups()
    scale = letter.upper() if letter.upper() != "K" or binary else "k"
    both = f"{number}{letter.upper()}i" if binary else f"{number}{letter.upper()}i or {number}{scale}"
    return f": is it {both}?"


def _twice(field: Field, value: list[Json], path: FieldPath) -> Iterator[Problem]:
    """Yield items of a list that have the keys of another: server-side apply cannot tell them apart."""
    keys = field.list_map_keys or ((field.merge_key,) if field.merge_key else ())
    if not keys:
        return
    seen: set[tuple[str, ...]] = set()
    for number, item in enumerate(value):
        if not isinstance(item, dict) or item.get(keys[0]) is None:
            continue
        identity = tuple(str(item.get(key, _DEFAULTS.get(key, ""))) for key in keys)
        if identity in seen:
            names = ", ".join(f"{key}={item.get(key, _DEFAULTS.get(key, ''))}" for key in keys)
            yield Problem((*path, number, keys[0]), ProblemKind.DUPLICATE, f"Duplicate value: {names}")
        seen.add(identity)


_DEFAULTS: Final = {"protocol": "TCP"}
