"""Health of Argo Rollouts' Rollout: its phase where it writes one, its conditions and replica counts before that."""

from __future__ import annotations

from nixernetes.health.argocd.status import Health, HealthStatus, Rule, degraded, healthy, progressing
from nixernetes.health.conditions import conditions, counts
from nixernetes.objects.fields import at, flag_at, mapping_at, number_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["RULES"]

_WORKLOAD_GENERATION = "rollout.argoproj.io/workload-generation"
_ROLL_OUT = "Waiting for roll out to finish"
_ABORTED = ("ProgressDeadlineExceeded", "RolloutAborted")
_PAUSED = Health(HealthStatus.SUSPENDED, "Rollout is paused")


def _rollout(obj: Manifest) -> Health:
    if not mapping_at(obj, "status") or not _is_observed(obj) or not _is_workload_observed(obj):
        return progressing("Waiting for rollout spec update to be observed")
    phase = text_at(obj, "status", "phase")
    if phase:
        code = HealthStatus.SUSPENDED if phase == "Paused" else phase
        known = code in frozenset(HealthStatus)
        return Health(HealthStatus(code) if known else HealthStatus.UNKNOWN, text_at(obj, "status", "message"))
    for each in conditions(obj):
        if each.type == "InvalidSpec" or (each.type == "Progressing" and each.reason in _ABORTED):
            return degraded(each.message)
    return _PAUSED if _is_paused(obj) else _replicas(obj) or _cutover(obj) or healthy()


def _number(value: Json) -> int | None:
    """Read a whole number; the controller writes generations as text."""
    try:
        return int(value) if isinstance(value, int | str) else None
    except ValueError:
        return None


def _is_observed(obj: Manifest) -> bool:
    """Compare generations; before v1.0 the observed one was a hash, which says nothing."""
    observed = _number(at(obj, "status", "observedGeneration"))
    return observed is None or observed >= number_at(obj, "metadata", "generation")


def _is_workload_observed(obj: Manifest) -> bool:
    if at(obj, "spec", "workloadRef") is None:
        return True
    wanted = _number(annotations_of(obj).get(_WORKLOAD_GENERATION))
    observed = _number(at(obj, "status", "workloadObservedGeneration"))
    return wanted is None or observed is None or wanted == observed


def _is_paused(obj: Manifest) -> bool:
    if at(obj, "status", "verifyingPreview") is not None:
        return flag_at(obj, "status", "verifyingPreview")
    if flag_at(obj, "spec", "paused"):
        return True
    return any(each.type == "Progressing" and each.reason == "RolloutPaused" for each in conditions(obj))


def _replicas(obj: Manifest) -> Health | None:
    updated, available, replicas = counts(obj, "updatedReplicas", "availableReplicas", "replicas")
    if updated < number_at(obj, "spec", "replicas", default=1):
        return progressing(f"{_ROLL_OUT}: More replicas need to be updated")
    if available < updated:
        return progressing(f"{_ROLL_OUT}: updated replicas are still becoming available")
    if at(obj, "spec", "strategy", "canary") is not None and replicas > updated:
        return progressing(f"{_ROLL_OUT}: old replicas are pending termination")
    return None


def _cutover(obj: Manifest) -> Health | None:
    if at(obj, "spec", "strategy", "blueGreen") is None:
        return None
    if at(obj, "status", "blueGreen", "activeSelector") != at(obj, "status", "currentPodHash"):
        return progressing("active service cutover pending")
    return None


RULES: dict[GroupKind, Rule] = {GroupKind("argoproj.io", "Rollout"): _rollout}
