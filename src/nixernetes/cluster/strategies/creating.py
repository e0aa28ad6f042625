"""What a server writes into new objects of some kinds (``PrepareForCreate`` of their strategies, Kubernetes 1.34.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nixernetes.cluster.provided.claims import protected
from nixernetes.cluster.provided.job_labels import labels_of_pods
from nixernetes.cluster.strategies import pods
from nixernetes.cluster.strategies.templates import POD_SPECS
from nixernetes.objects.api_groups import SNAPSHOT_STORAGE, STORAGE
from nixernetes.objects.fields import flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.kinds import (
    CUSTOM_RESOURCE_DEFINITION,
    JOB,
    NAMESPACE,
    NODE,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.objects.well_known import JOB_CONTROLLER_UID, NODE_NOT_READY

__all__ = ["with_first_state"]

_CLASS_PROTECTION: Final = "kubernetes.io/vac-protection"
_NO_SCHEDULE: Final = "NoSchedule"
_VOLUME_PROTECTION: Final = "kubernetes.io/pv-protection"


def with_first_state(manifest: Manifest) -> Manifest:
    """Return a new object with what its kind begins with.

    Args:
        manifest: the object with its defaults, its uid and the time of its creation.

    """
    begin = _FIRST.get(group_kind(manifest))
    manifest = _without_disabled(manifest)
    return manifest if begin is None else begin(manifest)


def _without_disabled(manifest: Manifest) -> Manifest:
    """Return an object whose pods have no field of features that are off."""
    path = POD_SPECS.get(group_kind(manifest))
    spec = mapping_at(manifest, *path) if path is not None else {}
    kept = pods.without_disabled(spec)
    return manifest if kept is spec or path is None else _with(manifest, path, kept)


def _with(manifest: Manifest, path: tuple[str, ...], value: Manifest) -> Manifest:
    if len(path) > 1:
        value = _with(manifest[path[0]], path[1:], value)
    return {**manifest, path[0]: value}


def _node(manifest: Manifest) -> Manifest:
    """Return a node that nothing is scheduled on before it is ready (``TaintNodesByCondition``)."""
    spec = mapping_at(manifest, "spec")
    taints = objects_at(spec, "taints")
    if any(text_at(each, "key") == NODE_NOT_READY and text_at(each, "effect") == _NO_SCHEDULE for each in taints):
        return manifest
    return {**manifest, "spec": {**spec, "taints": [*taints, {"key": NODE_NOT_READY, "effect": _NO_SCHEDULE}]}}


def _namespace(manifest: Manifest) -> Manifest:
    """Return a namespace in use, which its finalizer keeps until it is empty."""
    spec = mapping_at(manifest, "spec")
    finalizers = items_at(spec, "finalizers")
    if "kubernetes" not in finalizers:
        spec = {**spec, "finalizers": [*finalizers, "kubernetes"]}
    return {**manifest, "spec": spec, "status": {"phase": "Active"}}


def _pod(manifest: Manifest) -> Manifest:
    return {**manifest, "status": pods.first_status(manifest)}


def _claim(manifest: Manifest) -> Manifest:
    return {**protected(_with_sources(manifest)), "status": {"phase": "Pending"}}


def _with_sources(manifest: Manifest) -> Manifest:
    """Return a claim that names what fills it in both of its fields (``NormalizeDataSources``)."""
    spec = mapping_at(manifest, "spec")
    old, new = mapping_at(spec, "dataSource"), mapping_at(spec, "dataSourceRef")
    kind = (text_at(old, "apiGroup"), text_at(old, "kind"))
    if old and kind not in (("", "PersistentVolumeClaim"), (SNAPSHOT_STORAGE, "VolumeSnapshot")):
        spec, old = {name: value for name, value in spec.items() if name != "dataSource"}, {}
    if old and not new:
        return {**manifest, "spec": {**spec, "dataSource": {"apiGroup": None, **old}, "dataSourceRef": old}}
    if new and not old and not text_at(new, "namespace"):
        bare = {"apiGroup": None, **{name: new[name] for name in ("apiGroup", "kind", "name") if name in new}}
        return {**manifest, "spec": {**spec, "dataSource": bare}}
    return {**manifest, "spec": spec}


def _attributes_class(manifest: Manifest) -> Manifest:
    """Return a VolumeAttributesClass that stays while claims have it (``StorageObjectInUseProtection``)."""
    meta = manifest["metadata"]
    finalizers = items_at(meta, "finalizers")
    if _CLASS_PROTECTION in finalizers:
        return manifest
    return {**manifest, "metadata": {**meta, "finalizers": [*finalizers, _CLASS_PROTECTION]}}


def _volume(manifest: Manifest) -> Manifest:
    meta = manifest["metadata"]
    status = {"phase": "Pending", "lastPhaseTransitionTime": meta["creationTimestamp"]}
    finalizers = items_at(meta, "finalizers")
    if _VOLUME_PROTECTION not in finalizers:
        meta = {**meta, "finalizers": [*finalizers, _VOLUME_PROTECTION]}
    return {**manifest, "metadata": meta, "status": status}


def _job(manifest: Manifest) -> Manifest:
    """Return a Job that selects its pods by its uid, as it is written into its template (``generateSelector``)."""
    spec = mapping_at(manifest, "spec")
    template = mapping_at(spec, "template")
    added = labels_of_pods(manifest)
    labels = {**mapping_at(template, "metadata", "labels"), **added}
    if not flag_at(spec, "manualSelector") and not text_at(spec, "selector", "matchLabels", JOB_CONTROLLER_UID):
        selector = mapping_at(spec, "selector")
        wanted = {**mapping_at(selector, "matchLabels"), JOB_CONTROLLER_UID: added[JOB_CONTROLLER_UID]}
        template = {**template, "metadata": {**mapping_at(template, "metadata"), "labels": labels}}
        manifest = {
            **manifest,
            "spec": {**spec, "selector": {**selector, "matchLabels": wanted}, "template": template},
        }
    # Labels that a Job got from its template are the very same as the template's, which gets more.
    told = labels_of(manifest)
    is_shared = bool(told) and told is mapping_at(spec, "template", "metadata", "labels")
    if (told and not is_shared) or not labels:
        return manifest
    return {**manifest, "metadata": {**manifest["metadata"], "labels": labels}}


def _definition(manifest: Manifest) -> Manifest:
    """Return a definition that says in which version its objects are stored."""
    versions = objects_at(manifest, "spec", "versions")
    stored = [text_at(each, "name") for each in versions if flag_at(each, "storage")]
    return {**manifest, "status": {**mapping_at(manifest, "status"), "storedVersions": stored}}


def _stateful_set(manifest: Manifest) -> Manifest:
    """Return a StatefulSet without what ``MaxUnavailableStatefulSet`` is for, which is off by default."""
    rolling = mapping_at(manifest, "spec", "updateStrategy", "rollingUpdate")
    if "maxUnavailable" not in rolling:
        return manifest
    kept = {name: item for name, item in rolling.items() if name != "maxUnavailable"}
    return _with(manifest, ("spec", "updateStrategy", "rollingUpdate"), kept)


_FIRST: Final[dict[GroupKind, Callable[[Manifest], Manifest]]] = {
    CUSTOM_RESOURCE_DEFINITION: _definition,
    JOB: _job,
    NAMESPACE: _namespace,
    NODE: _node,
    PERSISTENT_VOLUME: _volume,
    PERSISTENT_VOLUME_CLAIM: _claim,
    POD: _pod,
    STATEFUL_SET: _stateful_set,
    GroupKind(STORAGE, "VolumeAttributesClass"): _attributes_class,
}
