"""What of a pod may change (``ValidatePodUpdate`` of ``pkg/apis/core/validation``, 1.34.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.cluster.go_forms.specs import difference
from nixernetes.objects.fields import items_at, mapping_at, objects_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["of_pod"]

_CHANGEABLE: Final = (
    "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only "
    "additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
    "previously negative)"
)
_BESIDE: Final = ("activeDeadlineSeconds", "tolerations", "ephemeralContainers", "schedulingGates")
_GRACE: Final = "terminationGracePeriodSeconds"


def of_pod(old: Manifest, new: Manifest) -> Iterator[str]:
    """Yield what of a pod must not have changed, and did."""
    before, after = mapping_at(old, "spec"), mapping_at(new, "spec")
    for part in ("containers", "initContainers"):
        if len(objects_at(before, part)) != len(objects_at(after, part)):
            yield f"spec.{part}: Forbidden: pod updates may not add or remove containers"
            return
    yield from _deadline(before, after)
    yield from _tolerations(before, after)
    compared = {**after, **{part: _with_images_of(before, after, part) for part in ("containers", "initContainers")}}
    for name in _BESIDE:
        compared[name] = before.get(name)
    if (before.get(_GRACE) or 0) < 0 and after.get(_GRACE) == 1:
        compared[_GRACE] = before[_GRACE]
    if before.get("schedulingGates"):
        yield from _gated(before, compared)
    if _given(compared) != _given(before):
        shown = difference("PodSpec", before, _given(compared))
        yield f"spec: Forbidden: pod updates may not change fields other than {_CHANGEABLE}\n{shown}"


def _given(spec: Manifest) -> Manifest:
    return {name: value for name, value in spec.items() if value is not None and value != []}


def _with_images_of(before: Manifest, after: Manifest, part: str) -> list[Json]:
    """Return containers with the images that those before them have."""
    pairs = zip(objects_at(before, part), objects_at(after, part), strict=True)
    return [{**new, "image": old["image"]} if "image" in old else new for old, new in pairs]


def _deadline(before: Manifest, after: Manifest) -> Iterator[str]:
    name = "activeDeadlineSeconds"
    was, now = before.get(name), after.get(name)
    if now is None and was is not None:
        yield f"spec.{name}: Invalid value: null: must not update from a positive integer to nil value"
    elif isinstance(now, int) and isinstance(was, int) and was < now:
        yield f"spec.{name}: Invalid value: {now}: must be less than or equal to previous value"


def _tolerations(before: Manifest, after: Manifest) -> Iterator[str]:
    """Yield that a toleration went or changed; for how long may change."""
    known = [_without_seconds(each) for each in objects_at(after, "tolerations")]
    if any(_without_seconds(each) not in known for each in objects_at(before, "tolerations")):
        yield "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"


def _without_seconds(toleration: Manifest) -> Manifest:
    return {name: value for name, value in toleration.items() if name != "tolerationSeconds"}


def _gated(before: Manifest, compared: dict[str, Json]) -> Iterator[str]:
    """Yield what a pod that waits for its gates may not: it may ask for more of its node."""
    was, now = mapping_at(before, "nodeSelector"), mapping_at(compared, "nodeSelector")
    for name, value in was.items():
        if name not in now:
            yield f"spec.nodeSelector: Invalid value: {_go_map(now)}: no deletions are allowed to existing keys"
        elif now[name] != value:
            yield f"spec.nodeSelector: Invalid value: {_go_map(now)}: no mutations are allowed to existing keys"
    compared["nodeSelector"] = before.get("nodeSelector")
    affinity = {**mapping_at(compared, "affinity")}
    if not items_at(mapping_at(before, "affinity"), "nodeAffinity"):
        affinity.pop("nodeAffinity", None)
        if "nodeAffinity" in mapping_at(before, "affinity"):
            affinity["nodeAffinity"] = before["affinity"]["nodeAffinity"]
        compared["affinity"] = affinity or None


def _go_map(value: Manifest) -> str:
    inner = ",".join(f'"{name}":"{value[name]}"' for name in sorted(value))
    return f"{{{inner}}}"
