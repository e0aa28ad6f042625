"""Releases whose chart stays as it was built, while its files change: what they install is the chart before.

source-controller builds a chart of a Git repository anew only with another version in its ``Chart.yaml`` or another
HelmChart (``reconcileStrategy: ChartVersion``, the default). A release that is upgraded or installed anew meanwhile,
because its values change or its name does, takes the templates and value files that the chart was built from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from nixernetes.changes.applying import chart_of, is_reinstalled, is_upgraded, keeps_chart
from nixernetes.changes.change import Held
from nixernetes.changes.compared import ClusterComparison
from nixernetes.changes.sides import ClusterSide, Side
from nixernetes.errors import InputError
from nixernetes.objects.fields import items_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import HELM_RELEASE
from nixernetes.render.deliveries import Delivery
from nixernetes.render.tree import Tree, join
from nixernetes.verify.local_charts import LocalChart, chart_folders
from nixernetes.verify.objects import placed_objects
from nixernetes.verify.platform_view import PlatformView

__all__ = ["held_back", "kept_charts", "with_kept_charts"]

Files = dict[str, bytes | None]


def kept_charts(base: Side, head: Side) -> tuple[frozenset[tuple[str, ObjectKey]], Files]:
    """Return the releases that take a chart as it was built before, and the files of those charts as they were.

    Args:
        base: the platform before.
        head: the platform now.

    """
    found: set[tuple[str, ObjectKey]] = set()
    files: Files = {}
    for name, after in head.clusters.items():
        before = base.clusters.get(name)
        for key, new in after.deliveries.items() if before is not None and not after.objects.is_remote else ():
            old = before.deliveries.get(key) if before is not None and key.group_kind == HELM_RELEASE else None
            if old is None or before is None or not _takes(old, new, before, after):
                continue
            changed = dict(_changed(base.view.places.tree, head.view.places.tree, new))
            if changed:
                found.add((name, key))
                files |= changed
    return frozenset(found), files


def _takes(old: Delivery, new: Delivery, before: ClusterSide, after: ClusterSide) -> bool:
    if old.problem or new.problem or not keeps_chart(old, new, before, after):
        return False
    return bool(is_reinstalled(old, new, before, after)) or is_upgraded(old, new, before, after)


def _changed(old: Tree, new: Tree, release: Delivery) -> Iterator[tuple[str, bytes | None]]:
    """Yield the files of a chart that differ, as they were; None for one that was not there."""
    for path in sorted({*_files(old, release), *_files(new, release)}):
        before, after = (tree.read(path) if tree.is_file(path) else None for tree in (old, new))
        if before != after:
            yield path, before


def _files(tree: Tree, release: Delivery) -> Iterator[str]:
    """Yield the files that a chart is built from: its folder, those of charts beside it, and its value files."""
    for folder in chart_folders(release):
        chart = LocalChart(tree, folder)
        if not tree.is_file(f"{folder}/Chart.yaml"):
            continue
        yield from tree.walk(folder)
        for each in chart.dependencies:
            beside = chart.beside(each)
            yield from tree.walk(beside.folder) if beside is not None else ()
    for name in items_at(release.manifest, "spec", "chart", "spec", "valuesFiles"):
        try:
            path = join("", str(name))
        except InputError:
            continue
        if tree.is_file(path):
            yield path


def with_kept_charts(head: Side, other: PlatformView, releases: frozenset[tuple[str, ObjectKey]]) -> Side:
    """Return a platform with what some releases bring from the charts that they keep.

    Args:
        head: the platform.
        other: the same, rendered with those charts.
        releases: the releases, with the clusters that hold them.

    """
    kept = {(name, each.key): each for name, held in other.held.items() for each in held if not each.problem}
    releases = frozenset(each for each in releases if each in kept)
    clusters = tuple(
        replace(cluster, deliveries=tuple(_or(each, cluster.name, releases, kept) for each in cluster.deliveries))
        for cluster in head.view.platform.clusters
    )
    differing = {
        (cluster.name, each.key): each
        for cluster in head.view.platform.clusters
        for each in cluster.deliveries
        if (cluster.name, each.key) in releases and _objects(each) != _objects(kept[cluster.name, each.key])
    }
    if not differing:
        return head
    platform = replace(head.view.platform, clusters=clusters)
    return replace(head, view=replace(head.view, platform=platform, memo={}), kept=differing)


def held_back(head: Side, comparison: ClusterComparison) -> Iterator[Held]:
    """Yield what is in the files of a chart, and does not reach a cluster because the chart is not built anew."""
    side = comparison.head
    for (hub, key), written in sorted(head.kept.items()):
        if hub != side.objects.hub:
            continue
        reason = f"its chart is still {chart_of(written, side)}, and is built again only with another version"
        there = {item.key: item.manifest for item in side.brought_by(key)}
        for item in placed_objects(written.manifests, written, head.view.is_namespaced):
            if there.get(item.key) != item.manifest:
                yield Held(key=item.key, cluster=comparison.name, owner=str(key), reason=reason)


def _or(
    delivery: Delivery,
    cluster: str,
    releases: frozenset[tuple[str, ObjectKey]],
    kept: Mapping[tuple[str, ObjectKey], Delivery],
) -> Delivery:
    place = (cluster, delivery.key)
    return replace(delivery, manifests=kept[place].manifests) if place in releases else delivery


def _objects(delivery: Delivery) -> list[object]:
    return [each.manifest for each in delivery.manifests]
