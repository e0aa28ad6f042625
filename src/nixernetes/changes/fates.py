"""What becomes of the objects of a compared cluster."""

from __future__ import annotations

from nixernetes.changes.compared import ClusterComparison
from nixernetes.changes.deletion import Fates
from nixernetes.changes.sides import Side

__all__ = ["fates_of"]


def fates_of(cluster: ClusterComparison, base: Side, head: Side) -> Fates:
    """Return what tells the fates of objects of a cluster.

    Args:
        cluster: the cluster.
        base: the platform before.
        head: the platform now.

    """
    hub = cluster.head.objects.hub
    hubs = (base.clusters.get(hub, cluster.base), head.clusters.get(hub, cluster.head))
    return Fates(base=cluster.base, head=cluster.head, hub=hubs, problem_of=head.problem_of)
