"""Values beside the values that they replace, as a structural schema correlates them."""

from __future__ import annotations

from typing import Final

from nixernetes.objects.fields import items_at, text_at
from nixernetes.objects.manifest import Json, Manifest, canonical

__all__ = ["ABSENT", "child_of", "old_items"]

ABSENT: Final[Json] = object()  # there is no old value; None is a value


def child_of(old: Json, name: str) -> Json:
    """Return a field of an old value, or that there was none."""
    return old[name] if isinstance(old, dict) and name in old else ABSENT


def old_items(schema: Json, value: list[Json], old: Json) -> list[Json]:
    """Return the old item of each item of a list: those with keys have one, those of other lists none."""
    keys = [key for key in items_at(schema, "x-kubernetes-list-map-keys") if isinstance(key, str)]
    if text_at(schema, "x-kubernetes-list-type") != "map" or not keys or not isinstance(old, list):
        return [ABSENT] * len(value)
    known = {_identity(item, keys): item for item in old if isinstance(item, dict)}
    found = [_identity(item, keys) if isinstance(item, dict) else b"" for item in value]
    return [known.get(key, ABSENT) for key in found]


def _identity(item: Manifest, keys: list[str]) -> bytes:
    return canonical({key: item[key] for key in keys if key in item})
