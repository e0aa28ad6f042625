"""Claims are bound to volumes: to one that is there and fits, else to one that is made for them.

After Kubernetes 1.34.4, ``pkg/controller/volume/persistentvolume``. What a provisioner would make is not made as an
object: a claim that no volume fits is bound, with what it asks for, as on a cluster whose storage classes work.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from nixernetes.cluster.workloads.store import WorkloadStore
from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.fields import at, items_at, mapping_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of
from nixernetes.objects.selectors import matches

__all__ = ["reconcile_claim", "reconcile_volume"]

_COMPLETED: Final = "pv.kubernetes.io/bind-completed"
_BY_CONTROLLER: Final = "pv.kubernetes.io/bound-by-controller"


def reconcile_claim(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Bind a claim."""
    named = text_at(item, "spec", "volumeName")
    volume = store.get(ObjectKey(*PERSISTENT_VOLUME, "", named)) if named else _fitting(store, item)
    wanted = at(item, "spec", "resources", "requests", "storage") or "1Gi"
    if volume is None or not _is_free_for(volume, item):
        if named or mapping_at(item, "spec").get("storageClassName") == "":
            _set(store, item, "Pending")  # nobody makes volumes of no class
        else:
            store.set_status(item, _status(wanted, items_at(item, "spec", "accessModes")))
        return None
    volume = _claimed(store, volume, item)
    if volume is None:
        return None
    if not named or _COMPLETED not in annotations_of(item):
        by = {_COMPLETED: "yes", **({} if named else {_BY_CONTROLLER: "yes"})}
        meta = {**item["metadata"], "annotations": {**annotations_of(item), **by}}
        spec = {**mapping_at(item, "spec"), "volumeName": volume["metadata"]["name"]}
        bound = store.replace({**item, "metadata": meta, "spec": spec})
        if bound is None:
            return None
        item = bound
    has = at(volume, "spec", "capacity", "storage") or wanted
    store.set_status(item, _status(has, items_at(volume, "spec", "accessModes")))
    return None


def reconcile_volume(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Tell the phase of a volume: nobody's, somebody's, or left behind by a claim that is gone."""
    reference = mapping_at(item, "spec", "claimRef")
    if not text_at(reference, "uid"):
        _set(store, item, "Available")
        if not reference:
            for claim in store.everywhere(PERSISTENT_VOLUME_CLAIM):
                is_waiting = text_at(claim, "status", "phase") != "Bound" and not text_at(claim, "spec", "volumeName")
                if is_waiting and _is_fit(item, claim):
                    reconcile_claim(store, claim)
                    return None
        return None
    key = ObjectKey(*PERSISTENT_VOLUME_CLAIM, text_at(reference, "namespace"), text_at(reference, "name"))
    holder = store.get(key)
    if holder is not None and holder["metadata"]["uid"] == text_at(reference, "uid"):
        _set(store, item, "Bound")
    elif text_at(item, "spec", "persistentVolumeReclaimPolicy") == "Delete":
        store.delete(item)
    else:
        _set(store, item, "Released")
    return None


def _set(store: WorkloadStore, item: Manifest, phase: str) -> None:
    if text_at(item, "status", "phase") == phase:
        return
    times = {"lastPhaseTransitionTime": store.stamp()} if item["kind"] == PERSISTENT_VOLUME.kind else {}
    store.set_status(item, {"phase": phase, **times})


def _status(storage: Json, modes: list[Json]) -> Json:
    return {"phase": "Bound", "accessModes": modes, "capacity": {"storage": storage}}


def _fitting(store: WorkloadStore, claim: Manifest) -> Manifest | None:
    """Return the volume that a claim is given: one that is meant for it, else the smallest that fits."""
    found = [each for each in store.list(PERSISTENT_VOLUME, "") if _is_fit(each, claim)]
    if not found:
        return None
    return min(
        found, key=lambda each: (not mapping_at(each, "spec", "claimRef"), _size(each), each["metadata"]["name"])
    )


def _is_fit(volume: Manifest, claim: Manifest) -> bool:
    """Tell whether a volume is free and what a claim asks for (``findMatchingVolume``)."""
    spec, wanted = mapping_at(volume, "spec"), mapping_at(claim, "spec")
    if not _is_free_for(volume, claim) or "deletionTimestamp" in volume["metadata"]:
        return False
    if text_at(spec, "storageClassName") != text_at(wanted, "storageClassName"):
        return False
    if (text_at(spec, "volumeMode") or "Filesystem") != (text_at(wanted, "volumeMode") or "Filesystem"):
        return False
    if not {*items_at(wanted, "accessModes")} <= {*items_at(spec, "accessModes")}:
        return False
    selector = mapping_at(wanted, "selector")
    return (not selector or matches(selector, labels_of(volume))) and _size(volume) >= _amount(
        at(wanted, "resources", "requests", "storage")
    )


def _is_free_for(volume: Manifest, claim: Manifest) -> bool:
    reference = mapping_at(volume, "spec", "claimRef")
    if not reference:
        return True
    meta = claim["metadata"]
    is_named = (text_at(reference, "namespace"), text_at(reference, "name")) == (meta["namespace"], meta["name"])
    return is_named and text_at(reference, "uid") in ("", meta["uid"])


def _claimed(store: WorkloadStore, volume: Manifest, claim: Manifest) -> Manifest | None:
    """Return a volume that says whose it is."""
    reference = mapping_at(volume, "spec", "claimRef")
    if text_at(reference, "uid"):
        return volume
    meta = claim["metadata"]
    named = {
        "kind": claim["kind"],
        "namespace": meta["namespace"],
        "name": meta["name"],
        "uid": meta["uid"],
        "apiVersion": claim["apiVersion"],
        "resourceVersion": meta["resourceVersion"],
    }
    by = {} if reference else {_BY_CONTROLLER: "yes"}
    spec = {**mapping_at(volume, "spec"), "claimRef": named}
    annotations = {**annotations_of(volume), **by}
    about = {**volume["metadata"], **({"annotations": annotations} if annotations else {})}
    return store.replace({**volume, "metadata": about, "spec": spec})


def _size(volume: Manifest) -> int:
    return _amount(at(volume, "spec", "capacity", "storage"))


def _amount(value: Json) -> int:
    try:
        return quantities.parse(str(value)).nano if value is not None else 0
    except InputError:
        return 0
