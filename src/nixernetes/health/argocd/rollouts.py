"""Health of Argo Rollouts' Rollout: its phase where it writes one, its conditions and replica counts before that."""

from __future__ import annotations

from nixernetes.health.argocd.status import (
    Health,
    HealthStatus,
    Rule,
    conditions,
    degraded,
    healthy,
    progressing,
)
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["RULES"]

_WORKLOAD_GENERATION = "rollout.argoproj.io/workload-generation"
_ROLL_OUT = "Waiting for roll out to finish"
_ABORTED = ("ProgressDeadlineExceeded", "RolloutAborted")
_PAUSED = Health(HealthStatus.SUSPENDED, "Rollout is paused")


def _rollout(obj: Manifest) -> Health:
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    if not status or not _is_observed(obj, status) or not _is_workload_observed(obj, spec, status):
        return progressing("Waiting for rollout spec update to be observed")
    phase = status.get("phase")
    if phase:
        code = "Suspended" if phase == "Paused" else phase
        known = code in frozenset(HealthStatus)
        return Health(HealthStatus(code) if known else HealthStatus.UNKNOWN, status.get("message") or "")
    for item in conditions(obj):
        aborted = item.get("type") == "Progressing" and item.get("reason") in _ABORTED
        if item.get("type") == "InvalidSpec" or aborted:
            return degraded(item.get("message") or "")
    if _is_paused(spec, status, obj):
        return _PAUSED
    return _replicas(spec, status) or _cutover(spec, status) or healthy()


def _number(value: Json) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _is_observed(obj: Manifest, status: Json) -> bool:
    """Compare generations; before v1.0 the observed one was a hash, which says nothing."""
    observed, generation = _number(status.get("observedGeneration")), obj["metadata"].get("generation") or 0
    return observed is None or observed >= generation


def _is_workload_observed(obj: Manifest, spec: Json, status: Json) -> bool:
    if spec.get("workloadRef") is None:
        return True
    wanted = _number(annotations_of(obj).get(_WORKLOAD_GENERATION))
    observed = _number(status.get("workloadObservedGeneration"))
    return wanted is None or observed is None or wanted == observed


def _is_paused(spec: Json, status: Json, obj: Manifest) -> bool:
    if status.get("verifyingPreview") is not None:
        return bool(status["verifyingPreview"])
    if spec.get("paused"):
        return True
    return any(item.get("type") == "Progressing" and item.get("reason") == "RolloutPaused" for item in conditions(obj))


def _replicas(spec: Json, status: Json) -> Health | None:
    wanted = 1 if spec.get("replicas") is None else spec["replicas"]
    updated, available = status.get("updatedReplicas") or 0, status.get("availableReplicas") or 0
    if updated < wanted:
        return progressing(f"{_ROLL_OUT}: More replicas need to be updated")
    if available < updated:
        return progressing(f"{_ROLL_OUT}: updated replicas are still becoming available")
    canary = (spec.get("strategy") or {}).get("canary") is not None
    if canary and (status.get("replicas") or 0) > updated:
        return progressing(f"{_ROLL_OUT}: old replicas are pending termination")
    return None


def _cutover(spec: Json, status: Json) -> Health | None:
    if (spec.get("strategy") or {}).get("blueGreen") is None:
        return None
    active = (status.get("blueGreen") or {}).get("activeSelector")
    if active != status.get("currentPodHash"):
        return progressing("active service cutover pending")
    return None


RULES: dict[GroupKind, Rule] = {GroupKind("argoproj.io", "Rollout"): _rollout}
