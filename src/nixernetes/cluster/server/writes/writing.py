"""Writes: create, replace, patch, apply, delete (apiserver pkg/endpoints/handlers, pkg/registry/generic, v0.34.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from nixernetes.cluster.api import ApiError, Propagation
from nixernetes.cluster.cautions.kinds import cautions
from nixernetes.cluster.conversions import converted
from nixernetes.cluster.deletion.marks import DEFINITION_CLEANUP, marked_for_deletion
from nixernetes.cluster.history import HistoryStore
from nixernetes.cluster.server.options import DeleteOptions, WriteOptions
from nixernetes.cluster.server.serving import Served, not_found
from nixernetes.cluster.server.statuses import success
from nixernetes.cluster.server.writes import names, preconditions, warnings
from nixernetes.cluster.server.writes.patching import Patched
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION, NAMESPACE, POD
from nixernetes.objects.manifest import Manifest

__all__ = ["WriteResult", "WriteStore", "Writes", "named", "without_version"]

_RETURNED: Final = frozenset(  # kinds whose strategy returns the deleted object
    ["Pod", "Service", "ServiceAccount", "ResourceQuota", "Namespace", "PodTemplate", "StorageClass", "CSIDriver"]
)
_IGNORED: Final = ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink")
_KEPT_NAMESPACES: Final = ("default", "kube-public", "kube-system")


class WriteResult(NamedTuple):
    """What a write gave.

    Attributes:
        manifest: the object, or a Status.
        is_new: whether it was created.
        warnings: what a client is warned of.

    """

    manifest: Manifest
    is_new: bool = False
    warnings: tuple[str, ...] = ()


class WriteStore(HistoryStore, Protocol):
    """A cluster that is written to."""

    def take_warnings(self) -> tuple[str, ...]:
        """Return what clients are to be warned of since the last time."""
        ...

    def unknown_fields(self, manifest: Manifest) -> tuple[str, ...]:
        """Return the paths of the fields that the kind of an object has not."""
        ...

    def create(self, manifest: Manifest, *, manager: str, dry_run: bool = False) -> Manifest:
        """Create an object."""
        ...

    def update(
        self, manifest: Manifest, *, manager: str, subresource: str = "", dry_run: bool = False, tracked: bool = False
    ) -> Manifest:
        """Replace an object, or a part of it."""
        ...

    def apply(
        self, manifest: Manifest, *, manager: str, force: bool = False, dry_run: bool = False, subresource: str = ""
    ) -> Manifest:
        """Server-side apply, of an object or of a part of it."""
        ...

    def place(self, pod: Manifest, placed: Manifest) -> None:
        """Store a pod that got a node."""
        ...

    def delete(
        self, key: ObjectKey, *, propagation: Propagation | None = Propagation.BACKGROUND, grace: int | None = None
    ) -> None:
        """Delete an object."""
        ...


class Writes:
    """Answers writes to one cluster.

    Args:
        store: the cluster.

    """

    def __init__(self, store: WriteStore) -> None:
        self._store = store

    def create(self, served: Served, manifest: Manifest, options: WriteOptions) -> WriteResult:
        """Create an object.

        Raises:
            ApiError: whatever is refused.

        """
        manifest = self._placed(served, manifest)
        meta = mapping_at(manifest, "metadata")
        if text_at(meta, "resourceVersion") not in ("", "0"):
            raise ApiError("", "resourceVersion should not be set on objects to be created", code=500)
        meta = {name: value for name, value in meta.items() if name not in _IGNORED and name != "resourceVersion"}
        if not text_at(meta, "name") and text_at(meta, "generateName"):
            meta["name"] = names.generated(text_at(meta, "generateName"), str(self._store.revision))
        stored = self._store.create({**manifest, "metadata": meta}, manager=options.manager, dry_run=options.dry_run)
        warned = self._warned(served, stored, None)
        return WriteResult(converted(stored, served.api_version), is_new=True, warnings=warned)

    def replace(self, served: Served, manifest: Manifest, options: WriteOptions) -> WriteResult:
        """Replace an object, or a part of it; create it where its kind allows that.

        Raises:
            ApiError: whatever is refused.

        """
        manifest = named(served, self._placed(served, manifest))
        live = self._live(served)
        if live is None:
            if served.put_creates and not served.target.subresource:
                meta = {name: value for name, value in manifest["metadata"].items() if name != "resourceVersion"}
                return self.create(served, {**manifest, "metadata": meta}, options)
            raise not_found(served)
        preconditions.check_update(served, manifest, live)
        return self._updated(served, manifest, live, options)

    def patch(self, served: Served, change: Callable[[Manifest], Patched], options: WriteOptions) -> WriteResult:
        """Change an object by a function of its present state, in the version of the path.

        Raises:
            ApiError: whatever is refused.

        """
        live = self._live(served)
        if live is None:
            raise not_found(served)
        new, warned = change(converted(live, served.api_version))
        manifest = named(served, self._placed(served, new))
        preconditions.check_patch(served, manifest, live)
        return self._updated(served, manifest, live, options, warned)

    def apply(self, served: Served, manifest: Manifest, options: WriteOptions) -> WriteResult:
        """Apply a configuration on the server's side.

        Raises:
            ApiError: whatever is refused.

        """
        sent = text_at(manifest, "metadata", "namespace")
        manifest = self._placed(served, manifest)
        told = mapping_at(manifest, "metadata").get("name")
        if told is None or isinstance(told, str):
            manifest = named(served, manifest)
        if mapping_at(manifest, "metadata").get("managedFields") is not None:
            raise ApiError("BadRequest", "metadata.managedFields must be nil")
        live = self._live(served)
        if live is not None:
            preconditions.check_patch(served, manifest, live)
        try:
            stored = self._store.apply(
                without_version(manifest),
                manager=options.manager,
                force=options.force,
                dry_run=options.dry_run,
                subresource=served.target.subresource,
            )
        except ApiError as error:
            if sent or not served.namespace or error.reason:
                raise
            # The object is named as the client names it: without a namespace that it does not state.
            message = error.message.replace(f"object ({served.namespace}/", "object (/", 1)
            raise ApiError(error.reason, message, code=500) from None
        warned = self._warned(served, stored, live)
        return WriteResult(converted(stored, served.api_version), is_new=live is None, warnings=warned)

    def delete(self, served: Served, options: DeleteOptions) -> WriteResult:
        """Delete an object; return it or a Status, as its kind has it.

        Raises:
            ApiError: whatever is refused.

        """
        live = self._live(served)
        if live is None:
            raise not_found(served)
        preconditions.check_deletion(served, live, options)
        if served.kind == NAMESPACE and served.name in _KEPT_NAMESPACES:
            why = f'namespaces "{served.name}" is forbidden: this namespace may not be deleted'
            raise ApiError("Forbidden", why, details=served.details())
        warned = warnings.of_deletion(served, options)
        if options.dry_run:
            return WriteResult(self._deleted(served, live), warnings=warned)
        self._store.delete(served.key, propagation=options.propagation, grace=options.grace)
        left = self._live(served)
        if left is not None and left["metadata"]["uid"] == live["metadata"]["uid"]:
            return WriteResult(converted(left, served.api_version), warnings=warned)
        gone = {**live, "metadata": {**live["metadata"], "resourceVersion": str(self._store.revision)}}
        if served.kind == POD:
            gone = marked_for_deletion(gone, [], 0, self._store.now())
        if served.kind == CUSTOM_RESOURCE_DEFINITION:  # its objects go first, which takes real servers a moment
            marked = {"deletionTimestamp": self._store.now(), "finalizers": [DEFINITION_CLEANUP]}
            gone = {**gone, "metadata": {**gone["metadata"], **marked}}
        return WriteResult(self._deleted(served, gone), warnings=warned)

    def _updated(
        self,
        served: Served,
        manifest: Manifest,
        live: Manifest,
        options: WriteOptions,
        warned: tuple[str, ...] = (),
    ) -> WriteResult:
        """Store a new state; the answer has the old version where the last finalizer of a deleted object went."""
        stored = self._store.update(
            without_version(manifest),
            manager=options.manager,
            subresource=served.target.subresource,
            dry_run=options.dry_run,
            tracked=True,
        )
        if "deletionTimestamp" in live["metadata"] and not options.dry_run and self._live(served) is None:
            meta = {**stored["metadata"], "resourceVersion": live["metadata"]["resourceVersion"]}
            stored = {**stored, "metadata": meta}
        warned = (*warned, *self._warned(served, stored, live))
        return WriteResult(converted(stored, served.api_version), warnings=warned)

    def _warned(self, served: Served, stored: Manifest, live: Manifest | None) -> tuple[str, ...]:
        """Return what a client is warned of that wrote an object, or a part of one."""
        of_kind = cautions(stored, live) if not served.target.subresource else ()
        return (*of_kind, *warnings.of_finalizers(served, stored, live), *self._store.take_warnings())

    def _deleted(self, served: Served, live: Manifest) -> Manifest:
        if (served.kind.kind in _RETURNED and not served.is_custom) or items_at(live, "metadata", "finalizers"):
            return converted(live, served.api_version)
        return success(served.details(uid=live["metadata"]["uid"]))

    def _live(self, served: Served) -> Manifest | None:
        return self._store.rows(served.kind).get((served.namespace, served.name))

    def _placed(self, served: Served, manifest: Manifest) -> Manifest:
        """Return an object in the namespace of the path, which it need not state."""
        meta = mapping_at(manifest, "metadata")
        told = text_at(meta, "namespace")
        if not served.is_namespaced:
            meta = {name: value for name, value in meta.items() if name != "namespace"}
        elif told and told != served.namespace:
            raise ApiError(
                "BadRequest", "the namespace of the provided object does not match the namespace sent on the request"
            )
        else:
            meta = {**meta, "namespace": served.namespace}
        return {**manifest, "metadata": meta}


def without_version(manifest: Manifest) -> Manifest:
    """Return an object without the version of the state that it was made for, which was looked at."""
    meta = {name: value for name, value in manifest["metadata"].items() if name not in ("resourceVersion", "uid")}
    return {**manifest, "metadata": meta}


def named(served: Served, manifest: Manifest) -> Manifest:
    """Return an object that has the name of the path.

    Raises:
        ApiError: BadRequest, it has none, or another one.

    """
    told = text_at(manifest, "metadata", "name")
    if not told:
        why = f"the name of the object ({served.name} based on URL) was undeterminable: name must be provided"
        raise ApiError("BadRequest", why)
    if told != served.name:
        why = f"the name of the object ({told}) does not match the name on the URL ({served.name})"
        raise ApiError("BadRequest", why)
    return manifest
