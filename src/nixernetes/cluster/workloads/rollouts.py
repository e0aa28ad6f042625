"""How far a Deployment may go at a time: the sums of a rollout, over ReplicaSets as they are.

After Kubernetes 1.34.4: ``pkg/controller/deployment/rolling.go``, ``sync.go`` (``scale``) and
``util/deployment_util.go`` (``NewRSNewReplicas``, ``ResolveFenceposts``, ``GetReplicaSetProportion``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from nixernetes.cluster.workloads.revisions import MOST
from nixernetes.cluster.workloads.store import wanted_replicas
from nixernetes.objects.fields import at, number_at, text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["Bounds", "available", "bounds", "new_size", "old_sizes", "proportional", "size"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a rollout has to keep to.

    Attributes:
        wanted: how many pods are wanted.
        surge: how many more there may be.
        unavailable: how many fewer may be available.
        is_rolling: whether old and new pods run side by side.

    """

    wanted: int
    surge: int
    unavailable: int
    is_rolling: bool


def bounds(deployment: Manifest) -> Bounds:
    """Return the bounds that a Deployment states."""
    wanted = wanted_replicas(deployment)
    if text_at(deployment, "spec", "strategy", "type") == "Recreate":
        return Bounds(wanted, 0, 0, is_rolling=False)
    told = ("spec", "strategy", "rollingUpdate")
    surge = share(at(deployment, *told, "maxSurge"), wanted, "25%", rounds_up=True)
    unavailable = share(at(deployment, *told, "maxUnavailable"), wanted, "25%", rounds_up=False)
    if not surge and not unavailable:
        unavailable = 1  # else nothing could move
    return Bounds(wanted, surge, min(unavailable, wanted), is_rolling=True)


def share(value: Json, whole: int, default: str, *, rounds_up: bool) -> int:
    """Read a number or a percentage of a whole."""
    text = default if value is None else str(value)
    if text.endswith("%") and text[:-1].isdecimal():
        part = whole * int(text[:-1]) / 100
        return math.ceil(part) if rounds_up else math.floor(part)
    return int(text) if text.isdecimal() else 0


def size(replica_set: Manifest) -> int:
    """Return how many pods a ReplicaSet wants."""
    return wanted_replicas(replica_set)


def available(replica_set: Manifest) -> int:
    """Return how many pods of a ReplicaSet are available."""
    return number_at(replica_set, "status", "availableReplicas")


def new_size(allowed: Bounds, present: int, others: int) -> int:
    """Return how many pods the new ReplicaSet may have.

    Args:
        allowed: the bounds.
        present: how many it has.
        others: how many the old ones have.

    """
    if not allowed.is_rolling or present > allowed.wanted:
        return allowed.wanted
    room = allowed.wanted + allowed.surge - present - others
    return present + min(max(room, 0), allowed.wanted - present)


def old_sizes(allowed: Bounds, current: Manifest, old: list[Manifest]) -> dict[str, int]:
    """Return the new sizes of the old ReplicaSets that may shrink: unhealthy pods go first, then healthy ones.

    Args:
        allowed: the bounds.
        current: the new ReplicaSet.
        old: the others, the oldest first.

    """
    least = allowed.wanted - allowed.unavailable
    total = size(current) + sum(map(size, old))
    most = total - least - max(size(current) - available(current), 0)
    sizes = {one["metadata"]["name"]: size(one) for one in old}
    before = dict(sizes)
    if most <= 0:
        return {}
    for one in old:
        name = one["metadata"]["name"]
        unhealthy = min(max(sizes[name] - available(one), 0), most)
        sizes[name] -= unhealthy
        most -= unhealthy
    spare = available(current) + sum(map(available, old)) - least
    for one in old:
        name = one["metadata"]["name"]
        healthy = min(sizes[name], max(spare, 0))
        sizes[name] -= healthy
        spare -= healthy
    return {name: number for name, number in sizes.items() if number != before[name]}


def proportional(allowed: Bounds, active: list[Manifest]) -> dict[str, int]:
    """Return the sizes of ReplicaSets that share what is added or taken away, each by its part of the whole.

    Args:
        allowed: the bounds.
        active: the ReplicaSets that have pods, the newest first.

    """
    total = sum(map(size, active))
    target = allowed.wanted + allowed.surge if allowed.wanted else 0
    change = target - total
    newest_first = change > 0
    ordered = sorted(active if newest_first else active[::-1], key=size, reverse=True)
    sizes, added = {}, 0
    for one in ordered:
        part = _part(one, allowed, change, added, total) if change else 0
        sizes[one["metadata"]["name"]] = size(one) + part
        added += part
    if ordered and change:
        first = ordered[0]["metadata"]["name"]
        sizes[first] = max(sizes[first] + change - added, 0)
    return sizes


def _part(one: Manifest, allowed: Bounds, change: int, added: int, total: int) -> int:
    if not size(one) or added == change:
        return 0
    if not allowed.wanted:
        part = -size(one)
    else:
        most = number_of(one, MOST) or total
        part = round(size(one) * (allowed.wanted + allowed.surge) / most) - size(one)
    left = change - added
    return min(part, left) if change > 0 else max(part, left)


def number_of(replica_set: Manifest, name: str) -> int | None:
    """Return the number that an annotation holds, or None."""
    text = annotations_of(replica_set).get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def total(sets: Iterable[Manifest]) -> int:
    """Return how many pods ReplicaSets want together."""
    return sum(map(size, sets))
