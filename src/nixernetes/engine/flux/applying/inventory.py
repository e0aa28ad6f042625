"""Inventories: which objects a delivery has applied (Flux, section 7.1)."""

from __future__ import annotations

from collections.abc import Iterable

from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of, split_api_version
from nixernetes.objects.manifest import Manifest

__all__ = ["entries", "entry_id", "keys", "parse_id"]

_SEPARATORS = 3  # in an id, at the least


def entry_id(key: ObjectKey) -> str:
    """Return ``<namespace>_<name>_<group>_<kind>``; a colon in an RBAC name is written ``__``."""
    name = key.name.replace(":", "__") if key.group == RBAC else key.name
    return f"{key.namespace}_{name}_{key.group}_{key.kind}"


def parse_id(text: str) -> ObjectKey:
    """Read an entry's id.

    Raises:
        ValueError: it has fewer than four parts.

    """
    namespace, rest = text.split("_", 1)
    name, group, kind = rest.rsplit("_", 2)
    return ObjectKey(group, kind, namespace, name.replace("__", ":") if group == RBAC else name)


def entries(manifests: Iterable[Manifest]) -> Manifest:
    """Return ``status.inventory`` for objects in the order they were applied."""
    found = [{"id": entry_id(key_of(one)), "v": split_api_version(one["apiVersion"])[1]} for one in manifests]
    return {"entries": found}


def keys(status: Manifest) -> list[ObjectKey]:
    """Return the keys of the inventory in a status, in its order; an entry that names no object is passed over."""
    ids = (text_at(entry, "id") for entry in objects_at(status, "inventory", "entries"))
    return [parse_id(text) for text in ids if text.count("_") >= _SEPARATORS]
