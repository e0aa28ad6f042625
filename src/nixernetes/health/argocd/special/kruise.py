"""OpenKruise's workloads: updates that stop at a partition until somebody goes on."""

from __future__ import annotations

from nixernetes.health.argocd.rule_steps import Said
from nixernetes.health.argocd.script_values import at, is_less, is_same, number_needed, otherwise, reach, spelled, truth
from nixernetes.objects.manifest import Json

__all__ = ["game_server_set", "kruise_clone_set", "kruise_daemon_set", "kruise_stateful_set"]

_WAITING = Said("Progressing", "Waiting for initialization")


def _is_observed(obj: Json) -> bool:
    seen = at(obj, "status", "observedGeneration")
    return at(obj, "status") is not None and is_same(reach(obj, "metadata", "generation"), seen)


def _is_update(obj: Json, partition: Json) -> bool:
    """Tell whether this is no first roll-out and stops somewhere."""
    return not is_same(partition, 0) and is_less(1, at(obj, "metadata", "generation"))


def kruise_clone_set(obj: Json, _: Json) -> Said | None:
    """Judge a CloneSet."""
    if not _is_observed(obj):
        return _WAITING
    status, updated = at(obj, "status"), at(obj, "status", "updatedAvailableReplicas")
    if reach(obj, "spec", "updateStrategy", "paused") is True or not truth(updated):
        return Said("Suspended", "Cloneset is paused")
    if _is_update(obj, reach(obj, "spec", "updateStrategy", "partition")):
        behind = is_less(at(status, "updatedReplicas"), at(status, "expectedUpdatedReplicas"))
        return _WAITING if behind else Said("Suspended", "Cloneset needs manual intervention")
    return _replicas("Cloneset", updated, at(status, "replicas"))


def kruise_stateful_set(obj: Json, _: Json) -> Said | None:
    """Judge an advanced StatefulSet."""
    if not _is_observed(obj):
        return _WAITING
    status, updated = at(obj, "status"), at(obj, "status", "updatedAvailableReplicas")
    rolling = reach(obj, "spec", "updateStrategy", "rollingUpdate")
    if reach(rolling, "paused") is True or not truth(updated):
        return Said("Suspended", "Statefulset is paused")
    if _is_update(obj, at(rolling, "partition")):
        kept = number_needed(at(status, "replicas")) - number_needed(at(rolling, "partition"))
        stops = is_less(kept, at(status, "updatedReplicas"))
        return Said("Suspended", "Statefulset needs manual intervention") if stops else _WAITING
    return _replicas("Statefulset", updated, at(status, "replicas"))


def kruise_daemon_set(obj: Json, _: Json) -> Said | None:
    """Judge an advanced DaemonSet."""
    if not _is_observed(obj):
        return _WAITING
    status = at(obj, "status")
    updated, desired = at(status, "updatedNumberScheduled"), at(status, "desiredNumberScheduled")
    rolling = reach(obj, "spec", "updateStrategy", "rollingUpdate")
    partition = reach(rolling, "partition")
    if at(rolling, "paused") is True or not truth(updated):
        return Said("Suspended", "Daemonset is paused")
    if partition is not None and _is_update(obj, partition):
        stops = is_less(number_needed(desired) - number_needed(partition), updated)
        return Said("Suspended", "Daemonset needs manual intervention") if stops else _WAITING
    if not is_same(updated, desired):
        return _WAITING
    if is_same(at(status, "numberAvailable"), desired):
        return Said("Healthy", "All Daemonset workloads are ready and updated")
    none = is_same(at(status, "numberUnavailable"), desired)
    return Said("Degraded", "Some pods are not ready or available") if none else _WAITING


def _replicas(kind: str, updated: Json, replicas: Json) -> Said:
    if is_same(updated, replicas):
        return Said("Healthy", f"All {kind} workloads are ready and updated")
    return Said("Degraded", "Some replicas are not ready or available")


def game_server_set(obj: Json, _: Json) -> Said | None:
    """Judge a GameServerSet."""
    waiting = Said("Progressing", "Waiting for GameServerSet initialization")
    if not truth(at(obj, "status")) or not _is_observed(obj):
        return waiting
    rolling = reach(obj, "spec", "updateStrategy")
    partition = otherwise(at(rolling, "rollingUpdate", "partition"), 0)
    names = ("replicas", "readyReplicas", "updatedReplicas", "updatedReadyReplicas")
    replicas, ready, updated, updated_ready = (otherwise(at(obj, "status", name), 0) for name in names)
    if at(rolling, "rollingUpdate", "paused") is True:
        return Said("Suspended", "GameServerSet is paused")
    if not is_same(partition, 0) and not is_less(updated, number_needed(replicas) - number_needed(partition)):
        return Said("Suspended", f"Partition={spelled(partition)}, waiting for manual intervention")
    if is_same(updated_ready, replicas):
        return Said("Healthy", "All GameServerSet replicas are updated and ready")
    if is_less(ready, replicas):
        return Said("Progressing", f"ReadyReplicas {spelled(ready)}/{spelled(replicas)}, still progressing")
    return waiting
