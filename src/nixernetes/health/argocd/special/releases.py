"""What is rolled out or fetched: Rollouts, Canaries, sources of Flux."""

from __future__ import annotations

from nixernetes.health.argocd.rule_steps import Said
from nixernetes.health.argocd.script_values import (
    at,
    entries,
    is_less,
    is_same,
    needed,
    number_in,
    reach,
    size,
    spelled,
    truth,
)
from nixernetes.objects.manifest import Json

__all__ = ["argo_rollout", "flagger_canary", "flux_source"]

_WORKLOAD_GENERATION = "rollout.argoproj.io/workload-generation"
_ROLL_OUT = "Waiting for roll out to finish"
_ABORTED = ("ProgressDeadlineExceeded", "RolloutAborted")
_CANARY = {
    "Failed": "Degraded",
    "Progressing": "Progressing",
    "Finalising": "Progressing",
    "Promoting": "Progressing",
    "Succeeded": "Healthy",
    "Initialized": "Healthy",
}


def argo_rollout(obj: Json, _: Json) -> Said | None:
    """Judge a Rollout: by the phase that it reports, before version 1.0 by its conditions and replicas."""
    if at(obj, "status") is None or not _is_observed(obj) or not _is_workload_observed(obj):
        return Said("Progressing", "Waiting for rollout spec update to be observed")
    phase = at(obj, "status", "phase")
    if phase is not None:
        return Said("Suspended" if phase == "Paused" else phase, at(obj, "status", "message"))
    for _position, each in entries(needed(at(obj, "status", "conditions"))):
        aborted = at(each, "type") == "Progressing" and at(each, "reason") in _ABORTED
        if aborted or at(each, "type") == "InvalidSpec":
            return Said("Degraded", at(each, "message"))
    if size(at(obj, "status", "pauseConditions")) or truth(at(obj, "spec", "paused")):
        return Said("Suspended", "Rollout is paused")
    if at(obj, "status", "currentPodHash") is None:
        return Said("Progressing", "Waiting for rollout to finish: status has not been reconciled.")
    return _replicas(obj) or _strategy(obj) or Said("Healthy", "")


def _is_observed(obj: Json) -> bool:
    """Compare generations; before version 1.0 the observed one was a hash, which says nothing."""
    observed, wanted = number_in(at(obj, "status", "observedGeneration")), reach(obj, "metadata", "generation")
    return observed is None or not is_less(observed, wanted)


def _is_workload_observed(obj: Json) -> bool:
    annotations = reach(obj, "metadata", "annotations")
    if reach(obj, "spec", "workloadRef") is None or annotations is None:
        return True
    wanted = number_in(at(annotations, _WORKLOAD_GENERATION))
    return wanted == number_in(at(obj, "status", "workloadObservedGeneration"))


def _count(obj: Json, name: str) -> Json:
    found = at(obj, "status", name)
    return 0 if found is None else found


def _replicas(obj: Json) -> Said | None:
    wanted = at(obj, "spec", "replicas")
    updated = _count(obj, "updatedReplicas")
    if is_less(updated, 1 if wanted is None else wanted):
        return Said("Progressing", f"{_ROLL_OUT}: More replicas need to be updated")
    if is_less(_count(obj, "availableReplicas"), updated):
        return Said("Progressing", f"{_ROLL_OUT}: updated replicas are still becoming available")
    return None


def _strategy(obj: Json) -> Said | None:
    current, stable = at(obj, "status", "currentPodHash"), at(obj, "status", "stableRS")
    if stable is None:
        canary = at(obj, "status", "canary")
        stable = "" if canary is None else at(canary, "stableRS")
    if reach(obj, "spec", "strategy", "blueGreen") is not None:
        if not is_same(at(obj, "status", "blueGreen", "activeSelector"), current):
            return Said("Progressing", "active service cutover pending")
        if stable != "" and not is_same(stable, current):
            return Said("Progressing", "waiting for analysis to complete")
    elif at(obj, "spec", "strategy", "canary") is not None:
        if is_less(_count(obj, "updatedReplicas"), _count(obj, "replicas")):
            return Said("Progressing", f"{_ROLL_OUT}: old replicas are pending termination")
        if stable == "" or not is_same(stable, current):
            return Said("Progressing", "Waiting for rollout to finish steps")
    return None


def flagger_canary(obj: Json, _: Json) -> Said | None:
    """Judge a Canary of Flagger; its message is phase, weight and what the conditions say."""
    status = at(obj, "status")
    if status is None:
        return Said("Unknown", "No status")
    weight, phase = at(status, "canaryWeight"), at(status, "phase")
    said = f"Canary Weight: {spelled(weight)} %" if is_less(0, number_in(weight)) else ""
    for _position, each in entries(needed(at(status, "conditions"))):
        said += (" --- " if said else "") + spelled(at(each, "message"))
    return Said(_CANARY.get(spelled(phase), "Unknown"), f"{spelled(phase)} --- {said}")


def flux_source(obj: Json, _: Json) -> Said | None:
    """Judge a source of Flux that is not suspended."""
    conditions = at(obj, "status", "conditions")
    if conditions is None:
        return Said("Progressing", "Status unknown")
    said: Json = ""
    moving = held = 0
    for _position, each in entries(conditions):
        kind, status, reason = (at(each, name) for name in ("type", "status", "reason"))
        if kind == "Ready":
            held += status == "True"
            moving += status == "Unknown"
            said = reason
        elif status == "True":
            held += kind == "ArtifactInStorage"
            moving += kind == "Reconciling"
            said = f"{spelled(said)} {spelled(reason)}" if kind == "ArtifactOutdated" else said
    return Said("Progressing" if moving == 2 else "Healthy" if held == 2 else "Degraded", said)
