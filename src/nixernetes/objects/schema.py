"""What the built-in Kubernetes types are, field by field: JSON types, merge keys, list types, map types.

The table comes from the Kubernetes OpenAPI schemas (``scripts/make_kubernetes_types.py``). It is read on first use.
A kind that is not in the table has no type here: its callers fall back to the rules for unknown kinds, or read the
schema of its CustomResourceDefinition with :func:`from_open_api`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["Field", "from_open_api", "known_kinds", "kubernetes_version", "metadata_alone", "of"]


_ANY_OBJECT: Final = "CustomObject"
_OF_EVERY_OBJECT: Final = ("apiVersion", "kind", "metadata")
_LETTERS: Final = {"string": "s", "integer": "i", "number": "n", "boolean": "b", "array": "a", "object": "o"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One place in a schema.

    Attributes:
        merge_key: ``x-kubernetes-patch-merge-key``, or ``""``.
        patch_strategy: the words of ``x-kubernetes-patch-strategy`` (``merge``, ``replace``, ``retainKeys``).
        list_type: ``x-kubernetes-list-type``: ``map``, ``set`` or ``atomic`` (also ``""`` means atomic).
        list_map_keys: ``x-kubernetes-list-map-keys``.
        atomic_map: whether ``x-kubernetes-map-type`` is ``atomic``.
        json_type: ``s`` text, ``y`` base64 text, ``i`` a 32-bit number, ``l`` a 64-bit number, ``n`` a number with a
            fraction, ``b`` a boolean, ``a`` a list, ``o`` an object or a map; ``""`` is anything.
        type_name: the name of the type of an object with known fields, ``""`` for what has none.

    """

    merge_key: str = ""
    patch_strategy: tuple[str, ...] = ()
    list_type: str = ""
    list_map_keys: tuple[str, ...] = ()
    atomic_map: bool = False
    json_type: str = ""
    type_name: str = ""
    _source: Json = None
    _open_api: bool = False

    def field(self, name: str) -> Field | None:
        """Return the schema of one field of this object, or of one value of this map; None when unknown."""
        if self._open_api:
            found = at(self._source, "properties", name) or at(self._source, "additionalProperties")
            if isinstance(found, dict):
                return from_open_api(found)
            is_embedded = flag_at(self._source, "x-kubernetes-embedded-resource") and name in _OF_EVERY_OBJECT
            return metadata_alone().field(name) if is_embedded else None
        found = _fields(self.type_name).get(name)
        if found is not None:
            return found
        return _made(self._source["values"]) if "values" in self._source else None

    def declares(self, name: str) -> bool:
        """Tell whether this object has a field of this name; a key of a map is none."""
        if self._open_api:
            is_embedded = name in _OF_EVERY_OBJECT and flag_at(self._source, "x-kubernetes-embedded-resource")
            return is_embedded or name in mapping_at(self._source, "properties")
        return name in _fields(self.type_name)

    @property
    def is_closed(self) -> bool:
        """Whether this object has no fields but those that it declares."""
        if not self._open_api:
            return self.json_type == "o" and self.type_name not in ("", _ANY_OBJECT)
        is_open = flag_at(self._source, "x-kubernetes-preserve-unknown-fields")
        is_open = is_open or self._source.get("additionalProperties") not in (None, False)
        return self.json_type == "o" and not is_open and bool(mapping_at(self._source, "properties"))

    def names(self) -> list[str]:
        """Return the names of the fields of this object, sorted; none for a map."""
        known = mapping_at(self._source, "properties") if self._open_api else _table()["types"].get(self.type_name, {})
        return sorted(known)

    def items(self) -> Field | None:
        """Return the schema of this list's items; None when unknown."""
        found = self._source.get("items")
        if not isinstance(found, dict):
            return None
        return from_open_api(found) if self._open_api else _made(found)


def of(api_version: str, kind: str) -> Field | None:
    """Return the root schema of a built-in kind, or None for a kind that Kubernetes does not ship."""
    group_version = api_version if "/" in api_version else f"/{api_version}"
    name = _table()["kinds"].get(f"{group_version}/{kind}")
    return None if name is None else _root(name)


def metadata_alone() -> Field:
    """Return the root schema of which nothing but the metadata is known: that of a custom kind."""
    return _root(_ANY_OBJECT)


def known_kinds() -> list[tuple[str, str, str]]:
    """Return (group, version, kind) of all built-in kinds, sorted."""
    rows = (text.split("/") for text in _table()["kinds"])
    return sorted((group, version, kind) for group, version, kind in rows)


def kubernetes_version() -> str:
    """Return the Kubernetes minor version that the table was made from, for example ``1.37``."""
    return str(_table()["version"])


def from_open_api(schema: Json) -> Field:
    """Return the field for an OpenAPI v3 schema, as a CustomResourceDefinition carries it."""
    return Field(
        merge_key=text_at(schema, "x-kubernetes-patch-merge-key"),
        patch_strategy=tuple(filter(None, text_at(schema, "x-kubernetes-patch-strategy").split(","))),
        list_type=text_at(schema, "x-kubernetes-list-type"),
        list_map_keys=tuple(key for key in items_at(schema, "x-kubernetes-list-map-keys") if isinstance(key, str)),
        atomic_map=text_at(schema, "x-kubernetes-map-type") == "atomic",
        json_type="" if flag_at(schema, "x-kubernetes-int-or-string") else _LETTERS.get(text_at(schema, "type"), ""),
        _source=schema,
        _open_api=True,
    )


@cache
def _table() -> Json:
    return json.loads(resources.files("nixernetes.objects").joinpath("data/kubernetes_types.json").read_bytes())


@cache
def _root(type_name: str) -> Field:
    return Field(json_type="o", type_name=type_name, _source={"type": type_name})


@cache
def _fields(type_name: str) -> dict[str, Field]:
    return {name: _make(row) for name, row in _table()["types"].get(type_name, {}).items()}


# Rows of the table live as long as the program, so that one is known by where it is.
_MADE: Final[dict[int, Field]] = {}


def _made(row: Json) -> Field:
    found = _MADE.get(id(row))
    if found is None:
        found = _MADE[id(row)] = _make(row)
    return found


def _make(row: Json) -> Field:
    type_name = row.get("type", "")
    return Field(
        merge_key=row.get("key", ""),
        patch_strategy=tuple(filter(None, row.get("patch", "").split(","))),
        list_type=row.get("list", ""),
        list_map_keys=tuple(row.get("keys", ())),
        atomic_map=row.get("map") == "atomic",
        json_type=row.get("t") or ("o" if _table()["types"].get(type_name) else ""),
        type_name=type_name,
        _source=row,
    )
