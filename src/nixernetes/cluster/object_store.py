"""What a cluster holds: objects by kind, their versions, the kinds that are served, and what deletion leaves.

Invariants: an object handed out is never changed, only replaced; the resource version grows with every change and with
nothing else; watch events come in that order, after the change. Who may write what, and in which form, is decided
before: see :mod:`nixernetes.cluster.embedded`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from nixernetes.cluster import refusals, validation
from nixernetes.cluster.api import Event, EventType
from nixernetes.cluster.conversions import kept_as
from nixernetes.cluster.deletion.at_once import Deletions
from nixernetes.cluster.deletion.marks import ServerDeletions
from nixernetes.cluster.drafts import Drafts
from nixernetes.cluster.kinds import Kinds, defined_kind
from nixernetes.cluster.listeners import Listeners
from nixernetes.cluster.ownership.entries import owners
from nixernetes.cluster.provided.registering import unregister, waiting_for_names
from nixernetes.cluster.selectors.listing import listed
from nixernetes.cluster.states import is_same_state
from nixernetes.cluster.strategies.creating import with_first_state
from nixernetes.cluster.strategies.daemon_sets import with_template_generation
from nixernetes.cluster.strategies.generations import has_grown
from nixernetes.cluster.strategies.services import ServiceAllocator
from nixernetes.cluster.strategies.stamps import stamped
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import Clock, timestamp
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION, SERVICE
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["ObjectStore"]

Manifests: TypeAlias = list[Manifest]
Keys: TypeAlias = list[ObjectKey]
GroupKinds: TypeAlias = list[GroupKind]


class ObjectStore:
    """The objects of one cluster, and what the cluster itself does to them.

    Args:
        name: its name, for messages.
        clock: where timestamps come from.
        kube_version: its Kubernetes version, as ``1.34``; ``""`` is the newest that is known.
        on_error: told of a watcher that raised something unforeseen, with the object that changed, so that what is
            stored and told to the others stays whole; None: raise it.
        alone: whether it is an API server and nothing else: what others own is collected, and namespaces are filled and
            emptied, by controllers that run beside it, if any do.

    """

    def __init__(
        self,
        *,
        name: str,
        clock: Clock,
        kube_version: str,
        on_error: Callable[[ObjectKey, Exception], None] | None,
        alone: bool,
    ) -> None:
        self.name = name
        self.alone = alone
        self._clock = clock
        self._kinds = Kinds(kube_version)
        self._drafts = Drafts(self._kinds)
        self._objects: dict[GroupKind, dict[tuple[str, str], Manifest]] = {}
        self._tries = 0  # dry runs, whose objects have uids of their own, too
        self._version = 1  # that of what was there all the time; the first change is the second
        self._services = ServiceAllocator(lambda: self._objects.get(SERVICE, {}).values())
        self._listeners = Listeners(on_error)
        self._deletions: Deletions | ServerDeletions = ServerDeletions(self) if alone else Deletions(self)
        self._untold: dict[ObjectKey, Callable[[], Manifest]] = {}  # definitions that take long to make, not yet asked
        self._untold_kinds: dict[GroupKind, ObjectKey] = {}

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        if key in self._untold:
            self._define(key)
        return self._objects.get(GroupKind(key.group, key.kind), {}).get((key.namespace, key.name))

    def list(
        self, kind: GroupKind, *, namespace: str | None = None, labels: Mapping[str, str] | None = None
    ) -> Manifests:
        """Return the objects of a kind, sorted by namespace and name."""
        return listed(self.rows(kind), namespace, labels)

    @property
    def revision(self) -> int:
        """Return the number of the last change, the highest ``resourceVersion`` that there is."""
        return self._version

    def rows(self, kind: GroupKind) -> Mapping[tuple[str, str], Manifest]:
        """Return the objects of a kind by namespace and name; not a copy."""
        if kind == CUSTOM_RESOURCE_DEFINITION:
            for key in [*self._untold]:
                self._define(key)
        return self._objects.get(kind, {})

    def written(self) -> Manifests:
        """Return all objects, sorted; definitions that came with served kinds only where somebody looked at them."""
        return [item for kind in sorted(self._objects) for _, item in sorted(self._objects[kind].items())]

    def is_namespaced(self, kind: GroupKind) -> bool | None:
        """Tell whether a served kind is namespaced; None when it is not served."""
        return self._kinds.is_namespaced(kind)

    def is_served(self, manifest: Manifest) -> bool:
        """Tell whether the kind of an object is served in the version that the object has."""
        return self._is_served(manifest, group_kind(manifest))

    def _is_served(self, manifest: Manifest, kind: GroupKind) -> bool:
        if kind in self._untold_kinds:  # what it looks like is asked for, not its definition as an object
            self._defined(self._untold[self._untold_kinds.pop(kind)]())
        return self._kinds.is_served(manifest)

    def unknown_fields(self, manifest: Manifest) -> tuple[str, ...]:
        """Return the paths of the fields that the kind of an object has not."""
        return self._kinds.unknown_fields(manifest)

    def kinds(self) -> GroupKinds:
        """Return the kinds that are served, sorted."""
        return self._kinds.served()

    def serve(self, kind: GroupKind, namespaced: bool = True, definition: Callable[[], Manifest] | None = None) -> None:
        """Serve one more kind.

        Args:
            kind: the kind.
            namespaced: whether its objects are in namespaces.
            definition: makes its CustomResourceDefinition, which is there from now on; without it the kind is served as
                if it were there, and its objects may have any fields.

        """
        key = ObjectKey(*CUSTOM_RESOURCE_DEFINITION, "", validation.resource_name(kind))
        if key not in self._untold and self.get(key) is not None:
            return  # an object that was kept defines it
        self._redefined()
        self._kinds.serve(kind, namespaced)
        self._untold_kinds.pop(kind, None)
        if definition is not None:
            self._untold[key] = definition
            self._untold_kinds[kind] = key

    def furnish(self, manifest: Manifest) -> None:
        """Store an object of every cluster, whole as it is, unless one of its name is there."""
        if self.get(key_of(manifest)) is None:
            self._added(manifest, key_of(manifest), dry_run=False)

    def watch(self, callback: Callable[[Event], None]) -> None:
        """Call back after each change."""
        self._listeners.add(callback)

    def managers(self, key: ObjectKey) -> dict[str, Json]:
        """Return who owns which fields of an object: manager to fields, in ``fieldsV1`` form.

        Raises:
            ApiError: NotFound.

        """
        live = self.get(key)
        if live is None:
            raise refusals.not_found(key)
        return owners(live)

    def dependents(self, uid: str) -> Keys:
        """Return the keys of what an object owns, sorted."""
        return self._deletions.of(uid)

    def now(self) -> str:
        """Return the present moment as a Kubernetes timestamp."""
        return timestamp(self._clock.now())

    def in_namespace(self, namespace: str) -> Keys:
        """Return the keys of everything in a namespace."""
        return sorted(
            key_of(item)
            for rows in self._objects.values()
            for (place, _), item in rows.items()
            if place == namespace and namespace
        )

    def put_status(self, live: Manifest, status: Json, annotations: Mapping[str, str]) -> Manifest:
        """Replace the status of an object as a controller of the cluster does, and set annotations with it."""
        meta = live["metadata"]
        known = manifests.annotations_of(live)
        if not annotations.items() <= known.items():
            meta = {**meta, "annotations": {**known, **annotations}}
        return self._stored(live, {**live, "metadata": meta, "status": status}, key_of(live))

    def place(self, pod: Manifest, placed: Manifest) -> None:
        """Store a pod that got a node: no field of it changes its owner, and it is no new generation."""
        self._stored(pod, placed, key_of(pod))

    def replace(self, key: ObjectKey, new: Manifest) -> Manifest:
        """Store a new state of an object that the cluster itself changed."""
        live = self.get(key)
        if live is None:
            raise refusals.not_found(key)
        new = self._next_state(live, self._drafts.completed(new))
        return self._replaced(live, live if is_same_state(live, new) else new, key, dry_run=False)

    def drop(self, key: ObjectKey) -> None:
        """Take an object out of the store."""
        kind = key.group_kind
        gone = self._objects.get(kind, {}).pop((key.namespace, key.name), None)
        if gone is None:
            return
        if not self._objects[kind]:
            del self._objects[kind]
        self._version += 1
        self._changed(key)
        if kind == CUSTOM_RESOURCE_DEFINITION:
            self._withdraw(gone)
        self._deletions.forget(gone)
        self._listeners.tell(Event(EventType.DELETED, gone, gone))
        self._deletions.after_drop(key, gone)
        self._settled(key)

    def _defined(self, crd: Manifest) -> Manifest:
        self._redefined()
        return self._kinds.define(crd, self.now())

    def _withdraw(self, crd: Manifest) -> None:
        """Serve what a definition defined no longer; others of its group may have its names now."""
        self._redefined()
        self._kinds.withdraw(crd)
        if self.alone:
            unregister(self, crd)
        for waiting in waiting_for_names(self._objects.get(CUSTOM_RESOURCE_DEFINITION, {}), crd):
            self._stored(waiting, self._defined(waiting), key_of(waiting))

    def _define(self, key: ObjectKey) -> None:
        """Store a definition that was there all the time; nobody is told of it."""
        made = self._untold.pop(key)()
        self._untold_kinds.pop(defined_kind(made), None)
        self._provide(self._defined({**made, "metadata": {**made["metadata"], "generation": 1}}), key)

    def _provide(self, manifest: Manifest, key: ObjectKey) -> None:
        """Store an object that was there all the time; nobody is told of it."""
        stored = stamped(manifest, identity=f"{self.name}/{key}", now=self.now(), version="1")
        self._objects.setdefault(key.group_kind, {})[(key.namespace, key.name)] = stored

    def _next_state(self, live: Manifest, new: Manifest) -> Manifest:
        """Return a new state of a live object as it is kept."""
        new = self._kinds.schemas.as_kept(kept_as(with_template_generation(new, live)))
        return self._services.changed(new, live) if group_kind(new) == SERVICE else new

    def _added(self, full: Manifest, key: ObjectKey, *, dry_run: bool) -> Manifest:
        """Store an object that was not there, and tell of it; return it as it is, or would be, stored."""
        version = str(self._version + 1)
        self._tries += dry_run
        full = stamped(
            full,
            identity=f"{self.name}/{key}/{version}{f'/{self._tries}' if dry_run else ''}",
            now=self.now(),
            version="" if dry_run else version,
            counts=self._kinds.has_generation(full),
        )
        stored = with_first_state(full)
        if dry_run:
            return stored
        if key.group_kind == CUSTOM_RESOURCE_DEFINITION and not self.alone:
            stored = self._defined(stored)
        if key.group_kind == SERVICE:
            self._services.note()
        self._put(key, stored)
        self._listeners.tell(Event(EventType.ADDED, stored))
        self._deletions.note(stored)
        return stored

    def _replaced(
        self, live: Manifest, new: Manifest, key: ObjectKey, dry_run: bool, *, is_status: bool = False
    ) -> Manifest:
        if new is live:
            return live
        meta = dict(new["metadata"])
        for name in ("uid", "creationTimestamp", "deletionTimestamp", "generation"):
            if name in live["metadata"]:
                meta.setdefault(name, live["metadata"][name])
        if "generation" in live["metadata"] and not is_status and has_grown(live, new):
            meta["generation"] = live["metadata"]["generation"] + 1
        meta["resourceVersion"] = live["metadata"]["resourceVersion"]
        stored = {**new, "metadata": meta}
        return stored if dry_run else self._stored(live, stored, key)

    def _stored(self, live: Manifest, new: Manifest, key: ObjectKey) -> Manifest:
        """Put a new state in the place of a live one, and tell of it."""
        if self._deletions.is_over(key, new):
            self.drop(key)
            return new
        stored = {**new, "metadata": {**new["metadata"], "resourceVersion": str(self._version + 1)}}
        if key.group_kind == CUSTOM_RESOURCE_DEFINITION and has_grown(live, new):
            stored = self._defined(stored)
        self._put(key, stored)
        self._deletions.forget(live)
        self._deletions.note(stored)
        self._listeners.tell(Event(EventType.MODIFIED, stored, live))
        self._deletions.after_change(key, stored)
        self._settled(key)
        return stored

    def _with_status(self, live: Manifest, manifest: Manifest, key: ObjectKey) -> Manifest:
        if "status" not in manifest or live.get("status") == manifest["status"]:
            return live
        return self._stored(live, {**live, "status": manifest["status"]}, key)

    def _put(self, key: ObjectKey, stored: Manifest) -> None:
        self._version += 1
        self._changed(key)
        self._objects.setdefault(key.group_kind, {})[(key.namespace, key.name)] = stored

    # What those who write beside the store have to know

    def _changed(self, key: ObjectKey) -> None:
        """Take note that an object was written or is gone; before anybody is told of it."""

    def _settled(self, key: ObjectKey) -> None:
        """Take note that a new state was stored, or that an object is gone, and that all have been told of it."""

    def _redefined(self) -> None:
        """Take note that kinds come, go or look otherwise."""
