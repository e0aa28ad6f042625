"""Security contexts of pods and of containers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas.problems import FieldPath, Problem, duplicate, invalid, required, unsupported

__all__ = ["RULES"]

_LARGEST_ID: Final = 2**31 - 1  # of users and groups
_PROFILES: Final = ("Localhost", "RuntimeDefault", "Unconfined")
_CHANGES: Final = ("Always", "OnRootMismatch")
_SYSCTL: Final = r"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"
_FILE: Final = "localhostProfile"
_PROFILE_FIELDS: Final = ("seccompProfile", "appArmorProfile")
_LONGEST_SYSCTL: Final = 253
_SHARED: Final = {  # what is of the host, where the pod is in its namespace
    "hostNetwork": ("net.", "net/"),
    "hostIPC": ("kernel.shm", "kernel/shm", "kernel.msg", "kernel/msg", "kernel.sem", "kernel/sem", "fs.mqueue."),
}


def _identity(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield users and groups that Linux has not."""
    detail = f"must be between 0 and {_LARGEST_ID}, inclusive"
    for name in ("runAsUser", "runAsGroup", "fsGroup"):
        number = value.get(name)
        if isinstance(number, int) and not 0 <= number <= _LARGEST_ID:
            yield invalid((*path, name), number, detail)
    for place, number in enumerate(items_at(value, "supplementalGroups")):
        if isinstance(number, int) and not 0 <= number <= _LARGEST_ID:
            yield invalid((*path, "supplementalGroups", place), number, detail)


def _profiles(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if value.get("seccompProfile") is not None:
        yield from _seccomp(mapping_at(value, "seccompProfile"), (*path, "seccompProfile"))
    if value.get("appArmorProfile") is not None:
        yield from _app_armor(mapping_at(value, "appArmorProfile"), (*path, "appArmorProfile"))


def _seccomp(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    kind, file, here = text_at(value, "type"), value.get("localhostProfile"), (*path, "localhostProfile")
    if kind == "Localhost":
        if file is None:
            yield required(here, "must be set when seccomp type is Localhost")
        elif str(file).startswith("/"):
            yield invalid(here, file, "must be a relative path")
        elif ".." in str(file).split("/"):
            yield invalid(here, file, "must not contain '..'")
    elif file is not None:
        shown = {"Type": kind, "LocalhostProfile": file}
        yield invalid(here, shown, "can only be set when seccomp type is Localhost")
    yield from _profile_type(kind, path, "seccompProfile")


def _app_armor(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    kind, name, here = text_at(value, "type"), value.get("localhostProfile"), (*path, "localhostProfile")
    if kind == "Localhost":
        if name is None:
            yield required(here, "must be set when AppArmor type is Localhost")
        elif str(name).strip() != name:
            yield invalid(here, name, "must not be padded with whitespace")
        elif not name:
            yield required(here, "must be set when AppArmor type is Localhost")
    elif name is not None:
        yield invalid(here, name, "can only be set when AppArmor type is Localhost")
    yield from _profile_type(kind, path, "appArmorProfile")


def _profile_type(kind: str, path: FieldPath, what: str) -> Iterator[Problem]:
    if not kind:
        yield required((*path, "type"), f"type is required when {what} is set")
    elif kind not in _PROFILES:
        yield unsupported((*path, "type"), kind, _PROFILES)


def _of_container(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    yield from _profiles(value, path)
    mount = value.get("procMount")
    if mount is not None and mount not in ("Default", "Unmasked"):
        yield unsupported((*path, "procMount"), mount, ("Default", "Unmasked"))
    if value.get("allowPrivilegeEscalation") is False:
        if value.get("privileged") is True:
            detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
            yield invalid(path, _shown(value), detail)
        if any(str(each) in ("CAP_SYS_ADMIN", "SYS_ADMIN") for each in items_at(value, "capabilities", "add")):
            detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
            if "CAP_SYS_ADMIN" in items_at(value, "capabilities", "add"):
                yield invalid(path, _shown(value), detail)


def _shown(value: Mapping[str, Json]) -> Json:
    """Return a security context as Go shows the struct that it is."""
    part = {name: mapping_at(value, name) for name in (*_PROFILE_FIELDS, "capabilities", "seLinuxOptions")}
    linux: Json = {name: text_at(part["seLinuxOptions"], name.lower()) for name in ("User", "Role", "Type", "Level")}
    added = {name: items_at(part["capabilities"], name.lower()) or None for name in ("Add", "Drop")}
    profiles = {
        f"{name[:1].upper()}{name[1:]}": {
            "Type": text_at(part[name], "type"),
            "LocalhostProfile": at(part[name], _FILE),
        }
        if part[name]
        else None
        for name in _PROFILE_FIELDS
    }
    flags = ("runAsUser", "runAsGroup", "runAsNonRoot", "readOnlyRootFilesystem", "allowPrivilegeEscalation")
    return {
        "Capabilities": added if "capabilities" in value else None,
        "Privileged": at(value, "privileged"),
        "SELinuxOptions": linux if "seLinuxOptions" in value else None,
        "WindowsOptions": None,
        **{f"{name[:1].upper()}{name[1:]}": at(value, name) for name in flags},
        "ProcMount": at(value, "procMount"),
        **profiles,
    }


def _of_pod(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    yield from _profiles(value, path)
    change = value.get("fsGroupChangePolicy")
    if change is not None and change not in _CHANGES:
        yield unsupported((*path, "fsGroupChangePolicy"), change, _CHANGES)
    policy = value.get("supplementalGroupsPolicy")
    if policy is not None and policy not in ("Merge", "Strict"):
        yield unsupported((*path, "supplementalGroupsPolicy"), policy, ("Merge", "Strict"))


def _pod(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with the kernel parameters of a pod (``validateSysctls``)."""
    here, seen = (*path, "securityContext", "sysctls"), set[str]()
    for number, each in enumerate(objects_at(value, "securityContext", "sysctls")):
        name, place = text_at(each, "name"), (*here, number, "name")
        if not name:
            yield required(place)
            continue
        if len(name) > _LONGEST_SYSCTL or not re.fullmatch(_SYSCTL, name):
            detail = f"must have at most {_LONGEST_SYSCTL} characters and match regex {_SYSCTL}"
            yield invalid(place, name, detail)
        elif name in seen:
            yield duplicate(place, name)
        for flag, beginnings in _SHARED.items():
            if value.get(flag) is True and name.startswith(beginnings):
                yield invalid(place, name, f"may not be specified when '{flag}' is true")
        seen.add(name)


RULES: Final = {
    "PodSecurityContext": (_identity, _of_pod),
    "SecurityContext": (_identity, _of_container),
    "PodSpec": (_pod,),
}
