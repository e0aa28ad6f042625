"""Two states of an object, and whether a write from one to the other changes anything."""

from __future__ import annotations

from nixernetes.objects.manifest import Json, Manifest

__all__ = ["is_same_state", "with_status_of"]


def is_same_state(live: Manifest, new: Manifest) -> bool:
    """Tell whether two states differ in nothing but times of ownership and empty maps."""
    if {k: v for k, v in live.items() if k != "metadata"} != {k: v for k, v in new.items() if k != "metadata"}:
        return False
    return bool(_meta(live) == _meta(new))


def _meta(manifest: Manifest) -> Json:
    """Return the metadata by which two states differ: without times of ownership, and without empty maps."""
    meta = {name: value for name, value in manifest["metadata"].items() if name != "resourceVersion" and value != {}}
    if "managedFields" in meta:
        meta["managedFields"] = [{**entry, "time": ""} for entry in meta["managedFields"]]
    return meta


def with_status_of(live: Manifest, manifest: Manifest) -> Manifest:
    """Return a live object with the status that another states."""
    new = {name: value for name, value in live.items() if name != "status"}
    return {**new, "status": manifest["status"]} if "status" in manifest else new
