"""The embedded cluster: what an API server does with what its clients write, in memory.

A write is merged or taken, completed, checked and admitted; then it is stored, and told of (see
:mod:`nixernetes.cluster.object_store`). Controllers that Kubernetes runs beside its API server and that decide what is
stored (garbage collection, namespace deletion, CRD registration) act at once; those that take time (workloads) are the
simulator's.
"""

from __future__ import annotations

from collections.abc import Callable

from nixernetes.cluster import refusals, typed, validation
from nixernetes.cluster.admission.steps import AdmissionSteps
from nixernetes.cluster.api import ApiError, Propagation, filed
from nixernetes.cluster.applying.memos import AppliedMemos
from nixernetes.cluster.applying.trials import Trial, Trials
from nixernetes.cluster.conversions import converted, kept_as, kept_kind
from nixernetes.cluster.drafts import emptied
from nixernetes.cluster.object_store import ObjectStore
from nixernetes.cluster.ownership.merging import Write, applied, updated
from nixernetes.cluster.provided import namespaces
from nixernetes.cluster.provided.aggregation import affected, availability
from nixernetes.cluster.provided.api_services import api_services
from nixernetes.cluster.provided.registering import register
from nixernetes.cluster.quotas import charge, check_quota
from nixernetes.cluster.states import is_same_state, with_status_alone, with_status_of
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION, NAMESPACE, RESOURCE_QUOTA, SERVICE
from nixernetes.objects.manifest import Manifest

__all__ = ["EmbeddedCluster"]

_SERVER_MANAGER = "kube-apiserver"


class EmbeddedCluster(ObjectStore):
    """A Kubernetes cluster in memory; fulfils :class:`nixernetes.cluster.api.Api`.

    Args:
        name: its name, for messages.
        clock: where timestamps come from.
        kube_version: its Kubernetes version, as ``1.34``; ``""`` is the newest that is known.
        on_error: told of a watcher that raised something unforeseen, with the object that changed; default: raise it.
        alone: whether it is an API server and nothing else.

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
        super().__init__(name=name, clock=clock, kube_version=kube_version, on_error=on_error, alone=alone)
        self._memos = AppliedMemos()
        self._tried = Trials()
        self._admission = AdmissionSteps(self, self._drafts.rechecked, is_alone=alone)
        for namespace in namespaces.FIRST:
            self.create(namespaces.active(namespace), manager=_SERVER_MANAGER)
        for service in api_services() if alone else ():
            self._provide(service, key_of(service))

    def give_accounts(self) -> None:
        """Give every new pod the service account of its namespace, as clusters whose controllers run do."""
        self._admission.has_accounts = True

    def take_warnings(self) -> tuple[str, ...]:
        """Return what clients are to be warned of since the last time."""
        return self._admission.take_warnings()

    def namespace(self, name: str) -> None:
        """Create a namespace unless it is there."""
        if self.get(ObjectKey("", "Namespace", "", name)) is None:
            self.create(namespaces.active(name), manager=_SERVER_MANAGER)

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
        if subresource == "status" and not self._kinds.is_builtin(key.group_kind):
            owned = with_status_alone(seen, owned)
        owned = owned if stated is new else self._drafts.completed(owned)
        full = self._completed(live, owned, version, by_cluster=subresource == "binding")
        full = self._admission.admitted(full, live, key, manager, dry_run=dry_run, subresource=subresource)
        return self._replaced(live, full, key, dry_run, is_status=subresource == "status")

    def delete(
        self, key: ObjectKey, *, propagation: Propagation | None = Propagation.BACKGROUND, grace: int | None = None
    ) -> None:
        """Delete an object, its dependents as the propagation says, or its kind; a pod has so many seconds to end."""
        key = filed(self, key)
        live = self.get(key)
        if live is None:
            raise refusals.not_found(key)
        self._admission.deleting(live, key)
        self._deletions.delete(key, live, propagation, grace)

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

    def _completed(self, live: Manifest, new: Manifest, version: str, *, by_cluster: bool = False) -> Manifest:
        """Return the new state of a live object with its defaults, checked; the live one if it is the same."""
        if new is live:
            return live
        new = self._next_state(live, self._services.normalized(new, live) if live["kind"] == SERVICE.kind else new)
        if not by_cluster:
            new = self._admission.changed(new, key_of(new))
        if is_same_state(live, new):
            return live
        if not by_cluster:
            validation.check_stored(self._kinds.schemas, new, live, version=version)
        return new

    def _created(self, full: Manifest, key: ObjectKey, dry_run: bool) -> Manifest:
        if key.namespace and self.rows(RESOURCE_QUOTA):
            check_quota(self, full, key)
            if self.alone and not dry_run:
                charge(self, key, full)
        stored = self._added(full, key, dry_run=dry_run)
        if dry_run:
            return stored
        if key.group_kind == CUSTOM_RESOURCE_DEFINITION and self.alone:
            defined = self._defined(stored)
            self.update(defined, manager=_SERVER_MANAGER, subresource="status", tracked=True)
            register(self, defined)
        for manifest in namespaces.contents(key.name) if key.group_kind == NAMESPACE and not self.alone else ():
            self.create(manifest, manager="kube-controller-manager")
        self._settled(key)
        return self.get(key) or stored

    def _changed(self, key: ObjectKey) -> None:
        self._admission.note(key)
        if (key.namespace, key.name) not in self._objects.get(key.group_kind, {}):
            self._memos.forget(key)  # it is gone

    def _settled(self, key: ObjectKey) -> None:
        self._admission.stored(key)
        if self.alone:
            self._judge(key)

    def _judge(self, key: ObjectKey) -> None:
        """Say of APIServices whether they are available, which an object that changed may have made them."""
        for each in affected(self, key):
            found = availability(self, each, self.now())
            others = [one for one in objects_at(each, "status", "conditions") if text_at(one, "type") != found["type"]]
            status = {**mapping_at(each, "status"), "conditions": [*others, found]}
            if status != mapping_at(each, "status"):
                self.put_status(each, status, {})

    def _redefined(self) -> None:
        self._tried.clear()
