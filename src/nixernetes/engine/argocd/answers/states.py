"""What the application controller puts into its cache, made when somebody asks for it.

After Argo CD 3.5: ``util/cache/appstate/cache.go`` (the keys), ``controller/appcontroller.go`` (``managedResources``,
``getResourceTree``) and ``controller/clusterinfoupdater.go``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final, Protocol, runtime_checkable

from nixernetes.cluster.api import Reader
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison.compare import ComparedResource
from nixernetes.engine.argocd.comparison.inspection import Inspector
from nixernetes.engine.argocd.namespace import namespace_of
from nixernetes.engine.argocd.statuses import ApplicationStatus
from nixernetes.engine.argocd.sync.operations import Look
from nixernetes.errors import InputError
from nixernetes.health.argocd import Assessor
from nixernetes.objects.clocks import Clock, timestamp
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.masking import mask_change

__all__ = ["ApplicationStates"]

_MOST_NODES: Final = 20_000


@runtime_checkable
class _Owning(Protocol):
    def dependents(self, uid: str) -> tuple[ObjectKey, ...]: ...


class ApplicationStates:
    """The cache.

    Args:
        api: the control plane.
        inspector: compares Applications.
        clock: tells when it was asked.
        version: the Kubernetes version of the clusters.

    """

    def __init__(self, api: Reader, inspector: Inspector, clock: Clock, version: str) -> None:
        self._api = api
        self._inspector = inspector
        self._clock = clock
        self._version = version

    def value(self, key: str) -> Json:
        """Return what stands under a key, such as ``app|resources-tree|shop``; None for nothing.

        Raises:
            NixernetesError: an Application cannot be read.

        """
        area, _, rest = key.partition("|")
        what, _, name = rest.partition("|")
        if (area, what) == ("cluster", "info"):
            return self._cluster(name)
        app = self._application(name) if area == "app" else None
        if app is None or what not in ("managed-resources", "resources-tree"):
            return None
        read = ReadApplication.decode(app)
        look = self._inspector.look(app, read, ApplicationStatus.of(app).revisions)
        rows = look.comparison.resources if look.comparison is not None else ()
        if what == "managed-resources":
            return sorted((_managed(row) for row in rows), key=_full_name)
        return self._tree(look, rows)

    def _application(self, instance: str) -> Manifest | None:
        """Return the Application of an instance name, that says its namespace where it is not that of Argo CD."""
        namespace, separator, name = instance.partition("_")
        place = (namespace, name) if separator else (namespace_of(self._api), instance)
        return self._api.get(ObjectKey(*APPLICATION, *place))

    def _tree(self, look: Look, rows: tuple[ComparedResource, ...]) -> Json:
        if look.scene is None:
            return {"nodes": []}
        api, assessor = look.scene.api, look.scene.settings.assessor
        nodes: dict[ObjectKey, Json] = {}
        for row in rows:
            if row.live is None:
                nodes[row.key] = {**_reference(row.obj, row.key), "health": {"status": "Missing"}}
                continue
            nodes[row.key] = _node(row.live, None, assessor)
            for live, parent in _below(api, row.live):
                key = key_of(live)
                if key not in nodes and len(nodes) < _MOST_NODES:
                    nodes[key] = _node(live, parent, assessor)
        return {"nodes": [nodes[key] for key in sorted(nodes)]}

    def _cluster(self, server: str) -> Json:
        now = timestamp(self._clock.now())
        known = {cluster.server: cluster for cluster in self._inspector.clusters.known()}.get(server.rstrip("/"))
        if known is None:
            return None
        try:
            self._inspector.clusters.api(known)
        except InputError as error:
            return {
                "connectionState": {"status": "Failed", "message": error.message, "attemptedAt": now},
                "cacheInfo": {},
                "applicationsCount": self._count(known.server),
            }
        return {
            "connectionState": {"status": "Successful", "message": "", "attemptedAt": now},
            "serverVersion": self._version,
            "cacheInfo": {"lastCacheSyncTime": now},
            "applicationsCount": self._count(known.server),
        }

    def _count(self, server: str) -> int:
        found = 0
        for app in self._api.list(APPLICATION):
            try:
                found += self._inspector.clusters.resolve(ReadApplication.decode(app).destination).server == server
            except InputError:
                continue  # its own status says so
        return found


def _managed(row: ComparedResource) -> Json:
    live, target = mask_change(_without(row.live, "managedFields"), row.target)
    normalized = json.dumps(_without(live, "creationTimestamp"))
    found = {
        "group": row.key.group,
        "kind": row.key.kind,
        "namespace": row.key.namespace,
        "name": row.key.name,
        "targetState": json.dumps(target),
        "liveState": json.dumps(live),
        "normalizedLiveState": normalized,
        "predictedLiveState": normalized if row.same else json.dumps(target),
        "hook": row.hook,
        "modified": not row.same,
        "resourceVersion": text_at(row.live or {}, "metadata", "resourceVersion"),
    }
    return {name: value for name, value in found.items() if value}


def _without(live: Manifest | None, field: str) -> Manifest | None:
    """Return an object without a field of its metadata that no comparison looks at (``Normalize`` of gitops-engine)."""
    if live is None:
        return None
    return {**live, "metadata": {name: value for name, value in live["metadata"].items() if name != field}}


def _full_name(entry: Mapping[str, str]) -> str:
    return "/".join(text_at(entry, part) for part in ("group", "kind", "namespace", "name"))


def _below(api: Reader, live: Manifest) -> Iterator[tuple[Manifest, Manifest]]:
    """Yield what an object owns, and what that owns, each with its owner."""
    if not isinstance(api, _Owning):
        return
    waiting, seen = [live], {text_at(live, "metadata", "uid")}
    while waiting:
        parent = waiting.pop()
        for key in api.dependents(text_at(parent, "metadata", "uid")):
            child = api.get(key)
            if child is not None and (uid := text_at(child, "metadata", "uid")) not in seen:
                seen.add(uid)
                waiting.append(child)
                yield child, parent


def _reference(obj: Manifest, key: ObjectKey) -> Json:
    found = {
        "group": key.group,
        "version": text_at(obj, "apiVersion").rpartition("/")[2],
        "kind": key.kind,
        "namespace": key.namespace,
        "name": key.name,
        "uid": text_at(obj, "metadata", "uid"),
    }
    return {name: value for name, value in found.items() if value}


def _node(live: Manifest, parent: Manifest | None, assessor: Assessor) -> Json:
    found = _reference(live, key_of(live))
    if parent is not None:
        found["parentRefs"] = [_reference(parent, key_of(parent))]
    found["resourceVersion"] = text_at(live, "metadata", "resourceVersion")
    found["createdAt"] = text_at(live, "metadata", "creationTimestamp") or None
    images = [text_at(each, "image") for each in objects_at(live, "spec", "containers")]
    if images:
        found["images"] = images
    if labels_of(live):
        found["networkingInfo"] = {"labels": dict(labels_of(live))}
    health = assessor.assess(live)
    if health is not None:
        found["health"] = {"status": str(health.status), **({"message": health.message} if health.message else {})}
    return found
