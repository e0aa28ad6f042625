"""Whether somebody may change an object: by the cluster that it is in, its project, and the delivery that brings it."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.adapters.web_server.access.standing import Standing
from nixernetes.app.console import origins
from nixernetes.app.console.leaving import Cascade, expected
from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.wire import AS_JSON
from nixernetes.app.worlds import World
from nixernetes.engine.reports.values import DELIVERIES
from nixernetes.objects.fields import text_at
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Manifest

__all__ = ["PermissionPage", "refusal", "refusal_for_all", "refusal_for_what_goes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionPage:
    """Whether whoever asks may change an object: `refused` says why not, and is empty where that is allowed."""

    __pydantic_config__ = AS_JSON

    refused: str


def refusal(world: World, standing: Standing | None, target: ObjectName) -> str:
    """Return why somebody may not change an object; ``""`` where that is allowed.

    Args:
        world: the world.
        standing: who asks; None for who runs this program.
        target: the object.

    """
    if standing is None or standing.is_unbounded:
        return ""
    cluster = world.clusters.get(target.cluster)
    live = cluster.get(target.key) if cluster is not None else None
    if live is None:
        return "" if standing.allows(target.cluster, "", "") else _told(standing, target.cluster, "", "")
    place, delivery = _delivery(world, target, live)
    where = world.destination(place, delivery) if delivery is live and delivery is not None else target.cluster
    project, name = "", ""
    if delivery is not None:
        meta = delivery["metadata"]
        name = f"{text_at(meta, 'namespace')}/{text_at(meta, 'name')}"
        project = text_at(delivery, "spec", "project") if text_at(delivery, "kind") == APPLICATION.kind else ""
    return "" if standing.allows(where, project, name) else _told(standing, where, project, name)


def refusal_for_what_goes(world: World, standing: Standing | None, target: ObjectName, cascade: Cascade) -> str:
    """Return why somebody may not delete what goes with an object; ``""`` where that is allowed.

    A namespace, a definition or a delivery of deliveries takes with it what others have brought. What no delivery has
    brought goes with what it is in.

    Args:
        world: the world.
        standing: who asks; None for who runs this program.
        target: the object.
        cascade: how what depends on it goes.

    """
    cluster = world.clusters.get(target.cluster)
    live = cluster.get(target.key) if cluster is not None else None
    if standing is None or standing.is_unbounded or live is None:
        return ""
    found = expected(world, LiveObject(target.cluster, live), cascade)
    if found.is_cut:
        return f"{standing.name or 'this session'} may not delete this: more goes with it than is followed"
    for part in found.goes:
        name, gone = ObjectName.of(part.cluster, part.key), world.clusters[part.cluster].get(part.key)
        is_brought = gone is not None and _delivery(world, name, gone)[1] is not None
        refused = refusal(world, standing, name) if is_brought else ""
        if refused:
            return f"{refused}; {part.key} would go with it"
    return ""


def refusal_for_all(standing: Standing | None) -> str:
    """Return why somebody may not change what all clusters share; ``""`` where that is allowed."""
    if standing is None or standing.is_unbounded:
        return ""
    return f"{standing.name or 'this session'} may change only some deliveries; time and faults concern all of them"


def _delivery(world: World, target: ObjectName, live: Manifest) -> tuple[str, Manifest | None]:
    """Return the delivery that is meant, or that brings an object or what owns it, and the cluster that holds it."""
    if target.key.group_kind in DELIVERIES:
        return target.cluster, live
    item: LiveObject | None = LiveObject(target.cluster, live)
    for _ in range(10):  # owners of owners
        if item is None:
            break
        by = origins.of(world, item)
        if by is not None and by.owner is not None:
            return by.place, world.clusters[by.place].get(by.owner)
        item = origins.controller(world, item)
    return target.cluster, None


def _told(standing: Standing, cluster: str, project: str, delivery: str) -> str:
    parts = ((project, "project"), (delivery, "delivery"))
    about = "".join(f", {word} {text}" for text, word in parts if text)
    return f"{standing.name or 'this session'} may not change this: cluster {cluster}{about}"
