"""Values as templates see them: which count as true, and how Go prints them."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import Final

from nixernetes.objects.manifest import Json

__all__ = [
    "Byte",
    "GoStrings",
    "Int64",
    "Ints",
    "NoTexts",
    "SemanticVersion",
    "Texts",
    "integer",
    "is_true",
    "kind_of",
    "same",
    "show",
    "type_of",
]


class SemanticVersion(dict[str, Json]):
    """A version, whose parts are fields, and which prints as what it is."""

    __slots__ = ()


class Int64(int):
    """A whole number of Go's type ``int64``, which most of Sprig's functions for numbers give."""

    __slots__ = ()


class Byte(int):
    """A byte of a text."""

    __slots__ = ()


class Ints(list[Json]):
    """A list of Go's type ``[]int``."""

    __slots__ = ()


class Texts(list[Json]):
    """A list of Go's type ``[]string``."""

    __slots__ = ()


class NoTexts(Texts):
    """A list of that type that is nil: empty, and null in JSON."""

    __slots__ = ()


class GoStrings(dict[str, Json]):
    """A map of Go's type ``map[string]string``."""

    __slots__ = ()


_TYPES: Final = (
    (SemanticVersion, "*semver.Version", "ptr"),
    (Int64, "int64", "int64"),
    (Byte, "uint8", "uint8"),
    (Ints, "[]int", "slice"),
    (Texts, "[]string", "slice"),
    (GoStrings, "map[string]string", "map"),
    (bool, "bool", "bool"),
    (int, "int", "int"),
    (float, "float64", "float64"),
    (str, "string", "string"),
    (list, "[]interface {}", "slice"),
    (dict, "map[string]interface {}", "map"),
)
_INTEGER: Final = re.compile(r"([+-]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]{0,18}))(?:\.0+)?")
_OCTAL: Final = re.compile(r"\A([+-]?0)(?=[0-7])")


def is_true(value: Json) -> bool:
    """Tell whether a value counts as true: not empty, not zero, not nil."""
    return bool(value)


def show(value: Json) -> str:
    """Write a value as Go's ``fmt.Print`` does."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, SemanticVersion):
        return _version(value)
    if isinstance(value, datetime):
        return f"{value.year:04}-{value:%m-%d %H:%M:%S} +0000 UTC"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{show(value[key])}" for key in sorted(value)) + "]"
    if isinstance(value, list):
        return "[" + " ".join(show(item) for item in value) + "]"
    return _float(value) if isinstance(value, float) else str(value)


def _version(value: SemanticVersion) -> str:
    marks = (("-", value["Prerelease"]), ("+", value["Metadata"]))
    return f"{value['Major']}.{value['Minor']}.{value['Patch']}" + "".join(mark + part for mark, part in marks if part)


def _float(value: float) -> str:
    """Write a float with its shortest digits, with an exponent below 1e-4 and from 1e6 on."""
    if not isfinite(value):
        return {"inf": "+Inf", "-inf": "-Inf"}.get(str(value), "NaN")
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    power = len(digits) + int(exponent) - 1 if any(digits) else 0
    if -4 <= power < 6:
        text = f"{Decimal(repr(value)):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    shown = "".join(map(str, digits)).rstrip("0")
    fraction = f".{shown[1:]}" if len(shown) > 1 else ""
    return f"{'-' if sign else ''}{shown[0]}{fraction}e{'-' if power < 0 else '+'}{abs(power):02}"


def integer(value: Json) -> int:
    """Return a value as a whole number, as Sprig's ``toInt64`` does; 0 where it is none."""
    if isinstance(value, str):
        match = _INTEGER.fullmatch(value)
        return int(_OCTAL.sub(r"\1o", match[1]), 0) if match is not None else 0
    try:
        return int(value or 0)
    except (TypeError, ValueError, OverflowError):
        return 0


def type_of(value: Json) -> str:
    """Return the type of a value in Go's words."""
    return next(
        (name for kind, name, _ in _TYPES if isinstance(value, kind)), "<nil>" if value is None else "time.Time"
    )


def kind_of(value: Json) -> str:
    """Return the kind of a value in Go's words."""
    return next((name for kind, _, name in _TYPES if isinstance(value, kind)), "invalid" if value is None else "struct")


def same(one: Json, other: Json) -> bool:
    """Tell whether two values are deeply equal, types too."""
    if one.__class__ is not other.__class__ and type_of(one) != type_of(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    return bool(one == other)
