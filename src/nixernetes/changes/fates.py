"""What becomes of the objects of a compared cluster."""

from __future__ import annotations

from nixernetes.changes.compared import ClusterComparison
from nixernetes.changes.deletion import Fates
from nixernetes.changes.sides import ClusterSide, Side

__all__ = ["fates_between", "fates_of"]


def fates_of(cluster: ClusterComparison, base: Side, head: Side) -> Fates:
    """Return what tells the fates of objects of a cluster.

    Args:
        cluster: the cluster.
        base: the platform before.
        head: the platform now.

    """
    return fates_between(cluster.base, cluster.head, base, head)


def fates_between(before: ClusterSide, after: ClusterSide, base: Side, head: Side) -> Fates:
    """Return what tells the fates of objects of a cluster, by the cluster before and now.

    Args:
        before: the cluster before.
        after: the cluster now.
        base: the platform before.
        head: the platform now.

    """

    def pair(hub: str) -> tuple[ClusterSide, ClusterSide]:
        return base.clusters.get(hub, before), head.clusters.get(hub, after)

    others = {key: pair(hub) for key, hub in {**after.hubs, **before.hubs}.items()}
    return Fates(base=before, head=after, hub=pair(after.objects.hub), hubs=others, problem_of=head.problem_of)
