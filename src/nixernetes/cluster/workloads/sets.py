"""StatefulSets and DaemonSets."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Final

from nixernetes.cluster.generated_names import suffix, template_hash
from nixernetes.cluster.workloads import pods
from nixernetes.cluster.workloads.profile import WorkloadProfile
from nixernetes.cluster.workloads.store import WorkloadStore, is_going, owner_reference, wanted_replicas
from nixernetes.objects.fields import mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest

if TYPE_CHECKING:
    from nixernetes.cluster.workloads.scheduling.scheduler import Scheduler

__all__ = ["reconcile_daemon_set", "reconcile_stateful_set"]

_MOST_IN_ORDER: Final = 1_000  # pods that come one after the other: each looks at all before it
_REVISION: Final = "controller-revision-hash"


def reconcile_stateful_set(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Bring pods up in order, replace outdated ones from the last to the first, each when the others are ready."""
    if is_going(item):
        return None
    meta, template = item["metadata"], mapping_at(item, "spec", "template")
    revision = f"{meta['name']}-{template_hash(template)}"
    found = {pod["metadata"]["name"]: pod for pod in store.controlled(item, "Pod")}
    parallel = text_at(item, "spec", "podManagementPolicy") == "Parallel"
    most = min(wanted_replicas(item), len(found) + store.grant(max(wanted_replicas(item) - len(found), 0)))
    if not parallel and most > _MOST_IN_ORDER:
        most = _MOST_IN_ORDER
        store.short = f"a simulated StatefulSet brings up {most:,} pods in order: ask for fewer, or for Parallel"
    names = [f"{meta['name']}-{number}" for number in range(most)]
    extra = sorted(found.keys() - names, reverse=True)
    for name in extra:
        store.delete(found.pop(name))
    made = _make_missing(store, item, found, names, revision, parallel=parallel)
    outdated = [name for name, pod in found.items() if _revision_of(pod) != revision]
    gone = _replace_outdated(store, item, found, outdated)
    live = store.controlled(item, "Pod") if made or gone or extra else [*found.values()]
    _stateful_status(store, item, revision, live)
    return None


def _make_missing(
    store: WorkloadStore, item: Manifest, found: dict[str, Manifest], names: list[str], revision: str, *, parallel: bool
) -> bool:
    """Make the pods that are missing, one at a time unless they may come in parallel; tell whether any was made."""
    meta, template, made = item["metadata"], mapping_at(item, "spec", "template"), False
    for number, name in enumerate(names):
        if name not in found:
            _claims(store, item, number)
            pod = pods.new_pod(
                name, owner_reference(item), meta["namespace"], template, {_REVISION: revision}, generated=False
            )
            claimed = _claimed(item, number)
            names_taken = {each["name"] for each in claimed}
            others = [each for each in objects_at(pod, "spec", "volumes") if text_at(each, "name") not in names_taken]
            pod["spec"]["volumes"] = [*claimed, *others]
            made |= store.create(pod) is not None
        if not parallel and not (name in found and store.is_ready(found[name])):
            break
    return made


def _replace_outdated(store: WorkloadStore, item: Manifest, found: dict[str, Manifest], outdated: list[str]) -> bool:
    """Delete the last outdated pod when those of the new revision are ready; tell whether one was deleted."""
    on_delete = text_at(item, "spec", "updateStrategy", "type") == "OnDelete"
    if not outdated or on_delete or len(found) < wanted_replicas(item):
        return False
    stale = {*outdated}
    if not all(store.is_ready(pod) for name, pod in found.items() if name not in stale):
        return False
    partition = number_at(item, "spec", "updateStrategy", "rollingUpdate", "partition")
    last = max(outdated, key=_ordinal)
    if _ordinal(last) >= partition:
        store.delete(found[last])
        return True
    return False


def _ordinal(name: str) -> int:
    return int(name.rsplit("-", 1)[1])


def _stateful_status(store: WorkloadStore, item: Manifest, revision: str, live: list[Manifest]) -> None:
    revisions = Counter(map(_revision_of, live))
    ready, updated, wanted = store.ready(live), revisions[revision], wanted_replicas(item)
    current = text_at(item, "status", "currentRevision") or revision
    if updated == len(live) == wanted and ready == wanted:
        current = revision
    store.set_status(
        item,
        {
            "observedGeneration": item["metadata"]["generation"],
            "replicas": len(live),
            "readyReplicas": ready or None,
            "availableReplicas": ready,
            "currentReplicas": revisions[current] or None,
            "updatedReplicas": updated or None,
            "currentRevision": current,
            "updateRevision": revision,
            "collisionCount": 0,
        },
    )


def _claimed(item: Manifest, number: int) -> list[Json]:
    """Return the volumes of a pod that are its claims."""
    names = [text_at(claim, "metadata", "name") for claim in objects_at(item, "spec", "volumeClaimTemplates")]
    return [
        {"name": name, "persistentVolumeClaim": {"claimName": f"{name}-{item['metadata']['name']}-{number}"}}
        for name in names
    ]


def _claims(store: WorkloadStore, item: Manifest, number: int) -> None:
    """Make the claims of a pod; they outlive it."""
    meta = item["metadata"]
    for claim in objects_at(item, "spec", "volumeClaimTemplates"):
        name = f"{text_at(claim, 'metadata', 'name')}-{meta['name']}-{number}"
        if store.get(ObjectKey("", "PersistentVolumeClaim", meta["namespace"], name)) is None:
            labels = {**mapping_at(claim, "metadata", "labels"), **mapping_at(item, "spec", "selector", "matchLabels")}
            own = {**mapping_at(claim, "metadata"), "name": name, "namespace": meta["namespace"], "labels": labels}
            whole: Json = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "spec": mapping_at(claim, "spec")}
            store.create({**whole, "metadata": own})


def reconcile_daemon_set(
    store: WorkloadStore, item: Manifest, profile: WorkloadProfile, scheduler: Scheduler | None = None
) -> datetime | None:
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
    nodes = _nodes(template, profile, scheduler)
    names = {f"{meta['name']}-{suffix(meta['uid'], revision, number)}": name for number, name in nodes.items()}
    for name in sorted(names.keys() - {pod["metadata"]["name"] for pod in found}):
        pod = pods.new_pod(name, owner_reference(item), meta["namespace"], template, {_REVISION: revision})
        if names[name]:
            _pin(pod, names[name])
        store.create(pod)
    live = store.controlled(item, "Pod")
    ready = store.ready(live)
    store.set_status(
        item,
        {
            "observedGeneration": meta["generation"],
            "desiredNumberScheduled": len(nodes),
            "currentNumberScheduled": len(live),
            "numberMisscheduled": 0,
            "numberReady": ready,
            "numberAvailable": ready or None,
            "numberUnavailable": (len(nodes) - ready) or None,
            "updatedNumberScheduled": sum(_revision_of(pod) == revision for pod in live) or None,
        },
    )
    return None


def _nodes(template: Manifest, profile: WorkloadProfile, scheduler: Scheduler | None) -> dict[int, str]:
    """Return the nodes that a DaemonSet has a pod on: numbers, and names where nodes have any."""
    if scheduler is None:
        return dict.fromkeys(range(profile.nodes), "")
    machines = enumerate(scheduler.machines)
    return {number: machine.name for number, machine in machines if scheduler.runs_daemon(machine, template)}


def _pin(pod: Manifest, node: str) -> None:
    """Let a pod run on one node alone (``ReplaceDaemonSetPodNodeNameNodeAffinity``)."""
    only = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}
    affinity = mapping_at(pod, "spec", "affinity")
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [only]}}
    pod["spec"]["affinity"] = {**affinity, "nodeAffinity": {**mapping_at(affinity, "nodeAffinity"), **required}}


def _revision_of(pod: Manifest) -> str:
    labels: dict[str, str] = pod["metadata"].get("labels", {})  # the cluster took it, so they are texts
    return labels.get(_REVISION, "")
