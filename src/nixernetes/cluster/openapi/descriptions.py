"""What built-in types and their fields are for, which have to be given, and what they may be: as Kubernetes says it."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib import resources
from typing import NamedTuple

__all__ = ["FieldValues", "TypeDescription", "description_of", "values_of"]


class TypeDescription(NamedTuple):
    """What a type is for.

    Attributes:
        text: what it is for.
        required: the fields that have to be given.
        fields: what each field is for.

    """

    text: str
    required: list[str]
    fields: dict[str, str]


class FieldValues(NamedTuple):
    """The values that a field may have.

    Attributes:
        values: the values.
        text: what each is for.

    """

    values: list[str]
    text: str


_NOTHING = TypeDescription("", [], {})


def description_of(type_name: str) -> TypeDescription:
    """Return what a type is for, by its name in OpenAPI; of an unknown one nothing."""
    found = _table().get(type_name)
    return _NOTHING if found is None else TypeDescription(*found)


def values_of(type_name: str) -> dict[str, FieldValues]:
    """Return the values of those fields of a type that may have a few alone, by field."""
    return {field: FieldValues(*found) for field, found in _values().get(type_name, {}).items()}


@cache
def _values() -> dict[str, dict[str, tuple[list[str], str]]]:
    data = (resources.files("nixernetes.cluster.openapi") / "data/enums.json.gz").read_bytes()
    found: dict[str, dict[str, tuple[list[str], str]]] = json.loads(gzip.decompress(data))
    return found


@cache
def _table() -> dict[str, tuple[str, list[str], dict[str, str]]]:
    data = (resources.files("nixernetes.cluster.openapi") / "data/descriptions.json.gz").read_bytes()
    found: dict[str, tuple[str, list[str], dict[str, str]]] = json.loads(gzip.decompress(data))
    return found
