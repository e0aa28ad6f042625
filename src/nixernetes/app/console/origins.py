"""Where live objects come from: the delivery that brought each, and the line in Git in which it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.worlds import World
from nixernetes.engine.owners import owner_of
from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of, split_api_version
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.provenance import Origin

__all__ = ["Brought", "brought", "controller", "of"]


class Brought(NamedTuple):
    """Who brought an object, and what is known of its way.

    Attributes:
        place: the cluster that holds the delivery.
        owner: the delivery; None for what started the cluster.
        origin: where the object began.

    """

    place: str
    owner: ObjectKey | None
    origin: Origin


def brought(world: World) -> dict[tuple[str, ObjectKey], Brought]:
    """Return who brought each object of every cluster that a delivery or a start brought."""
    found = {}
    for name, cluster in world.clusters.items():
        for item in cluster.written():
            one = of(world, LiveObject(name, item))
            if one is not None:
                found[name, key_of(item)] = one
    return found


def of(world: World, found: LiveObject) -> Brought | None:
    """Return who brought an object; None for what others made, as the pods of a Deployment."""
    key, owner = found.key, owner_of(found.object)
    for place, delivery in _deliveries(world, found.cluster, owner):
        return Brought(place, delivery, _origin(world, place, delivery, key))
    started = world.started.get((found.cluster, key))
    if started is not None:
        return Brought(found.cluster, None, started)
    return None


def controller(world: World, found: LiveObject) -> LiveObject | None:
    """Return the object that controls this one, as a ReplicaSet its pods; None where none does."""
    references = objects_at(found.object, "metadata", "ownerReferences")
    reference = next((each for each in references if flag_at(each, "controller")), next(iter(references), None))
    if reference is None:
        return None
    group, _ = split_api_version(text_at(reference, "apiVersion"))
    cluster = world.clusters[found.cluster]
    kind = GroupKind(group, text_at(reference, "kind"))
    namespace = found.key.namespace if cluster.is_namespaced(kind) else ""
    owner = cluster.get(ObjectKey(*kind, namespace, text_at(reference, "name")))
    return LiveObject(found.cluster, owner) if owner is not None else None


def _deliveries(world: World, cluster: str, owner: ObjectKey | None) -> Iterator[tuple[str, ObjectKey]]:
    """Yield where the delivery is that an object names; an Application may be in another cluster."""
    if owner is None:
        return
    if owner.group_kind != APPLICATION:
        if world.clusters[cluster].get(owner) is not None:
            yield cluster, owner
        return
    for plane in world.argocd:
        for item in world.clusters[plane].list(APPLICATION, namespace=owner.namespace or None):
            if key_of(item).name == owner.name:
                yield plane, key_of(item)


def _origin(world: World, place: str, delivery: ObjectKey, key: ObjectKey) -> Origin:
    return world.origins(place)(delivery, key) or Origin()
