"""What goes for good: claims with their data, namespaces and definitions with all that is in them."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.changes.change import Action, ObjectChange
from nixernetes.changes.dangers.scene import ClusterScene, listed
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    CUSTOM_RESOURCE_DEFINITION,
    NAMESPACE,
    PERSISTENT_VOLUME_CLAIM,
    STATEFUL_SET,
)
from nixernetes.verify.findings import Finding, Severity
from nixernetes.verify.references.databases import DATABASES

__all__ = ["find", "holds_data"]


def holds_data(kind: GroupKind) -> bool:
    """Tell whether objects of a kind hold data that goes with them."""
    return kind == PERSISTENT_VOLUME_CLAIM or kind in DATABASES


def find(scene: ClusterScene) -> Iterator[Finding]:
    """Yield what is lost."""
    for change in scene.cluster.of(Action.DELETE, Action.REPLACE):
        kind = change.key.group_kind
        if holds_data(kind):
            yield _data(scene, change)
        elif kind == NAMESPACE:
            yield _namespace(scene, change)
        elif kind == CUSTOM_RESOURCE_DEFINITION:
            yield _definition(scene, change)
        elif kind == STATEFUL_SET and change.before is not None:
            claims = objects_at(change.before.manifest, "spec", "volumeClaimTemplates")
            policy = mapping_at(change.before.manifest, "spec", "persistentVolumeClaimRetentionPolicy")
            if claims and text_at(policy, "whenDeleted") == "Delete":
                message = "its claims are deleted with it (whenDeleted: Delete), and their data"
                yield scene.say("data-loss", Severity.ERROR, change.key, message)
            elif claims:
                message = "its claims stay in the cluster; a StatefulSet of another name begins with empty ones"
                yield scene.say("claims-left-behind", Severity.INFO, change.key, message)


def _data(scene: ClusterScene, change: ObjectChange) -> Finding:
    fate = "it is deleted, and its data with it"
    if change.action is Action.REPLACE:
        fate = f"it is deleted and created again empty: {change.reason}"
    message = f"{fate} unless its volume is retained; back it up, or keep it: {_keeping(change)}"
    return scene.say("data-loss", Severity.ERROR, change.key, message)


def _keeping(change: ObjectChange) -> str:
    owner = change.owner.partition("/")[0]
    if owner == "Application":
        return "argocd.argoproj.io/sync-options: Prune=false,Delete=false"
    if owner == "HelmRelease":
        return "helm.sh/resource-policy: keep"
    if owner == "ResourceSet":
        return "fluxcd.controlplane.io/prune: disabled, merged before it is removed"
    return "kustomize.toolkit.fluxcd.io/prune: disabled, merged before it is removed"


def _namespace(scene: ClusterScene, change: ObjectChange) -> Finding:
    """Say what a namespace takes along; what is brought to it again is named, too: it is lost meanwhile."""
    inside = [
        key
        for key in {**scene.cluster.base.placed, **scene.cluster.head.placed}
        if key.namespace == change.key.name and not _is_deleted(scene, change, key)
    ]
    lost = sorted(key for key in inside if key in scene.cluster.base.placed)
    message = "everything in it is deleted with it"
    if lost:
        message += f", what other deliveries brought too: {listed(lost, 20)}"
    return scene.say("namespace-deletion", Severity.ERROR, change.key, f"{message}; {_stay(change)}")


def _is_deleted(scene: ClusterScene, of: ObjectChange, key: object) -> bool:
    found = scene.cluster.by_key.get(key)  # type: ignore[call-overload]  # keys of this cluster
    return found is not None and found is not of and found.action is Action.DELETE


def _definition(scene: ClusterScene, change: ObjectChange) -> Finding:
    spec = mapping_at(change.before.manifest, "spec") if change.before is not None else {}
    kind = GroupKind(text_at(spec, "group"), text_at(spec, "names", "kind"))
    lost = sorted(key for key in scene.cluster.base.placed if key.group_kind == kind)
    message = f"every {kind.kind} of the cluster is deleted with it"
    if lost:
        message += f": {listed(lost, 20)}"
    return scene.say("crd-deletion", Severity.ERROR, change.key, f"{message}; {_stay(change)}")


def _stay(change: ObjectChange) -> str:
    return f"to keep it: {_keeping(change)}"
