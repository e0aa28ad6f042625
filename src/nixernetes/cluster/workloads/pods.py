"""The kubelet: a pod is scheduled, starts, gets ready, ends, or fails as it is told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from nixernetes.cluster.workloads.needs import Missing, missing
from nixernetes.cluster.workloads.profile import Failure, WorkloadProfile
from nixernetes.cluster.workloads.store import WorkloadStore, is_going, moment, transition
from nixernetes.objects import manifest as manifests
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

if TYPE_CHECKING:  # few clusters have nodes that are declared
    from nixernetes.cluster.workloads.scheduling.scheduler import Scheduler

__all__ = ["is_active", "is_ready", "new_pod", "reconcile"]

_ENDING = 5
_READY_TYPES = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")


def new_pod(
    name: str, owner: Json, namespace: str, template: Json, labels: dict[str, str], *, generated: bool = True
) -> Manifest:
    """Return a pod of a template; one whose name is generated ends in five random letters."""
    meta: Json = {
        "name": name,
        "generateName": name[: len(name) - _ENDING],
        "namespace": namespace,
        "labels": {**mapping_at(template, "metadata", "labels"), **labels},
        "ownerReferences": [owner],
    }
    if not generated:
        del meta["generateName"]
    notes = mapping_at(template, "metadata", "annotations")
    if notes:
        meta["annotations"] = dict(notes)
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": meta,
        "spec": manifests.copy(mapping_at(template, "spec")),
        "status": {"phase": "Pending"},
    }


def is_ready(pod: Manifest) -> bool:
    """Tell whether a pod is ready."""
    conditions = objects_at(pod, "status", "conditions")
    return any((text_at(one, "type"), text_at(one, "status")) == ("Ready", "True") for one in conditions)


def is_active(pod: Manifest) -> bool:
    """Tell whether a pod runs, or is on its way to."""
    return not is_going(pod) and text_at(pod, "status", "phase") not in ("Succeeded", "Failed")


def reconcile(
    store: WorkloadStore, pod: Manifest, profile: WorkloadProfile, scheduler: Scheduler | None = None
) -> datetime | None:
    """Bring a pod's status up to date; return when to look again."""
    if is_going(pod) and scheduler is not None and text_at(pod, "spec", "nodeName"):
        store.end(pod)
        return None
    if text_at(pod, "status", "phase") in ("Succeeded", "Failed") or is_going(pod):
        return None
    if not profile.nodes:
        return None  # nobody runs pods here
    due = moment(pod["metadata"]["creationTimestamp"]) + profile.readiness(pod)
    failure = profile.failure(pod)
    if failure is Failure.IMAGE_PULL and text_at(pod, "status", "phase") == "Running":
        failure = None  # its image is on the node
    early = failure in (Failure.IMAGE_PULL, Failure.UNSCHEDULABLE)
    lack = missing(pod, store.find, profile.nodes) if text_at(pod, "status", "phase") == "Pending" else None
    if lack is not None:
        store.lacks = True
        store.set_status(pod, _held(store, pod, lack))
        return None
    if scheduler is not None and not text_at(pod, "spec", "nodeName") and failure is not Failure.UNSCHEDULABLE:
        placed = _scheduled(store, pod, scheduler)
        if placed is None:
            return None
        pod = placed
    if store.now < due and not early:
        store.set_status(pod, _starting(store, pod))
        return due
    store.set_status(pod, _failed(store, pod, failure) if failure is not None else _arrived(store, pod))
    return None


def _scheduled(store: WorkloadStore, pod: Manifest, scheduler: Scheduler) -> Manifest | None:
    """Return a pod on its node; None where no node takes it, which its status says."""
    placement = scheduler.place(pod)
    name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
    if placement.node:
        store.event(pod, "Normal", "Scheduled", f"Successfully assigned {name} to {placement.node}")
        return store.bind(pod, placement.node)
    told = [text_at(each, "message") for each in objects_at(pod, "status", "conditions")]
    if placement.message not in told:
        store.event(pod, "Warning", "FailedScheduling", placement.message)
    store.set_status(pod, _unscheduled(store, pod, placement.message))
    return None


def _starting(store: WorkloadStore, pod: Manifest) -> Json:
    waiting = {"waiting": {"reason": "ContainerCreating"}}
    return {
        "phase": "Pending",
        "startTime": pod["metadata"]["creationTimestamp"],
        "conditions": _conditions(store, pod, scheduled=True, ready=False),
        "containerStatuses": _containers(pod, waiting, ready=False),
    }


def _held(store: WorkloadStore, pod: Manifest, lack: Missing) -> Json:
    """Return the status of a pod that lacks something; what the kubelet says in an event stands in its status, too."""
    if lack.scheduling:
        return _unscheduled(store, pod, lack.scheduling)
    runs_first = bool(objects_at(pod, "spec", "initContainers"))
    waits = {"reason": "PodInitializing" if runs_first else "ContainerCreating"}
    told = {"reason": "ContainerCreating", "message": lack.mounting}
    statuses: dict[str, list[Json]] = {}
    for part, field in (("initContainers", "initContainerStatuses"), ("containers", "containerStatuses")):
        is_next = bool(part == "initContainers" or not runs_first)
        statuses[field] = _containers(pod, {}, ready=False, part=part)
        for status in statuses[field]:
            said = lack.containers.get(status["name"], "")
            lacking = {"reason": "CreateContainerConfigError", "message": said} if said else waits
            status["state"] = {"waiting": (told if lack.mounting else lacking) if is_next else waits}
    return {
        "phase": "Pending",
        "startTime": pod["metadata"]["creationTimestamp"],
        "conditions": _conditions(store, pod, scheduled=True, ready=False, reason="ContainersNotReady"),
        **{field: found for field, found in statuses.items() if found},
    }


def _arrived(store: WorkloadStore, pod: Manifest) -> Json:
    if _ends(pod):
        state = {"terminated": {"exitCode": 0, "reason": "Completed", "finishedAt": store.stamp()}}
        return {
            "phase": "Succeeded",
            "conditions": _conditions(store, pod, scheduled=True, ready=False, reason="PodCompleted"),
            "containerStatuses": _containers(pod, state, ready=False),
        }
    return {
        "phase": "Running",
        "conditions": _conditions(store, pod, scheduled=True, ready=True),
        "containerStatuses": _containers(pod, {"running": {"startedAt": store.stamp()}}, ready=True),
    }


def _failed(store: WorkloadStore, pod: Manifest, failure: Failure) -> Json:
    if failure is Failure.UNSCHEDULABLE:
        return _unscheduled(
            store, pod, "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available."
        )
    if _ends(pod) and failure in (Failure.ERROR, Failure.CRASH):
        state = {"terminated": {"exitCode": 1, "reason": "Error", "finishedAt": store.stamp()}}
        return {
            "phase": "Failed",
            "conditions": _conditions(store, pod, scheduled=True, ready=False, reason="PodFailed"),
            "containerStatuses": _containers(pod, state, ready=False),
        }
    phase = "Pending" if failure is Failure.IMAGE_PULL else "Running"
    return {
        "phase": phase,
        "startTime": pod["metadata"]["creationTimestamp"],
        "conditions": _conditions(store, pod, scheduled=True, ready=False, reason="ContainersNotReady"),
        "containerStatuses": _failing_containers(store, pod, failure),
    }


def _unscheduled(store: WorkloadStore, pod: Manifest, why: str) -> Json:
    scheduled = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why}
    old = objects_at(pod, "status", "conditions")
    return {"phase": "Pending", "conditions": transition(old, [scheduled], store.stamp())}


def _failing_containers(store: WorkloadStore, pod: Manifest, failure: Failure) -> list[Json]:
    name = pod["metadata"]["name"]
    if failure is Failure.NEVER_READY:
        return _containers(pod, {"running": {"startedAt": store.stamp()}}, ready=False)
    if failure is Failure.IMAGE_PULL:
        statuses = _containers(pod, {}, ready=False)
        for status in statuses:
            why = f'Back-off pulling image "{status["image"]}"'
            status["state"] = {"waiting": {"reason": "ImagePullBackOff", "message": why}}
        return statuses
    why = f"back-off 5m0s restarting failed container in pod {name}"
    ended = {"terminated": {"exitCode": 1, "reason": "Error", "finishedAt": store.stamp()}}
    statuses = _containers(pod, {"waiting": {"reason": "CrashLoopBackOff", "message": why}}, ready=False)
    return [{**status, "lastState": ended, "restartCount": 5} for status in statuses]


def _containers(pod: Manifest, state: Json, *, ready: bool, part: str = "containers") -> list[Json]:
    return [
        {
            "name": text_at(container, "name"),
            "image": text_at(container, "image"),
            "imageID": "",
            "ready": ready,
            "started": ready,
            "restartCount": 0,
            "state": state,
        }
        for container in objects_at(pod, "spec", part)
    ]


def _conditions(store: WorkloadStore, pod: Manifest, *, scheduled: bool, ready: bool, reason: str = "") -> list[Json]:
    states = dict.fromkeys(_READY_TYPES, True) | {"PodScheduled": scheduled, "Ready": ready, "ContainersReady": ready}
    new = [
        {"type": name, "status": str(good)} | ({"reason": reason} if reason and not good else {})
        for name, good in states.items()
    ]
    return transition(objects_at(pod, "status", "conditions"), new, store.stamp())


def _ends(pod: Manifest) -> bool:
    return text_at(pod, "spec", "restartPolicy") in ("Never", "OnFailure")
