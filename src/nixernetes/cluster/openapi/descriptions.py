"""What built-in types and their fields are for, and which fields have to be given: from Kubernetes' own documents."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib import resources
from typing import NamedTuple

__all__ = ["TypeDescription", "description_of"]


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


_NOTHING = TypeDescription("", [], {})


def description_of(type_name: str) -> TypeDescription:
    """Return what a type is for, by its name in OpenAPI; of an unknown one nothing."""
    found = _table().get(type_name)
    return _NOTHING if found is None else TypeDescription(*found)


@cache
def _table() -> dict[str, tuple[str, list[str], dict[str, str]]]:
    data = (resources.files("nixernetes.cluster.openapi") / "data/descriptions.json.gz").read_bytes()
    found: dict[str, tuple[str, list[str], dict[str, str]]] = json.loads(gzip.decompress(data))
    return found
