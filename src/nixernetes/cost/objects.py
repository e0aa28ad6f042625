"""What is priced: an object of a cluster with who brings it and whose it is; and the objects of a cluster, by kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from nixernetes.cost.inventory import Assumptions, ClusterInventory
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import NAMESPACE
from nixernetes.objects.manifest import Manifest, labels_of

__all__ = ["ClusterSet", "CostObject", "UnknownDelivery", "cluster_sets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostObject:
    """An object of a cluster.

    Attributes:
        key: who it is.
        manifest: the object.
        cluster: the cluster that it goes to.
        app: the delivery that brings it, or ``""``.
        through: that delivery and those that create it, each behind the cluster that holds it.
        owner: the owner that the delivery names, or ``""``.
        suspended: why nothing of it runs, or ``""``.
        place: where it is written, as ``file:line``, or ``""``.

    """

    key: ObjectKey
    manifest: Manifest
    cluster: str = ""
    app: str = ""
    through: tuple[str, ...] = ()
    owner: str = ""
    suspended: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownDelivery:
    """A delivery that could not be rendered: nobody knows what its objects cost.

    Attributes:
        cluster: the cluster.
        delivery: the delivery.
        reason: why.
        hub: the cluster that holds it; ``""``: the same.

    """

    cluster: str
    delivery: str
    reason: str
    hub: str = ""

    @property
    def identity(self) -> str:
        """The delivery behind the cluster that holds it, as :attr:`CostObject.through` has it."""
        return f"{self.hub or self.cluster}/{self.delivery}"


@dataclass(frozen=True)
class ClusterSet:
    """The objects of one cluster, each once.

    Attributes:
        name: the cluster.
        objects: its objects, by identity; of several of one identity the first.
        inventory: what is known of the cluster.
        assumptions: what is taken for granted.

    """

    name: str
    objects: Mapping[ObjectKey, CostObject]
    inventory: ClusterInventory = field(default_factory=ClusterInventory)
    assumptions: Assumptions = field(default_factory=Assumptions)

    @cached_property
    def by_kind(self) -> Mapping[GroupKind, list[CostObject]]:
        """The objects by kind."""
        found: dict[GroupKind, list[CostObject]] = {}
        for item in self.objects.values():
            found.setdefault(item.key.group_kind, []).append(item)
        return found

    def of(self, *kinds: GroupKind) -> Iterator[CostObject]:
        """Yield the objects of some kinds."""
        for kind in kinds:
            yield from self.by_kind.get(kind, ())

    def team(self, item: CostObject) -> str:
        """Return who owns an object: as it says, its namespace, its delivery, the platform; else ``unowned``."""
        assumed, known = self.assumptions, self.inventory
        said = self._label(item, assumed.team_label) or item.owner
        return said or known.owner or assumed.owner or "unowned"

    def environment(self, item: CostObject) -> str:
        """Return what an object is for: as it or its namespace says, else as its cluster does, else the cluster."""
        said = self._label(item, self.assumptions.environment_label)
        return said or self.inventory.environment or self.name

    def _label(self, item: CostObject, label: str) -> str:
        return labels_of(item.manifest).get(label, "") or self._namespaces.get((item.key.namespace, label), "")

    @cached_property
    def _namespaces(self) -> Mapping[tuple[str, str], str]:
        """The labels of namespaces."""
        return {
            (item.key.name, label): value
            for item in self.of(NAMESPACE)
            for label, value in labels_of(item.manifest).items()
        }


def _named(item: CostObject, known: Mapping[ObjectKey, CostObject]) -> CostObject:
    """Return an object that gets its name from the API server under one of its own: each of them is another."""
    begin = text_at(item.manifest, "metadata", "generateName") or "unnamed-"
    number = 1
    while (key := item.key._replace(name=f"{begin}{number}")) in known:
        number += 1
    return replace(item, key=key)


def cluster_sets(
    objects: Iterable[CostObject], inventory: Mapping[str, ClusterInventory], assumptions: Assumptions
) -> list[ClusterSet]:
    """Return objects by cluster, sorted by name; of several of one identity the first."""
    found: dict[str, dict[ObjectKey, CostObject]] = {}
    for each in objects:
        known = found.setdefault(each.cluster, {})
        item = each if each.key.name else _named(each, known)
        known.setdefault(item.key, item)
    names = sorted({*found, *inventory})
    return [
        ClusterSet(
            name=name,
            objects=found.get(name, {}),
            inventory=inventory.get(name, ClusterInventory()),
            assumptions=assumptions,
        )
        for name in names
    ]
