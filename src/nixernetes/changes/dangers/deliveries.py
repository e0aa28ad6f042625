"""Deliveries that go, are renamed or bring nothing any more, and objects that change hands on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nixernetes.changes.applying import is_reinstalled, release_target
from nixernetes.changes.change import Action, ObjectChange
from nixernetes.changes.dangers.losses import holds_data
from nixernetes.changes.dangers.scene import ClusterScene, listed
from nixernetes.changes.deletion import Fate
from nixernetes.changes.fates import fates_of
from nixernetes.objects.fields import at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import (
    APPLICATION,
    APPLICATION_SET,
    CUSTOM_RESOURCE_DEFINITION,
    HELM_RELEASE,
    KUSTOMIZATION,
    NAMESPACE,
    RESOURCE_SET,
    STATEFUL_SET,
)
from nixernetes.objects.provenance import Origin
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.findings import Finding, Severity
from nixernetes.verify.objects import Placed

__all__ = ["find"]

_DELIVERIES: Final = (KUSTOMIZATION, HELM_RELEASE, APPLICATION, APPLICATION_SET, RESOURCE_SET)
_MANY: Final = 5  # objects: fewer are a change like any other


def find(scene: ClusterScene) -> Iterator[Finding]:
    """Yield what becomes of deliveries and of what they bring."""
    gone = [
        change
        for change in scene.cluster.of(Action.DELETE)
        if change.key.group_kind in _DELIVERIES and change.before is not None
    ]
    for change in gone:
        yield from _deleted(scene, change)
    yield from _moved(scene, {change.key for change in gone})
    yield from _reinstalled(scene)
    yield from _emptied(scene)


def _deleted(scene: ClusterScene, change: ObjectChange) -> Iterator[Finding]:
    """Yield what a delivery takes along when it is deleted."""
    old = scene.before(change.key)
    if old is None:
        return
    brought = scene.cluster.base.brought_by(change.key)
    here = {item.key: scene.cluster.by_key.get(item.key) for item in brought}
    deleted = sorted(key for key, each in here.items() if each is not None and each.action is Action.DELETE)
    heir = _heir(scene, change, old)
    if heir is not None:
        yield _reinstall(scene, change.key, f"the release is uninstalled, and {heir.key} installs it again", deleted)
        return
    moved = sorted(key for key, each in here.items() if each is not None and each.action is Action.MOVE)
    if moved:
        yield from _handed_over(scene, change.key, moved)
        if not deleted:
            return
    unseen = "what it brought, which could not be rendered here" if _takes_unseen(scene, old) else ""
    along = listed(deleted, 10) if deleted else unseen
    if along:
        what = "its release is uninstalled" if change.key.group_kind == HELM_RELEASE else "it is deleted"
        message = f"{what}, and with it {along}; {_keep(change.key)}"
        yield scene.say("cascade-deletion", Severity.ERROR, change.key, message)


def _takes_unseen(scene: ClusterScene, old: Delivery) -> bool:
    """Tell whether a delivery that could not be rendered deletes what it brought when it goes."""
    if not old.problem:
        return False
    unseen = Placed(key=ObjectKey("", "ConfigMap", "", ""), manifest={}, origin=Origin(file=""), owner=old)
    return fates_of(scene.cluster, scene.base, scene.head).by(unseen, old)[0] is Fate.DELETED


def _keep(key: ObjectKey) -> str:
    kind = key.group_kind
    if kind == KUSTOMIZATION:
        return "merge deletionPolicy: Orphan first where the objects are to stay"
    if kind == HELM_RELEASE:
        return "suspend it first where the objects are to stay"
    if kind == APPLICATION:
        return "remove its finalizer first where the objects are to stay"
    if kind == RESOURCE_SET:
        return "give its resources the annotation fluxcd.controlplane.io/prune: disabled first where they are to stay"
    return "merge preserveResourcesOnDeletion: true first where the objects are to stay"


def _heir(scene: ClusterScene, change: ObjectChange, old: Delivery) -> Delivery | None:
    """Return the new HelmRelease that takes the place of one that goes: of the same chart, or with its release."""
    chart = _chart(old)
    for other in scene.cluster.of(Action.CREATE):
        new = scene.now(other.key) if other.key.group_kind == change.key.group_kind == HELM_RELEASE else None
        if new is None:
            continue
        same_place = release_target(new)[1] == release_target(old)[1]
        if release_target(new) == release_target(old) or (same_place and _chart(new) == chart):
            return new
    return None


def _chart(release: Delivery) -> object:
    return at(release.manifest, "spec", "chart", "spec", "chart"), at(release.manifest, "spec", "chartRef")


def _reinstall(scene: ClusterScene, key: ObjectKey, fact: str, deleted: Sequence[ObjectKey]) -> Finding:
    message = f"{fact}: until then nothing of it runs"
    if deleted:
        message += f"; {listed(list(deleted), 10)} {'is' if len(deleted) == 1 else 'are'} deleted"
    return scene.say("helm-reinstall", Severity.ERROR, key, f"{message}; keep the name, or plan the outage")


def _reinstalled(scene: ClusterScene) -> Iterator[Finding]:
    for key, new in scene.cluster.head.deliveries.items():
        old = scene.before(key)
        if old is None or key.group_kind != HELM_RELEASE or old.problem or new.problem:
            continue
        reason = is_reinstalled(old, new, scene.cluster.base, scene.cluster.head)
        if reason:
            items = [item.key for item in scene.cluster.base.brought_by(key)]
            deleted = sorted(each for each in items if _is_lost(scene, each))
            yield _reinstall(scene, key, f"{reason}: it is uninstalled and installed again", deleted)


def _is_lost(scene: ClusterScene, key: ObjectKey) -> bool:
    change = scene.cluster.by_key.get(key)
    return change is not None and change.action in (Action.DELETE, Action.REPLACE)


def _handed_over(scene: ClusterScene, old: ObjectKey, moved: list[ObjectKey]) -> Iterator[Finding]:
    """Yield that what a deleted delivery brought may be deleted before the other one takes it."""
    lost = [key for key in moved if _is_pruned(scene, key)]
    if lost:
        news = sorted({scene.cluster.by_key[key].owner for key in lost})
        message = (
            f"when it is deleted it deletes what {', '.join(news)} is to bring from now on, unless that one is faster: "
            f"{listed(lost, 10)}; {_keep(old)}"
        )
        yield scene.say("ownership-transfer", Severity.ERROR, old, message)


def _is_pruned(scene: ClusterScene, key: ObjectKey) -> bool:
    change = scene.cluster.by_key[key]
    if change.before is None:
        return False
    return fates_of(scene.cluster, scene.base, scene.head).of(change.before)[0] is Fate.DELETED


def _moved(scene: ClusterScene, gone: set[ObjectKey]) -> Iterator[Finding]:
    """Yield objects that go from one delivery to another, where the first would delete them."""
    for change in scene.cluster.of(Action.MOVE):
        before = change.before
        if before is None or before.owner is None or before.owner.key in gone or not _is_pruned(scene, change.key):
            continue
        is_dear = holds_data(change.key.group_kind) or change.key.group_kind in (
            NAMESPACE,
            CUSTOM_RESOURCE_DEFINITION,
            STATEFUL_SET,
        )
        by_helm = before.owner.key.group_kind == HELM_RELEASE
        unless = "" if by_helm else f" unless {change.owner} has taken it by then"
        message = (
            f"it goes from {change.previous_owner} to {change.owner}: the first deletes it{unless}; "
            f"{_keep_object(change)} in a commit before this one"
        )
        severity = Severity.ERROR if is_dear or by_helm else Severity.WARNING
        yield scene.say("ownership-transfer", severity, change.key, message)


def _keep_object(change: ObjectChange) -> str:
    kind = change.previous_owner.partition("/")[0]
    if kind == "Application":
        return "annotate it with argocd.argoproj.io/sync-options: Prune=false"
    if kind == "HelmRelease":
        return "annotate it with helm.sh/resource-policy: keep"
    return "annotate it with kustomize.toolkit.fluxcd.io/prune: disabled"


def _emptied(scene: ClusterScene) -> Iterator[Finding]:
    for delivery in scene.cluster.unpruned:
        brought = sorted(item.key for item in scene.cluster.base.brought_by(delivery.key))
        message = (
            f"it would delete all that it has ({listed(brought)}), which Argo CD refuses: it stays out of sync; "
            "restore the path, or set syncPolicy.automated.allowEmpty"
        )
        yield scene.say("mass-deletion", Severity.ERROR, delivery.key, message)
    for key, new in scene.cluster.head.deliveries.items():
        old = scene.before(key)
        if old is None or old.problem or new.problem:
            continue
        before = scene.cluster.base.brought_by(key)
        deleted = sorted(
            item.key
            for item in before
            if (change := scene.cluster.by_key.get(item.key)) is not None and change.action is Action.DELETE
        )
        is_empty = bool(deleted) and not scene.cluster.head.brought_by(key) and len(deleted) > 1
        if is_empty or (len(deleted) >= _MANY and len(deleted) * 2 > len(before)):
            path = text_at(new.manifest, "spec", "path")
            where = f" (spec.path is {path})" if path and is_empty else ""
            message = (
                f"{len(deleted)} of the {len(before)} objects that it brings are deleted{where}: {listed(deleted)}"
            )
            yield scene.say("mass-deletion", Severity.ERROR, key, message)
