"""The garbage collector: what has no owner left goes, in the way that its owners went.

After Kubernetes 1.34.4: ``pkg/controller/garbagecollector/garbagecollector.go`` (``attemptToDeleteItem``,
``classifyReferences``, ``orphanDependents``).
"""

from __future__ import annotations

from nixernetes.cluster.api import Event, EventType, Propagation
from nixernetes.cluster.controllers.parts import Worker
from nixernetes.cluster.deletion.dependents import FOREGROUND, ORPHAN, finalizers_of, is_going, owners_of
from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, split_api_version
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["GarbageCollector"]

_Owners = list[Json]


class GarbageCollector(Worker):
    """Collects what its owners left behind."""

    def note(self, event: Event, key: ObjectKey) -> None:
        """Look at what a change may make garbage."""
        live = event.object
        if event.type is EventType.DELETED:
            self.ask(*self._cluster.dependents(live["metadata"]["uid"]))
            self.ask(*(self._owner_key(owner, key.namespace) for owner in owners_of(live)))
            return
        owners = owners_of(live)
        is_new = event.old is None or owners_of(event.old) != owners
        waits = bool({FOREGROUND, ORPHAN} & {*finalizers_of(live)}) and is_going(live)
        if (owners and is_new) or waits:
            self.ask(key)
        if event.old is not None and is_new:
            self.ask(*(self._owner_key(owner, key.namespace) for owner in owners_of(event.old)))

    def handle(self, key: ObjectKey) -> None:
        """Collect one object, or go on with the deletion of an owner."""
        live = self._cluster.get(key)
        if live is None:
            return
        finalizers = finalizers_of(live)
        if is_going(live):
            if ORPHAN in finalizers:
                self._orphan(key, live)
            elif FOREGROUND in finalizers:
                self._unblock(key, live)
            return
        if owners_of(live):
            self._collect(key, live)

    def _orphan(self, key: ObjectKey, live: Manifest) -> None:
        uid = live["metadata"]["uid"]
        for each in self._cluster.dependents(uid):
            self._release(each, {uid})
        self._without(key, ORPHAN)

    def _unblock(self, key: ObjectKey, live: Manifest) -> None:
        uid = live["metadata"]["uid"]
        blocking = [each for each in self._cluster.dependents(uid) if self._blocks(each, uid)]
        if not blocking:
            self._without(key, FOREGROUND)
            return
        for each in blocking:
            dependent = self._cluster.get(each)
            if dependent is not None and not is_going(dependent):
                self.ask(each)

    def _blocks(self, key: ObjectKey, uid: str) -> bool:
        owners = owners_of(self._cluster.get(key) or {})
        return any(owner["uid"] == uid and flag_at(owner, "blockOwnerDeletion") for owner in owners)

    def _collect(self, key: ObjectKey, live: Manifest) -> None:
        solid, dangling, waiting = self._classified(key, live)
        if solid:
            lost = {owner["uid"] for owner in [*dangling, *waiting]}
            if lost:
                self._release(key, lost)
            return
        finalizers = finalizers_of(live)
        if waiting and self._cluster.dependents(live["metadata"]["uid"]):
            policy = Propagation.FOREGROUND
        elif ORPHAN in finalizers:
            policy = Propagation.ORPHAN
        else:
            policy = Propagation.FOREGROUND if FOREGROUND in finalizers else Propagation.BACKGROUND
        self._cluster.delete(key, propagation=policy)

    def _classified(self, key: ObjectKey, live: Manifest) -> tuple[_Owners, _Owners, _Owners]:
        """Return the owners that stay, those that are not there, and those that wait for what they own."""
        solid, dangling, waiting = [], [], []
        for owner in owners_of(live):
            place = self._owner_key(owner, key.namespace)
            if self._cluster.is_namespaced(place.group_kind) is None:
                solid.append(owner)  # a kind that is not served: nobody can tell
                continue
            found = self._cluster.get(place)
            if found is None or found["metadata"]["uid"] != owner["uid"]:
                dangling.append(owner)
            elif is_going(found) and FOREGROUND in finalizers_of(found):
                waiting.append(owner)
            else:
                solid.append(owner)
        return solid, dangling, waiting

    def _owner_key(self, owner: Json, namespace: str) -> ObjectKey:
        group, _ = split_api_version(text_at(owner, "apiVersion"))
        is_namespaced = self._cluster.is_namespaced(GroupKind(group, owner["kind"]))
        return ObjectKey(group, owner["kind"], namespace if is_namespaced else "", owner["name"])

    def _release(self, key: ObjectKey, uids: set[str]) -> None:
        """Take owners off an object."""
        live = self._cluster.get(key)
        if live is None:
            return
        rest = [owner for owner in objects_at(live, "metadata", "ownerReferences") if text_at(owner, "uid") not in uids]
        meta = {name: value for name, value in live["metadata"].items() if name != "ownerReferences"}
        self._cluster.replace(key, {**live, "metadata": {**meta, "ownerReferences": rest} if rest else meta})

    def _without(self, key: ObjectKey, finalizer: str) -> None:
        live = self._cluster.get(key)
        if live is None:
            return
        rest = [name for name in finalizers_of(live) if name != finalizer]
        meta = {name: value for name, value in live["metadata"].items() if name != "finalizers"}
        self._cluster.replace(key, {**live, "metadata": {**meta, "finalizers": rest} if rest else meta})
