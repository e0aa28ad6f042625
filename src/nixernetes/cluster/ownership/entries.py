"""Entries of ``metadata.managedFields`` (apimachinery pkg/util/managedfields/internal, v0.34.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from nixernetes.cluster.ownership import sets
from nixernetes.cluster.ownership.sets import Fields
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["FieldManager", "ManagedEntry", "Managers", "owners", "read", "written"]

_MOST_UPDATERS: Final = 10
_ANCIENT: Final = "ancient-changes"


class FieldManager(NamedTuple):
    """Who owns fields.

    Attributes:
        operation: ``Apply`` or ``Update``.
        name: the field manager.
        api_version: the version that it writes; ``""`` for an Apply, which is one whatever the version.
        subresource: the part of the object that it writes.

    """

    operation: str
    name: str
    api_version: str
    subresource: str


class ManagedEntry(NamedTuple):
    """What a manager owns.

    Attributes:
        fields: the set.
        api_version: the version in which the set is told.
        time: when it changed.

    """

    fields: Fields
    api_version: str
    time: str


Managers = dict[FieldManager, ManagedEntry]


def read(entries: Iterable[Json]) -> Managers | None:
    """Return what entries say; None where one of them is not an entry."""
    found: Managers = {}
    for each in entries:
        fields, operation = mapping_at(each, "fieldsV1"), text_at(each, "operation")
        api_version = text_at(each, "apiVersion")
        if operation not in ("Apply", "Update") or not api_version or text_at(each, "fieldsType") != "FieldsV1":
            return None
        version = api_version if operation == "Update" else ""
        manager = FieldManager(operation, text_at(each, "manager"), version, text_at(each, "subresource"))
        found[manager] = ManagedEntry(fields, api_version, text_at(each, "time"))
    return found


def written(managers: Mapping[FieldManager, ManagedEntry]) -> list[Json]:
    """Return the entries: applies before updates, then by time and name."""
    rows = sorted(
        (manager.operation, entry.time, manager.name, entry.api_version, manager.subresource, entry)
        for manager, entry in managers.items()
    )
    return [
        {
            "manager": name,
            "operation": operation,
            "apiVersion": api_version,
            **({"time": time} if time else {}),
            "fieldsType": "FieldsV1",
            "fieldsV1": entry.fields,
            **({"subresource": subresource} if subresource else {}),
        }
        for operation, time, name, api_version, subresource, entry in rows
    ]


def capped(managers: Managers, now: str) -> Managers:
    """Return at most ten updaters: of more, the oldest of each version become one."""
    updaters = [each for each in managers if each.operation == "Update"]
    if len(updaters) <= _MOST_UPDATERS:
        return managers
    result = dict(managers)
    oldest = sorted(updaters, key=lambda each: (managers[each].time, each.name))
    for each in oldest:
        if sum(manager.operation == "Update" for manager in result) <= _MOST_UPDATERS:
            break
        entry = result.pop(each)
        bucket = FieldManager("Update", _ANCIENT, each.api_version, "")
        held = result.get(bucket)
        fields = sets.union(held.fields, entry.fields) if held is not None else entry.fields
        time = max(held.time if held is not None else "", entry.time) or now
        result[bucket] = ManagedEntry(fields, entry.api_version, time)
    return result


def owners(live: Manifest) -> dict[str, Json]:
    """Return who owns which fields of an object: manager to fields, in ``fieldsV1`` form."""
    found: dict[str, Json] = {}
    for entry in items_at(live, "metadata", "managedFields"):
        found[entry["manager"]] = sets.union(found.get(entry["manager"], {}), entry["fieldsV1"])
    return found
