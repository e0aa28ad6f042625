"""StatefulSets and DaemonSets."""

from __future__ import annotations

from datetime import datetime

from nixernetes.cluster.workloads import pods
from nixernetes.cluster.workloads.profile import WorkloadProfile
from nixernetes.cluster.workloads.replicas import suffix, template_hash
from nixernetes.cluster.workloads.store import WorkloadStore, is_going, owner_reference, wanted_replicas
from nixernetes.objects.fields import mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["reconcile_daemon_set", "reconcile_stateful_set"]

_REVISION = "controller-revision-hash"


def reconcile_stateful_set(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Bring pods up in order, replace outdated ones from the last to the first, each when the others are ready."""
    if is_going(item):
        return None
    meta, template = item["metadata"], mapping_at(item, "spec", "template")
    revision = f"{meta['name']}-{template_hash(template)}"
    found = {pod["metadata"]["name"]: pod for pod in store.controlled(item, "Pod")}
    wanted = wanted_replicas(item)
    most = min(wanted, len(found) + store.grant(max(wanted - len(found), 0)))
    names = [f"{meta['name']}-{number}" for number in range(most)]
    for name in sorted(set(found) - set(names), reverse=True):
        store.delete(found.pop(name))
    parallel = text_at(item, "spec", "podManagementPolicy") == "Parallel"
    for number, name in enumerate(names):
        if name not in found:
            _claims(store, item, number)
            pod = pods.new_pod(name, owner_reference(item), meta["namespace"], template, {_REVISION: revision})
            store.create(pod)
        if not parallel and not (name in found and pods.is_ready(found[name])):
            break
    _replace_outdated(store, item, found, revision)
    _stateful_status(store, item, revision)
    return None


def _replace_outdated(store: WorkloadStore, item: Manifest, found: dict[str, Manifest], revision: str) -> None:
    on_delete = text_at(item, "spec", "updateStrategy", "type") == "OnDelete"
    if on_delete or len(found) < wanted_replicas(item):
        return
    if not all(pods.is_ready(pod) for pod in found.values() if _revision_of(pod) == revision):
        return
    partition = number_at(item, "spec", "updateStrategy", "rollingUpdate", "partition")
    ordered = sorted(found.items(), key=lambda row: int(row[0].rsplit("-", 1)[1]), reverse=True)
    for name, pod in ordered:
        if _revision_of(pod) != revision and int(name.rsplit("-", 1)[1]) >= partition:
            store.delete(pod)
            return


def _stateful_status(store: WorkloadStore, item: Manifest, revision: str) -> None:
    meta = item["metadata"]
    live = store.controlled(item, "Pod")
    ready = sum(pods.is_ready(pod) for pod in live)
    updated = sum(_revision_of(pod) == revision for pod in live)
    wanted = wanted_replicas(item)
    current = text_at(item, "status", "currentRevision") or revision
    if updated == len(live) == wanted and ready == wanted:
        current = revision
    store.set_status(
        item,
        {
            "observedGeneration": meta["generation"],
            "replicas": len(live),
            "readyReplicas": ready or None,
            "availableReplicas": ready,
            "currentReplicas": sum(_revision_of(pod) == current for pod in live) or None,
            "updatedReplicas": updated or None,
            "currentRevision": current,
            "updateRevision": revision,
            "collisionCount": 0,
        },
    )


def _claims(store: WorkloadStore, item: Manifest, number: int) -> None:
    """Make the claims of a pod; they outlive it."""
    meta = item["metadata"]
    for claim in objects_at(item, "spec", "volumeClaimTemplates"):
        name = f"{text_at(claim, 'metadata', 'name')}-{meta['name']}-{number}"
        if store.get(ObjectKey("", "PersistentVolumeClaim", meta["namespace"], name)) is None:
            own = {**mapping_at(claim, "metadata"), "name": name, "namespace": meta["namespace"]}
            whole: Json = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "spec": mapping_at(claim, "spec")}
            store.create({**whole, "metadata": own})


def reconcile_daemon_set(store: WorkloadStore, item: Manifest, profile: WorkloadProfile) -> datetime | None:
    """Keep one pod of the present template on each node."""
    if is_going(item):
        return None
    meta, template = item["metadata"], mapping_at(item, "spec", "template")
    revision = template_hash(template)
    found = store.controlled(item, "Pod")
    if text_at(item, "spec", "updateStrategy", "type") != "OnDelete":
        for pod in found:
            if _revision_of(pod) != revision:
                store.delete(pod)
    names = {f"{meta['name']}-{suffix(meta['uid'], revision, node)}" for node in range(profile.nodes)}
    for name in sorted(names - {pod["metadata"]["name"] for pod in found}):
        pod = pods.new_pod(name, owner_reference(item), meta["namespace"], template, {_REVISION: revision})
        store.create(pod)
    live = store.controlled(item, "Pod")
    ready = sum(pods.is_ready(pod) for pod in live)
    store.set_status(
        item,
        {
            "observedGeneration": meta["generation"],
            "desiredNumberScheduled": profile.nodes,
            "currentNumberScheduled": len(live),
            "numberMisscheduled": 0,
            "numberReady": ready,
            "numberAvailable": ready or None,
            "numberUnavailable": (profile.nodes - ready) or None,
            "updatedNumberScheduled": sum(_revision_of(pod) == revision for pod in live),
        },
    )
    return None


def _revision_of(pod: Manifest) -> str:
    return text_at(pod, "metadata", "labels", _REVISION)
