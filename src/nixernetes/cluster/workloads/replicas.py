"""Deployments and ReplicaSets."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from nixernetes.cluster.workloads import pods
from nixernetes.cluster.workloads.store import Store, moment, owner_reference, transition
from nixernetes.objects import manifest as manifests
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["reconcile_deployment", "reconcile_replica_set", "suffix", "template_hash"]

_HASH = "pod-template-hash"


def template_hash(template: Json) -> str:
    """Return a short name for a pod template: equal templates, equal names."""
    return manifests.digest(template)[:10]


def suffix(*parts: object) -> str:
    """Return five letters that stand where Kubernetes puts random ones."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:5]


def reconcile_replica_set(store: Store, item: Manifest) -> datetime | None:
    """Make as many pods as wanted, and count them."""
    if item["metadata"].get("deletionTimestamp"):
        return None
    spec, meta = item["spec"], item["metadata"]
    wanted = spec.get("replicas", 1)
    found = store.controlled(item, "Pod")
    for pod in found[wanted:]:
        store.delete(pod)
    names = {pod["metadata"]["name"] for pod in found}
    candidates = (f"{meta['name']}-{suffix(meta['uid'], number)}" for number in range(wanted + len(names)))
    for name in [name for name in candidates if name not in names][: max(wanted - len(found), 0)]:
        store.create(pods.new_pod(name, owner_reference(item), meta["namespace"], spec.get("template") or {}, {}))
    live = store.controlled(item, "Pod")
    ready = sum(pods.is_ready(pod) for pod in live)
    store.set_status(
        item,
        {
            "observedGeneration": meta["generation"],
            "replicas": len(live),
            "fullyLabeledReplicas": len(live),
            "readyReplicas": ready or None,
            "availableReplicas": ready or None,
        },
    )
    return None


def reconcile_deployment(store: Store, item: Manifest) -> datetime | None:
    """Roll a Deployment out: the new ReplicaSet comes up beside the old ones, which go once it is ready."""
    if item["metadata"].get("deletionTimestamp"):
        return None
    spec = item["spec"]
    wanted = spec.get("replicas", 1)
    digest = template_hash(spec.get("template") or {})
    sets = store.controlled(item, "ReplicaSet")
    current = next((one for one in sets if manifests.labels_of(one).get(_HASH) == digest), None)
    if current is None and not spec.get("paused"):
        store.create(_replica_set(item, digest, wanted, len(sets) + 1))
    elif current is not None:
        store.scale(current, wanted)
        if (current.get("status") or {}).get("readyReplicas", 0) >= wanted:
            for old in sets:
                if old is not current:
                    store.scale(old, 0)
    sets = store.controlled(item, "ReplicaSet")
    current = next((one for one in sets if manifests.labels_of(one).get(_HASH) == digest), None)
    counts = _counts(sets, current)
    complete = counts["updated"] >= wanted and counts["replicas"] == counts["updated"] == counts["ready"]
    since = _progress_since(item, store, digest)
    deadline = since + timedelta(seconds=spec.get("progressDeadlineSeconds", 600))
    late = not complete and (store.now >= deadline or _was_late(item, digest))
    store.set_status(item, _status(store, item, counts, complete=complete, late=late, digest=digest))
    return None if complete or late else deadline


def _replica_set(item: Manifest, digest: str, wanted: int, revision: int) -> Manifest:
    spec, meta = item["spec"], item["metadata"]
    template = spec.get("template") or {}
    labels = {**((template.get("metadata") or {}).get("labels") or {}), _HASH: digest}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": f"{meta['name']}-{digest}",
            "namespace": meta["namespace"],
            "labels": labels,
            "annotations": {"deployment.kubernetes.io/revision": str(revision)},
            "ownerReferences": [owner_reference(item)],
        },
        "spec": {
            "replicas": wanted,
            "selector": {"matchLabels": {**((spec.get("selector") or {}).get("matchLabels") or {}), _HASH: digest}},
            "template": {**template, "metadata": {**(template.get("metadata") or {}), "labels": labels}},
        },
    }


def _counts(sets: list[Manifest], current: Manifest | None) -> dict[str, int]:
    statuses = [one.get("status") or {} for one in sets]
    mine = (current.get("status") or {}) if current is not None else {}
    return {
        "replicas": sum(status.get("replicas", 0) for status in statuses),
        "ready": sum(status.get("readyReplicas", 0) for status in statuses),
        "updated": mine.get("replicas", 0),
    }


def _progress_since(item: Manifest, store: Store, digest: str) -> datetime:
    """Return when the rollout of this template began or last moved."""
    for condition in (item.get("status") or {}).get("conditions") or []:
        if condition["type"] == "Progressing" and digest in condition.get("message", ""):
            return moment(condition["lastUpdateTime"])
    return store.now


def _was_late(item: Manifest, digest: str) -> bool:
    conditions = (item.get("status") or {}).get("conditions") or []
    return any(c.get("reason") == "ProgressDeadlineExceeded" and digest in c.get("message", "") for c in conditions)


def _status(store: Store, item: Manifest, counts: dict[str, int], *, complete: bool, late: bool, digest: str) -> Json:
    wanted, name = item["spec"].get("replicas", 1), f"{item['metadata']['name']}-{digest}"
    old = {condition["type"]: condition for condition in (item.get("status") or {}).get("conditions") or []}
    available = counts["ready"] >= max(wanted - wanted // 4, 0)
    progressing = _progressing(name, complete=complete, late=late)
    was = old.get("Progressing", {})
    same = (was.get("reason"), was.get("message")) == (progressing["reason"], progressing["message"])
    moved = counts["ready"] > (item.get("status") or {}).get("readyReplicas", 0)
    progressing["lastUpdateTime"] = was["lastUpdateTime"] if same and not moved else store.stamp()
    word = "Available" if available else "Unavailable"
    availability = {
        "type": "Available",
        "status": str(available),
        "reason": f"MinimumReplicas{word}",
        "message": f"Deployment {'has' if available else 'does not have'} minimum availability.",
    }
    was = old.get("Available", {})
    same = was.get("status") == availability["status"]
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
