"""The kubelet: a pod is scheduled, starts, gets ready, ends, or fails as it is told."""

from __future__ import annotations

from datetime import datetime

from nixernetes.cluster.workloads.profile import Failure, WorkloadProfile
from nixernetes.cluster.workloads.store import Store, moment, transition
from nixernetes.objects import manifest as manifests
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["is_ready", "new_pod", "reconcile"]

_READY_TYPES = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")


def new_pod(name: str, owner: Json, namespace: str, template: Json, labels: dict[str, str]) -> Manifest:
    """Return a pod of a template."""
    meta = template.get("metadata") or {}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {**(meta.get("labels") or {}), **labels},
            "annotations": dict(meta.get("annotations") or {}),
            "ownerReferences": [owner],
        },
        "spec": manifests.copy(template.get("spec") or {}),
        "status": {"phase": "Pending"},
    }


def is_ready(pod: Manifest) -> bool:
    """Tell whether a pod is ready."""
    conditions = (pod.get("status") or {}).get("conditions") or []
    return any(item["type"] == "Ready" and item["status"] == "True" for item in conditions)


def reconcile(store: Store, pod: Manifest, profile: WorkloadProfile) -> datetime | None:
    """Bring a pod's status up to date; return when to look again."""
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed") or pod["metadata"].get("deletionTimestamp"):
        return None
    due = moment(pod["metadata"]["creationTimestamp"]) + profile.readiness(pod)
    failure = profile.failure(pod)
    early = failure in (Failure.IMAGE_PULL, Failure.UNSCHEDULABLE)
    if store.now < due and not early:
        store.set_status(pod, _starting(store, pod))
        return due
    store.set_status(pod, _failed(store, pod, failure) if failure is not None else _arrived(store, pod))
    return None


def _starting(store: Store, pod: Manifest) -> Json:
    waiting = {"waiting": {"reason": "ContainerCreating"}}
    return {
        "phase": "Pending",
        "startTime": pod["metadata"]["creationTimestamp"],
        "conditions": _conditions(store, pod, scheduled=True, ready=False),
        "containerStatuses": _containers(pod, waiting, ready=False),
    }


def _arrived(store: Store, pod: Manifest) -> Json:
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


def _failed(store: Store, pod: Manifest, failure: Failure) -> Json:
    if failure is Failure.UNSCHEDULABLE:
        why = "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available."
        scheduled = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why}
        old = (pod.get("status") or {}).get("conditions") or []
        return {"phase": "Pending", "conditions": transition(old, [scheduled], store.stamp())}
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


def _failing_containers(store: Store, pod: Manifest, failure: Failure) -> list[Json]:
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


def _containers(pod: Manifest, state: Json, *, ready: bool) -> list[Json]:
    return [
        {
            "name": container.get("name", ""),
            "image": container.get("image", ""),
            "imageID": "",
            "ready": ready,
            "started": ready,
            "restartCount": 0,
            "state": state,
        }
        for container in pod["spec"].get("containers") or []
    ]


def _conditions(store: Store, pod: Manifest, *, scheduled: bool, ready: bool, reason: str = "") -> list[Json]:
    states = dict.fromkeys(_READY_TYPES, True) | {"PodScheduled": scheduled, "Ready": ready, "ContainersReady": ready}
    new = [
        {"type": name, "status": str(good)} | ({"reason": reason} if reason and not good else {})
        for name, good in states.items()
    ]
    return transition((pod.get("status") or {}).get("conditions") or [], new, store.stamp())


def _ends(pod: Manifest) -> bool:
    return pod["spec"].get("restartPolicy") in ("Never", "OnFailure")
