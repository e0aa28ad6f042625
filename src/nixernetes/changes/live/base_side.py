"""A cluster as it runs, in the form of one side of a comparison: its deliveries with what they have.

Only what this repository has a hand in takes part: the deliveries that it declares, and those that were made by these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nixernetes.changes.live.state import LiveState
from nixernetes.changes.sides import ClusterSide, Side
from nixernetes.engine.flux.kustomize.builds import owner_labels
from nixernetes.engine.flux.resource_set import resource_set_labels
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import HELM_RELEASE, KUSTOMIZATION, RESOURCE_SET
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.objects.provenance import Origin, Step, StepKind
from nixernetes.render.deliveries import Delivery
from nixernetes.render.rendered import Rendered

__all__ = ["base_side", "outside"]


def base_side(head: Side, cluster: ClusterSide, state: LiveState) -> Side:
    """Return the cluster as it runs.

    Args:
        head: the platform as it is in Git.
        cluster: the cluster in it.
        state: what was read.

    """
    owners = _owners(state)
    makers = _makers(cluster, state, owners)
    deliveries = tuple(_delivery(key, state, owners, makers) for key in sorted(makers))
    brought = {key for key, owner in owners.items() if owner in makers}
    alone = sorted({*cluster.placed} & {*state.objects} - brought - {*makers})
    platform = head.view.platform
    known = next(each for each in platform.clusters if each.name == cluster.objects.hub)
    start = replace(known.start, bootstrap=tuple(Rendered(manifest=state.objects[key]) for key in alone))
    there = replace(known, start=start, deliveries=deliveries, known=())
    view = replace(
        head.view, platform=replace(platform, clusters=(there,), notes=()), memo={}, _scopes={**state.scopes}
    )
    return Side(view=view)


def outside(cluster: ClusterSide, state: LiveState) -> list[ObjectKey]:
    """Return the deliveries of a cluster with which this repository has nothing to do, sorted."""
    makers = _makers(cluster, state, _owners(state))
    return sorted(key for key in state.deliveries if key not in makers)


def _owners(state: LiveState) -> dict[ObjectKey, ObjectKey]:
    """Return the delivery that has each object; the object's labels decide where inventories of Flux say more."""
    found: dict[ObjectKey, ObjectKey] = {}
    for owner in sorted(state.holds):
        for key in state.holds[owner]:
            live = state.objects.get(key) or state.deliveries.get(key)
            if live is not None and key != owner and _is_marked(live, owner):
                found.setdefault(key, owner)
    return found


def _is_marked(live: Manifest, owner: ObjectKey) -> bool:
    wanted: Mapping[str, str] = {}
    if owner.group_kind == KUSTOMIZATION:
        wanted = owner_labels(owner)
    elif owner.group_kind == RESOURCE_SET:
        wanted = resource_set_labels(owner)
    labels = labels_of(live)
    return all(labels.get(name) == value for name, value in wanted.items())


def _makers(
    cluster: ClusterSide, state: LiveState, owners: Mapping[ObjectKey, ObjectKey]
) -> dict[ObjectKey, tuple[ObjectKey, ...]]:
    """Return the deliveries that take part, each with those that made it, the nearest first."""
    found: dict[ObjectKey, tuple[ObjectKey, ...]] = {}
    for key in state.deliveries:
        line: list[ObjectKey] = []
        maker = owners.get(key)
        while maker is not None and maker not in (key, *line) and maker in state.deliveries:
            line.append(maker)
            maker = owners.get(maker)
        if any(each in cluster.deliveries for each in (key, *line)):
            found[key] = tuple(line)
    return found


def _delivery(
    key: ObjectKey,
    state: LiveState,
    owners: Mapping[ObjectKey, ObjectKey],
    makers: Mapping[ObjectKey, tuple[ObjectKey, ...]],
) -> Delivery:
    manifest = state.deliveries[key]
    chain = _chart(manifest) if key.group_kind == HELM_RELEASE else ()
    held = (each for each in state.holds.get(key, ()) if each in state.objects and owners.get(each) == key)
    return Delivery(
        key=key,
        manifest=manifest,
        parents=makers[key],
        manifests=tuple(Rendered(manifest=state.objects[each], origin=Origin(chain=chain)) for each in held),
    )


def _chart(release: Manifest) -> tuple[Step, ...]:
    """Return the chart of a release as a step, as those of rendered releases have it."""
    last = next(iter(objects_at(release, "status", "history")), {})
    name, version = text_at(last, "chartName"), text_at(last, "chartVersion")
    return (Step(StepKind.CHART, f"{name}-{version}"),) if name and version else ()
