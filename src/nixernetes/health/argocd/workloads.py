"""Health of the kinds that run Pods, and of Pods themselves."""

from __future__ import annotations

from nixernetes.health.argocd.status import (
    Health,
    HealthStatus,
    Rule,
    condition,
    conditions,
    degraded,
    healthy,
    progressing,
)
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["RULES"]

_ROLLOUT = "Waiting for rollout to finish"


def _parts(obj: Manifest) -> tuple[Json, Json]:
    return obj.get("spec") or {}, obj.get("status") or {}


def _generation(obj: Manifest) -> int:
    return int(obj["metadata"].get("generation") or 0)


def _observed(obj: Manifest) -> int:
    return int((obj.get("status") or {}).get("observedGeneration") or 0)


def _deployment(obj: Manifest) -> Health:
    spec, status = _parts(obj)
    if spec.get("paused"):
        return Health(HealthStatus.SUSPENDED, "Deployment is paused")
    if _generation(obj) > _observed(obj):
        return progressing(f"{_ROLLOUT}: observed deployment generation less than desired generation")
    rollout = condition(obj, "Progressing")
    if rollout is not None and rollout.get("reason") == "ProgressDeadlineExceeded":
        return degraded(f'Deployment "{obj["metadata"]["name"]}" exceeded its progress deadline')
    wanted, updated = spec.get("replicas"), status.get("updatedReplicas") or 0
    replicas, available = status.get("replicas") or 0, status.get("availableReplicas") or 0
    if wanted is not None and updated < wanted:
        return progressing(f"{_ROLLOUT}: {updated} out of {wanted} new replicas have been updated...")
    if replicas > updated:
        return progressing(f"{_ROLLOUT}: {replicas - updated} old replicas are pending termination...")
    if available < updated:
        return progressing(f"{_ROLLOUT}: {available} of {updated} updated replicas are available...")
    return healthy()


def _stateful_set(obj: Manifest) -> Health:
    spec, status = _parts(obj)
    if _observed(obj) == 0 or _generation(obj) > _observed(obj):
        return progressing("Waiting for statefulset spec update to be observed...")
    wanted, ready = spec.get("replicas"), status.get("readyReplicas") or 0
    if wanted is not None and ready < wanted:
        return progressing(f"Waiting for {wanted - ready} pods to be ready...")
    strategy = spec.get("updateStrategy") or {}
    if strategy.get("type") == "RollingUpdate" and strategy.get("rollingUpdate") is not None:
        return _partitioned(wanted, strategy["rollingUpdate"].get("partition"), status.get("updatedReplicas") or 0)
    if strategy.get("type") == "OnDelete":
        return healthy(f"statefulset has {ready} ready pods")
    current, update = status.get("currentRevision") or "", status.get("updateRevision") or ""
    if current != update:
        pods = status.get("updatedReplicas") or 0
        return progressing(f"waiting for statefulset rolling update to complete {pods} pods at revision {update}...")
    pods = status.get("currentReplicas") or 0
    return healthy(f"statefulset rolling update complete {pods} pods at revision {current}...")


def _partitioned(wanted: int | None, partition: int | None, updated: int) -> Health:
    if wanted is not None and partition is not None and updated < wanted - partition:
        return progressing(
            f"Waiting for partitioned roll out to finish: {updated} out of {wanted - partition} "
            "new pods have been updated..."
        )
    return healthy(f"partitioned roll out complete: {updated} new pods have been updated...")


def _daemon_set(obj: Manifest) -> Health:
    spec, status = _parts(obj)
    if _generation(obj) > _observed(obj):
        return progressing(f"{_ROLLOUT}: observed daemon set generation less than desired generation")
    name, desired = obj["metadata"]["name"], status.get("desiredNumberScheduled") or 0
    updated, available = status.get("updatedNumberScheduled") or 0, status.get("numberAvailable") or 0
    if (spec.get("updateStrategy") or {}).get("type") == "OnDelete":
        return healthy(f"daemon set {updated} out of {desired} new pods have been updated")
    waiting = f'Waiting for daemon set "{name}" rollout to finish'
    if updated < desired:
        return progressing(f"{waiting}: {updated} out of {desired} new pods have been updated...")
    if available < desired:
        return progressing(f"{waiting}: {available} of {desired} updated pods are available...")
    return healthy()


def _replica_set(obj: Manifest) -> Health:
    spec, status = _parts(obj)
    if _generation(obj) > _observed(obj):
        return progressing(f"{_ROLLOUT}: observed replica set generation less than desired generation")
    failure = condition(obj, "ReplicaFailure")
    if failure is not None and failure.get("status") == "True":
        return degraded(failure.get("message") or "")
    wanted, available = spec.get("replicas"), status.get("availableReplicas") or 0
    if wanted is not None and available < wanted:
        return progressing(f"{_ROLLOUT}: {available} out of {wanted} new replicas are available...")
    return healthy()


def _job(obj: Manifest) -> Health:
    found = {item.get("type"): item for item in conditions(obj)}
    messages = {name: item.get("message") or "" for name, item in found.items()}
    if "Failed" in found:
        return degraded(messages["Failed"])
    if found.get("Suspended", {}).get("status") == "True":
        return Health(HealthStatus.SUSPENDED, messages["Suspended"])
    for name in ("Complete", "Suspended"):
        if name in found:
            return healthy(messages[name])
    return progressing()


def _pod(obj: Manifest) -> Health:
    spec, status = _parts(obj)
    annotations = annotations_of(obj)
    # A hook Pod ends by itself: running is not yet success, whatever the annotation says.
    ignores = annotations.get("argocd.argoproj.io/ignore-restart-policy") == "true"
    long_running = spec.get("restartPolicy", "Always") == "Always" or (
        ignores and "argocd.argoproj.io/hook" not in annotations
    )
    stuck = [text for item in status.get("containerStatuses") or [] if (text := _stuck(item)) is not None]
    if long_running and stuck:
        return degraded(", ".join(stuck))
    message = status.get("message") or ""
    match status.get("phase"):
        case "Pending":
            return progressing(message)
        case "Succeeded":
            return healthy(message)
        case "Failed":
            return degraded(message or _failure(status))
        case "Running":
            return _running(obj, message) if long_running else progressing(message)
        case _:
            return Health(HealthStatus.UNKNOWN, message)


def _stuck(container: Json) -> str | None:
    waiting = (container.get("state") or {}).get("waiting") or {}
    reason = waiting.get("reason") or ""
    if reason.startswith("Err") or reason.endswith(("Error", "BackOff")):
        return waiting.get("message") or ""
    return None


def _failure(status: Json) -> str:
    for container in (status.get("initContainerStatuses") or []) + (status.get("containerStatuses") or []):
        ended = (container.get("state") or {}).get("terminated") or {}
        if ended.get("message"):
            return str(ended["message"])
        if ended.get("reason") == "OOMKilled":
            return "OOMKilled"
        if ended.get("exitCode"):
            return f'container "{container.get("name")}" failed with exit code {ended["exitCode"]}'
    return ""


def _running(obj: Manifest, message: str) -> Health:
    ready = condition(obj, "Ready")
    if ready is not None and ready.get("status") == "True":
        return healthy(message)
    containers = obj["status"].get("containerStatuses") or []
    crashed = any((item.get("lastState") or {}).get("terminated") is not None for item in containers)
    return degraded(message) if crashed else progressing(message)


RULES: dict[GroupKind, Rule] = {
    GroupKind("apps", "Deployment"): _deployment,
    GroupKind("apps", "StatefulSet"): _stateful_set,
    GroupKind("apps", "DaemonSet"): _daemon_set,
    GroupKind("apps", "ReplicaSet"): _replica_set,
    GroupKind("batch", "Job"): _job,
    GroupKind("", "Pod"): _pod,
}
