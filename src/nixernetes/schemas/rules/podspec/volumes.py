"""Volumes of pods (``validateVolumes``), and what containers mount of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import (
    FieldPath,
    Problem,
    duplicate,
    forbidden,
    invalid,
    not_found,
    required,
    too_long,
    unsupported,
)
from nixernetes.schemas.rules.podspec.fields import OF_FILES, field_of_pod, resource_field

__all__ = ["RULES", "driver_problems", "host_path", "local_path", "nfs"]

_LARGEST_MODE: Final = 0o777
_MODE: Final = "must be a number between 0 and 0777 (octal), both inclusive"
_PARTS: Final = ("containers", "initContainers", "ephemeralContainers")
_PROPAGATIONS: Final = ("Bidirectional", "HostToContainer", "None")
_BLOCK: Final = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
_SHORTEST_TOKEN: Final = 600  # seconds
_LONGEST_TOKEN: Final = 1 << 32
_LONGEST_DRIVER: Final = 63
_HOST_TYPES: Final = (
    *("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"),
)


def _volume(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with a volume, but for the name that another has, too."""
    name = text_at(value, "name")
    if not name:
        yield required((*path, "name"))
    else:
        yield from (invalid((*path, "name"), name, wrong) for wrong in names.dns_label_problems(name))
    sources = [part for part, given in value.items() if part != "name" and given is not None]
    if not sources:
        yield required(path, "must specify a volume type")
        return
    for other in sources[1:]:
        yield forbidden((*path, other), "may not specify more than 1 volume type")
    check = _SOURCES.get(sources[0])
    if check is not None:
        yield from check(mapping_at(value, sources[0]), (*path, sources[0]))


def _empty_dir(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    try:
        negative = value.get("sizeLimit") is not None and quantities.parse(str(value["sizeLimit"])).nano < 0
    except InputError:
        negative = False
    if negative:
        yield forbidden((*path, "sizeLimit"), "SizeLimit field must be a valid resource quantity")


def host_path(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with a path on the host."""
    where, kind = text_at(value, "path"), value.get("type")
    if not where:
        yield required((*path, "path"))
        return
    if ".." in where.split("/"):
        yield invalid((*path, "path"), where, "must not contain '..'")
    if kind is not None and kind not in _HOST_TYPES:
        yield unsupported((*path, "type"), kind, _HOST_TYPES)


def _secret(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if not text_at(value, "secretName"):
        yield required((*path, "secretName"))
    yield from _keys(value, path)


def _config_map(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if not text_at(value, "name"):
        yield required((*path, "name"))
    yield from _keys(value, path)


def _keys(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    yield from _mode(value.get("defaultMode"), (*path, "defaultMode"))
    for number, each in enumerate(objects_at(value, "items")):
        here, file = (*path, "items", number), text_at(each, "path")
        if not text_at(each, "key"):
            yield required((*here, "key"))
        if not file:
            yield required((*here, "path"))
        yield from local_path(file, (*here, "path"))
        yield from _mode(each.get("mode"), (*here, "mode"))


def _mode(mode: Json, path: FieldPath) -> Iterator[Problem]:
    if isinstance(mode, int) and not 0 <= mode <= _LARGEST_MODE:
        yield invalid(path, mode, _MODE)


def local_path(text: str, path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with a path that stays below where it begins (``validateLocalNonReservedPath``)."""
    yield from _descending(text, path)
    if text.startswith("..") and not text.startswith("../"):
        yield invalid(path, text, "must not start with '..'")


def _descending(text: str, path: FieldPath) -> Iterator[Problem]:
    if text.startswith("/"):
        yield invalid(path, text, "must be a relative path")
    if ".." in text.split("/"):
        yield invalid(path, text, "must not contain '..'")


def _downward(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    yield from _mode(value.get("defaultMode"), (*path, "defaultMode"))
    for each in objects_at(value, "items"):
        yield from _downward_file(each, path)


def _downward_file(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    file = text_at(value, "path")
    if not file:
        yield required((*path, "path"))
    yield from local_path(file, (*path, "path"))
    if value.get("fieldRef") is not None:
        yield from field_of_pod(mapping_at(value, "fieldRef"), (*path, "fieldRef"), OF_FILES)
        if value.get("resourceFieldRef") is not None:
            yield invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
    elif value.get("resourceFieldRef") is not None:
        here = (*path, "resourceFieldRef")
        yield from resource_field(mapping_at(value, "resourceFieldRef"), here, in_volume=True)
    else:
        yield required(path, "one of fieldRef and resourceFieldRef is required")
    yield from _mode(value.get("mode"), (*path, "mode"))


def _projected(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    yield from _mode(value.get("defaultMode"), (*path, "defaultMode"))
    files: set[str] = set()
    for number, each in enumerate(objects_at(value, "sources")):
        here = (*path, "sources", number)
        given = [part for part, found in each.items() if found is not None]
        if not given:
            yield required(here, "must specify a volume type")
            continue
        for other in given[1:]:
            yield forbidden((*here, other), "may not specify more than 1 volume type")
        part, told = given[0], mapping_at(each, given[0])
        yield from _source(part, told, (*here, part))
        for file in _files(part, told):
            if file in files:
                yield invalid(path, file, "conflicting duplicate paths")
            files.add(file)


def _files(part: str, told: Mapping[str, Json]) -> Iterator[str]:
    if part == "serviceAccountToken":
        yield text_at(told, "path")
    yield from (text_at(item, "path") for item in objects_at(told, "items"))


def _source(part: str, told: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    match part:
        case "secret" | "configMap":
            if not text_at(told, "name"):
                yield required((*path, "name"))
            yield from _keys(told, path)
        case "downwardAPI":
            for each in objects_at(told, "items"):
                yield from _downward_file(each, path)
        case "serviceAccountToken":
            file, seconds = text_at(told, "path"), told.get("expirationSeconds", 3600)
            if isinstance(seconds, int) and seconds < _SHORTEST_TOKEN:
                yield invalid((*path, "expirationSeconds"), seconds, "may not specify a duration less than 10 minutes")
            if isinstance(seconds, int) and seconds > _LONGEST_TOKEN:
                yield invalid(
                    (*path, "expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds"
                )
            if not file:
                yield required((*path, "path"))
            else:
                yield from local_path(file, (*path, "path"))


def nfs(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with a volume of another host."""
    if not text_at(value, "server"):
        yield required((*path, "server"))
    where = text_at(value, "path")
    if not where:
        yield required((*path, "path"))
    if not where.startswith("/"):
        yield invalid((*path, "path"), where, "must be an absolute path")


def _csi(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    yield from driver_problems(text_at(value, "driver"), (*path, "driver"))
    if value.get("nodePublishSecretRef") is not None:
        name, here = text_at(value, "nodePublishSecretRef", "name"), (*path, "nodePublishSecretRef", "name")
        if not name:
            yield required(here)
        else:
            yield from (invalid(here, name, wrong) for wrong in names.subdomain_problems(name))


def driver_problems(name: str, path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with the name of a driver of volumes (``ValidateCSIDriverName``)."""
    if not name:
        yield required(path)
    if len(name) > _LONGEST_DRIVER:
        yield too_long(path, _LONGEST_DRIVER)
    yield from (invalid(path, name, wrong) for wrong in names.subdomain_problems(name.lower()))


def _claim(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if not text_at(value, "claimName"):
        yield required((*path, "claimName"))


def _ephemeral(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if value.get("volumeClaimTemplate") is None:
        yield required((*path, "volumeClaimTemplate"))


_SOURCES: Final = {
    "emptyDir": _empty_dir,
    "hostPath": host_path,
    "secret": _secret,
    "configMap": _config_map,
    "downwardAPI": _downward,
    "projected": _projected,
    "nfs": nfs,
    "csi": _csi,
    "persistentVolumeClaim": _claim,
    "ephemeral": _ephemeral,
}


def _volumes(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with the volumes of a pod, and names that two of them have."""
    seen: set[str] = set()
    for number, each in enumerate(objects_at(value, "volumes")):
        here, name = (*path, "volumes", number), text_at(each, "name")
        found = list(_volume(each, here))
        yield from found
        if name in seen and not any(
            problem.path[-1] == "name" and len(problem.path) == len(here) + 1 for problem in found
        ):
            yield duplicate((*here, "name"), name)
        if not found:
            seen.add(name)


def _usable(spec: Mapping[str, Json], claims: Sequence[Mapping[str, Json]]) -> Mapping[str, Mapping[str, Json]]:
    """Return the volumes in which nothing is wrong, by their names; a claim of a StatefulSet is one, too."""
    known = {
        text_at(each, "name"): each for each in objects_at(spec, "volumes") if next(_volume(each, ()), None) is None
    }
    return known | {text_at(each, "metadata", "name"): {"persistentVolumeClaim": {}} for each in claims}


def _mounted(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with the mounts and the devices of the containers of a pod, or of a template."""
    below: FieldPath = ("spec",) if "kind" in value else ("template", "spec")
    spec = mapping_at(value, *(str(step) for step in below))
    known = _usable(spec, [*objects_at(value, "volumeClaimTemplates")])
    for part in _PARTS:
        for number, container in enumerate(objects_at(spec, part)):
            here = (*path, *below, part, number)
            yield from _mounts(container, here, known)
            yield from _devices(container, here, known)


def _mounts(container: Mapping[str, Json], path: FieldPath, known: Mapping[str, Json]) -> Iterator[Problem]:
    places: set[str] = set()
    devices = {text_at(each, "devicePath") for each in objects_at(container, "volumeDevices")}
    used = {text_at(each, "name") for each in objects_at(container, "volumeDevices")}
    for number, each in enumerate(objects_at(container, "volumeMounts")):
        here, name, where = (*path, "volumeMounts", number), text_at(each, "name"), text_at(each, "mountPath")
        if not name:
            yield required((*here, "name"))
        if not where:
            yield required((*here, "mountPath"))
        if name not in known:
            yield not_found((*here, "name"), name)
        if where in places:
            yield invalid((*here, "mountPath"), where, "must be unique")
        places.add(where)
        if name and name in used:
            yield invalid((*here, "name"), name, "must not already exist in volumeDevices")
        if where and where in devices:
            yield invalid((*here, "mountPath"), where, "must not already exist as a path in volumeDevices")
        yield from _inside(each, (*path, "volumeMounts"), container)


def _inside(mount: Mapping[str, Json], path: FieldPath, container: Mapping[str, Json]) -> Iterator[Problem]:
    """Yield what is wrong with a mount, for which a server does not say which one it is."""
    inside, written = text_at(mount, "subPath"), text_at(mount, "subPathExpr")
    if inside:
        yield from _descending(inside, (*path, "subPath"))
    if written:
        if inside:
            yield invalid((*path, "subPathExpr"), written, "subPathExpr and subPath are mutually exclusive")
        yield from _descending(written, (*path, "subPathExpr"))
    how = mount.get("mountPropagation")
    if how is None:
        return
    if how not in _PROPAGATIONS:
        yield unsupported((*path, "mountPropagation"), how, _PROPAGATIONS)
    if how == "Bidirectional" and mapping_at(container, "securityContext").get("privileged") is not True:
        detail = "Bidirectional mount propagation is available only to privileged containers"
        yield forbidden((*path, "mountPropagation"), detail)


def _devices(container: Mapping[str, Json], path: FieldPath, known: Mapping[str, Json]) -> Iterator[Problem]:
    places, named = set[str](), set[str]()
    for number, each in enumerate(objects_at(container, "volumeDevices")):
        here, name, where = (*path, "volumeDevices", number), text_at(each, "name"), text_at(each, "devicePath")
        if not name:
            yield required((*here, "name"))
        if not where:
            yield required((*here, "devicePath"))
        if where in places:
            yield invalid((*here, "devicePath"), where, "must be unique")
        if ".." in where.split("/"):
            yield invalid((*here, "devicePath"), where, "can not contain backsteps ('..')")
        places.add(where)
        if name in named:
            yield invalid((*here, "name"), name, "must be unique")
        named.add(name)
        volume = known.get(name)
        if volume is None:
            yield not_found((*here, "name"), name)
        elif "persistentVolumeClaim" not in volume and "ephemeral" not in volume:
            yield invalid((*here, "name"), name, _BLOCK)


RULES: Final = {
    **dict.fromkeys(
        (
            "DeploymentSpec",
            "DaemonSetSpec",
            "ReplicaSetSpec",
            "StatefulSetSpec",
            "JobSpec",
            "ReplicationControllerSpec",
        ),
        (_mounted,),
    ),
    "Pod": (_mounted,),
    "PodSpec": (_volumes,),
}
