"""One of the two revisions: who brings what to which cluster, and what could not be rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import HELM_RELEASE
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.local_charts import LocalChart, chart_folders
from nixernetes.verify.objects import ClusterObjects, Placed, target_of
from nixernetes.verify.platform_view import PlatformView

__all__ = ["ClusterSide", "Side"]


@dataclass(frozen=True, kw_only=True)
class ClusterSide:
    """One cluster at one revision.

    Attributes:
        objects: what is brought to it.
        deliveries: all deliveries that its hub holds, by identity, and those of other hubs that bring something to it.
        hubs: the other hubs, by the deliveries that they hold.
        charts: the charts of releases that bring nothing, as ``web-1.2.0``.

    """

    objects: ClusterObjects
    deliveries: Mapping[ObjectKey, Delivery]
    hubs: Mapping[ObjectKey, str] = field(default_factory=dict)
    charts: Mapping[ObjectKey, str] = field(default_factory=dict)

    @cached_property
    def placed(self) -> Mapping[ObjectKey, Placed]:
        """The objects by identity, of several the first; deliveries that start the cluster are objects too."""
        found: dict[ObjectKey, Placed] = {}
        if not self.objects.is_remote:
            for delivery in self.deliveries.values():
                if not delivery.parents and delivery.key not in self.hubs:
                    found[delivery.key] = Placed(key=delivery.key, manifest=delivery.manifest, origin=delivery.origin)
        found |= {key: items[0] for key, items in self.objects.by_key.items()}
        return found

    def owners(self, key: ObjectKey) -> tuple[Delivery, ...]:
        """Return the deliveries that bring an object; none where it starts the cluster."""
        found: dict[ObjectKey, Delivery] = {}
        for item in self.objects.by_key.get(key, ()):
            if item.owner is not None and item.owner.key != key:
                found.setdefault(item.owner.key, item.owner)
        return tuple(found.values())

    def brought_by(self, delivery: ObjectKey) -> list[Placed]:
        """Return what a delivery brings."""
        return [*self.objects.brought_by(delivery)]

    def is_unknown(self, delivery: Delivery | None) -> bool:
        """Tell whether what a delivery brings is not known: it, or what creates it, could not be rendered."""
        if delivery is None:
            return False
        if delivery.problem:
            return True
        return any(self.deliveries[key].problem for key in delivery.parents if key in self.deliveries)


@dataclass(frozen=True, kw_only=True)
class Side:
    """One revision.

    Attributes:
        view: the platform at that revision.
        kept: releases whose charts stay as they were built, by hub and identity, as they would be from what is in Git.

    """

    view: PlatformView
    kept: Mapping[tuple[str, ObjectKey], Delivery] = field(default_factory=dict)

    @cached_property
    def clusters(self) -> Mapping[str, ClusterSide]:
        """The clusters by name."""
        held = {name: {each.key: each for each in found} for name, found in self.view.held.items()}
        charts = {name: dict(self._silent(each.values())) for name, each in held.items()}
        return {
            each.name: ClusterSide(objects=each, deliveries=held.get(each.hub, {}), charts=charts.get(each.hub, {}))
            for each in self.view.clusters
        }

    def _silent(self, deliveries: Iterable[Delivery]) -> Iterator[tuple[ObjectKey, str]]:
        """Yield the charts of this repository from which nothing is rendered, as their ``Chart.yaml`` says."""
        tree = self.view.places.tree
        for delivery in deliveries:
            if delivery.manifests or delivery.problem or delivery.key.group_kind != HELM_RELEASE:
                continue
            for folder in chart_folders(delivery):
                if tree.is_file(f"{folder}/Chart.yaml"):
                    said = LocalChart(tree, folder).description
                    yield delivery.key, f"{text_at(said, 'name')}-{text_at(said, 'version')}"

    def problem_of(self, file: str) -> str:
        """Return why a file of the repository cannot be read at this revision, ``""`` where it can or is not there."""
        index = self.view.platform.estate.index
        error = index.problem(file) if file and index.tree.is_file(file) else None
        return error.message if error is not None else ""

    def broken_start(self, cluster: str) -> str:
        """Return why a cluster does not start as it is written, or ``""``."""
        notes = self.view.platform.notes
        return next((note.message for note in notes if note.is_problem and note.cluster == cluster), "")

    def target(self, cluster: ClusterSide, delivery: Delivery) -> str:
        """Return the cluster to which a delivery brings its objects."""
        hub = cluster.hubs.get(delivery.key, cluster.objects.hub)
        return target_of(delivery.manifest, hub, self.view.servers)

    def with_foreign(self, cluster: ClusterSide, hubs: Mapping[ObjectKey, str]) -> ClusterSide:
        """Return a cluster with the deliveries of other hubs.

        Args:
            cluster: the cluster.
            hubs: the deliveries, and which hub holds each; what it holds itself counts first.

        """
        others = {key: hub for key, hub in hubs.items() if key not in cluster.deliveries}
        found: dict[ObjectKey, Delivery] = {}
        for hub in sorted({*others.values()}):
            there = self.clusters[hub].deliveries if hub in self.clusters else {}
            found |= {key: each for key, each in there.items() if others.get(key) == hub}
        return replace(cluster, deliveries={**found, **cluster.deliveries}, hubs=others) if others else cluster

    def foreign(self, name: str) -> Mapping[ObjectKey, str]:
        """Return the deliveries of other hubs that bring something to a cluster, and what brings those, by hub."""
        return self._foreign.get(name, {})

    @cached_property
    def _foreign(self) -> Mapping[str, Mapping[ObjectKey, str]]:
        found: dict[str, dict[ObjectKey, str]] = {}
        for hub, deliveries in self.view.held.items():
            for delivery in deliveries:
                target = target_of(delivery.manifest, hub, self.view.servers)
                if target != hub and target in self.view.held:
                    found.setdefault(target, {}).update(dict.fromkeys((delivery.key, *delivery.parents), hub))
        return found
