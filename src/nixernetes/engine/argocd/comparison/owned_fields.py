"""Which fields a manager owns, by ``metadata.managedFields`` (``fieldsV1``), and how to leave them to it.

What counts is a field that is wanted and is there, with another value (``util/argo/managedfields`` of Argo CD 3.5).
"""

from __future__ import annotations

import json

from nixernetes.objects import manifest as manifests
from nixernetes.objects.fields import items_at, mapping_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["keep_owned", "remove_owned"]


def remove_owned(obj: Manifest, live: Manifest, manager: str) -> None:
    """Remove from ``obj``, in place, the fields that a manager owns in the live object."""
    for entry in items_at(live, "metadata", "managedFields"):
        if entry.get("manager") == manager:
            _prune(obj, mapping_at(entry, "fieldsV1"))


def keep_owned(target: Manifest, live: Manifest, manager: str) -> None:
    """Give what a manager owns in the live object its live value in ``target``, in place, where it is wanted at all."""
    for entry in items_at(live, "metadata", "managedFields"):
        if entry.get("manager") == manager:
            _keep(target, live, mapping_at(entry, "fieldsV1"))


def _keep(target: Json, live: Json, owned: Json) -> None:
    for name, below in owned.items():
        kind, _, rest = name.partition(":")
        if kind == "f" and isinstance(target, dict) and isinstance(live, dict) and rest in target and rest in live:
            if _parts(below):
                _keep(target[rest], live[rest], below)
            else:
                target[rest] = manifests.copy(live[rest])
        elif kind == "k" and isinstance(target, list) and isinstance(live, list):
            wanted, found = _item(target, json.loads(rest)), _item(live, json.loads(rest))
            if wanted is not None and found is not None:
                _keep(wanted, found, below)


def _item(items: list[Json], keys: Json) -> Json:
    """Return the item of a list with these keys, or None."""
    fits = (item for item in items if isinstance(item, dict) and all(item.get(key) == keys[key] for key in keys))
    return next(fits, None)


def _prune(value: Json, owned: Json) -> None:
    for name, below in owned.items():
        kind, _, rest = name.partition(":")
        if kind == "f" and isinstance(value, dict) and rest in value:
            if not _parts(below):
                del value[rest]
                continue
            _prune(value[rest], below)
            if value[rest] in ({}, []):
                del value[rest]
        elif kind in ("k", "v", "i") and isinstance(value, list):
            _prune_item(value, kind, rest, below)


def _parts(owned: Json) -> list[str]:
    return [name for name in owned if name != "."]


def _prune_item(items: list[Json], kind: str, text: str, below: Json) -> None:
    wanted = json.loads(text)
    for index, item in enumerate(items):
        if kind == "i":
            found = index == wanted
        elif kind == "v":
            found = manifests.canonical(item) == manifests.canonical(wanted)
        else:
            found = isinstance(item, dict) and all(item.get(key) == part for key, part in wanted.items())
        if found:
            if kind != "k" or not _parts(below):
                del items[index]
            else:
                _prune(item, below)
            return
