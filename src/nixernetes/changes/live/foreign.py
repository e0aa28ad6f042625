"""Deliveries that another cluster holds and that bring something to this one: of Argo CD, or of Flux by kubeConfig."""

from __future__ import annotations

from nixernetes.changes.sides import ClusterSide, Side
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest

__all__ = ["foreign", "with_foreign"]


def with_foreign(head: Side, name: str) -> ClusterSide:
    """Return a cluster with all deliveries that bring something to it, whichever cluster holds them."""
    cluster = head.clusters[name]
    return head.with_foreign(cluster, head.foreign(name))


def foreign(head: Side, cluster: ClusterSide) -> dict[ObjectKey, Manifest]:
    """Return the deliveries of a cluster that it does not hold itself, as Git has them.

    Args:
        head: the platform as it is in Git.
        cluster: the cluster, as :func:`with_foreign` gives it.

    """
    name = cluster.objects.name
    own = {each.key for each in head.view.held.get(name, ())} if not cluster.objects.is_remote else set()
    return {key: each.manifest for key, each in sorted(cluster.deliveries.items()) if key not in own}
