"""What a sync of an Application does besides what has changed, and what waits for one.

A sync applies everything that an Application brings, unless it applies only what is out of sync. What is replaced by
force is deleted and created again at each (``kubectl replace --force``; ``applyObject`` in ``pkg/sync/sync_context.go``
of Argo CD 3.5's gitops-engine). What is no longer in Git and is not to count (``IgnoreExtraneous``) starts none
(``docs/user-guide/compare-options.md``), nor does a hook: it has no sync status.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nixernetes.changes.change import Action, ObjectChange
from nixernetes.changes.deletion import is_automated, is_hook, prunes, sync_options
from nixernetes.changes.sides import ClusterSide
from nixernetes.objects.fields import items_at, text_at
from nixernetes.objects.kinds import APPLICATION, CUSTOM_RESOURCE_DEFINITION, NAMESPACE
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_COMPARE_OPTIONS
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.objects import Placed

__all__ = ["made_anew", "unsynced"]

_IN_PLACE: Final = (CUSTOM_RESOURCE_DEFINITION, NAMESPACE)  # replaced by an update, for all that lives in them
_ONLY_OUT_OF_SYNC: Final = "ApplyOutOfSyncOnly=true"


def unsynced(changes: Sequence[ObjectChange], head: ClusterSide) -> Iterator[tuple[ObjectChange, str]]:
    """Yield what no sync comes for, and why: nothing else of its Application has changed."""
    syncing = {each.key for each in _syncing(changes, head)}
    for each in changes:
        item = each.after or each.before
        owner = item.owner if item is not None else None
        if item is None or owner is None or owner.key.group_kind != APPLICATION or owner.key in syncing:
            continue
        now = head.deliveries.get(owner.key)
        if now is None:
            continue
        if each.action is Action.DELETE and _is_extraneous(item.manifest):
            yield each, f"IgnoreExtraneous: it goes with the next sync of {owner.key}"
        elif each.after is not None and is_hook(item.manifest) and is_automated(now.manifest) and not now.problem:
            yield each, f"a hook alone starts no sync: it runs with the next one of {owner.key}"


def made_anew(changes: Sequence[ObjectChange], base: ClusterSide, head: ClusterSide) -> Iterator[tuple[Placed, Placed]]:
    """Yield what is deleted and created again by the syncs that the changes bring about, as it was and as it is."""
    changed = {each.key for each in changes if each.action is Action.CHANGE}
    for application in _syncing(changes, head):
        options = items_at(application.manifest, "spec", "syncPolicy", "syncOptions")
        for item in head.brought_by(application.key):
            before = base.placed.get(item.key)
            if before is None or not _is_forced(before, item, options):
                continue
            if _ONLY_OUT_OF_SYNC not in options or item.key in changed:
                yield before, item


def _syncing(changes: Sequence[ObjectChange], head: ClusterSide) -> Iterator[Delivery]:
    """Yield the Applications that sync by themselves, since they are out of sync now."""
    owners = {each.owner for each in changes if not (each.action is Action.DELETE and _is_ignored(each))}
    for delivery in head.deliveries.values():
        if delivery.key.group_kind != APPLICATION or delivery.problem or not is_automated(delivery.manifest):
            continue
        if str(delivery.key) in owners and _has_reason(changes, delivery):
            yield delivery


def _has_reason(changes: Sequence[ObjectChange], application: Delivery) -> bool:
    """Tell whether more has changed than what stays behind: that starts no sync where nothing is pruned."""
    own = [each for each in changes if each.owner == str(application.key) and not _is_ignored(each)]
    own = [each for each in own if not _is_unnoticed(each) and not _is_of_hook(each)]
    return any(each.action is not Action.ORPHAN for each in own) or (bool(own) and prunes(application.manifest))


def _is_of_hook(change: ObjectChange) -> bool:
    return change.after is not None and is_hook(change.after.manifest)


def _is_unnoticed(change: ObjectChange) -> bool:
    """Tell whether fields left Git alone of an object that was replaced: nothing remembers that they were applied."""
    before, after = change.before, change.after
    if before is None or after is None or "Replace=true" not in sync_options(before.manifest):
        return False
    return _holds(before.manifest, after.manifest)


def _holds(whole: Json, part: Json) -> bool:
    if isinstance(whole, dict) and isinstance(part, dict):
        return all(name in whole and _holds(whole[name], value) for name, value in part.items())
    return bool(whole == part)


def _is_ignored(change: ObjectChange) -> bool:
    return change.after is None and change.before is not None and _is_extraneous(change.before.manifest)


def _is_extraneous(manifest: Manifest) -> bool:
    words = text_at(manifest, "metadata", "annotations", ARGOCD_COMPARE_OPTIONS).split(",")
    return "IgnoreExtraneous" in (word.strip() for word in words)


def _is_forced(before: Placed, item: Placed, options: Sequence[object]) -> bool:
    """Tell whether an object is replaced by force: what the one on the cluster says counts as much as what Git does."""
    own = sync_options(item.manifest) | sync_options(before.manifest)
    if "Force=true" not in own or item.key.group_kind in _IN_PLACE:
        return False
    return not is_hook(item.manifest) and ("Replace=true" in own or "Replace=true" in options)
