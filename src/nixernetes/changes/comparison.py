"""Two revisions of a platform, compared: what happens to each object of each cluster.

Both sides are rendered platforms. An object is what its group, kind, namespace and name say; it is compared as an API
server keeps it. What brings an object decides what becomes of it when it leaves Git (``deletion``), and whether a
change arrives (``applying``). Of what could not be rendered on one side nothing is said but that.
"""

from __future__ import annotations

from dataclasses import replace

from nixernetes.changes.compared import ClusterComparison, PlatformComparison
from nixernetes.changes.fates import fates_between
from nixernetes.changes.kept_charts import held_back
from nixernetes.changes.sides import ClusterSide, Side
from nixernetes.changes.unrendered import unread, unrendered
from nixernetes.changes.walk import Walk
from nixernetes.verify.objects import ClusterObjects

__all__ = ["compare"]


def compare(base: Side, head: Side) -> PlatformComparison:
    """Return what happens between two revisions.

    Args:
        base: the platform before.
        head: the platform now.

    """
    names = [name for name in head.clusters if name in base.clusters]
    added = [name for name in head.clusters if name not in base.clusters]
    removed = tuple(name for name, each in base.clusters.items() if _is_gone(each, head))
    gone = [name for name in base.clusters if name not in head.clusters and name not in removed]
    compared = [_compared(base, head, name) for name in sorted({*names, *added, *gone})]
    return PlatformComparison(
        clusters=tuple(compared),
        failures=tuple(unrendered(base, head)),
        added=tuple(name for name in added if not head.clusters[name].objects.is_remote),
        removed=tuple(name for name in removed if not any(unread(base.clusters[name], head))),
    )


def _is_gone(cluster: ClusterSide, head: Side) -> bool:
    """Tell whether a repository no longer declares a cluster: nothing tells its controllers to delete anything."""
    return cluster.objects.hub not in head.clusters


def _nothing(name: str, hub: str) -> ClusterSide:
    objects = ClusterObjects(name=name, hub=hub, placed=(), deliveries=(), is_remote=name != hub)
    return ClusterSide(objects=objects, deliveries={})


def _compared(base: Side, head: Side, name: str) -> ClusterComparison:
    known = head.clusters.get(name) or base.clusters[name]
    hub = known.objects.hub
    before = base.clusters.get(name) or _beside(base, name, hub)
    after = head.clusters.get(name) or _beside(head, name, hub)
    others = {**head.foreign(name), **base.foreign(name)}
    before, after = base.with_foreign(before, others), head.with_foreign(after, others)
    fates = fates_between(before, after, base, head)
    walk = Walk(base=base, head=head, name=name, sides=(before, after), fates=fates)
    found = walk.run()
    return replace(found, held=(*found.held, *held_back(head, found))) if head.kept else found


def _beside(side: Side, name: str, hub: str) -> ClusterSide:
    """Return a cluster to which nothing is brought, with the deliveries of the one that would."""
    empty = _nothing(name, hub)
    return replace(empty, deliveries=side.clusters[hub].deliveries) if hub in side.clusters else empty
