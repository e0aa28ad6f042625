"""The values of CEL as Python values.

| CEL | Python |
|---|---|
| bool, int, double, string, bytes, null | ``bool``, ``int``, ``float``, ``str``, ``bytes``, ``None`` |
| uint | ``UInt``, an ``int`` |
| list, map | ``list`` or ``tuple``, ``dict`` (or any other ``Mapping``, asked only for what is read) |
| duration, timestamp | ``Duration``, ``Timestamp`` of ``times`` |
| optional, type | ``OptionalValue``, ``TypeValue`` |
| types of libraries | classes that derive from ``Opaque`` |

Plain manifests are values as they are: nothing is converted on the way in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any, ClassVar, Final, TypeAlias

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.times import Duration, Timestamp

__all__ = [
    "INT_MAX",
    "INT_MIN",
    "NONE",
    "UINT_MAX",
    "Opaque",
    "OptionalValue",
    "TypeValue",
    "UInt",
    "Value",
    "type_name",
]

Value: TypeAlias = Any  # any of the classes in the table

INT_MIN: Final = -(2**63)
INT_MAX: Final = 2**63 - 1
UINT_MAX: Final = 2**64 - 1


class UInt(int):
    """An unsigned integer of 64 bits."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class TypeValue:
    """What ``type(x)`` gives: equal when the names are."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class OptionalValue:
    """A value that may be absent."""

    value: Value = None
    present: bool = True


NONE: Final = OptionalValue(present=False)


class Opaque:
    """A value of a type that a library adds; ``type_name`` is how CEL spells the type."""

    __slots__ = ()
    type_name: ClassVar[str]


_NAMES: dict[type, str] = {
    bool: "bool",
    int: "int",
    float: "double",
    str: "string",
    bytes: "bytes",
    NoneType: "null_type",
    list: "list",
    tuple: "list",
    dict: "map",
    UInt: "uint",
    Duration: "google.protobuf.Duration",
    Timestamp: "google.protobuf.Timestamp",
    OptionalValue: "optional_type",
    TypeValue: "type",
}


def type_name(value: Value) -> str:
    """Return the name of a value's type.

    Raises:
        EvaluationError: it is no value of CEL.

    """
    name = _NAMES.get(value.__class__)
    if name is not None:
        return name
    if isinstance(value, Opaque):
        return value.type_name
    if isinstance(value, Mapping):
        return "map"
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        return "list"
    for kind in (str, int, float):  # subclasses, as parsers make them
        if isinstance(value, kind):
            return _NAMES[kind]
    raise EvaluationError(f"unsupported conversion to ref.Val: ({value.__class__.__name__})")
