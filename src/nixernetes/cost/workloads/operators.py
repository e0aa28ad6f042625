"""Pods that an operator makes from an object of its own: databases, queues, Prometheus.

By convention such an object says how many members it has (``replicas``, ``instances``, ``members``) and what one of
them asks for (``resources``). That is priced; what the operator adds, as sidecars, is not known, and told. Where it
says how many and not how much, it is unpriced.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from nixernetes.cost.amounts import Span
from nixernetes.cost.workloads.running import Pods
from nixernetes.cost.workloads.scaling import whole_number
from nixernetes.objects.fields import at, mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["member_claim", "operator_pods"]

_COUNTS: Final = ("replicas", "instances", "members", "numberOfInstances")
_MARKS: Final = ("storage", "volume", "persistence", "image", "imageName", "version")
_SIZES: Final = ("size", "storage")
_CLASSES: Final = ("storageClassName", "storageClass", "class")


def operator_pods(manifest: Manifest) -> Pods | None:
    """Return the members of an object that an operator runs; None where it is not one.

    Raises:
        InputError: the number of members is not one.

    """
    spec = mapping_at(manifest, "spec")
    name = next((each for each in _COUNTS if isinstance(spec.get(each), int)), "")
    resources = mapping_at(spec, "resources")
    is_asking = bool(mapping_at(resources, "requests") or mapping_at(resources, "limits"))
    if not is_asking and not (name and any(each in spec for each in _MARKS)):
        return None
    if not is_asking:
        return Pods(unpriced=f"its operator runs {spec[name]}: what each of them requests is not given")
    members = whole_number(spec.get(name), name, 1) * whole_number(at(spec, "shards"), "shards", 1)
    if not members:
        return Pods(count=Span(), zero=f"{name}: 0")
    note = f"members by its operator, each with spec.resources; {name or 'one member'}, without what the operator adds"
    container = {"name": "member", "resources": resources}
    return Pods(spec={"containers": [container]}, count=Span.of(Decimal(members)), notes=(note,))


def member_claim(manifest: Manifest) -> Manifest | None:
    """Return the claim of each member, or None where the object names none."""
    spec = mapping_at(manifest, "spec")
    for name in ("storage", "volume", "persistence"):
        found: Json = spec.get(name)
        template = mapping_at(found, "volumeClaimTemplate")
        if template:
            return {**template, "metadata": {"name": "members"}}
        size = next((found[each] for each in _SIZES if each in found), None) if isinstance(found, dict) else None
        if isinstance(size, str):
            named = next((text_at(found, each) for each in _CLASSES if text_at(found, each)), None)
            claim = {"resources": {"requests": {"storage": size}}, "storageClassName": named}
            return {"metadata": {"name": "members"}, "spec": claim}
    return None
