"""Who wrote a field of an object that is on a cluster: what its ``metadata.managedFields`` say.

A server notes of each field who wrote it last, or who applies it (apimachinery ``pkg/util/managedfields``, v0.34.4).
Nobody is noted for what is gone, nor for what an object has by default.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.cluster.ownership.sets import ITEM, Fields, difference, union
from nixernetes.cluster.ownership.walks import fields_of, without
from nixernetes.objects import schema
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.schema import Field
from nixernetes.verify.places import FieldPath

__all__ = ["FieldWriter", "added_by_others", "creators", "is_platform", "writers_of"]

_PLATFORM: Final = ("kube-", "kubelet", "cloud-controller-manager", "k3s", "rke2", "gke-", "eks-", "aks-")
_REQUESTS: Final = ("f:reconcile.fluxcd.io/", "f:argocd.argoproj.io/refresh", "f:argocd.argoproj.io/hydrate")
_METADATA: Final = ("f:labels", "f:annotations")  # what else stands there is the server's, or of controllers


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class FieldWriter:
    """Who wrote a field.

    Attributes:
        manager: the field manager.
        operation: ``Apply`` or ``Update``.
        subresource: the part of the object through which it was written, ``""`` for the object itself.
        time: when that manager wrote last.

    """

    manager: str
    operation: str = ""
    subresource: str = ""
    time: str = ""


def writers_of(live: Manifest, place: FieldPath, state: Manifest) -> tuple[FieldWriter, ...]:
    """Return who wrote a field, sorted.

    Args:
        live: the object, for its field managers.
        place: the field, as names and numbers; something may be below it.
        state: the state in which the numbers count.

    """
    return tuple(
        sorted({_writer(entry) for entry in _entries(live) if _has(mapping_at(entry, "fieldsV1"), state, place)})
    )


def creators(live: Manifest) -> tuple[FieldWriter, ...]:
    """Return all who wrote an object itself, sorted; those who only wrote its status are left out."""
    found = {_writer(entry) for entry in _entries(live) if text_at(entry, "subresource") != "status"}
    return tuple(sorted(found))


def is_platform(manager: str) -> bool:
    """Tell whether a field manager is Kubernetes itself, or whoever runs it."""
    return manager.startswith(_PLATFORM)


def added_by_others(
    live: Manifest, states: tuple[Manifest, Manifest], managers: Sequence[str], root: Field | None
) -> Manifest:
    """Return an object as a write of its delivery leaves it, without what others wrote into it.

    The controllers of Kubernetes itself are not others: what they write is how it works.

    Args:
        live: the object, for its field managers.
        states: the object as Git has it, and as a write leaves it.
        managers: the field managers of the delivery.
        root: the type of the object; None where it is a built-in kind, or not known.

    """
    wanted, state = states
    root = root or schema.of(text_at(live, "apiVersion"), text_at(live, "kind")) or schema.metadata_alone()
    own: Fields = fields_of(wanted, root)
    others: Fields = {}
    for entry in _entries(live):
        fields = mapping_at(entry, "fieldsV1")
        if text_at(entry, "manager") in managers:
            own = union(own, fields)
        elif text_at(entry, "subresource") != "status" and not is_platform(text_at(entry, "manager")):
            others = union(others, _written(fields))
    added = difference(others, own)
    found = without(state, added, root) if added else state
    return found if isinstance(found, dict) else state


def _written(fields: Fields) -> Fields:
    meta = {name: _lasting(found) for name in _METADATA if (found := mapping_at(fields, "f:metadata", name))}
    rest = {name: value for name, value in fields.items() if name not in ("f:metadata", "f:status")}
    return {**rest, **({"f:metadata": meta} if meta else {})}


def _lasting(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if not name.startswith(_REQUESTS)}


def _entries(live: Manifest) -> Iterable[Manifest]:
    entries: Iterable[Manifest] = objects_at(live, "metadata", "managedFields")
    return entries


def _writer(entry: Manifest) -> FieldWriter:
    manager, operation, subresource, time = (
        text_at(entry, name) for name in ("manager", "operation", "subresource", "time")
    )
    return FieldWriter(manager=manager, operation=operation, subresource=subresource, time=time)


def _has(fields: Json, value: Json, place: FieldPath) -> bool:
    """Tell whether a set of fields has a place, something above it as a whole, or something below it."""
    for step in place:
        if not isinstance(fields, dict):
            return False
        if not {*fields} - {ITEM}:
            return True  # all of it is one value
        if isinstance(step, int):
            item = value[step] if isinstance(value, list) and step < len(value) else None
            name = next(iter(_members(fields, item, step)), None)
            value = item
        else:
            name = f"f:{step}" if f"f:{step}" in fields else None
            value = value.get(step) if isinstance(value, dict) else None
        if name is None:
            return False
        fields = fields[name]
    return True


def _members(fields: Fields, item: Json, number: int) -> Iterator[str]:
    """Yield the names by which a set of fields has an item of a list."""
    for name in fields:
        form, _, text = name.partition(":")
        try:
            told = json.loads(text) if form in "kvi" else None
        except (ValueError, RecursionError):
            continue
        if form == "k" and isinstance(told, dict) and isinstance(item, dict):
            if all(key in item and item[key] == each for key, each in told.items()):
                yield name
        elif (form == "v" and told == item) or (form == "i" and told == number):
            yield name
