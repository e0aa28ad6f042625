"""ReplicaSets: as many pods as wanted, counted.

After Kubernetes 1.34.4: ``pkg/controller/replicaset`` (``replica_set.go``, ``replica_set_utils.go``) and
``ActivePodsWithRanks`` of ``pkg/controller/controller_utils.go``.
"""

from __future__ import annotations

from datetime import datetime

from nixernetes.cluster.generated_names import suffix
from nixernetes.cluster.workloads import pods
from nixernetes.cluster.workloads.store import WorkloadStore, is_going, owner_reference, wanted_replicas
from nixernetes.objects.fields import mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest, annotations_of, labels_of

__all__ = ["reconcile_replica_set"]

_COST = "controller.kubernetes.io/pod-deletion-cost"


def reconcile_replica_set(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Make as many pods as wanted, and count them; return when one of them may be available."""
    if is_going(item):
        return None
    wanted = wanted_replicas(item)
    found = [pod for pod in store.controlled(item, "Pod") if pods.is_active(pod)]
    if len(found) > wanted:
        for pod in sorted(found, key=lambda each: _rank(store, each))[: len(found) - wanted]:
            store.delete(pod)
            told = f"Deleted pod: {pod['metadata']['name']}"
            store.event(item, "Normal", "SuccessfulDelete", told)
    elif len(found) < wanted:
        _make(store, item, found, store.grant(wanted - len(found)))
    live = [pod for pod in store.controlled(item, "Pod") if pods.is_active(pod)]
    counted, again = store.available(live, number_at(item, "spec", "minReadySeconds"))
    store.set_status(
        item,
        {
            "observedGeneration": item["metadata"]["generation"],
            "replicas": len(live),
            "fullyLabeledReplicas": sum(_is_labelled(item, pod) for pod in live) or None,
            "readyReplicas": store.ready(live) or None,
            "availableReplicas": counted or None,
            "conditions": [store.full(objects_at(item, "status", "conditions"))] if len(live) < wanted else None,
        },
    )
    return again


def _make(store: WorkloadStore, item: Manifest, found: list[Manifest], missing: int) -> None:
    meta, template = item["metadata"], mapping_at(item, "spec", "template")
    taken = {pod["metadata"]["name"] for pod in found}
    made, number = 0, 0
    while made < missing:
        name = f"{meta['name']}-{suffix(meta['uid'], store.now, number)}"
        number += 1
        if name in taken:
            continue
        made += 1
        pod = pods.new_pod(name, owner_reference(item), meta["namespace"], template, {})
        if store.create(pod) is None:
            store.event(item, "Warning", "FailedCreate", f"Error creating: {store.refused}")
            return  # what is refused now is refused for the others, too
        store.event(item, "Normal", "SuccessfulCreate", f"Created pod: {name}")


def _is_labelled(item: Manifest, pod: Manifest) -> bool:
    return mapping_at(item, "spec", "template", "metadata", "labels").items() <= labels_of(pod).items()


def _rank(store: WorkloadStore, pod: Manifest) -> tuple[object, ...]:
    """Return what decides which pods go first: those that are least along, cheapest, and newest."""
    phase = {"Pending": 0, "Unknown": 1}
    cost = annotations_of(pod).get(_COST, "")
    since = datetime.fromisoformat(pod["metadata"]["creationTimestamp"]).timestamp()
    return (
        bool(text_at(pod, "spec", "nodeName")),
        phase.get(text_at(pod, "status", "phase"), 2),
        store.is_ready(pod),
        int(cost) if cost.lstrip("-").isdecimal() else 0,
        -since,
        pod["metadata"]["name"],
    )
