"""Whether an object has the types of its kind, nothing null in it: the quick answer, compiled once for each type.

Nearly all objects do; the others are looked at slowly, for the words of the API server (``typed``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from nixernetes.objects.manifest import Json
from nixernetes.objects.schema import Field

__all__ = ["fits"]

_Check = Callable[[Json], bool]
_QUANTITY: Final = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_PLAIN_QUANTITY: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,3})?(m|k|[KMGT]i?)?")


def fits(field: Field, value: Json) -> bool:
    """Tell whether a value is surely of its type, without nulls; False says that somebody must look."""
    return _check(field)(value)


def _text(value: Json) -> bool:
    return type(value) is str


def _number(value: Json) -> bool:
    return type(value) is int


def _flag(value: Json) -> bool:
    return type(value) is bool


def _quantity(value: Json) -> bool:
    return type(value) is int or (type(value) is str and _PLAIN_QUANTITY.fullmatch(value) is not None)


def _something(value: Json) -> bool:
    return value is not None


_LETTERS: Final[dict[str, _Check]] = {"s": _text, "i": _number, "l": _number, "b": _flag}


_structs: Final[dict[str, _Check]] = {}


def _check(field: Field) -> _Check:
    if field.type_name == _QUANTITY:
        return _quantity
    if field.json_type == "a":
        items = field.items()
        return _list(_check(items)) if items is not None else _something
    if field.json_type == "o":
        if field.type_name:
            return _struct(field)
        values = field.field("")
        return _map(_check(values)) if values is not None else _something
    return _LETTERS.get(field.json_type, _something if not field.json_type else _never)


def _never(value: Json) -> bool:
    """Bytes and numbers with a fraction are looked at slowly."""
    del value
    return False


def _list(check: _Check) -> _Check:
    return lambda value: type(value) is list and all(map(check, value))


def _map(check: _Check) -> _Check:
    return lambda value: type(value) is dict and all(map(check, value.values()))


def _struct(field: Field) -> _Check:
    """Return the check of a type; there are no more of them than Kubernetes has types."""
    if field.type_name not in _structs:
        _structs[field.type_name] = _made(field)
    return _structs[field.type_name]


def _made(field: Field) -> _Check:
    known: dict[str, _Check] = {}

    def of(name: str) -> _Check:
        inner = field.field(name)
        found = _check(inner) if inner is not None else _something
        if inner is not None:  # names that the type has not are what somebody wrote, and without end
            known[name] = found
        return found

    def check(value: Json) -> bool:
        return type(value) is dict and all((known.get(name) or of(name))(item) for name, item in value.items())

    return check
