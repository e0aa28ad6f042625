"""An object of a built-in kind against its type: types, fields that are not known or must be given, values, list keys.

The walk is over the types of Kubernetes' schema, so that what holds of a container holds wherever there is one: the
rules that a server has beyond the schema hang on types (``schemas.rules``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, partial
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.manifest import Json
from nixernetes.objects.schema import Field
from nixernetes.schemas import versions
from nixernetes.schemas.problems import FieldPath, Problem, ProblemKind, TypeRule, invalid, required, unsupported
from nixernetes.schemas.rules import RULES
from nixernetes.schemas.rules.values import ALLOWED, SELF_TOLD

__all__ = ["Checks", "checks"]

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
_ABSENT: Final = (None,)
_MISSING: Final = (None, "")  # a required text that is empty is none, but in what controllers have yet to write


_Fine = Callable[[Json], bool]
_Check = Callable[[Json, FieldPath, list[Problem]], None]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one field of a type: whether a value is surely fine, else how it is looked at."""

    is_fine: _Fine | None
    check: _Check
    allowed: tuple[str, ...]
    absent: str


@cache
def checks(minor: int) -> Checks:
    """Return the checks of the built-in types at a minor version of Kubernetes."""
    return Checks(minor)


class Checks:
    """The checks of types, made once for each type when it is first met; there are no more than Kubernetes has.

    Args:
        minor: the minor version of Kubernetes.

    """

    def __init__(self, minor: int) -> None:
        self._minor = minor
        self._structs: dict[str, _Check] = {}

    def problems(self, root: Field, value: Json, path: FieldPath = ()) -> list[Problem]:
        """Return what is wrong with an object: of each part what holds of the whole of it first."""
        found: list[Problem] = []
        self._of(root)(value, path, found)
        return found

    def _of(self, field: Field) -> _Check:
        if field.json_type == "a":
            return self._list(field)
        if field.json_type == "o" and field.type_name not in _SCALARS:
            return self._struct(field) if field.type_name else self._map(field)
        return partial(_leaf, field)

    def _list(self, field: Field) -> _Check:
        items = field.items()
        below = self._of(items) if items is not None else None
        is_fine = _FINE.get(items.json_type) if items is not None and items.type_name not in _SCALARS else None

        def check(value: Json, path: FieldPath, found: list[Problem]) -> None:
            if value is None or len(path) > _MAX_DEPTH:
                return
            if not isinstance(value, list):
                found.append(_mistyped(path, "array", value))
                return
            if below is not None and not (is_fine is not None and all(map(is_fine, value))):
                for number, item in enumerate(value):
                    if item is not None:
                        below(item, (*path, number), found)
            if len(value) > 1:
                found += _twice(field, value, path)

        return check

    def _map(self, field: Field) -> _Check:
        values = field.field("")
        below = self._of(values) if values is not None else None
        is_fine = _FINE.get(values.json_type) if values is not None and values.type_name not in _SCALARS else None

        def check(value: Json, path: FieldPath, found: list[Problem]) -> None:
            if value is None or len(path) > _MAX_DEPTH:
                return
            if not isinstance(value, dict):
                found.append(_mistyped(path, "object", value))
            elif below is not None and not (is_fine is not None and all(map(is_fine, value.values()))):
                for name, item in value.items():
                    below(item, (*path, name), found)

        return check

    def _struct(self, field: Field) -> _Check:
        if field.type_name not in self._structs:
            self._structs[field.type_name] = self._made(field)
        return self._structs[field.type_name]

    def _made(self, field: Field) -> _Check:
        short = field.type_name.rpartition(".")[2]
        rules = RULES.get(short, ())
        needed = () if short in SELF_TOLD else versions.must_be_given(field.type_name)
        known: dict[str, _Known] = {}

        def check(value: Json, path: FieldPath, found: list[Problem]) -> None:
            if value is None or len(path) > _MAX_DEPTH:
                return
            if not isinstance(value, dict):
                found.append(_mistyped(path, "object", value))
                return
            missing = _MISSING if path[:1] != ("status",) else _ABSENT
            of_rules = [problem for rule in rules for problem in _guarded(rule, value, path)]
            absent = [(*path, name) for name in needed if value.get(name) in missing]
            if absent:  # where a rule has better words, they are said alone
                told = {problem.path for problem in of_rules}
                found += [required(each) for each in absent if each not in told]
            found += of_rules
            for name, item in value.items():
                one = known.get(name) or self._known(field, name, known)
                if one is None:
                    found.append(_unknown(field, name, path))
                elif one.absent:
                    found.append(Problem((*path, name), ProblemKind.UNKNOWN, one.absent))
                else:
                    if one.allowed and isinstance(item, str) and item and item not in one.allowed:
                        found.append(unsupported((*path, name), item, one.allowed))
                    if one.is_fine is None or not one.is_fine(item):
                        one.check(item, (*path, name), found)

        return check

    def _known(self, field: Field, name: str, known: dict[str, _Known]) -> _Known | None:
        """Return what is known of a field, and remember it; names that a type has not are without end."""
        inner = field.field(name)
        if inner is None:
            return None
        first, last = versions.field_span(field.type_name, name)
        absent = ""
        if not first <= self._minor <= last:
            when = f"came with Kubernetes 1.{first}" if self._minor < first else f"went after Kubernetes 1.{last}"
            absent = f"unknown field: it {when}"
        known[name] = _Known(
            is_fine=None if inner.type_name in _SCALARS else _FINE.get(inner.json_type),
            check=self._of(inner),
            allowed=ALLOWED.get((field.type_name.rpartition(".")[2], name), ()),
            absent=absent,
        )
        return known[name]


def _leaf(field: Field, value: Json, path: FieldPath, found: list[Problem]) -> None:
    wrong = _type_problem(field, value, path) if value is not None else None
    if wrong is not None:
        found.append(wrong)


def _is_text(value: Json) -> bool:
    return type(value) is str


def _is_number(value: Json) -> bool:
    return type(value) is int


def _is_flag(value: Json) -> bool:
    return type(value) is bool


_FINE: Final[dict[str, _Fine]] = {"s": _is_text, "i": _is_number, "l": _is_number, "b": _is_flag}
_SCALARS: Final = (_QUANTITY, _INT_OR_STRING)


def _guarded(rule: TypeRule, value: Mapping[str, Json], path: FieldPath) -> list[Problem]:
    """Return what a rule finds; of fields with another type it has nothing to say, since that was said."""
    try:
        return list(rule(value, path))
    except (TypeError, ValueError, AttributeError, KeyError, InputError):
        return []


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
            yield Problem((*path, number, keys[0]), ProblemKind.REPEATED, f"Duplicate value: {names}")
        seen.add(identity)


_DEFAULTS: Final = {"protocol": "TCP"}
