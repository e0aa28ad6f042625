"""What two revisions of a platform, compared, are told as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from nixernetes.changes.change import Action, Held, ObjectChange, Unrendered
from nixernetes.changes.sides import ClusterSide
from nixernetes.objects.identity import ObjectKey
from nixernetes.render.deliveries import Delivery

__all__ = ["ClusterComparison", "PlatformComparison"]


@dataclass(frozen=True, kw_only=True)
class ClusterComparison:
    """What happens on one cluster.

    Attributes:
        name: the cluster.
        base: it before.
        head: it now.
        changes: what happens, in the order of the objects.
        held: what changes in Git and not in the cluster.
        unpruned: Applications that would delete all that they have, which Argo CD refuses.

    """

    name: str
    base: ClusterSide
    head: ClusterSide
    changes: tuple[ObjectChange, ...] = ()
    held: tuple[Held, ...] = ()
    unpruned: tuple[Delivery, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[ObjectKey, ObjectChange]:
        """The changes by object."""
        return {each.key: each for each in self.changes}

    def of(self, *actions: Action) -> Iterator[ObjectChange]:
        """Yield the changes of some kinds."""
        return (each for each in self.changes if each.action in actions)


@dataclass(frozen=True, kw_only=True)
class PlatformComparison:
    """What a change of a repository does.

    Attributes:
        clusters: what happens on each cluster, those without a change among them.
        failures: deliveries that could not be rendered.
        added: clusters that are new.
        removed: clusters that are no longer declared: what runs there is left alone.

    """

    clusters: tuple[ClusterComparison, ...]
    failures: tuple[Unrendered, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def changes(self) -> Iterator[ObjectChange]:
        """All changes."""
        return (change for cluster in self.clusters for change in cluster.changes)
