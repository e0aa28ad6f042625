"""On which nodes pods demand to run: the labels that all have, and whether they may be taken away any moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import INSTANCE_TYPE

__all__ = ["SPOT_MARKERS", "NodeMarker", "instance_class", "is_spot", "required_labels"]


class NodeMarker(NamedTuple):
    """A label or taint by which nodes are known: ``karpenter.sh/capacity-type: spot``."""

    key: str
    value: str


SPOT_MARKERS: Final = (
    NodeMarker("karpenter.sh/capacity-type", "spot"),
    NodeMarker("kubernetes.azure.com/scalesetpriority", "spot"),
    NodeMarker("cloud.google.com/gke-spot", "true"),
    NodeMarker("eks.amazonaws.com/capacityType", "SPOT"),
)


_PLACING: Final = ("nodeSelector", "affinity", "tolerations")


def _terms(spec: Manifest) -> list[list[Manifest]]:
    required = mapping_at(spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    return [objects_at(term, "matchExpressions") for term in objects_at(required, "nodeSelectorTerms")]


def _values(spec: Manifest, terms: list[list[Manifest]], key: str) -> set[str] | None:
    """Return the values of a label that nodes may have; None where it may be any."""
    selector = mapping_at(spec, "nodeSelector")
    if key in selector:
        return {str(selector[key])}
    allowed: set[str] = set()
    for term in terms:
        found = [
            {str(value) for value in items_at(each, "values")}
            for each in term
            if text_at(each, "key") == key and text_at(each, "operator") == "In"
        ]
        if not found:
            return None
        allowed |= set.intersection(*found)
    return allowed if terms else None


def required_labels(spec: Manifest) -> dict[str, str]:
    """Return the labels that every node has on which such pods run."""
    if not any(name in spec for name in _PLACING):
        return {}
    terms = _terms(spec)
    keys = {text_at(each, "key") for term in terms for each in term}
    found = {key: str(value) for key, value in mapping_at(spec, "nodeSelector").items()}
    for key in sorted(keys - found.keys()):
        values = _values(spec, terms, key)
        if values is not None and len(values) == 1:
            found[key] = next(iter(values))
    return found


def instance_class(labels: dict[str, str]) -> str:
    """Return the class of nodes that labels name, or ``""``."""
    return labels.get(INSTANCE_TYPE, "")


def is_spot(spec: Manifest, markers: Iterable[NodeMarker] = SPOT_MARKERS) -> bool:
    """Tell whether pods run on nodes that may be taken away any moment.

    They do where their node selector or required affinity leaves nothing else, or where they tolerate the taint of such
    nodes and no selector sends them elsewhere.
    """
    if not any(name in spec for name in _PLACING):
        return False
    terms = _terms(spec)
    tolerations = objects_at(spec, "tolerations")
    return any(_is_marked(spec, terms, tolerations, marker) for marker in markers)


def _is_marked(spec: Manifest, terms: list[list[Manifest]], tolerations: list[Manifest], marker: NodeMarker) -> bool:
    values = _values(spec, terms, marker.key)
    if values is not None:
        return values == {marker.value}
    if any(_excludes(each, marker) for term in terms for each in term):
        return False
    return any(
        text_at(each, "key") == marker.key
        and (text_at(each, "operator") == "Exists" or text_at(each, "value") == marker.value)
        for each in tolerations
    )


def _excludes(expression: Manifest, marker: NodeMarker) -> bool:
    if text_at(expression, "key") != marker.key:
        return False
    operator, values = text_at(expression, "operator"), items_at(expression, "values")
    return operator == "DoesNotExist" or (operator == "NotIn" and marker.value in values)
