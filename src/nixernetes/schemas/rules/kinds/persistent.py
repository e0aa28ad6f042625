"""Volumes of the cluster, claims to them, StorageClasses (``pkg/apis/core/validation``, ``pkg/apis/storage``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, MapKey, Problem, forbidden, invalid, required, unsupported
from nixernetes.schemas.rules.podspec.volumes import driver_problems, host_path, nfs

__all__ = ["RULES"]

_MODES: Final = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_VOLUME_MODES: Final = ("Block", "Filesystem")
_POLICIES: Final = ("Delete", "Recycle", "Retain")
_CLAIM: Final = "PersistentVolumeClaim"
# Fields of the spec of a volume that are no source of one.
_NO_SOURCES: Final = frozenset(
    (
        *("capacity", "accessModes", "claimRef", "persistentVolumeReclaimPolicy", "storageClassName", "mountOptions"),
        *("volumeMode", "nodeAffinity", "volumeAttributesClassName"),
    )
)
_BINDINGS: Final = ("Immediate", "WaitForFirstConsumer")
_RECLAIMS: Final = ("Delete", "Retain")


def _modes(value: Mapping[str, Json], path: FieldPath, missing: str) -> Iterator[Problem]:
    modes = items_at(value, "accessModes")
    if not modes:
        yield required((*path, "accessModes"), missing)
    for number, mode in enumerate(modes):
        if mode not in _MODES:
            yield replace(unsupported((*path, "accessModes", number), mode, _MODES), field=(*path, "accessModes"))
    if "ReadWriteOncePod" in modes and len(modes) > 1:
        detail = "may not use ReadWriteOncePod with other access modes"
        yield forbidden((*path, "accessModes"), detail)


def _name(value: Mapping[str, Json], path: FieldPath, *parts: str) -> Iterator[Problem]:
    for part in parts:
        name = text_at(value, part)
        if name:
            yield from (invalid((*path, part), name, wrong) for wrong in names.subdomain_problems(name))


def _volume_mode(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    mode = value.get("volumeMode")
    if mode is not None and mode not in _VOLUME_MODES:
        yield unsupported((*path, "volumeMode"), mode, _VOLUME_MODES)


def _positive(amount: Json, path: FieldPath, field: FieldPath) -> Iterator[Problem]:
    try:
        nano = quantities.parse(str(amount)).nano
    except InputError:
        return
    if nano <= 0:
        yield replace(invalid(path, str(amount), "must be greater than zero"), field=field)


def _claim(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    yield from _modes(value, path, "at least 1 access mode is required")
    amount = mapping_at(value, "resources", "requests").get("storage")
    here = (*path, "resources", MapKey("storage"))
    if amount is None:
        yield replace(required((*path, "resources", "storage")), field=here)
    else:
        yield from _positive(amount, (*path, "resources", "requests", "storage"), here)
    yield from _name(value, path, "storageClassName", "volumeAttributesClassName")
    yield from _volume_mode(value, path)
    for part in ("dataSource", "dataSourceRef"):
        if value.get(part) is not None:
            yield from _data_source(mapping_at(value, part), (*path, part))


def _data_source(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    group, kind = text_at(value, "apiGroup"), text_at(value, "kind")
    for part in ("name", "kind"):
        if not text_at(value, part):
            yield required((*path, part))
    if not group and kind != _CLAIM:
        yield invalid(path, kind, f"must be '{_CLAIM}' when referencing the default apiGroup")


def _volume(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    yield from _modes(value, path, "")
    capacity, here = value.get("capacity"), (*path, "capacity")
    if not capacity:
        yield required(here)
    if not isinstance(capacity, dict) or [*capacity] != ["storage"]:
        shown = dict(sorted((name, str(amount)) for name, amount in capacity.items())) if capacity is not None else None
        yield unsupported(here, shown, ("storage",))
    for name, amount in (capacity or {}).items():
        yield from _positive(amount, (*here, name), (*here, MapKey(name)))
    yield from _name(value, path, "storageClassName")
    yield from _volume_mode(value, path)
    policy = text_at(value, "persistentVolumeReclaimPolicy")
    if policy and policy not in _POLICIES:
        yield unsupported((*path, "persistentVolumeReclaimPolicy"), policy, _POLICIES)
    if value.get("nodeAffinity") is not None and mapping_at(value, "nodeAffinity").get("required") is None:
        yield required((*path, "nodeAffinity", "required"), "must specify required node constraints")
    sources = [part for part, given in value.items() if part not in _NO_SOURCES and given is not None]
    if not sources:
        yield required(path, "must specify a volume type")
        return
    for other in sources[1:]:
        yield forbidden((*path, other), "may not specify more than 1 volume type")
    yield from _source(sources[0], value, path)


def _source(part: str, value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    told, here = mapping_at(value, part), (*path, part)
    match part:
        case "hostPath":
            yield from host_path(told, here)
            if text_at(told, "path") == "/" and text_at(value, "persistentVolumeReclaimPolicy") == "Recycle":
                detail = "may not be 'recycle' for a hostPath mount of '/'"
                yield forbidden((*path, "persistentVolumeReclaimPolicy"), detail)
        case "nfs":
            yield from nfs(told, here)
        case "csi":
            yield from driver_problems(text_at(told, "driver"), (*here, "driver"))
            if not text_at(told, "volumeHandle"):
                yield required((*here, "volumeHandle"))
        case "local":
            where = text_at(told, "path")
            if not where:
                yield required((*here, "path"))
            elif ".." in where.split("/"):
                yield invalid((*here, "path"), where, "must not contain '..'")
            if value.get("nodeAffinity") is None:
                yield required((*path, "nodeAffinity"), "Local volume requires node affinity")


def _no_spec(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if value.get("spec") is None:
        yield from _volume({}, (*path, "spec"))


def _storage_class(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name = text_at(value, "provisioner")
    if not name:
        yield required((*path, "provisioner"))
    yield from (invalid((*path, "provisioner"), name, wrong) for wrong in names.label_key_problems(name.lower()))
    for part, allowed in (("reclaimPolicy", _RECLAIMS), ("volumeBindingMode", _BINDINGS)):
        told = value.get(part)
        if told is not None and told not in allowed:
            yield unsupported((*path, part), told, allowed)


RULES: Final = {
    "PersistentVolumeClaimSpec": (_claim,),
    "PersistentVolume": (_no_spec,),
    "PersistentVolumeSpec": (_volume,),
    "StorageClass": (_storage_class,),
}
