"""Real clusters, as views read them: each kind once for a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from nixernetes.adapters.clock import SystemClock
from nixernetes.adapters.kube.client import KubeClient
from nixernetes.app.live.reading import why
from nixernetes.app.web.values import ClusterCard, DeliveryLine, DeliveryPage, FleetPage, ObjectName
from nixernetes.app.web.views.reading import PolicyResult, WantedObject
from nixernetes.app.web.views.reports import REPORTS, reported
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.validation import resource_name
from nixernetes.errors import NixernetesError
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["LiveReading"]

_MOST_ASKED = 400  # objects of a delivery that are asked for


class LiveReading:
    """Reads clusters, each kind and each delivery once.

    Args:
        clients: the clusters by the names of their contexts.
        fleet: gives the fleet.
        delivery: gives one of them.

    """

    mode: Literal["live"] = "live"

    def __init__(
        self,
        clients: Mapping[str, KubeClient],
        fleet: Callable[[], FleetPage],
        delivery: Callable[[ObjectName], DeliveryPage],
    ) -> None:
        self._clients = clients
        self._known: dict[tuple[str, GroupKind], list[Manifest]] = {}
        self._unread: dict[str, None] = {}
        self._pages: dict[ObjectName, DeliveryPage] = {}
        self._fleet = fleet
        self._delivery = delivery

    def unread(self) -> Sequence[str]:
        """Return which kinds may not be listed."""
        return [*self._unread]

    def cards(self) -> Sequence[ClusterCard]:
        """Return the clusters in one look."""
        return self._fleet().clusters

    def lines(self) -> Sequence[DeliveryLine]:
        """Return the deliveries."""
        return self._fleet().deliveries

    @property
    def clusters(self) -> Sequence[str]:
        """The clusters."""
        return [*self._clients]

    def now(self) -> datetime:
        """Return the present."""
        return SystemClock().now()

    def delivery(self, wanted: ObjectName) -> DeliveryPage:
        """Return one delivery, read once.

        Raises:
            NixernetesError: it is not there.

        """
        if wanted not in self._pages:
            self._pages[wanted] = self._delivery(wanted)
        return self._pages[wanted]

    def get(self, cluster: str, key: ObjectKey) -> Manifest | None:
        """Return an object; None where it is not there, or may not be read."""
        kept = self._known.get((cluster, key.group_kind))
        if kept is not None:
            return next((item for item in kept if key_of(item) == key), None)
        try:
            return self._clients[cluster].get(key) if cluster in self._clients else None
        except ApiError:
            return None

    def list(self, cluster: str, kind: GroupKind) -> Sequence[Manifest]:
        """Return the objects of a kind; none where they may not be read."""
        if (cluster, kind) not in self._known:
            try:
                found = self._clients[cluster].list(kind) if cluster in self._clients else []
            except ApiError as error:
                found = []
                self._unread[f"{cluster}: {resource_name(kind)} cannot be listed: {why(error)}"] = None
            self._known[cluster, kind] = found
        return self._known[cluster, kind]

    def kinds(self, cluster: str) -> Mapping[GroupKind, int | None]:
        """Return the kinds that a cluster serves; their objects are not counted."""
        return {each.kind: None for each in self._clients[cluster].served.all()} if cluster in self._clients else {}

    def version(self, cluster: str) -> str:
        """Return the version of a cluster; ``""`` where it does not say."""
        try:
            return self._clients[cluster].version()
        except NixernetesError:
            return ""

    def is_sealed(self, cluster: str, key: ObjectKey) -> bool:
        """Return False: Git is not read, so that nobody knows; values of Secrets are hidden in any case."""
        del cluster, key
        return False

    def policy_results(self, cluster: str) -> Sequence[PolicyResult]:
        """Return what the reports of a cluster say."""
        return [*reported(cluster, [item for kind in REPORTS for item in self.list(cluster, kind)])]

    def wanted(self, delivery: ObjectName) -> Sequence[WantedObject]:
        """Return what a delivery has brought, as it is there: Git is not read."""
        brought = [line.id for line in self.delivery(delivery).tree if line.role == "brought"][:_MOST_ASKED]
        found = [(name, self.get(name.cluster, name.key)) for name in brought]
        return [WantedObject(id=name, manifest=item) for name, item in found if item is not None]
