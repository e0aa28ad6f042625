"""The functions of the language, and what a function says of its arguments (go-jmespath, ``functions.go``)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from nixernetes.languages.jmespath.errors import JmesPathError
from nixernetes.objects.manifest import Json

__all__ = ["STANDARD", "Functions", "JmesPathFunction", "json_text", "kind_of"]

Reference: TypeAlias = Callable[[Json], Json]  # what ``&expression`` gives


@dataclass(frozen=True, slots=True)
class JmesPathFunction:
    """A function: its arguments' types (``any``, or several with ``|``), and what it does.

    The last type may end in ``...`` for any number of them.
    """

    types: tuple[str, ...]
    call: Callable[..., Json]

    def checked(self, values: list[Json]) -> Json:
        """Return the value for arguments.

        Raises:
            JmesPathError: their number or types do not fit, or the function fails.

        """
        types = self.types
        if types and types[-1].endswith("..."):
            types = (*types[:-1], *[types[-1][:-3]] * max(1, len(values) - len(types) + 1))
        if len(types) != len(values):
            raise JmesPathError("incorrect number of args")
        for wanted, value in zip(types, values, strict=True):
            if not _fits(wanted, value):
                listed = ", ".join(f'"{each}"' for each in wanted.split("|"))
                raise JmesPathError(f"Invalid type for: {_go(value)}, expected: []jmespath.JpType{{{listed}}}")
        return self.call(*values)


Functions: TypeAlias = Mapping[str, JmesPathFunction]


def kind_of(value: Json) -> str:
    """Return the name of a value's type."""
    if value is None:
        return "null"
    kinds = ((bool, "boolean"), (int | float, "number"), (str, "string"), (list, "array"), (dict, "object"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "expref")


def _fits(wanted: str, value: Json) -> bool:
    kind = kind_of(value)
    for each in wanted.split("|"):
        if each == kind or (each == "any" and kind != "expref"):  # an expression is no value, which could be told
            return True
        inner = {"array[number]": "number", "array[string]": "string"}.get(each)
        if inner and kind == "array" and all(kind_of(item) == inner for item in value):
            return True
    return False


def _go(value: Json) -> str:
    if value is None:
        return "<nil>"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{_go(item)}' for key, item in sorted(value.items()))}]"
    if isinstance(value, list):
        return f"[{' '.join(map(_go, value))}]"
    if kind_of(value) == "expref":
        return "an expression"
    return value if isinstance(value, str) else json_text(value)


def json_text(value: Json) -> str:
    """Return JSON as Go writes it: whole numbers without a fraction, keys sorted."""
    return json.dumps(_whole(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _whole(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list) else value


def _to_number(value: Json) -> Json:
    if kind_of(value) == "number":
        return value
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _keyed(items: list[Json], key: Reference) -> list[Json]:
    keys = [key(item) for item in items]
    kinds = {kind_of(each) for each in keys}
    if len(kinds) > 1 or not kinds <= {"number", "string"}:
        raise JmesPathError("invalid type, must be number of string")
    return keys


def _sort_by(items: list[Json], key: Reference) -> list[Json]:
    keys = _keyed(items, key)
    return [items[index] for index in sorted(range(len(items)), key=keys.__getitem__)]


def _extreme_by(items: list[Json], key: Reference, sign: int) -> Json:
    if not items:
        return None
    keys = _keyed(items, key)
    chosen = (max if sign > 0 else min)(range(len(items)), key=keys.__getitem__)
    return items[chosen]


def _merge(*objects: dict[str, Json]) -> dict[str, Json]:
    merged: dict[str, Json] = {}
    for each in objects:
        merged |= each
    return merged


def _contains(held: Json, item: Json) -> bool:
    if isinstance(held, str):
        return isinstance(item, str) and item in held
    return any(each == item and isinstance(each, bool) is isinstance(item, bool) for each in held)


STANDARD: Final[dict[str, JmesPathFunction]] = {
    "length": JmesPathFunction(("string|array|object",), len),
    "starts_with": JmesPathFunction(("string", "string"), lambda text, part: text.startswith(part)),
    "ends_with": JmesPathFunction(("string", "string"), lambda text, part: text.endswith(part)),
    "abs": JmesPathFunction(("number",), abs),
    "avg": JmesPathFunction(("array[number]",), lambda items: sum(items) / len(items) if items else None),
    "ceil": JmesPathFunction(("number",), math.ceil),
    "floor": JmesPathFunction(("number",), math.floor),
    "contains": JmesPathFunction(("array|string", "any"), _contains),
    "map": JmesPathFunction(("expref", "array"), lambda key, items: [key(item) for item in items]),
    "max": JmesPathFunction(("array[number]|array[string]",), lambda items: max(items) if items else None),
    "min": JmesPathFunction(("array[number]|array[string]",), lambda items: min(items) if items else None),
    "max_by": JmesPathFunction(("array", "expref"), lambda items, key: _extreme_by(items, key, 1)),
    "min_by": JmesPathFunction(("array", "expref"), lambda items, key: _extreme_by(items, key, -1)),
    "merge": JmesPathFunction(("object...",), _merge),
    "keys": JmesPathFunction(("object",), sorted),
    "values": JmesPathFunction(("object",), lambda held: [held[key] for key in sorted(held)]),
    "sort": JmesPathFunction(("array[string]|array[number]",), sorted),
    "sort_by": JmesPathFunction(("array", "expref"), _sort_by),
    "join": JmesPathFunction(("string", "array[string]"), lambda glue, parts: glue.join(parts)),
    "reverse": JmesPathFunction(("array|string",), lambda held: held[::-1]),
    "to_array": JmesPathFunction(("any",), lambda value: value if isinstance(value, list) else [value]),
    "to_string": JmesPathFunction(("any",), lambda value: value if isinstance(value, str) else json_text(value)),
    "to_number": JmesPathFunction(("any",), _to_number),
    "not_null": JmesPathFunction(
        ("any...",), lambda *values: next((each for each in values if each is not None), None)
    ),
    "type": JmesPathFunction(("any",), kind_of),
    "sum": JmesPathFunction(("array[number]",), sum),
}
