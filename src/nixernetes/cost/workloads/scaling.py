"""Between which numbers of replicas an autoscaler keeps what it scales.

A HorizontalPodAutoscaler has at least one and ``maxReplicas``; a ScaledObject of KEDA none and 100, unless they say
otherwise, or ``idleReplicaCount`` while nothing happens. Replicas that Git names are clamped into that.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from nixernetes.cost.amounts import Span
from nixernetes.cost.objects import ClusterSet, CostObject
from nixernetes.errors import InputError
from nixernetes.objects.fields import at, mapping_at, text_at
from nixernetes.objects.identity import ObjectKey, split_api_version
from nixernetes.objects.kinds import HORIZONTAL_POD_AUTOSCALER, SCALED_OBJECT, VERTICAL_POD_AUTOSCALER
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["Scaler", "resizers", "scalers", "whole_number"]

_MOST: Final = 2**31 - 1  # an int32
_PAUSED: Final = "autoscaling.keda.sh/paused-replicas"


class Scaler(NamedTuple):
    """An autoscaler.

    Attributes:
        key: the autoscaler.
        least: the fewest replicas.
        most: the most replicas.
        from_zero: whether it starts what has no replicas.

    """

    key: ObjectKey
    least: int
    most: int
    from_zero: bool

    def span(self, replicas: int | None) -> Span:
        """Return how many replicas there are, where Git names so many, or None."""
        most = max(self.least, self.most)
        typical = self.least if replicas is None else min(max(replicas, self.least), most)
        return Span(Decimal(self.least), Decimal(typical), Decimal(most))

    @property
    def note(self) -> str:
        """What is to be said of it."""
        return f"{self.least}..{self.most} replicas by {self.key}"


def whole_number(value: Json, what: str, default: int) -> int:
    """Return a whole number of 0 or more; the default where there is none.

    Raises:
        InputError: it is something else, or more than an API server takes.

    """
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        raise InputError(f"{what} is not a whole number of 0 or more")
    return value


def scalers(cluster: ClusterSet) -> Mapping[ObjectKey, Scaler | InputError]:
    """Return what is scaled, with its autoscaler or why that cannot be read; of several the first by name."""
    found: dict[ObjectKey, Scaler | InputError] = {}
    for item in sorted(cluster.of(HORIZONTAL_POD_AUTOSCALER, SCALED_OBJECT), key=lambda each: each.key):
        key = _target(item, mapping_at(item.manifest, "spec", "scaleTargetRef"))
        if key not in found:
            try:
                found[key] = _scaler(item)
            except InputError as error:
                found[key] = InputError(f"{item.key}: {error.message}")
    return found


def resizers(cluster: ClusterSet) -> Mapping[ObjectKey, ObjectKey]:
    """Return what a VerticalPodAutoscaler may change the requests of, with the autoscaler."""
    found: dict[ObjectKey, ObjectKey] = {}
    for item in sorted(cluster.of(VERTICAL_POD_AUTOSCALER), key=lambda each: each.key):
        if text_at(item.manifest, "spec", "updatePolicy", "updateMode") != "Off":
            target = mapping_at(item.manifest, "spec", "targetRef")
            found.setdefault(_target(item, target), item.key)
    return found


def _target(item: CostObject, target: Manifest) -> ObjectKey:
    group = split_api_version(text_at(target, "apiVersion") or "apps/v1")[0]
    return ObjectKey(group, text_at(target, "kind") or "Deployment", item.key.namespace, text_at(target, "name"))


def _scaler(item: CostObject) -> Scaler:
    spec = mapping_at(item.manifest, "spec")
    if item.key.group_kind == HORIZONTAL_POD_AUTOSCALER:
        least = whole_number(at(spec, "minReplicas"), "minReplicas", 1)
        return Scaler(item.key, least, whole_number(at(spec, "maxReplicas"), "maxReplicas", least), least == 0)
    paused = annotations_of(item.manifest).get(_PAUSED, "")
    if paused.isdecimal() and len(paused) < 10:
        return Scaler(item.key, int(paused), int(paused), True)
    least = whole_number(at(spec, "minReplicaCount"), "minReplicaCount", 0)
    idle = whole_number(at(spec, "idleReplicaCount"), "idleReplicaCount", least)
    most = whole_number(at(spec, "maxReplicaCount"), "maxReplicaCount", 100)
    return Scaler(item.key, min(idle, least), most, True)
