"""The embedded cluster: what an API server stores and refuses, in memory.

Invariants: an object handed out is never changed, only replaced; the resource version grows with every change and with
nothing else; watch events come in that order, after the change. Controllers that Kubernetes runs beside its API server
and that decide what is stored (garbage collection, namespace deletion, CRD registration) act at once; those that take
time (workloads) are the simulator's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from nixernetes.cluster import refusals, typed, validation
from nixernetes.cluster.admission.steps import AdmissionSteps
from nixernetes.cluster.api import ApiError, Event, EventType, Propagation
from nixernetes.cluster.conversions import converted, kept_as, kept_kind
from nixernetes.cluster.deletion.at_once import Deletions
from nixernetes.cluster.deletion.marks import ServerDeletions
from nixernetes.cluster.drafts import Drafts, emptied
from nixernetes.cluster.kinds import Kinds, defined_kind
from nixernetes.cluster.listeners import Listeners
from nixernetes.cluster.memos import AppliedMemos
from nixernetes.cluster.ownership.entries import owners
from nixernetes.cluster.ownership.merging import Write, applied, updated
from nixernetes.cluster.provided import namespaces
from nixernetes.cluster.provided.api_services import api_services
from nixernetes.cluster.provided.registering import register, unregister, waiting_for_names
from nixernetes.cluster.quotas import charge, check_quota
from nixernetes.cluster.selectors.listing import listed
from nixernetes.cluster.states import is_same_state, with_status_of
from nixernetes.cluster.strategies.creating import with_first_state
from nixernetes.cluster.strategies.daemon_sets import with_template_generation
from nixernetes.cluster.strategies.generations import has_grown
from nixernetes.cluster.strategies.services import ServiceAllocator
from nixernetes.cluster.strategies.stamps import stamped
from nixernetes.cluster.trials import Trial, Trials
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import Clock, timestamp
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION, NAMESPACE, RESOURCE_QUOTA, SERVICE
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["EmbeddedCluster"]

_SERVER_MANAGER = "kube-apiserver"
Manifests: TypeAlias = list[Manifest]
Keys: TypeAlias = list[ObjectKey]
GroupKinds: TypeAlias = list[GroupKind]


class EmbeddedCluster:
    """A Kubernetes cluster in memory; fulfils :class:`nixernetes.cluster.api.Api`.

    Args:
        name: its name, for messages.
        clock: where timestamps come from.
        kube_version: its Kubernetes version, as ``1.34``; ``""`` is the newest that is known.
        on_error: told of a watcher that raised something unforeseen, with the object that changed, so that what is
            stored and told to the others stays whole; default: raise it.
        alone: whether it is an API server and nothing else: what others own is collected, and namespaces are filled and
            emptied, by controllers that run beside it, if any do.

    """

    def __init__(
        self,
        *,
        name: str,
        clock: Clock,
        kube_version: str = "",
        on_error: Callable[[ObjectKey, Exception], None] | None = None,
        alone: bool = False,
    ) -> None:
        self.name = name
        self.alone = alone
        self._clock = clock
        self._kinds = Kinds(kube_version)
        self._drafts = Drafts(self._kinds)
        self._objects: dict[GroupKind, dict[tuple[str, str], Manifest]] = {}
        self._version = 0
        self._services = ServiceAllocator(lambda: self._objects.get(SERVICE, {}).values())
        self._listeners = Listeners(on_error)
        self._memos = AppliedMemos()
        self._tried = Trials()
        self._admission = AdmissionSteps(self, self._drafts.rechecked, is_alone=alone)
        self._deletions: Deletions | ServerDeletions = ServerDeletions(self) if alone else Deletions(self)
        self._untold: dict[ObjectKey, Callable[[], Manifest]] = {}  # definitions that take long to make, not yet asked
        self._untold_kinds: dict[GroupKind, ObjectKey] = {}
        for namespace in namespaces.FIRST:
            self.create(namespaces.active(namespace), manager=_SERVER_MANAGER)
        for service in api_services() if alone else ():
            self._provide(service, key_of(service))

    # Reading

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

    def give_accounts(self) -> None:
        """Give every new pod the service account of its namespace, as clusters whose controllers run do."""
        self._admission.has_accounts = True

    def take_warnings(self) -> tuple[str, ...]:
        """Return what clients are to be warned of since the last time."""
        return self._admission.take_warnings()

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
        self._tried.clear()
        self._kinds.serve(kind, namespaced)
        self._untold_kinds.pop(kind, None)
        key = ObjectKey(*CUSTOM_RESOURCE_DEFINITION, "", validation.resource_name(kind))
        if definition is not None and self.get(key) is None:
            self._untold[key] = definition
            self._untold_kinds[kind] = key

    def _defined(self, crd: Manifest) -> Manifest:
        self._tried.clear()
        return self._kinds.define(crd, self.now())

    def _withdraw(self, crd: Manifest) -> None:
        """Serve what a definition defined no longer; others of its group may have its names now."""
        self._tried.clear()
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

    def watch(self, callback: Callable[[Event], None]) -> None:
        """Call back after each change."""
        self._listeners.add(callback)

    def namespace(self, name: str) -> None:
        """Create a namespace unless it is there."""
        if self.get(ObjectKey("", "Namespace", "", name)) is None:
            self.create(namespaces.active(name), manager=_SERVER_MANAGER)

    # Writing

    def apply(
        self,
        manifest: Manifest,
        *,
        manager: str,
        force: bool = False,
        dry_run: bool = False,
        lenient: bool = False,
        subresource: str = "",
    ) -> Manifest:
        """Server-side apply; a lenient one takes the manifest as a client's patch: what no field is for is dropped."""
        key = self._key(manifest)
        live = self.get(key)
        if subresource and live is None:
            raise refusals.not_found(key)
        if live is not None and not subresource and self._memos.holds(key, manager, manifest, live):
            return live
        write = self._write(key, manager, subresource, force=force)
        full = self._tried.of(key, manifest, live, write, lenient=lenient)
        if full is None:
            full = self._merged(manifest, key, live, write, lenient=lenient)
            if dry_run:
                self._tried.note(key, Trial(manifest, live, write, lenient, full))
        elif live is None and key.namespace:
            self._check_namespace(key)
        full = self._admission.admitted(full, live, key, manager, dry_run=dry_run, subresource=subresource)
        if live is None:
            stored = self._created(full, key, dry_run)
        else:
            stored = self._replaced(live, full, key, dry_run, is_status=subresource == "status")
        if not dry_run and not subresource:
            self._memos.note(key, manager, manifest, stored)
        return stored

    def create(self, manifest: Manifest, *, manager: str, dry_run: bool = False) -> Manifest:
        """Create an object."""
        key = self._key(manifest)
        typed.check_decoded(manifest, key, self._kinds.typed(manifest))
        desired = self._drafts.created(self._placed(manifest, key), key)
        schema = self._kinds.schema(manifest["apiVersion"], manifest["kind"])
        stated = emptied(manifest, desired)
        owned = updated(None, stated, schema, self._write(key, manager))
        owned = owned if stated is desired else self._drafts.completed(owned)
        whole = self._completed_new(owned, key, manifest["apiVersion"])
        full = self._admission.admitted(whole, None, key, manager, dry_run=dry_run)
        live = self.get(key)
        if live is not None:
            raise refusals.already_exists(key, live)
        return self._created(full, key, dry_run)

    def update(
        self, manifest: Manifest, *, manager: str, subresource: str = "", dry_run: bool = False, tracked: bool = False
    ) -> Manifest:
        """Replace an object, or only its status; a tracked write of a status notes who owns its fields."""
        key = self._key(manifest)
        live = self.get(key)
        if live is None:
            raise refusals.not_found(key)
        version = manifest["metadata"].get("resourceVersion")
        if version is not None and version != live["metadata"]["resourceVersion"]:
            raise refusals.modified(key)
        if subresource == "status" and not tracked:
            return self._with_status(live, manifest, key)
        if subresource == "status":
            manifest = with_status_of(converted(live, manifest["apiVersion"]), manifest)
        typed.check_decoded(manifest, key, self._kinds.typed(manifest))
        version = manifest["apiVersion"]
        seen = converted(live, version)
        new = self._drafts.replacing(self._placed(manifest, key), seen, key, keep_status=subresource == "status")
        stated, schema = emptied(manifest, new), self._kinds.schema(version, manifest["kind"])
        owned = updated(seen, stated, schema, self._write(key, manager, subresource))
        owned = owned if stated is new else self._drafts.completed(owned)
        full = self._completed(live, owned, version, by_cluster=subresource == "binding")
        full = self._admission.admitted(full, live, key, manager, dry_run=dry_run, subresource=subresource)
        return self._replaced(live, full, key, dry_run, is_status=subresource == "status")

    def put_status(self, live: Manifest, status: Json, annotations: Mapping[str, str]) -> Manifest:
        """Replace the status of an object as a controller of the cluster does, and set annotations with it."""
        meta = live["metadata"]
        known = manifests.annotations_of(live)
        if not annotations.items() <= known.items():
            meta = {**meta, "annotations": {**known, **annotations}}
        return self._stored(live, {**live, "metadata": meta, "status": status}, key_of(live))

    def delete(
        self, key: ObjectKey, *, propagation: Propagation | None = Propagation.BACKGROUND, grace: int | None = None
    ) -> None:
        """Delete an object, its dependents as the propagation says, or its kind; a pod has so many seconds to end."""
        if self.is_namespaced(key.group_kind) is False:
            key = key._replace(namespace="")
        live = self.get(key)
        if live is None:
            raise refusals.not_found(key)
        self._admission.deleting(live, key)
        self._deletions.delete(key, live, propagation, grace)

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

    # What deletion needs of the store

    def now(self) -> str:
        """Return the present moment as a Kubernetes timestamp."""
        return timestamp(self._clock.now())

    def replace(self, key: ObjectKey, new: Manifest) -> Manifest:
        """Store a new state of an object that the cluster itself changed."""
        live = self.get(key)
        if live is None:
            raise refusals.not_found(key)
        new = self._completed(live, self._drafts.completed(new), by_cluster=True)
        return self._replaced(live, new, key, dry_run=False)

    def drop(self, key: ObjectKey) -> None:
        """Take an object out of the store."""
        kind = key.group_kind
        gone = self._objects.get(kind, {}).pop((key.namespace, key.name), None)
        if gone is None:
            return
        if not self._objects[kind]:
            del self._objects[kind]
        self._version += 1
        self._admission.note(key)
        self._memos.forget(key)
        if kind == CUSTOM_RESOURCE_DEFINITION:
            self._withdraw(gone)
        self._deletions.forget(gone)
        self._listeners.tell(Event(EventType.DELETED, gone, gone))
        self._deletions.after_drop(key, gone)

    def in_namespace(self, namespace: str) -> Keys:
        """Return the keys of everything in a namespace."""
        return sorted(
            key_of(item)
            for rows in self._objects.values()
            for (place, _), item in rows.items()
            if place == namespace and namespace
        )

    def _key(self, manifest: Manifest) -> ObjectKey:
        kind = group_kind(manifest)
        namespaced = self._kinds.is_namespaced(kind)
        if namespaced is None or not self._is_served(manifest, kind):
            raise refusals.no_match(key_of(manifest), text_at(manifest, "apiVersion"))
        key = key_of(manifest)._replace(group=kept_kind(kind).group)
        return key if namespaced else key._replace(namespace="")

    def _placed(self, manifest: Manifest, key: ObjectKey) -> Manifest:
        """Check what is sent, and that there is a place for it."""
        validation.check_shape(manifest)
        namespaced = self._kinds.is_namespaced(key.group_kind)
        if namespaced and not key.namespace:
            raise ApiError("NotFound", "the server could not find the requested resource", subject=str(key))
        if namespaced and self.get(key) is None:
            self._check_namespace(key)
        return manifest

    def _write(self, key: ObjectKey, manager: str, subresource: str = "", *, force: bool = False) -> Write:
        """Return who writes what, and what such a write leaves alone."""
        skips = self._kinds.skipped(key.group_kind, subresource)
        time = self.now() if subresource != "scale" else ""  # sizes are noted without a time
        return Write(manager=manager, time=time, subresource=subresource, force=force, skips=skips)

    def _check_namespace(self, key: ObjectKey) -> None:
        place = self.get(ObjectKey("", "Namespace", "", key.namespace))
        if place is None:
            raise refusals.no_namespace(key)
        if place["metadata"].get("deletionTimestamp"):
            raise refusals.terminating(key)

    def _merged(
        self, manifest: Manifest, key: ObjectKey, live: Manifest | None, write: Write, *, lenient: bool
    ) -> Manifest:
        """Return the live object with an applied one merged into it, complete and checked."""
        check = typed.check_decoded if lenient else typed.check_applied
        check(manifest, key, self._kinds.typed(manifest))
        desired = self._drafts.applied(self._placed(manifest, key), key, write.subresource, lenient=lenient)
        schema = self._kinds.schema(manifest["apiVersion"], manifest["kind"])
        stated = manifest if not write.subresource and typed.has_nulls(manifest) else None
        version = manifest["apiVersion"]
        seen = None if live is None else converted(live, version)
        merged = applied(seen, desired, schema, write, stated)
        if live is not None and merged is seen:
            return live
        merged = self._drafts.completed(merged)
        return self._completed_new(merged, key, version) if live is None else self._completed(live, merged, version)

    def _completed_new(self, manifest: Manifest, key: ObjectKey, version: str) -> Manifest:
        """Return what is sent for a new object with its defaults, as it is kept, checked."""
        full = self._admission.completed(self._kinds.schemas.as_kept(kept_as(manifest)), key)
        validation.check_stored(self._kinds.schemas, full, version=version)
        return self._services.created(full) if key.group_kind == SERVICE else full

    def _completed(self, live: Manifest, new: Manifest, version: str = "", *, by_cluster: bool = False) -> Manifest:
        """Return the new state of a live object with its defaults, checked; the live one if it is the same."""
        if new is live:
            return live
        new = self._kinds.schemas.as_kept(kept_as(with_template_generation(new, live)))
        if group_kind(new) == SERVICE:
            new = self._services.changed(new, live)
        elif not by_cluster:
            new = self._admission.changed(new, key_of(new))
        if is_same_state(live, new):
            return live
        if not by_cluster:
            validation.check_stored(self._kinds.schemas, new, live, version=version)
        return new

    def _created(self, full: Manifest, key: ObjectKey, dry_run: bool) -> Manifest:
        if key.namespace and RESOURCE_QUOTA in self._objects:
            check_quota(self, full, key)
            if self.alone and not dry_run:
                charge(self, key, full)
        version = str(self._version + 1)
        full = stamped(
            full,
            identity=f"{self.name}/{key}/{version}{'/dry' if dry_run else ''}",
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
        if key.group_kind == CUSTOM_RESOURCE_DEFINITION and self.alone:
            defined = self._defined(stored)
            self.update(defined, manager=_SERVER_MANAGER, subresource="status", tracked=True)
            register(self, defined)
        for manifest in namespaces.contents(key.name) if key.group_kind == NAMESPACE and not self.alone else ():
            self.create(manifest, manager="kube-controller-manager")
        self._admission.stored(key)
        return self.get(key) or stored

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
        self._admission.stored(key)
        return stored

    def _with_status(self, live: Manifest, manifest: Manifest, key: ObjectKey) -> Manifest:
        if "status" not in manifest or live.get("status") == manifest["status"]:
            return live
        return self._stored(live, {**live, "status": manifest["status"]}, key)

    def _put(self, key: ObjectKey, stored: Manifest) -> None:
        self._version += 1
        self._admission.note(key)
        self._objects.setdefault(key.group_kind, {})[(key.namespace, key.name)] = stored
