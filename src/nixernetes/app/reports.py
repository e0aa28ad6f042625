"""What a running world looks like, as values: deliveries, their objects, and whether all is well.

Everything is read from the clusters' own objects (conditions, inventories, ``status.resources``), so a report says what
``kubectl get`` would. It is what the live view draws, ``up --once`` prints, and ``-o json`` writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nixernetes.cluster.api import Reader
from nixernetes.engine.flux import kstatus
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Delivery", "ObjectStatus", "Report", "State", "from_json", "report", "short_revision", "to_json"]

APPLICATION = GroupKind("argoproj.io", "Application")
KUSTOMIZATION = GroupKind("kustomize.toolkit.fluxcd.io", "Kustomization")
HELM_RELEASE = GroupKind("helm.toolkit.fluxcd.io", "HelmRelease")
_SOURCES = tuple(
    GroupKind("source.toolkit.fluxcd.io", kind)
    for kind in ("GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "Bucket")
)

State = str  # "ready", "progressing", "failed", "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectStatus:
    """One object of a delivery: its key, its health in the words of its engine, and what the engine says about it."""

    key: ObjectKey
    status: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One Kustomization, HelmRelease, source or Application, as its own status tells.

    Attributes:
        cluster: the cluster that holds the delivery's object.
        key: who it is.
        state: ready, progressing, failed or suspended.
        status: the engine's own word (``True``/``False``/``Unknown`` of Ready, or ``Synced/Healthy``).
        revision: the applied revision.
        message: the engine's own message.
        objects: what it delivers, in the order of its inventory.

    """

    cluster: str
    key: ObjectKey
    state: State
    status: str
    revision: str = ""
    message: str = ""
    objects: tuple[ObjectStatus, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All deliveries of a world at one moment, sorted."""

    time: str
    deliveries: tuple[Delivery, ...]

    @property
    def ready(self) -> bool:
        """Whether there is something, and every delivery that is not suspended is ready."""
        return bool(self.deliveries) and all(item.state in ("ready", "suspended") for item in self.deliveries)


def report(time: str, clusters: Mapping[str, Reader], *, objects: bool = True) -> Report:
    """Read the report.

    Args:
        time: the moment it is read, as text.
        clusters: name to cluster.
        objects: whether to read the delivered objects, too.

    """
    found: list[Delivery] = []
    for name, api in clusters.items():
        for kind in (*_SOURCES, KUSTOMIZATION, HELM_RELEASE):
            if api.is_namespaced(kind) is not None:
                found += [_flux(name, api, item, objects=objects) for item in api.list(kind)]
        if api.is_namespaced(APPLICATION) is not None:
            found += [_application(name, item, objects=objects) for item in api.list(APPLICATION)]
    return Report(time=time, deliveries=tuple(sorted(found, key=_order)))


def to_json(value: Report) -> Json:
    """Return the report as JSON data; ``docs/up.md`` documents the fields, which stay as they are."""
    return {
        "time": value.time,
        "ready": value.ready,
        "deliveries": [
            {
                "cluster": item.cluster,
                "kind": item.key.kind,
                "namespace": item.key.namespace,
                "name": item.key.name,
                "state": item.state,
                "status": item.status,
                "revision": item.revision,
                "message": item.message,
                "objects": [
                    {
                        "group": entry.key.group,
                        "kind": entry.key.kind,
                        "namespace": entry.key.namespace,
                        "name": entry.key.name,
                        "status": entry.status,
                        "message": entry.message,
                    }
                    for entry in item.objects
                ],
            }
            for item in value.deliveries
        ],
    }


def from_json(value: Json) -> Report:
    """Return the report that :func:`to_json` wrote."""
    groups = {kind.kind: kind.group for kind in (*_SOURCES, KUSTOMIZATION, HELM_RELEASE, APPLICATION)}
    return Report(
        time=value["time"],
        deliveries=tuple(
            Delivery(
                cluster=item["cluster"],
                key=ObjectKey(groups[item["kind"]], item["kind"], item["namespace"], item["name"]),
                state=item["state"],
                status=item["status"],
                revision=item["revision"],
                message=item["message"],
                objects=tuple(
                    ObjectStatus(
                        key=ObjectKey(entry["group"], entry["kind"], entry["namespace"], entry["name"]),
                        status=entry["status"],
                        message=entry["message"],
                    )
                    for entry in item["objects"]
                ),
            )
            for item in value["deliveries"]
        ),
    )


def short_revision(revision: str) -> str:
    """Shorten the hash in a revision to seven digits, as ``git log --oneline`` does."""
    return re.sub(r"\b([0-9a-f]{7})[0-9a-f]{13,}\b", r"\1", revision)


def _flux(cluster: str, api: Reader, item: Manifest, *, objects: bool) -> Delivery:
    status, spec = item.get("status") or {}, item.get("spec")
    spec = spec if isinstance(spec, dict) else {}  # what is wrong with it stands in the status
    conditions = {condition["type"]: condition for condition in status.get("conditions") or []}
    ready = conditions.get("Ready", {})
    word = ready.get("status", "Unknown")
    entries = (status.get("inventory") or {}).get("entries") or [] if objects else []
    return Delivery(
        cluster=cluster,
        key=key_of(item),
        state=_flux_state(item, spec, conditions),
        status=word,
        revision=_flux_revision(status),
        message=ready.get("message", "") or ("static: read when a HelmChart needs it" if _is_static(item) else ""),
        objects=tuple(_inventory_status(api, _inventory_key(entry["id"])) for entry in entries),
    )


def _is_static(item: Manifest) -> bool:
    spec = item.get("spec")
    return item["kind"] == "HelmRepository" and isinstance(spec, dict) and spec.get("type") == "oci"


def _flux_state(item: Manifest, spec: Json, conditions: Mapping[str, Json]) -> State:
    word = conditions.get("Ready", {}).get("status", "Unknown")
    if spec.get("suspend"):
        return "suspended"
    if _is_static(item):
        return "ready"
    generation = item["metadata"].get("generation", 1)
    if word == "True" and (item.get("status") or {}).get("observedGeneration", generation) == generation:
        return "ready"
    return "failed" if word == "False" else "progressing"


def _flux_revision(status: Json) -> str:
    if status.get("lastAppliedRevision"):
        return str(status["lastAppliedRevision"])
    history = status.get("history") or []
    if history and "chartVersion" in history[0]:
        return f"{history[0]['chartName']}@{history[0]['chartVersion']}"
    return str((status.get("artifact") or {}).get("revision", ""))


def _inventory_key(entry: str) -> ObjectKey:
    """Read ``<namespace>_<name>_<group>_<kind>`` (Flux, section 7.1)."""
    namespace, rest = entry.split("_", 1)
    name, group, kind = rest.rsplit("_", 2)
    return ObjectKey(group, kind, namespace, name.replace("__", ":"))


def _inventory_status(api: Reader, key: ObjectKey) -> ObjectStatus:
    live = api.get(key)
    if live is None:
        return ObjectStatus(key=key, status="NotFound")
    found = kstatus.compute(live)
    return ObjectStatus(key=key, status=str(found.status), message=found.message)


def _application(cluster: str, item: Manifest, *, objects: bool) -> Delivery:
    status = item.get("status") or {}
    sync = (status.get("sync") or {}).get("status", "Unknown")
    health = (status.get("health") or {}).get("status", "Unknown")
    operation = status.get("operationState") or {}
    errors = [c for c in status.get("conditions") or [] if c["type"].endswith("Error")]
    return Delivery(
        cluster=cluster,
        key=key_of(item),
        state=_application_state(sync, health, operation, errors=bool(errors)),
        status=f"{sync}/{health}",
        revision=_application_revision(status),
        message=errors[0]["type"] + ": " + errors[0]["message"] if errors else operation.get("message", ""),
        objects=tuple(_resource_status(entry) for entry in (status.get("resources") or []) if objects),
    )


def _application_state(sync: str, health: str, operation: Json, *, errors: bool) -> State:
    if errors or operation.get("phase") in ("Failed", "Error") or health == "Degraded":
        return "failed"
    if sync == "Synced" and health == "Healthy" and operation.get("phase") in (None, "Succeeded"):
        return "ready"
    if sync == "Synced" and health == "Suspended":
        return "suspended"
    return "progressing"


def _application_revision(status: Json) -> str:
    sync = status.get("sync") or {}
    return sync.get("revision") or ", ".join(sync.get("revisions") or [])


def _resource_status(entry: Json) -> ObjectStatus:
    key = ObjectKey(entry.get("group", ""), entry["kind"], entry.get("namespace", ""), entry["name"])
    health = entry.get("health") or {}
    words = [entry.get("status", ""), health.get("status", "")]
    return ObjectStatus(key=key, status="/".join(filter(None, words)), message=health.get("message", ""))


def _order(item: Delivery) -> tuple[str, int, str, str]:
    kinds = [kind.kind for kind in (*_SOURCES, KUSTOMIZATION, HELM_RELEASE, APPLICATION)]
    return (item.cluster, kinds.index(item.key.kind), item.key.namespace, item.key.name)
