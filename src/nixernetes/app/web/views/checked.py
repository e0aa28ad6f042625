"""A repository that was rendered and checked, as views read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from nixernetes.app.web.values import ClusterCard, DeliveryLine, DeliveryPage, FleetPage, ObjectName
from nixernetes.app.web.views.reading import PolicyResult, WantedObject
from nixernetes.kyverno.reports import UNKNOWN
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.verify.objects import Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.policies.judgements import policy_verdicts
from nixernetes.verify.policies.quoting import without_secrets

__all__ = ["CheckedReading"]


@dataclass(frozen=True, kw_only=True)
class CheckedReading:
    """Reads what was rendered.

    Attributes:
        view: what was rendered.
        time: when it was checked.
        fleet: gives the fleet.
        delivery: gives one of them.

    """

    view: PlatformView
    time: datetime
    fleet: Callable[[], FleetPage]
    delivery: Callable[[ObjectName], DeliveryPage]
    mode: Literal["repository"] = "repository"

    @property
    def clusters(self) -> Sequence[str]:
        """The clusters."""
        return list(dict.fromkeys(each.name for each in self.view.clusters))

    def unread(self) -> Sequence[str]:
        """Return the deliveries that could not be rendered: nobody knows what they bring."""
        found = dict.fromkeys(each.key for cluster in self.view.clusters for each in cluster.unrendered)
        return [f"{key} could not be rendered, so its objects are not known" for key in found]

    def cards(self) -> Sequence[ClusterCard]:
        """Return the clusters in one look."""
        return self.fleet().clusters

    def lines(self) -> Sequence[DeliveryLine]:
        """Return the deliveries."""
        return self.fleet().deliveries

    def now(self) -> datetime:
        """Return when it was checked."""
        return self.time

    def _placed(self, cluster: str, kind: GroupKind) -> list[Placed]:
        return [item for each in self.view.clusters if each.name == cluster for item in each.of(kind)]

    def get(self, cluster: str, key: ObjectKey) -> Manifest | None:
        """Return an object as it is rendered, or None."""
        found = next((item for item in self._placed(cluster, key.group_kind) if item.key == key), None)
        return _whole(found) if found is not None else None

    def list(self, cluster: str, kind: GroupKind) -> Sequence[Manifest]:
        """Return the objects of a kind, each once."""
        found = {item.key: item for item in reversed(self._placed(cluster, kind))}
        return [_whole(found[key]) for key in sorted(found)]

    def kinds(self, cluster: str) -> Mapping[GroupKind, int | None]:
        """Return the kinds that are brought to a cluster."""
        return Counter(
            item.key.group_kind for each in self.view.clusters if each.name == cluster for item in each.placed
        )

    def version(self, cluster: str) -> str:
        """Return the version that a cluster is checked for; ``""`` where nobody says one."""
        minor = self.view.minor_versions.get(cluster)
        return f"1.{minor}" if minor is not None else ""

    def is_sealed(self, cluster: str, key: ObjectKey) -> bool:
        """Tell whether SOPS encrypted an object."""
        found = (item for item in self._placed(cluster, key.group_kind) if item.key == key)
        return any(item.seal is not None for item in found)

    def policy_results(self, cluster: str) -> Sequence[PolicyResult]:
        """Return what policies of Kyverno would say; what is kept is not among it."""
        return [
            PolicyResult(
                policy=key_of(each.policy),
                object=ObjectName.of(cluster, each.item.key),
                rule=each.row.rule,
                result=each.row.result if each.is_known else UNKNOWN,
                message=without_secrets(each.row.message, each.item),
            )
            for each in policy_verdicts(self.view)
            if each.cluster.name == cluster
        ]

    def wanted(self, delivery: ObjectName) -> Sequence[WantedObject]:
        """Return what a delivery is rendered as."""
        return [
            WantedObject(id=ObjectName.of(each.name, item.key), manifest=item.manifest)
            for each in self.view.clusters
            if each.hub == delivery.cluster
            for item in each.placed
            if item.owner is not None and item.owner.key == delivery.key
        ]


def _whole(item: Placed) -> Manifest:
    """Return an object with the namespace that it goes to."""
    meta = item.manifest["metadata"]
    if not item.key.namespace or meta.get("namespace") == item.key.namespace:
        return item.manifest
    return {**item.manifest, "metadata": {**meta, "namespace": item.key.namespace}}
