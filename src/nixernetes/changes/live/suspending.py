"""Deliveries of Flux that are suspended on the cluster alone, and stay so: ``flux suspend``, until they are resumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nixernetes.changes.live.state import LiveState
from nixernetes.changes.live.trials import DryRun
from nixernetes.changes.sides import ClusterSide
from nixernetes.objects.fields import flag_at, mapping_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import HELM_RELEASE, KUSTOMIZATION
from nixernetes.render.deliveries import Delivery

__all__ = ["as_suspended"]


def as_suspended(cluster: ClusterSide, state: LiveState, trials: Mapping[ObjectKey, DryRun]) -> ClusterSide:
    """Return a cluster as it is in Git, but for deliveries that a merge leaves suspended.

    Args:
        cluster: the cluster as it is in Git.
        state: what was read of it.
        trials: what the server made of each write.

    """
    found = {key: _suspended(each) for key, each in cluster.deliveries.items() if _stays_suspended(each, state, trials)}
    if not found:
        return cluster
    placed = tuple(
        replace(item, owner=found.get(item.owner.key, item.owner)) if item.owner is not None else item
        for item in cluster.objects.placed
    )
    return replace(cluster, objects=replace(cluster.objects, placed=placed), deliveries={**cluster.deliveries, **found})


def _stays_suspended(delivery: Delivery, state: LiveState, trials: Mapping[ObjectKey, DryRun]) -> bool:
    if delivery.key.group_kind not in (KUSTOMIZATION, HELM_RELEASE):
        return False
    live = state.deliveries.get(delivery.key)
    if not flag_at(live, "spec", "suspend") or flag_at(delivery.manifest, "spec", "suspend"):
        return False
    trial = trials.get(delivery.key)
    return trial is None or trial.error is not None or flag_at(trial.after, "spec", "suspend")


def _suspended(delivery: Delivery) -> Delivery:
    spec = {**mapping_at(delivery.manifest, "spec"), "suspend": True}
    return replace(delivery, manifest={**delivery.manifest, "spec": spec})
