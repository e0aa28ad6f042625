"""What becomes of an object that leaves Git: it is deleted, stays behind, or nothing happens to it at all.

Flux: `docs/spec/v1/kustomizations.md` (Garbage collection, Deletion policy) and kustomize-controller's finalizer;
helm-controller uninstalls a release with its HelmRelease, and an upgrade deletes what the chart no longer has.
Argo CD: automated pruning, the finalizer of Applications, ``Prune=`` and ``Delete=`` among the sync options,
``applicationsSync`` and ``preserveResourcesOnDeletion`` of ApplicationSets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from nixernetes.changes.sides import ClusterSide
from nixernetes.objects.api_groups import FLUX_KUSTOMIZE, FLUX_OPERATOR
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import (
    APPLICATION,
    APPLICATION_SET,
    CUSTOM_RESOURCE_DEFINITION,
    HELM_RELEASE,
    KUSTOMIZATION,
)
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import (
    ARGOCD_HOOK,
    ARGOCD_RESOURCES_FINALIZER,
    ARGOCD_SYNC_OPTIONS,
    FLUX_SSA,
    HELM_HOOK,
    HELM_RESOURCE_POLICY,
)
from nixernetes.render.deliveries import Delivery
from nixernetes.render.flux.helm_release import is_crd
from nixernetes.render.rendered import Rendered
from nixernetes.verify.objects import Placed

__all__ = [
    "Fate",
    "Fates",
    "flux_controls",
    "has_finalizer",
    "is_automated",
    "is_hook",
    "is_kept_by_helm",
    "prunes",
    "sync_options",
]

_KEEPING: Final = ("create-only", "create-update")


class Fate(StrEnum):
    """What becomes of an object that is no longer in Git."""

    DELETED = "deleted"
    """It is removed from the cluster."""
    ORPHANED = "orphaned"
    """It stays, and nothing brings it any more."""
    KEPT = "kept"
    """Nothing happens: what brings it is still there, or does nothing."""
    UNKNOWN = "unknown"
    """What brings it could not be rendered."""


@dataclass(frozen=True, kw_only=True)
class Fates:
    """Tells what becomes of objects.

    Attributes:
        base: the cluster before.
        head: the cluster after.
        hub: the cluster that holds the deliveries, before and after; the same where they are its own.
        hubs: the same for deliveries that other clusters hold, by the delivery.
        problem_of: tells why a file cannot be read any more, ``""`` where it can.

    """

    base: ClusterSide
    head: ClusterSide
    hub: tuple[ClusterSide, ClusterSide]
    hubs: Mapping[ObjectKey, tuple[ClusterSide, ClusterSide]] = field(default_factory=dict)
    problem_of: Callable[[str], str] = lambda _: ""

    def of(self, item: Placed, depth: int = 0) -> tuple[Fate, str]:
        """Return what becomes of an object, and why where it is not simply deleted.

        Args:
            item: the object as it was.
            depth: how many owners were asked already: owners that own each other end there.

        """
        owner = item.owner
        if owner is None or owner.key == item.key or depth > 30:
            problem = self.problem_of(item.origin.file)
            if problem:
                return Fate.UNKNOWN, problem
            return Fate.DELETED, "applied by hand"
        return self.by(item, owner, depth)

    def by(self, item: Placed, owner: Delivery, depth: int = 0) -> tuple[Fate, str]:
        """Return what a delivery does with an object that it no longer brings; arguments as for :meth:`of`."""
        now = self.head.deliveries.get(owner.key)
        if now is not None:
            if self.head.is_unknown(now):
                return Fate.UNKNOWN, f"{now.key} could not be rendered"
            return self._pruned(item, now)
        fate, why = self._of_delivery(owner, depth)
        if fate is Fate.DELETED:
            return _finalized(item, owner, self._maker(owner))
        if fate is Fate.UNKNOWN:
            return fate, why
        return Fate.KEPT, f"{owner.key} stays in the cluster and keeps running: {why}"

    def _of_delivery(self, owner: Delivery, depth: int) -> tuple[Fate, str]:
        """Return what becomes of a delivery that left Git: it is an object of the hub."""
        before, after = hub = self.hubs.get(owner.key, self.hub)
        placed = before.placed.get(owner.key)
        if placed is None:
            return Fate.DELETED, ""
        return replace(self, base=before, head=after, hub=hub, hubs={}).of(placed, depth + 1)

    def _maker(self, owner: Delivery) -> Manifest | None:
        """Return the ApplicationSet that makes a delivery, or None."""
        for key in owner.parents[:1]:
            found = self.base.deliveries.get(key)
            if found is not None and key.group_kind == APPLICATION_SET:
                return found.manifest
        return None

    def _pruned(self, item: Placed, now: Delivery) -> tuple[Fate, str]:
        """Return what a delivery that is still there does with what it no longer brings."""
        kind, spec = now.key.group_kind, mapping_at(now.manifest, "spec")
        if kind in (KUSTOMIZATION, HELM_RELEASE) and flag_at(spec, "suspend"):
            return Fate.KEPT, f"{now.key} is suspended"
        if kind == KUSTOMIZATION:
            if not flag_at(spec, "prune"):
                return Fate.ORPHANED, f"{now.key} does not prune"
            return _by_controls(item.manifest, FLUX_KUSTOMIZE)
        if kind == HELM_RELEASE:
            return _by_helm(item)
        if kind == APPLICATION:
            return _by_sync(item, now)
        if kind == APPLICATION_SET:
            policy = text_at(spec, "syncPolicy", "applicationsSync")
            if policy in _KEEPING:
                return Fate.ORPHANED, f"{now.key} has applicationsSync: {policy}"
            return Fate.DELETED, ""
        return _by_controls(item.manifest, FLUX_OPERATOR)


def _by_controls(manifest: Manifest, prefix: str) -> tuple[Fate, str]:
    """Return what labels and annotations of an object make of it: the ones that it has in the cluster count."""
    for name in ("prune", "reconcile"):
        if flux_controls(manifest, f"{prefix}/{name}") == "disabled":
            return Fate.ORPHANED, f"it has {prefix}/{name}: disabled"
    if flux_controls(manifest, FLUX_SSA).lower() == "ignore":
        return Fate.ORPHANED, f"it has {FLUX_SSA}: Ignore"
    return Fate.DELETED, ""


def flux_controls(manifest: Manifest, name: str) -> str:
    """Return a label or annotation with which an object tells Flux what to do, or ``""``."""
    metadata = mapping_at(manifest, "metadata")
    return text_at(metadata, "annotations", name) or text_at(metadata, "labels", name)


def _by_helm(item: Placed) -> tuple[Fate, str]:
    if is_crd(Rendered(manifest=item.manifest, origin=item.origin)):
        return Fate.ORPHANED, "Helm never deletes definitions of crds/"
    annotations = mapping_at(item.manifest, "metadata", "annotations")
    if text_at(annotations, HELM_RESOURCE_POLICY) == "keep":
        return Fate.ORPHANED, f"it has {HELM_RESOURCE_POLICY}: keep"
    if HELM_HOOK in annotations:
        return Fate.ORPHANED, "it is a hook: what it made is not of the release"
    return Fate.DELETED, ""


def is_kept_by_helm(item: Placed) -> bool:
    """Tell whether an object stays where its release is uninstalled: the next install takes it over."""
    keep = text_at(item.manifest, "metadata", "annotations", HELM_RESOURCE_POLICY) == "keep"
    return keep or is_crd(Rendered(manifest=item.manifest, origin=item.origin))


def is_automated(application: Manifest) -> bool:
    """Tell whether an Application syncs by itself."""
    automated = at(application, "spec", "syncPolicy", "automated")
    return isinstance(automated, dict) and automated.get("enabled") is not False


def prunes(application: Manifest) -> bool:
    """Tell whether an Application deletes by itself what is no longer in Git."""
    return is_automated(application) and flag_at(application, "spec", "syncPolicy", "automated", "prune")


def sync_options(manifest: Manifest) -> frozenset[str]:
    """Return the sync options that an object has in its annotation."""
    text = text_at(manifest, "metadata", "annotations", ARGOCD_SYNC_OPTIONS)
    return frozenset(each.strip() for each in text.split(",") if each.strip())


def _option(item: Placed, application: Manifest, name: str) -> str:
    """Return a sync option, of the object before that of the Application: ``false``, ``confirm``, … or ``""``.

    Helm's ``keep`` is as good as ``Prune=false`` and ``Delete=false``, and goes before both.
    """
    if text_at(item.manifest, "metadata", "annotations", HELM_RESOURCE_POLICY) == "keep":
        return "false"
    given = items_at(application, "spec", "syncPolicy", "syncOptions")
    for options in (sync_options(item.manifest), given):
        for each in options:
            if isinstance(each, str) and each.startswith(f"{name}="):
                return each.partition("=")[2]
    return ""


def _by_sync(item: Placed, now: Delivery) -> tuple[Fate, str]:
    if is_hook(item.manifest):
        return Fate.KEPT, "hooks are not pruned"
    if not is_automated(now.manifest):
        return Fate.ORPHANED, f"{now.key} is synced by hand: a sync with pruning would delete it"
    if not prunes(now.manifest):
        return Fate.ORPHANED, f"{now.key} syncs without prune"
    option = _option(item, now.manifest, "Prune")
    if option in ("false", "confirm"):
        word = "is never pruned" if option == "false" else "waits for a confirmation"
        return Fate.ORPHANED, f"it {word} (Prune={option})"
    return Fate.DELETED, ""


def is_hook(manifest: Manifest) -> bool:
    """Tell whether an object is a hook of Argo CD or of Helm."""
    annotations = mapping_at(manifest, "metadata", "annotations")
    return ARGOCD_HOOK in annotations or HELM_HOOK in annotations


def _finalized(item: Placed, owner: Delivery, maker: Manifest | None) -> tuple[Fate, str]:
    """Return what becomes of an object when the delivery that brings it is deleted."""
    kind, spec = owner.key.group_kind, mapping_at(owner.manifest, "spec")
    if kind in (KUSTOMIZATION, HELM_RELEASE) and flag_at(spec, "suspend"):
        return Fate.ORPHANED, f"{owner.key} is suspended when it is deleted"
    if kind == KUSTOMIZATION:
        policy = text_at(spec, "deletionPolicy") or "MirrorPrune"
        if policy == "Orphan":
            return Fate.ORPHANED, f"{owner.key} has deletionPolicy: Orphan"
        if policy == "MirrorPrune" and not flag_at(spec, "prune"):
            return Fate.ORPHANED, f"{owner.key} does not prune"
        return _by_controls(item.manifest, FLUX_KUSTOMIZE)
    if kind == HELM_RELEASE:
        return _by_helm(item)
    if kind == APPLICATION:
        return _by_finalizer(item, owner, maker)
    if kind == APPLICATION_SET:
        return Fate.DELETED, ""
    return _by_controls(item.manifest, FLUX_OPERATOR)


def _by_finalizer(item: Placed, owner: Delivery, maker: Manifest | None) -> tuple[Fate, str]:
    if not has_finalizer(owner.manifest, maker):
        return Fate.ORPHANED, f"{owner.key} has no finalizer {ARGOCD_RESOURCES_FINALIZER}"
    if item.key.group_kind == CUSTOM_RESOURCE_DEFINITION:
        return Fate.ORPHANED, "Argo CD never deletes definitions with an Application"
    if is_hook(item.manifest):
        return Fate.KEPT, "hooks are not tracked"
    option = _option(item, owner.manifest, "Delete")
    if option in ("false", "confirm"):
        return Fate.ORPHANED, f"it is not deleted with its Application (Delete={option})"
    return Fate.DELETED, ""


def has_finalizer(application: Manifest, maker: Manifest | None) -> bool:
    """Tell whether deleting an Application deletes what it brought.

    Args:
        application: the Application.
        maker: the ApplicationSet that makes it: it adds the finalizer unless it preserves resources.

    """
    given = [each for each in items_at(application, "metadata", "finalizers") if isinstance(each, str)]
    if any(each.startswith(ARGOCD_RESOURCES_FINALIZER) for each in given):
        return True
    if maker is None or given:
        return False
    return not flag_at(maker, "spec", "syncPolicy", "preserveResourcesOnDeletion")
