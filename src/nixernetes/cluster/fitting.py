"""Whether an object has the types of its kind, nothing null in it: the quick answer, compiled once for each type.

Nothing unknown in it, no two items with one key. Nearly all objects do; the others are looked at slowly, for the words
of the API server (``typed``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Protocol

from nixernetes.objects.manifest import Json
from nixernetes.objects.schema import Field
from nixernetes.schemas import versions

__all__ = ["TIMES", "Check", "Fitting", "Root"]

Check = Callable[[Json], bool]
_SOME: Final = 2  # items of which two may have the same key
_QUANTITY: Final = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_INT_OR_STRING: Final = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
_INT32: Final = 2**31
_INT64: Final = 2**63
_PLAIN_QUANTITY: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,3})?(m|k|[KMGT]i?)?")
_SECOND: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
_ZONE: Final = r"(?:Z|[+-]\d\d:\d\d)"
TIMES: Final = {
    "MicroTime": re.compile(rf"{_SECOND}\.\d{{6}}{_ZONE}"),
    "Time": re.compile(rf"{_SECOND}(?:[.,]\d+)?{_ZONE}"),
}
"""How times are written, by their types."""


class Root(Protocol):
    """The type of a whole object, or of a part; :class:`nixernetes.objects.schema.Field` is one."""

    @property
    def json_type(self) -> str:
        """What JSON it is."""
        ...

    @property
    def type_name(self) -> str:
        """The name of a type with known fields."""
        ...

    @property
    def list_type(self) -> str:
        """How a list merges."""
        ...

    @property
    def list_map_keys(self) -> tuple[str, ...]:
        """The keys of a keyed list."""
        ...

    @property
    def is_closed(self) -> bool:
        """Whether it has no fields but those that it declares."""
        ...

    def names(self) -> list[str]:
        """Return the names of its fields."""
        ...

    def field(self, name: str) -> Field | None:
        """Return one field."""
        ...

    def items(self) -> Field | None:
        """Return the type of the items."""
        ...


class Fitting:
    """The quick checks of one version of Kubernetes, each made when its type is first met.

    Args:
        minor: the minor version of Kubernetes: fields of other versions are looked at slowly.

    """

    def __init__(self, minor: int) -> None:
        self._minor = minor
        self._structs: dict[str, Check] = {}

    def of(self, field: Root) -> Check:
        """Return what tells whether a value is surely of a type, without nulls; False says that somebody must look."""
        if field.type_name == _QUANTITY:
            return _quantity
        if field.json_type == "a":
            items = field.items()
            inner = self.of(items) if items is not None else _something
            return _keyed(inner, field) if field.list_type in ("map", "set") else _list(inner)
        if field.json_type == "o":
            if field.type_name and field.is_closed:
                return self._struct(field)
            if field.is_closed or field.names():
                return self._made(field)
            values = field.field("")
            return _map(self.of(values)) if values is not None else _something
        if field.type_name == _INT_OR_STRING:
            return _number_or_text
        times = TIMES.get(field.type_name.rpartition(".")[2])
        if times is not None:
            return _time(times)
        return _LETTERS.get(field.json_type, _something if not field.json_type else _never)

    def _struct(self, field: Root) -> Check:
        """Return the check of a type; there are no more of them than Kubernetes has types."""
        if field.type_name not in self._structs:
            self._structs[field.type_name] = self._made(field)
        return self._structs[field.type_name]

    def _made(self, field: Root) -> Check:
        known: dict[str, Check] = {}
        otherwise = _never if field.is_closed else _something

        def of(name: str) -> Check:
            inner = field.field(name)
            if inner is None:  # names that the type has not are what somebody wrote, and without end
                return otherwise
            first, last = versions.field_span(field.type_name, name)
            known[name] = self.of(inner) if first <= self._minor <= last else _never
            return known[name]

        def check(value: Json) -> bool:
            return type(value) is dict and all((known.get(name) or of(name))(item) for name, item in value.items())

        return check


def _text(value: Json) -> bool:
    return type(value) is str


def _number(value: Json) -> bool:
    return type(value) is int and -_INT32 <= value < _INT32


def _long(value: Json) -> bool:
    return type(value) is int and -_INT64 <= value < _INT64


def _number_or_text(value: Json) -> bool:
    return type(value) is str or _number(value)


def _flag(value: Json) -> bool:
    return type(value) is bool


def _quantity(value: Json) -> bool:
    return type(value) is int or (type(value) is str and _PLAIN_QUANTITY.fullmatch(value) is not None)


def _time(pattern: re.Pattern[str]) -> Check:
    return lambda value: type(value) is str and pattern.fullmatch(value) is not None


def _something(value: Json) -> bool:
    return value is not None


_LETTERS: Final[dict[str, Check]] = {"s": _text, "i": _number, "l": _long, "b": _flag}


def _never(value: Json) -> bool:
    """Bytes, numbers with a fraction and fields that a type has not are looked at slowly."""
    del value
    return False


def _list(check: Check) -> Check:
    return lambda value: type(value) is list and all(map(check, value))


def _keyed(check: Check, field: Root) -> Check:
    """Return the check of a list whose items must differ: more than one of them are looked at."""
    is_plain = _list(check)
    name = field.list_map_keys[0] if len(field.list_map_keys) == 1 else ""

    def keyed(value: Json) -> bool:
        if not is_plain(value):
            return False
        if len(value) < _SOME:
            return True
        if not name:
            return False
        keys = [item.get(name) if type(item) is dict else None for item in value]
        return all(type(key) is str for key in keys) and len({*keys}) == len(keys)

    return keyed


def _map(check: Check) -> Check:
    return lambda value: type(value) is dict and all(map(check, value.values()))
