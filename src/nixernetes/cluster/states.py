"""Two states of an object, and whether a write from one to the other changes anything."""

from __future__ import annotations

from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import DEPLOYMENT
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["is_same_state", "status_alone", "with_status_alone", "with_status_of"]

_OF_STATUS = ("apiVersion", "kind", "metadata", "status")


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
    """Return a live object with the status and the metadata that another states, but for a Deployment's labels."""
    new = {name: value for name, value in live.items() if name not in ("status", "metadata")}
    meta = dict(manifest["metadata"])
    if group_kind(live) == DEPLOYMENT:
        meta.pop("labels", None)
        if "labels" in live["metadata"]:
            meta["labels"] = live["metadata"]["labels"]
    return {**new, "metadata": meta, **({"status": manifest["status"]} if "status" in manifest else {})}


def with_status_alone(live: Manifest, new: Manifest) -> Manifest:
    """Return a live custom object with the status of another, and with its owners: no more of metadata changes."""
    meta = {name: value for name, value in live["metadata"].items() if name != "managedFields"}
    owners = new["metadata"].get("managedFields")
    rest = {name: value for name, value in live.items() if name not in ("status", "metadata")}
    status = {"status": new["status"]} if "status" in new else {}
    return {**rest, "metadata": {**meta, **({"managedFields": owners} if owners else {})}, **status}


def status_alone(manifest: Manifest) -> Manifest:
    """Return an object without what a write of its status leaves alone."""
    kept: Manifest = {name: manifest[name] for name in _OF_STATUS if name in manifest}
    if group_kind(manifest) == DEPLOYMENT:
        kept["metadata"] = {name: value for name, value in kept["metadata"].items() if name != "labels"}
    return kept
