"""A running world, as views read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from nixernetes.app.serving.clusters import VERSION
from nixernetes.app.web.values import ClusterCard, DeliveryLine, DeliveryPage, FleetPage, ObjectName
from nixernetes.app.web.views.reading import PolicyResult, WantedObject
from nixernetes.app.web.views.reports import REPORTS, reported
from nixernetes.app.worlds import World
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Manifest

__all__ = ["RunningReading"]


class RunningReading:
    """Reads a world.

    Args:
        world: the world.
        fleet: gives the fleet.
        delivery: gives one of them.

    """

    mode: Literal["run"] = "run"

    def __init__(
        self,
        world: World,
        fleet: Callable[[], FleetPage],
        delivery: Callable[[ObjectName], DeliveryPage],
    ) -> None:
        self._world = world
        self._fleet = fleet
        self.delivery = delivery

    def unread(self) -> Sequence[str]:
        """Return nothing: all of a world can be read."""
        return ()

    def cards(self) -> Sequence[ClusterCard]:
        """Return the clusters in one look."""
        return self._fleet().clusters

    def lines(self) -> Sequence[DeliveryLine]:
        """Return the deliveries."""
        return self._fleet().deliveries

    @property
    def clusters(self) -> Sequence[str]:
        """The clusters."""
        return [*self._world.clusters]

    def now(self) -> datetime:
        """Return the present."""
        return self._world.clock.now()

    def get(self, cluster: str, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        return self._world.clusters[cluster].get(key) if cluster in self._world.clusters else None

    def list(self, cluster: str, kind: GroupKind) -> Sequence[Manifest]:
        """Return the objects of a kind."""
        return self._world.clusters[cluster].list(kind) if cluster in self._world.clusters else []

    def kinds(self, cluster: str) -> Mapping[GroupKind, int | None]:
        """Return the kinds that a cluster serves."""
        held = self._world.clusters[cluster]
        counts = Counter(key_of(item).group_kind for item in held.written())
        return {kind: counts[kind] for kind in held.kinds()}

    def version(self, cluster: str) -> str:
        """Return the version that the API servers of a run give."""
        return VERSION if cluster in self._world.clusters else ""

    def is_sealed(self, cluster: str, key: ObjectKey) -> bool:
        """Tell whether SOPS encrypted an object in Git."""
        del cluster
        return any(key_of(item.manifest) in (key, key._replace(namespace="")) for item in self._world.sealed())

    def policy_results(self, cluster: str) -> Sequence[PolicyResult]:
        """Return what the reports of a cluster say."""
        return [*reported(cluster, [item for kind in REPORTS for item in self.list(cluster, kind)])]

    def wanted(self, delivery: ObjectName) -> Sequence[WantedObject]:
        """Return what a delivery was rendered as last."""
        live = self.get(delivery.cluster, delivery.key)
        place = self._world.destination(delivery.cluster, live) if live is not None else delivery.cluster
        namespace = text_at(live, "spec", "destination", "namespace")
        if delivery.key.group_kind != APPLICATION:
            namespace = text_at(live, "spec", "targetNamespace")
        return [*self._placed(delivery, place, namespace)]

    def _placed(self, delivery: ObjectName, place: str, namespace: str) -> Iterator[WantedObject]:
        cluster = self._world.clusters[place]
        for item in self._world.brought(delivery.cluster, delivery.key):
            key = key_of(item.manifest)
            if not key.namespace and namespace and cluster.is_namespaced(key.group_kind):
                key = key._replace(namespace=namespace)
            yield WantedObject(id=ObjectName.of(place, key), manifest=item.manifest)
