"""Deleting: finalizers, the garbage collector, namespaces and the objects of custom kinds.

Kubernetes' garbage collector and namespace controller act a moment later; here they act at once, which is one of the
orders a real cluster may show.
"""

from __future__ import annotations

from nixernetes.cluster.api import Propagation
from nixernetes.cluster.deletion.dependents import (
    FOREGROUND,
    DeletionStore,
    Dependents,
    finalizers_of,
    is_going,
    orphans_by_default,
    owners_of,
)
from nixernetes.cluster.kinds import defined_kind
from nixernetes.cluster.provided.claims import PROTECTION, is_in_use
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION, NAMESPACE, PERSISTENT_VOLUME_CLAIM, POD
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Deletions"]


class Deletions(Dependents):
    """Deletes objects of one store, and at once what they own."""

    def __init__(self, store: DeletionStore) -> None:
        super().__init__()
        self._store = store

    def delete(self, key: ObjectKey, live: Manifest, propagation: Propagation | None, grace: int | None = None) -> None:
        """Delete an object, or mark it until its finalizers are gone; nothing here takes its time."""
        del grace
        if propagation is None:
            propagation = Propagation.ORPHAN if orphans_by_default(key.group_kind) else Propagation.BACKGROUND
        finalizers = [name for name in finalizers_of(live) if name != PROTECTION or self._is_used(live)]
        dependents = self._of(live)
        if propagation is Propagation.FOREGROUND and dependents and FOREGROUND not in finalizers:
            finalizers.append(FOREGROUND)
        if propagation is Propagation.ORPHAN:
            for dependent in dependents:
                self._release(dependent, live["metadata"]["uid"])
        terminating = self._holds_content(key)
        if not finalizers and not terminating:
            self._store.drop(key)
            return
        if not is_going(live):
            live = self._store.replace(key, self._marked(live, finalizers, terminating))
        elif finalizers != finalizers_of(live):
            live = self._store.replace(key, {**live, "metadata": {**live["metadata"], "finalizers": finalizers}})
        self._continue(key, live)

    def is_over(self, key: ObjectKey, new: Manifest) -> bool:
        """Tell that every state is stored: what is done about it comes after."""
        del key, new
        return False

    def after_change(self, key: ObjectKey, stored: Manifest) -> None:
        """Go on with a deletion that waited for a finalizer, and with those of claims that a pod has done with."""
        if key.group_kind == POD and text_at(stored, "status", "phase") in ("Succeeded", "Failed"):
            self._let_claims_go(stored)
        waits = finalizers_of(stored) or self._holds_content(key)
        if is_going(stored) and not waits and self._store.get(key) is not None:
            self._store.drop(key)

    def after_drop(self, key: ObjectKey, gone: Manifest) -> None:
        """Collect what the object owned, and go on with owners and namespaces that waited for it."""
        uid = text_at(gone, "metadata", "uid")
        for dependent in sorted(self._dependents.pop(uid, ())):
            self._collect(dependent, uid)
        for owner in owners_of(gone):
            self._unblock(owner, key.namespace)
        if key.group_kind == POD:
            self._let_claims_go(gone)
        if key.namespace:
            self._finish_namespace(key.namespace)
        if key.group_kind == CUSTOM_RESOURCE_DEFINITION:
            self._drop_custom(gone)

    def _is_used(self, claim: Manifest) -> bool:
        return is_in_use(claim, self._store.list(POD, namespace=claim["metadata"]["namespace"]))

    def _let_claims_go(self, pod: Manifest) -> None:
        """Go on with the deletion of the claims that a pod used last."""
        namespace = pod["metadata"]["namespace"]
        for volume in objects_at(pod, "spec", "volumes"):
            name = text_at(volume, "persistentVolumeClaim", "claimName")
            key = ObjectKey("", PERSISTENT_VOLUME_CLAIM.kind, namespace, name)
            claim = self._store.get(key) if name else None
            if claim is not None and is_going(claim) and not self._is_used(claim):
                rest = [each for each in finalizers_of(claim) if each != PROTECTION]
                self._store.replace(key, {**claim, "metadata": {**claim["metadata"], "finalizers": rest}})

    def _continue(self, key: ObjectKey, live: Manifest) -> None:
        if FOREGROUND in finalizers_of(live):
            for dependent in self._of(live):
                self._remove(dependent, Propagation.FOREGROUND)
            self._unblock({"uid": live["metadata"]["uid"], **_reference(key, live)}, key.namespace)
        if key.group_kind == NAMESPACE:
            for content in self._store.in_namespace(key.name):
                self._remove(content, Propagation.BACKGROUND)
            self._finish_namespace(key.name)

    def _remove(self, key: ObjectKey, propagation: Propagation) -> None:
        live = self._store.get(key)
        if live is not None and not (is_going(live) and finalizers_of(live)):
            self.delete(key, live, propagation)

    def _collect(self, key: ObjectKey, uid: str) -> None:
        """Delete a dependent whose last owner is gone; otherwise only drop the reference."""
        live = self._store.get(key)
        if live is None:
            return
        if all(owner["uid"] == uid for owner in owners_of(live)):
            self._remove(key, Propagation.BACKGROUND)
        else:
            self._release(key, uid)

    def _release(self, key: ObjectKey, uid: str) -> None:
        live = self._store.get(key)
        if live is not None:
            rest = [owner for owner in owners_of(live) if owner["uid"] != uid]
            meta = {name: value for name, value in live["metadata"].items() if name != "ownerReferences"}
            self._store.replace(key, {**live, "metadata": {**meta, "ownerReferences": rest} if rest else meta})

    def _unblock(self, owner: Json, namespace: str) -> None:
        """Take the foreground finalizer off an owner that has no dependents any more."""
        group = text_at(owner, "apiVersion").rpartition("/")[0]
        for place in (namespace, ""):
            key = ObjectKey(group, owner["kind"], place, owner["name"])
            live = self._store.get(key)
            if live is None or live["metadata"]["uid"] != owner["uid"] or FOREGROUND not in finalizers_of(live):
                continue
            if not self._of(live):
                rest = [name for name in finalizers_of(live) if name != FOREGROUND]
                self._store.replace(key, {**live, "metadata": {**live["metadata"], "finalizers": rest}})

    def _finish_namespace(self, name: str) -> None:
        key = ObjectKey("", "Namespace", "", name)
        live = self._store.get(key)
        if live is not None and is_going(live) and not self._store.in_namespace(name):
            self.after_change(key, live)

    def _drop_custom(self, crd: Manifest) -> None:
        kind = defined_kind(crd)
        if self._store.is_namespaced(kind) is not None:  # a built-in one, which is served as before
            return
        for item in self._store.list(kind):
            self._store.drop(key_of(item))

    def _holds_content(self, key: ObjectKey) -> bool:
        return key.group_kind == NAMESPACE and bool(self._store.in_namespace(key.name))

    def _of(self, live: Manifest) -> list[ObjectKey]:
        return self.of(text_at(live, "metadata", "uid"))

    def _marked(self, live: Manifest, finalizers: list[str], terminating: bool) -> Manifest:
        meta = {**live["metadata"], "deletionTimestamp": self._store.now(), "deletionGracePeriodSeconds": 0}
        if finalizers:
            meta["finalizers"] = finalizers
        marked = {**live, "metadata": meta}
        return {**marked, "status": {"phase": "Terminating"}} if terminating else marked


def _reference(key: ObjectKey, live: Manifest) -> Json:
    return {"apiVersion": live["apiVersion"], "kind": key.kind, "name": key.name}
