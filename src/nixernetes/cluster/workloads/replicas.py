"""Deployments and ReplicaSets."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from nixernetes.cluster.workloads import pods
from nixernetes.cluster.workloads.revisions import REVISION, next_revision, surplus
from nixernetes.cluster.workloads.store import (
    WorkloadStore,
    is_going,
    moment,
    owner_reference,
    transition,
    wanted_replicas,
)
from nixernetes.objects import manifest as manifests
from nixernetes.objects.fields import flag_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["reconcile_deployment", "reconcile_replica_set", "suffix", "template_hash"]

_HASH = "pod-template-hash"
_YEAR = 365 * 24 * 3600


def template_hash(template: Json) -> str:
    """Return a short name for a pod template: equal templates, equal names."""
    return manifests.digest(template)[:10]


def suffix(*parts: object) -> str:
    """Return five letters that stand where Kubernetes puts random ones."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:5]


def reconcile_replica_set(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Make as many pods as wanted, and count them."""
    if is_going(item):
        return None
    meta, wanted = item["metadata"], wanted_replicas(item)
    found = store.controlled(item, "Pod")
    for pod in found[wanted:]:
        store.delete(pod)
    names = {pod["metadata"]["name"] for pod in found}
    missing = store.grant(max(wanted - len(found), 0))
    candidates = (f"{meta['name']}-{suffix(meta['uid'], number)}" for number in range(missing + len(names)))
    for name in [name for name in candidates if name not in names][:missing]:
        store.create(pods.new_pod(name, owner_reference(item), meta["namespace"], _template(item), {}))
    live = store.controlled(item, "Pod")
    ready = store.ready(live)
    store.set_status(
        item,
        {
            "observedGeneration": meta["generation"],
            "replicas": len(live),
            "fullyLabeledReplicas": len(live),
            "readyReplicas": ready or None,
            "availableReplicas": ready or None,
            "conditions": [store.full(objects_at(item, "status", "conditions"))] if len(live) < wanted else None,
        },
    )
    return None


def reconcile_deployment(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Roll a Deployment out: the new ReplicaSet comes up beside the old ones, which go once it is ready."""
    if is_going(item):
        return None
    wanted = wanted_replicas(item)
    digest = template_hash(_template(item))
    sets = store.controlled(item, "ReplicaSet")
    current = _of_template(sets, digest)
    old = [one for one in sets if one is not current]
    if current is None and not flag_at(item, "spec", "paused"):
        store.create(_replica_set(item, digest, wanted, next_revision(old)))
    elif current is not None:
        store.scale(store.annotate(current, REVISION, str(next_revision(old, current))), wanted)
        if number_at(current, "status", "readyReplicas") >= wanted:
            for one in old:
                store.scale(one, 0)
    sets = store.controlled(item, "ReplicaSet")
    current = _of_template(sets, digest)
    counts = _counts(sets, current)
    complete = counts["updated"] >= wanted and counts["replicas"] == counts["updated"] == counts["ready"]
    if complete:
        for one in surplus(item, [one for one in sets if one is not current]):
            store.delete(one)
    since = _progress_since(item, store, digest)
    deadline = since + timedelta(seconds=_patience(item))
    late = not complete and (store.now >= deadline or _was_late(item, digest))
    status = _status(store, item, counts, complete=complete, late=late, digest=digest)
    failures = [one for one in objects_at(current or {}, "status", "conditions") if one["type"] == "ReplicaFailure"]
    store.set_status(item, {**status, "conditions": [*status["conditions"], *failures]})
    return None if complete or late else deadline


def _of_template(sets: list[Manifest], digest: str) -> Manifest | None:
    return next((one for one in sets if manifests.labels_of(one).get(_HASH) == digest), None)


def _patience(item: Manifest) -> int:
    """Return how many seconds a rollout may stand still; no year is longer."""
    return min(max(number_at(item, "spec", "progressDeadlineSeconds", default=600), 0), _YEAR)


def _template(item: Manifest) -> Json:
    return mapping_at(item, "spec", "template")


def _replica_set(item: Manifest, digest: str, wanted: int, revision: int) -> Manifest:
    meta, template = item["metadata"], _template(item)
    labels = {**mapping_at(template, "metadata", "labels"), _HASH: digest}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": f"{meta['name']}-{digest}",
            "namespace": meta["namespace"],
            "labels": labels,
            "annotations": {REVISION: str(revision)},
            "ownerReferences": [owner_reference(item)],
        },
        "spec": {
            "replicas": wanted,
            "selector": {"matchLabels": {**mapping_at(item, "spec", "selector", "matchLabels"), _HASH: digest}},
            "template": {**template, "metadata": {**mapping_at(template, "metadata"), "labels": labels}},
        },
    }


def _counts(sets: list[Manifest], current: Manifest | None) -> dict[str, int]:
    return {
        "replicas": sum(number_at(one, "status", "replicas") for one in sets),
        "ready": sum(number_at(one, "status", "readyReplicas") for one in sets),
        "updated": number_at(current, "status", "replicas"),
    }


def _progress_since(item: Manifest, store: WorkloadStore, digest: str) -> datetime:
    """Return when the rollout of this template began or last moved."""
    for condition in objects_at(item, "status", "conditions"):
        if condition["type"] == "Progressing" and digest in text_at(condition, "message"):
            return moment(condition["lastUpdateTime"])
    return store.now


def _was_late(item: Manifest, digest: str) -> bool:
    conditions = objects_at(item, "status", "conditions")
    late = (one for one in conditions if text_at(one, "reason") == "ProgressDeadlineExceeded")
    return any(digest in text_at(one, "message") for one in late)


def _status(
    store: WorkloadStore, item: Manifest, counts: dict[str, int], *, complete: bool, late: bool, digest: str
) -> Json:
    wanted, name = wanted_replicas(item), f"{item['metadata']['name']}-{digest}"
    old = {one["type"]: one for one in objects_at(item, "status", "conditions") if one["type"] != "ReplicaFailure"}
    available = counts["ready"] >= max(wanted - wanted // 4, 0)
    progressing = _progressing(name, complete=complete, late=late)
    was = mapping_at(old, "Progressing")
    same = (text_at(was, "reason"), text_at(was, "message")) == (progressing["reason"], progressing["message"])
    moved = counts["ready"] > number_at(item, "status", "readyReplicas")
    progressing["lastUpdateTime"] = was["lastUpdateTime"] if same and not moved else store.stamp()
    word = "Available" if available else "Unavailable"
    availability = {
        "type": "Available",
        "status": str(available),
        "reason": f"MinimumReplicas{word}",
        "message": f"Deployment {'has' if available else 'does not have'} minimum availability.",
    }
    was = mapping_at(old, "Available")
    same = text_at(was, "status") == availability["status"]
    availability["lastUpdateTime"] = was["lastUpdateTime"] if same else store.stamp()
    return {
        "observedGeneration": item["metadata"]["generation"],
        "replicas": counts["replicas"] or None,
        "updatedReplicas": counts["updated"] or None,
        "readyReplicas": counts["ready"] or None,
        "availableReplicas": counts["ready"] or None,
        "unavailableReplicas": max(wanted - counts["ready"], 0) or None,
        "conditions": transition(list(old.values()), [availability, progressing], store.stamp()),
    }


def _progressing(name: str, *, complete: bool, late: bool) -> Json:
    if complete:
        reason, message = "NewReplicaSetAvailable", f'ReplicaSet "{name}" has successfully progressed.'
    elif late:
        reason, message = "ProgressDeadlineExceeded", f'ReplicaSet "{name}" has timed out progressing.'
    else:
        reason, message = "ReplicaSetUpdated", f'ReplicaSet "{name}" is progressing.'
    return {"type": "Progressing", "status": str(not late), "reason": reason, "message": message}
