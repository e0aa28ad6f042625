"""What could not be rendered at one of two revisions, and what could not even be read there."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.changes.change import Unrendered
from nixernetes.changes.sides import ClusterSide, Side
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json
from nixernetes.render.deliveries import Delivery

__all__ = ["unread", "unrendered"]


def unrendered(base: Side, head: Side) -> Iterator[Unrendered]:
    """Yield the deliveries that could not be rendered at a revision, or are not read there."""
    found: dict[tuple[str, ObjectKey], dict[str, Delivery]] = {}
    for word, side in (("base", base), ("head", head)):
        for cluster, delivery in side.view.deliveries():
            if delivery.problem:
                found.setdefault((cluster.name, delivery.key), {})[word] = delivery
    for word, side, other in (("head", base, head), ("base", head, base)):
        for name, held in side.view.held.items():
            there = {each.key for each in other.view.held.get(name, ())}
            for delivery, problem in unread(side.clusters[name], other) if held else ():
                if delivery.key not in there:
                    yield Unrendered(side=word, delivery=str(delivery.key), cluster=name, message=problem)
    for (name, key), sides in sorted(found.items()):
        before, after = sides.get("base"), sides.get("head")
        is_same = (
            before is not None
            and after is not None
            and _read(before, base.clusters[name]) == _read(after, head.clusters[name])
        )
        yield Unrendered(
            side="both" if len(sides) > 1 else next(iter(sides)),
            delivery=str(key),
            cluster=name,
            message=(sides.get("head") or sides["base"]).problem,
            is_changed=not is_same,
        )


def unread(cluster: ClusterSide, other: Side) -> Iterator[tuple[Delivery, str]]:
    """Yield the deliveries that start a cluster and stand in a file that cannot be read at the other revision."""
    for delivery in cluster.deliveries.values():
        problem = other.problem_of(delivery.origin.file) or other.broken_start(cluster.objects.hub)
        problem = "" if delivery.parents else problem
        if problem:
            yield delivery, problem


def _read(delivery: Delivery, side: ClusterSide) -> list[Json]:
    """Return what a delivery is made from, as far as it is declared: itself, its source, what it has values from."""
    spec, own = mapping_at(delivery.manifest, "spec"), delivery.key.namespace
    references = [mapping_at(spec, *path) for path in (("sourceRef",), ("chartRef",), ("chart", "spec", "sourceRef"))]
    for path in (("valuesFrom",), ("postBuild", "substituteFrom")):
        references += objects_at(spec, *path)
    wanted = {(text_at(each, "kind"), text_at(each, "namespace") or own, text_at(each, "name")) for each in references}
    found = [item.manifest for key, item in side.placed.items() if (key.kind, key.namespace, key.name) in wanted]
    return [spec, *found]
