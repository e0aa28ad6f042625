"""Deleting as an API server alone does it: marks, grace, finalizers. What is owned is the controllers' business.

After Kubernetes 1.34.4: ``registry/generic/registry/store.go`` (``deletionFinalizersForGarbageCollection``) and
``registry/rest/delete.go`` (``BeforeDelete``) of k8s.io/apiserver, and the strategies of pods and namespaces.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from nixernetes.cluster.api import Propagation
from nixernetes.cluster.deletion.dependents import (
    FOREGROUND,
    ORPHAN,
    DeletionStore,
    Dependents,
    finalizers_of,
    orphans_by_default,
)
from nixernetes.cluster.kinds import defined_kind
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import items_at, number_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION, EVENT, EVENT_OF_EVENTS, NAMESPACE, POD
from nixernetes.objects.manifest import Manifest

__all__ = ["DEFINITION_CLEANUP", "ServerDeletions", "marked_for_deletion"]

DEFINITION_CLEANUP: Final = "customresourcecleanup.apiextensions.k8s.io"
_GRACE: Final = 30
_UNOWNED: Final = frozenset([EVENT, EVENT_OF_EVENTS])


class ServerDeletions(Dependents):
    """Deletes objects of one store, and leaves what they own to controllers."""

    def __init__(self, store: DeletionStore) -> None:
        super().__init__()
        self._store = store
        self._marking: ObjectKey | None = None  # what is told to go in this moment
        self._emptied: dict[GroupKind, ObjectKey] = {}  # custom kinds whose definition waits for the last object

    def note(self, manifest: Manifest) -> None:
        """Remember an object's owners, and a definition that is on its way out."""
        super().note(manifest)
        if manifest["kind"] == CUSTOM_RESOURCE_DEFINITION.kind and DEFINITION_CLEANUP in finalizers_of(manifest):
            self._emptied[defined_kind(manifest)] = key_of(manifest)

    def delete(self, key: ObjectKey, live: Manifest, propagation: Propagation | None, grace: int | None = None) -> None:
        """Delete an object, or mark it until its finalizers are gone and its time is up."""
        seconds = _grace_of(live, grace) if key.group_kind == POD else 0
        finalizers = self._finalizers(key, live, propagation)
        if key.group_kind == CUSTOM_RESOURCE_DEFINITION and self._empty(live):
            finalizers = [*dict.fromkeys([*finalizers, DEFINITION_CLEANUP])]
        is_namespace = key.group_kind == NAMESPACE and bool(items_at(live, "spec", "finalizers"))
        marked = marked_for_deletion(live, finalizers, seconds, self._store.now(), is_namespace=is_namespace)
        if not finalizers and not is_namespace and not seconds:
            if key.group_kind == POD and marked is not live:  # watches are told that it goes, then that it is gone
                self._marking = key
                self._store.replace(key, marked)
                self._marking = None
            self._store.drop(key)
            return
        if marked is not live:
            self._store.replace(key, marked)

    def is_over(self, key: ObjectKey, new: Manifest) -> bool:
        """Tell whether a new state is that of an object whose deletion waited for nothing else: it is never stored."""
        if not text_at(new, "metadata", "deletionTimestamp") or finalizers_of(new) or key == self._marking:
            return False
        if key.group_kind == NAMESPACE and items_at(new, "spec", "finalizers"):
            return False
        return not (number_at(new, "metadata", "deletionGracePeriodSeconds") and key.group_kind == POD)

    def after_change(self, key: ObjectKey, stored: Manifest) -> None:
        """Do nothing: see :meth:`is_over`."""

    def after_drop(self, key: ObjectKey, gone: Manifest) -> None:
        """Let go of the definition of a custom kind whose last object is gone."""
        if key.group_kind == CUSTOM_RESOURCE_DEFINITION:
            self._emptied.pop(defined_kind(gone), None)
            return
        waits = self._emptied.get(key.group_kind)
        crd = None if waits is None or self._store.list(key.group_kind) else self._store.get(waits)
        if crd is not None:
            rest = [name for name in finalizers_of(crd) if name != DEFINITION_CLEANUP]
            self._store.replace(key_of(crd), {**crd, "metadata": {**crd["metadata"], "finalizers": rest}})

    def _finalizers(self, key: ObjectKey, live: Manifest, propagation: Propagation | None) -> list[str]:
        """Return the finalizers that a deletion leaves on an object: one of collection, if any, beside its own."""
        had = finalizers_of(live)
        rest = [name for name in had if name not in (FOREGROUND, ORPHAN)]
        if key.group_kind in _UNOWNED:
            return rest
        if propagation is Propagation.ORPHAN:
            return [*rest, ORPHAN]
        if propagation is Propagation.FOREGROUND:
            return [*rest, FOREGROUND]
        if propagation is Propagation.BACKGROUND:
            return rest
        if ORPHAN in had or FOREGROUND in had:
            return had
        return [*rest, ORPHAN] if orphans_by_default(key.group_kind) else rest

    def _empty(self, crd: Manifest) -> bool:
        """Delete the objects of a custom kind; tell whether any stays for its finalizers."""
        kind = defined_kind(crd)
        for item in self._store.list(kind):
            self.delete(key_of(item), item, Propagation.BACKGROUND)
        return bool(self._store.list(kind))


def marked_for_deletion(
    live: Manifest, finalizers: list[str], seconds: int, now: str, *, is_namespace: bool = False
) -> Manifest:
    """Return an object that is on its way out; the very same where it was so already.

    Args:
        live: the object.
        finalizers: those that it keeps.
        seconds: how many it has to end.
        now: the present.
        is_namespace: whether it is a namespace.

    """
    meta = {name: value for name, value in live["metadata"].items() if name != "finalizers"}
    if finalizers:
        meta["finalizers"] = finalizers
    if "deletionTimestamp" not in meta:
        meta["deletionTimestamp"] = timestamp(datetime.fromisoformat(now) + timedelta(seconds=seconds))
        if not is_namespace:
            meta["deletionGracePeriodSeconds"] = seconds
        if meta.get("generation"):
            meta["generation"] += 1
    elif seconds < number_at(meta, "deletionGracePeriodSeconds"):
        sooner = number_at(meta, "deletionGracePeriodSeconds") - seconds
        then = datetime.fromisoformat(meta["deletionTimestamp"]) - timedelta(seconds=sooner)
        meta |= {"deletionTimestamp": timestamp(then), "deletionGracePeriodSeconds": seconds}
    elif finalizers == finalizers_of(live):
        return live
    marked = {**live, "metadata": meta}
    return {**marked, "status": {**live.get("status", {}), "phase": "Terminating"}} if is_namespace else marked


def _grace_of(pod: Manifest, asked: int | None) -> int:
    """Return how many seconds a pod has to end: none where it never ran on a node, or has ended."""
    if not text_at(pod, "spec", "nodeName") or text_at(pod, "status", "phase") in ("Succeeded", "Failed"):
        return 0
    seconds = number_at(pod, "spec", "terminationGracePeriodSeconds", default=_GRACE) if asked is None else asked
    return 1 if seconds < 0 else seconds
