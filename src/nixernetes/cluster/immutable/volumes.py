"""What of volumes and claims may change (``pkg/apis/core/validation``, 1.34.4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from nixernetes.cluster.go_forms.specs import difference
from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.fields import at, mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import OLD_STORAGE_CLASS

__all__ = ["of_claim", "of_volume"]

_BESIDE_SOURCES: Final = frozenset(
    (  # the fields of a volume's spec that say nothing of where it is
        *("accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity", "persistentVolumeReclaimPolicy"),
        *("storageClassName", "volumeAttributesClassName", "volumeMode"),
    )
)


def of_claim(old: Manifest, new: Manifest) -> Iterator[str]:
    """Yield what of a claim must not have changed, and did (``ValidatePersistentVolumeClaimUpdate``)."""
    before, after = dict(mapping_at(old, "spec")), dict(mapping_at(new, "spec"))
    if not text_at(before, "volumeName") and "volumeName" in after:
        before["volumeName"] = after["volumeName"]
    was_named = annotations_of(old).get(OLD_STORAGE_CLASS)
    if was_named is not None and "storageClassName" not in before and after.get("storageClassName") == was_named:
        after.pop("storageClassName")
    if text_at(new, "status", "phase") == "Bound":
        asked = dict(mapping_at(after, "resources", "requests"))
        if asked:
            asked["storage"] = at(before, "resources", "requests", "storage")
            after["resources"] = {**mapping_at(after, "resources"), "requests": asked}
        after.pop("volumeAttributesClassName", None)
        if "volumeAttributesClassName" in before:
            after["volumeAttributesClassName"] = before["volumeAttributesClassName"]
    if before != after:
        shown = difference("PersistentVolumeClaimSpec", before, after)
        yield (
            "spec: Forbidden: spec is immutable after creation except resources.requests and "
            f"volumeAttributesClassName for bound claims\n{shown}"
        )
    was, now = (_storage(each, "spec", "resources", "requests") for each in (old, new))
    if now < was and now <= _storage(old, "status", "capacity"):
        yield "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"
    yield from _mode(old, new)


def of_volume(old: Manifest, new: Manifest) -> Iterator[str]:
    """Yield what of a volume must not have changed, and did (``ValidatePersistentVolumeUpdate``)."""
    before, after = (_source(each) for each in (old, new))
    secret = "controllerExpandSecretRef"  # noqa: S105  # a field's name
    if "csi" in before and secret not in mapping_at(before, "csi") and secret in mapping_at(after, "csi"):
        after["csi"] = {name: value for name, value in after["csi"].items() if name != secret}
    if before != after:
        shown = difference("PersistentVolumeSource", before, after)
        yield (
            f"spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n{shown}"
        )
    yield from _mode(old, new)
    was, now = (at(each, "spec", "nodeAffinity") for each in (old, new))
    if was is not None and was != now:
        why = "field is immutable, except for updating from beta label to GA"
        yield f"nodeAffinity: Invalid value: {json.dumps(now)}: {why}"
    was, now = (at(each, "spec", "volumeAttributesClassName") for each in (old, new))
    if was is not None and now is None:
        yield "spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden"


def _source(volume: Manifest) -> dict[str, Json]:
    return {name: value for name, value in mapping_at(volume, "spec").items() if name not in _BESIDE_SOURCES}


def _mode(old: Manifest, new: Manifest) -> Iterator[str]:
    before, after = (at(each, "spec", "volumeMode") for each in (old, new))
    if before != after:
        yield f"volumeMode: Invalid value: {json.dumps(after)}: field is immutable"


def _storage(manifest: Manifest, *path: str) -> int:
    try:
        return quantities.parse(str(at(manifest, *path, "storage") or "0")).nano
    except InputError:
        return 0
