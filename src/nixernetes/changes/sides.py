"""One of the two revisions: who brings what to which cluster, and what could not be rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from nixernetes.objects.identity import ObjectKey
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.objects import ClusterObjects, Placed, target_of
from nixernetes.verify.platform_view import PlatformView

__all__ = ["ClusterSide", "Side"]


@dataclass(frozen=True, kw_only=True)
class ClusterSide:
    """One cluster at one revision.

    Attributes:
        objects: what is brought to it.
        deliveries: all deliveries that its hub holds, by identity.

    """

    objects: ClusterObjects
    deliveries: Mapping[ObjectKey, Delivery]

    @cached_property
    def placed(self) -> Mapping[ObjectKey, Placed]:
        """The objects by identity, of several the first; deliveries that start the cluster are objects too."""
        found: dict[ObjectKey, Placed] = {}
        if not self.objects.is_remote:
            for delivery in self.deliveries.values():
                if not delivery.parents:
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
        return self._brought.get(delivery, [])

    def is_unknown(self, delivery: Delivery | None) -> bool:
        """Tell whether what a delivery brings is not known: it, or what creates it, could not be rendered."""
        if delivery is None:
            return False
        if delivery.problem:
            return True
        return any(self.deliveries[key].problem for key in delivery.parents if key in self.deliveries)

    @cached_property
    def _brought(self) -> Mapping[ObjectKey, list[Placed]]:
        found: dict[ObjectKey, list[Placed]] = {}
        for item in self.objects.placed:
            if item.owner is not None:
                found.setdefault(item.owner.key, []).append(item)
        return found


@dataclass(frozen=True, kw_only=True)
class Side:
    """One revision.

    Attributes:
        view: the platform at that revision.

    """

    view: PlatformView

    @cached_property
    def clusters(self) -> Mapping[str, ClusterSide]:
        """The clusters by name."""
        held = {name: {each.key: each for each in found} for name, found in self.view.held.items()}
        return {each.name: ClusterSide(objects=each, deliveries=held.get(each.hub, {})) for each in self.view.clusters}

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
        return target_of(delivery.manifest, cluster.objects.hub, {name: name for name in self.clusters})
