"""What a Deployment says of itself: counts, and the conditions of its availability and its progress.

After Kubernetes 1.34.4: ``pkg/controller/deployment/progress.go``, ``sync.go`` (``calculateStatus``) and
``util/deployment_util.go`` (``SetDeploymentCondition``, ``DeploymentProgressing``, ``DeploymentTimedOut``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from nixernetes.cluster.workloads.rollouts import Bounds, available, total
from nixernetes.cluster.workloads.store import WorkloadStore, moment
from nixernetes.objects.fields import number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["counts", "has_deadline", "is_complete", "patience", "progress", "set_condition"]

_UNLIMITED: Final = 2**31 - 1
_YEAR: Final = 365 * 24 * 3600
_COUNTED: Final = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas")


def counts(item: Manifest, sets: list[Manifest], current: Manifest | None, allowed: Bounds, now: str) -> Json:
    """Return the status of a Deployment but for its progress."""
    there = sum(map(available, sets))
    status: Json = {
        "observedGeneration": item["metadata"]["generation"],
        "replicas": sum(number_at(one, "status", "replicas") for one in sets) or None,
        "updatedReplicas": number_at(current, "status", "replicas") or None,
        "readyReplicas": sum(number_at(one, "status", "readyReplicas") for one in sets) or None,
        "availableReplicas": there or None,
        "unavailableReplicas": max(total(sets) - there, 0) or None,
    }
    is_enough = there >= allowed.wanted - allowed.unavailable
    word = "Available" if is_enough else "Unavailable"
    message = f"Deployment {'has' if is_enough else 'does not have'} minimum availability."
    status["conditions"] = set_condition(
        objects_at(item, "status", "conditions"), _new("Available", is_enough, f"MinimumReplicas{word}", message), now
    )
    return status


def is_complete(wanted: int, status: Json) -> bool:
    """Tell whether all pods are new and available."""
    return all(number_at(status, name) == wanted for name in ("replicas", "updatedReplicas", "availableReplicas"))


def progress(
    store: WorkloadStore, item: Manifest, status: Json, current: Manifest | None, sets: list[Manifest], wanted: int
) -> None:
    """Put the conditions of progress and of failures into a status.

    Args:
        store: the present moment.
        item: the Deployment as it stands.
        status: its new status, which is changed.
        current: the new ReplicaSet, if there is one.
        sets: all ReplicaSets.
        wanted: how many pods are wanted.

    """
    now, conditions = store.stamp(), status["conditions"]
    was = _of(conditions, "Progressing")
    stood_still = number_at(status, "replicas") == number_at(status, "updatedReplicas")
    is_done = stood_still and text_at(was, "reason") == "NewReplicaSetAvailable"
    what = f'ReplicaSet "{current["metadata"]["name"]}"' if current else f'Deployment "{item["metadata"]["name"]}"'
    if not has_deadline(item):
        conditions = [one for one in conditions if one["type"] != "Progressing"]
    elif is_done:
        pass
    elif is_complete(wanted, status):
        message = f"{what} has successfully progressed."
        conditions = set_condition(conditions, _new("Progressing", True, "NewReplicaSetAvailable", message), now)
    elif _has_moved(item, status):
        new = {**_new("Progressing", True, "ReplicaSetUpdated", f"{what} is progressing."), "lastUpdateTime": now}
        new["lastTransitionTime"] = was["lastTransitionTime"] if was and was["status"] == "True" else now
        conditions = [*(one for one in conditions if one["type"] != "Progressing"), new]
    elif _is_late(store, item, was):
        message = f"{what} has timed out progressing."
        conditions = set_condition(conditions, _new("Progressing", False, "ProgressDeadlineExceeded", message), now)
    failed = _failure(current, sets)
    conditions = [one for one in conditions if failed or one["type"] != "ReplicaFailure"]
    status["conditions"] = set_condition(conditions, failed, now) if failed else conditions


def set_condition(old: list[Json], new: Json, now: str) -> list[Json]:
    """Return conditions with one set: at the end where its status or its reason is new, else as it was."""
    was = _of(old, new["type"])
    if was and (was["status"], text_at(was, "reason")) == (new["status"], new["reason"]):
        return old
    since = was["lastTransitionTime"] if was and was["status"] == new["status"] else now
    made = {**new, "lastUpdateTime": now, "lastTransitionTime": since}
    return [*(one for one in old if one["type"] != new["type"]), made]


def has_deadline(item: Manifest) -> bool:
    """Tell whether a rollout may stand still only for a while."""
    return number_at(item, "spec", "progressDeadlineSeconds", default=600) != _UNLIMITED


def patience(item: Manifest) -> timedelta:
    """Return how long a rollout may stand still; no year is longer."""
    return timedelta(seconds=min(max(number_at(item, "spec", "progressDeadlineSeconds", default=600), 0), _YEAR))


def _of(conditions: list[Json], name: str) -> Json:
    return next((one for one in conditions if one["type"] == name), {})


def _new(kind: str, status: bool, reason: str, message: str) -> Json:
    return {"type": kind, "status": str(status), "reason": reason, "message": message}


def _has_moved(item: Manifest, status: Json) -> bool:
    old = {name: number_at(item, "status", name) for name in _COUNTED}
    new = {name: number_at(status, name) for name in _COUNTED}
    return (
        new["updatedReplicas"] > old["updatedReplicas"]
        or new["replicas"] - new["updatedReplicas"] < old["replicas"] - old["updatedReplicas"]
        or new["readyReplicas"] > old["readyReplicas"]
        or new["availableReplicas"] > old["availableReplicas"]
    )


def _is_late(store: WorkloadStore, item: Manifest, was: Json) -> bool:
    if not was or text_at(was, "reason") == "NewReplicaSetAvailable":
        return False
    if text_at(was, "reason") == "ProgressDeadlineExceeded":
        return True
    return store.now >= moment(was["lastUpdateTime"]) + patience(item)


def _failure(current: Manifest | None, sets: list[Manifest]) -> Json:
    ordered = [*([current] if current else []), *sets]
    found = (one for each in ordered for one in objects_at(each, "status", "conditions"))
    told = next((one for one in found if one["type"] == "ReplicaFailure"), None)
    if told is None:
        return {}
    return {name: told[name] for name in ("type", "status", "reason", "message") if name in told}
