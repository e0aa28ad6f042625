"""The resources of one cluster at one moment, and the documents that tell of them.

Groups come in the order of their priorities, custom groups after the built-in ones by name; versions of a custom group
by ``version.CompareKubeAwareVersionStrings`` (apimachinery pkg/version, v0.34.4).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from nixernetes.cluster.discovery.resources import ApiResource, Subresource, builtin, custom
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Registry"]

_VERSION: Final = re.compile(r"v(\d{1,9})(?:(alpha|beta)(\d{1,9}))?")
_STAGES: Final = {"alpha": 0, "beta": 1, None: 2}
_ADDRESSES: Final = "0.0.0.0/0"


class Registry:
    """What a cluster serves.

    Args:
        definitions: its CustomResourceDefinitions.

    """

    def __init__(self, definitions: Iterable[Manifest] = ()) -> None:
        self._resources = {**builtin()}
        groups = {each.group for each in self._resources.values()}
        found = [each for crd in definitions for each in custom(crd) if each.group not in groups]
        found.sort(key=lambda each: (each.group, _priority(each.version), each.plural))
        self._resources |= {(each.group, each.version, each.plural): each for each in found}

    def find(self, group: str, version: str, plural: str) -> ApiResource | None:
        """Return a resource, or None."""
        return self._resources.get((group, version, plural))

    def of_kind(self, kind: GroupKind) -> ApiResource | None:
        """Return the resource of a kind in its preferred version, or None."""
        return self._by_kind.get(kind)

    def has_group(self, group: str) -> bool:
        """Tell whether a group is served."""
        return group in self._groups

    def is_builtin(self, group: str) -> bool:
        """Tell whether a group is one of Kubernetes' own."""
        return any(each.group == group and not each.is_custom for each in self._resources.values())

    def has_version(self, group: str, version: str) -> bool:
        """Tell whether a version of a group is served."""
        return version in self._groups.get(group, {})

    def all(self) -> Iterable[ApiResource]:
        """Return all resources."""
        return self._resources.values()

    @cached_property
    def _by_kind(self) -> dict[GroupKind, ApiResource]:
        found: dict[GroupKind, ApiResource] = {}
        for each in self._resources.values():
            found.setdefault(GroupKind(each.group, each.kind), each)
        return found

    @cached_property
    def _groups(self) -> dict[str, dict[str, list[ApiResource]]]:
        found: dict[str, dict[str, list[ApiResource]]] = {}
        for each in self._resources.values():
            found.setdefault(each.group, {}).setdefault(each.version, []).append(each)
        return found

    def versions(self, address: str) -> Manifest:
        """Return what ``/api`` answers.

        Args:
            address: host and port of the server.

        """
        where = {"clientCIDR": _ADDRESSES, "serverAddress": address}
        return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [where]}

    def group_list(self) -> Manifest:
        """Return what ``/apis`` answers."""
        groups = [self._group(group) for group in self._groups if group]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}

    def group(self, name: str) -> Manifest | None:
        """Return what ``/apis/GROUP`` answers, or None."""
        if not name or name not in self._groups:
            return None
        return {"kind": "APIGroup", "apiVersion": "v1", **self._group(name)}

    def _group(self, name: str) -> Json:
        versions = [{"groupVersion": f"{name}/{version}", "version": version} for version in self._groups[name]]
        return {"name": name, "versions": versions, "preferredVersion": versions[0]}

    def resource_list(self, group: str, version: str) -> Manifest | None:
        """Return what ``/apis/GROUP/VERSION`` answers, or None."""
        found = self._groups.get(group, {}).get(version)
        if found is None:
            return None
        rows = [row for each in found for row in _rows(each)]
        head: Manifest = {"kind": "APIResourceList"}
        if group:
            head["apiVersion"] = "v1"
        return {**head, "groupVersion": f"{group}/{version}" if group else version, "resources": rows}

    def aggregated(self, *, core: bool) -> Manifest:
        """Return what ``/api`` or ``/apis`` answers to clients that read all at once."""
        items = [
            {
                "metadata": {"name": group} if group else {},
                "versions": [
                    {
                        "version": version,
                        "resources": [_aggregated(each) for each in rows],
                        "freshness": "Current",
                    }
                    for version, rows in versions.items()
                ],
            }
            for group, versions in self._groups.items()
            if bool(group) is not core
        ]
        return {
            "kind": "APIGroupDiscoveryList",
            "apiVersion": "apidiscovery.k8s.io/v2",
            "metadata": {},
            "items": items,
        }


def _priority(version: str) -> tuple[int, int, int, str]:
    """Return what versions are sorted by: stable ones first, then betas, then alphas, each the newest first."""
    found = _VERSION.fullmatch(version)
    if found is None:
        return (1, 0, 0, version)
    return (0, -_STAGES[found[2]], -int(found[1]), f"{1_000_000_000 - int(found[3] or 0):010}")


def _rows(each: ApiResource) -> list[Json]:
    row: Json = {
        "name": each.plural,
        "singularName": each.singular,
        "namespaced": each.namespaced,
        "kind": each.kind,
        "verbs": list(each.verbs),
    }
    if each.short_names:
        row["shortNames"] = list(each.short_names)
    if each.categories:
        row["categories"] = list(each.categories)
    if "get" in each.verbs and each.kind != "ComponentStatus":
        row["storageVersionHash"] = _storage_hash(each)
    return [row, *(_part_row(each, part) for part in each.subresources.values())]


def _storage_hash(each: ApiResource) -> str:
    """Return what tells one version in which objects are stored from another (apiserver ``StorageVersionHash``)."""
    return base64.b64encode(hashlib.sha256(f"{each.group}/{each.version}/{each.kind}".encode()).digest()[:8]).decode()


def _part_row(each: ApiResource, part: Subresource) -> Json:
    row: Json = {"name": f"{each.plural}/{part.name}", "singularName": "", "namespaced": each.namespaced}
    if part.is_foreign:
        row |= {"group": part.group, "version": part.version}
    return {**row, "kind": part.kind, "verbs": list(part.verbs)}


def _aggregated(each: ApiResource) -> Json:
    found: Json = {
        "resource": each.plural,
        "responseKind": _response_kind(each.group, each.version, each.kind, foreign=each.is_custom),
        "scope": "Namespaced" if each.namespaced else "Cluster",
        "singularResource": each.singular,
        "verbs": list(each.verbs),
    }
    if each.short_names:
        found["shortNames"] = list(each.short_names)
    if each.categories:
        found["categories"] = list(each.categories)
    if each.subresources:
        found["subresources"] = [
            {
                "subresource": part.name,
                "responseKind": _response_kind(
                    part.group, part.version, part.kind, foreign=part.is_foreign or each.is_custom
                ),
                "verbs": list(part.verbs),
            }
            for part in each.subresources.values()
        ]
    return found


def _response_kind(group: str, version: str, kind: str, *, foreign: bool) -> Json:
    """Return a kind; built-in resources leave out a group and version that are their own."""
    return {"group": group if foreign else "", "version": version if foreign else "", "kind": kind}
