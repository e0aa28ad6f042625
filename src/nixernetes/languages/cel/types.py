"""The types of CEL, and how they are spelled in errors (cel-go ``checker/format.go``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

__all__ = [
    "ANY_LIST",
    "BOOL",
    "BYTES",
    "DOUBLE",
    "DURATION",
    "DYN",
    "ERROR",
    "INT",
    "NULL",
    "STRING",
    "TIMESTAMP",
    "UINT",
    "Type",
    "list_of",
    "map_of",
    "optional_of",
    "parse_type",
    "type_of_type",
]

_SPELLED = {
    "google.protobuf.Duration": "duration",
    "google.protobuf.Timestamp": "timestamp",
    "null_type": "null",
}
_NAMES = {spelled: name for name, spelled in _SPELLED.items()}


@dataclass(frozen=True, slots=True)
class Type:
    """A type: its name as ``type(x)`` shows it, its parameters, and whether it is itself a parameter."""

    name: str
    parameters: tuple[Type, ...] = ()
    parameter: bool = False

    def __str__(self) -> str:
        name = _SPELLED.get(self.name, self.name)
        if not self.parameters:
            return name
        return f"{name}({', '.join(str(each) for each in self.parameters)})"


BOOL, BYTES, DOUBLE, DYN, ERROR = Type("bool"), Type("bytes"), Type("double"), Type("dyn"), Type("!error!")
INT, NULL, STRING, UINT = Type("int"), Type("null_type"), Type("string"), Type("uint")
DURATION, TIMESTAMP = Type("google.protobuf.Duration"), Type("google.protobuf.Timestamp")


def list_of(element: Type) -> Type:
    """Return the type of lists of a type."""
    return Type("list", (element,))


def map_of(key: Type, value: Type) -> Type:
    """Return the type of maps."""
    return Type("map", (key, value))


def optional_of(value: Type) -> Type:
    """Return the type of optional values of a type."""
    return Type("optional_type", (value,))


def type_of_type(value: Type) -> Type:
    """Return the type of a type's name."""
    return Type("type", (value,))


ANY_LIST = list_of(DYN)


@lru_cache(maxsize=4_096)
def parse_type(text: str) -> Type:
    """Return the type that a declaration spells: ``map(string, list(A))``; a single capital is a parameter.

    Memoised for 4,096 spellings; they come from libraries, not from users.
    """
    name, bracket, rest = text.strip().partition("(")
    if not bracket:
        return Type(_NAMES.get(name, name), parameter=len(name) == 1 and name.isupper())
    inner = rest.rstrip().removesuffix(")")
    return Type(name, tuple(parse_type(part) for part in split_types(inner)))


def split_types(text: str) -> list[str]:
    """Split a list of types at the commas outside of brackets."""
    parts, depth, begin = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            parts.append(text[begin:at])
            begin = at + 1
    parts.append(text[begin:])
    return [part for part in parts if part.strip()]
