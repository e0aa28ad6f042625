"""Health of the kinds that run Pods, and of Pods themselves."""

from __future__ import annotations

from nixernetes.health.argocd.status import Health, HealthStatus, Rule, degraded, healthy, progressing
from nixernetes.health.conditions import condition, conditions, counts
from nixernetes.objects.fields import at, flag_at, number_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, key_of
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["RULES"]

_ROLLOUT = "Waiting for rollout to finish"


def _wanted(obj: Manifest) -> int:
    """Return how many Pods the spec asks for; a spec that does not say it is content with none."""
    return number_at(obj, "spec", "replicas")


def _is_behind(obj: Manifest) -> bool:
    """Tell whether the controller has not yet seen the object's generation."""
    return number_at(obj, "metadata", "generation") > number_at(obj, "status", "observedGeneration")


def _deployment(obj: Manifest) -> Health:
    if flag_at(obj, "spec", "paused"):
        return Health(HealthStatus.SUSPENDED, "Deployment is paused")
    if _is_behind(obj):
        return progressing(f"{_ROLLOUT}: observed deployment generation less than desired generation")
    if condition(obj, "Progressing").reason == "ProgressDeadlineExceeded":
        return degraded(f'Deployment "{key_of(obj).name}" exceeded its progress deadline')
    wanted = _wanted(obj)
    updated, replicas, available = counts(obj, "updatedReplicas", "replicas", "availableReplicas")
    if updated < wanted:
        return progressing(f"{_ROLLOUT}: {updated} out of {wanted} new replicas have been updated...")
    if replicas > updated:
        return progressing(f"{_ROLLOUT}: {replicas - updated} old replicas are pending termination...")
    if available < updated:
        return progressing(f"{_ROLLOUT}: {available} of {updated} updated replicas are available...")
    return healthy()


def _stateful_set(obj: Manifest) -> Health:
    if number_at(obj, "status", "observedGeneration") == 0 or _is_behind(obj):
        return progressing("Waiting for statefulset spec update to be observed...")
    wanted = _wanted(obj)
    ready, updated, current = counts(obj, "readyReplicas", "updatedReplicas", "currentReplicas")
    if ready < wanted:
        return progressing(f"Waiting for {wanted - ready} pods to be ready...")
    strategy, rolling = (
        text_at(obj, "spec", "updateStrategy", "type"),
        at(obj, "spec", "updateStrategy", "rollingUpdate"),
    )
    if strategy == "RollingUpdate" and rolling is not None:
        return _partitioned(wanted - number_at(rolling, "partition", default=wanted), updated)
    if strategy == "OnDelete":
        return healthy(f"statefulset has {ready} ready pods")
    old, new = text_at(obj, "status", "currentRevision"), text_at(obj, "status", "updateRevision")
    if old != new:
        return progressing(f"waiting for statefulset rolling update to complete {updated} pods at revision {new}...")
    return healthy(f"statefulset rolling update complete {current} pods at revision {old}...")


def _partitioned(wanted: int, updated: int) -> Health:
    if updated < wanted:
        return progressing(
            f"Waiting for partitioned roll out to finish: {updated} out of {wanted} new pods have been updated..."
        )
    return healthy(f"partitioned roll out complete: {updated} new pods have been updated...")


def _daemon_set(obj: Manifest) -> Health:
    if _is_behind(obj):
        return progressing(f"{_ROLLOUT}: observed daemon set generation less than desired generation")
    desired, updated, available = counts(obj, "desiredNumberScheduled", "updatedNumberScheduled", "numberAvailable")
    if text_at(obj, "spec", "updateStrategy", "type") == "OnDelete":
        return healthy(f"daemon set {updated} out of {desired} new pods have been updated")
    waiting = f'Waiting for daemon set "{key_of(obj).name}" rollout to finish'
    if updated < desired:
        return progressing(f"{waiting}: {updated} out of {desired} new pods have been updated...")
    if available < desired:
        return progressing(f"{waiting}: {available} of {desired} updated pods are available...")
    return healthy()


def _replica_set(obj: Manifest) -> Health:
    if _is_behind(obj):
        return progressing(f"{_ROLLOUT}: observed replica set generation less than desired generation")
    failure = condition(obj, "ReplicaFailure")
    if failure.is_true:
        return degraded(failure.message)
    wanted, available = _wanted(obj), number_at(obj, "status", "availableReplicas")
    if available < wanted:
        return progressing(f"{_ROLLOUT}: {available} out of {wanted} new replicas are available...")
    return healthy()


def _job(obj: Manifest) -> Health:
    found = [each for each in conditions(obj) if each.type in ("Failed", "Suspended", "Complete")]
    failed = [each.message for each in found if each.type == "Failed"]
    if failed:
        return degraded(failed[-1])
    if any(each.type == "Suspended" and each.is_true for each in found):
        return Health(HealthStatus.SUSPENDED)
    return healthy(found[-1].message) if found else progressing()


def _pod(obj: Manifest) -> Health:
    annotations = annotations_of(obj)
    # A hook Pod ends by itself: running is not yet success, whatever the annotation says.
    ignores = annotations.get("argocd.argoproj.io/ignore-restart-policy") == "true"
    long_running = text_at(obj, "spec", "restartPolicy") in ("", "Always") or (
        ignores and "argocd.argoproj.io/hook" not in annotations
    )
    containers = objects_at(obj, "status", "containerStatuses")
    stuck = [text_at(item, "state", "waiting", "message") for item in containers if _is_stuck(item)]
    if long_running and stuck:
        return degraded(", ".join(stuck))
    message = text_at(obj, "status", "message")
    match text_at(obj, "status", "phase"):
        case "Pending":
            return progressing(message)
        case "Succeeded":
            return healthy(message)
        case "Failed":
            return degraded(message or _failure([*objects_at(obj, "status", "initContainerStatuses"), *containers]))
        case "Running" if not long_running:
            return progressing(message)
        case "Running" if condition(obj, "Ready").is_true:
            return healthy(message)
        case "Running":
            crashed = any(at(item, "lastState", "terminated") is not None for item in containers)
            return degraded(message) if crashed else progressing(message)
        case _:
            return Health(HealthStatus.UNKNOWN, message)


def _is_stuck(container: Json) -> bool:
    reason = text_at(container, "state", "waiting", "reason")
    return reason.startswith("Err") or reason.endswith(("Error", "BackOff"))


def _failure(containers: list[Manifest]) -> str:
    """Return why a Pod failed: what the first container that failed says."""
    for container in containers:
        ended = at(container, "state", "terminated")
        if text_at(ended, "message"):
            return text_at(ended, "message")
        if text_at(ended, "reason") == "OOMKilled":
            return "OOMKilled"
        code = number_at(ended, "exitCode")
        if code:
            return f'container "{text_at(container, "name")}" failed with exit code {code}'
    return ""


RULES: dict[GroupKind, Rule] = {
    GroupKind("apps", "Deployment"): _deployment,
    GroupKind("apps", "StatefulSet"): _stateful_set,
    GroupKind("apps", "DaemonSet"): _daemon_set,
    GroupKind("apps", "ReplicaSet"): _replica_set,
    GroupKind("batch", "Job"): _job,
    GroupKind("", "Pod"): _pod,
}
