"""What field validation tells of: fields that a kind has not, and keys that are given twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from nixernetes.cluster.fitting import Root
from nixernetes.cluster.typed import is_declared
from nixernetes.objects.manifest import Json

__all__ = ["given_twice", "missing_in", "parse_json", "unknown_fields"]


_EXACT: Final = 2**53


class _Twice(dict[str, Json]):
    """An object that has a key twice; it knows all of its pairs."""

    pairs: list[tuple[str, Json]]


def parse_json(data: bytes | str) -> Json:
    """Return JSON data; of keys that are given twice the last value counts, and :func:`given_twice` knows them.

    Raises:
        ValueError: it is no JSON.

    """
    return json.loads(data, object_pairs_hook=_object, parse_float=_number)


def _number(text: str) -> int | float:
    """Return a number; one that is whole is written without a fraction, as Go writes it."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _Twice(found)
    twice.pairs = pairs
    return twice


def given_twice(value: Json, path: str = "") -> list[str]:
    """Return the paths of the keys that parsed JSON had twice, in the order in which they came."""
    return list(_given_twice(value, path))


def _given_twice(value: Json, path: str) -> Iterator[str]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            if isinstance(item, dict | list):
                yield from _given_twice(item, f"{path}[{number}]")
    elif isinstance(value, dict):
        seen: set[str] = set()
        for name, item in value.pairs if isinstance(value, _Twice) else value.items():
            at = f"{path}.{name}" if path else name
            if name in seen:
                yield at
            seen.add(name)
            if isinstance(item, dict | list):
                yield from _given_twice(item, at)


def unknown_fields(field: Root, value: Json, minor: int, path: str = "") -> Iterator[str]:
    """Yield the paths of fields that a built-in type has not, in the order in which they are written.

    Args:
        field: the type.
        value: the object, or a part of it.
        minor: the minor version of Kubernetes.
        path: where the part is.

    """
    if isinstance(value, dict):
        for name, item in value.items():
            at = f"{path}.{name}" if path else name
            if field.is_closed and not is_declared(field, name, minor):
                yield at
                continue
            inner = field.field(name) if isinstance(item, dict | list) else None
            if inner is not None:
                yield from unknown_fields(inner, item, minor, at)
    elif isinstance(value, list):
        items = field.items()
        if items is not None:
            for number, item in enumerate(value):
                yield from unknown_fields(items, item, minor, f"{path}[{number}]")


def missing_in(kept: Json, value: Json, path: str = "") -> Iterator[str]:
    """Yield the paths of what a value has, and what is kept of it has not."""
    if kept is value:
        return
    if isinstance(value, dict) and isinstance(kept, dict):
        for name, item in value.items():
            at = f"{path}.{name}" if path else name
            if name not in kept:
                yield at
            else:
                yield from missing_in(kept[name], item, at)
    elif isinstance(value, list) and isinstance(kept, list):
        for number, (one, two) in enumerate(zip(kept, value, strict=False)):
            yield from missing_in(one, two, f"{path}[{number}]")
