"""A cluster behind an API server; fulfils :class:`nixernetes.cluster.api.Api`.

Every call is a request, so that what is read is as fresh as the server's. It changes nothing unless it was made to:
writes that are not dry runs are refused here, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from nixernetes.adapters.kube.answers import checked_object
from nixernetes.adapters.kube.connections import ApiConnection
from nixernetes.adapters.kube.served_kinds import ServedKind, ServedKinds
from nixernetes.adapters.kube.watching import KindWatches
from nixernetes.cluster import refusals
from nixernetes.cluster.api import ApiError, Event, Propagation
from nixernetes.errors import BugError, RemoteError
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of, split_api_version
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["KubeClient"]

_PAGE: Final = "500"  # as kubectl asks
_MOST_PAGES: Final = 4_000  # two million objects: far more than an API server holds
_METADATA: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
_APPLY: Final = "application/apply-patch+yaml"  # JSON is YAML
Manifests: TypeAlias = list[Manifest]


@dataclass(frozen=True, slots=True)
class _Write:
    """A request that changes something."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Json
    media: str = "application/json"


class KubeClient:
    """Asks and, where allowed, changes a cluster.

    Args:
        connection: how it is reached.
        may_write: whether it may change anything; dry runs are always allowed.
        watched: the kinds that :meth:`watch` follows; None for all that can be.

    """

    def __init__(
        self, connection: ApiConnection, *, may_write: bool = False, watched: Iterable[GroupKind] | None = None
    ) -> None:
        self._connection = connection
        self._may_write = may_write
        self._watched = None if watched is None else tuple(watched)
        self.served = ServedKinds(connection)
        self._watches = KindWatches(connection)

    # Reading

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return an object, or None.

        Raises:
            ApiError: Forbidden, ...
            RemoteError: the server did not answer.

        """
        found = self.served.find(key.group_kind)
        if found is None or found.namespaced != bool(key.namespace) or not key.name:
            return None
        try:
            path = found.path(key.namespace, key.name)
            return checked_object(self._connection.ask("GET", path), path)
        except ApiError as error:
            if error.reason == "NotFound":
                return None
            raise

    def list(
        self, kind: GroupKind, *, namespace: str | None = None, labels: Mapping[str, str] | None = None
    ) -> Manifests:
        """Return the objects of a kind, sorted by namespace and name; none where it is not served.

        Raises:
            ApiError: Forbidden, ...
            RemoteError: the server did not answer.

        """
        found = self.served.find(kind)
        if found is None or (namespace == "" and found.namespaced) or (namespace and not found.namespaced):
            return []
        selector = ",".join(f"{name}={value}" for name, value in sorted((labels or {}).items()))
        return self._listed(found, namespace or "", {"labelSelector": selector} if selector else {})

    def list_metadata(
        self, kind: GroupKind, *, namespace: str = "", keep: Callable[[Manifest], bool] = lambda _: True
    ) -> Manifests:
        """Return the objects of a kind as ``list`` does, of each its version, kind and metadata.

        Args:
            kind: the kind.
            namespace: only this namespace; ``""`` means all.
            keep: tells which ones are wanted; a page with others is forgotten before the next is asked for.

        Raises:
            ApiError: Forbidden, ...
            RemoteError: the server did not answer.

        """
        found = self.served.find(kind)
        return [] if found is None else self._listed(found, namespace, {}, accept=_METADATA, keep=keep)

    def _listed(
        self,
        found: ServedKind,
        namespace: str,
        asked: Mapping[str, str],
        *,
        accept: str = "application/json",
        keep: Callable[[Manifest], bool] = lambda _: True,
    ) -> Manifests:
        query = {"limit": _PAGE, **asked}
        items: dict[tuple[str, str], Manifest] = {}
        path = found.path(namespace)
        for _ in range(_MOST_PAGES):
            try:
                page = self._connection.ask("GET", path, query, accept=accept)
            except ApiError as error:
                if error.reason != "Expired" or "continue" not in query:
                    raise
                items.clear()  # the list is too old to go on with: once more, in one piece
                query = {name: value for name, value in query.items() if name not in ("continue", "limit")}
                continue
            for each in objects_at(page, "items"):
                item = checked_object({**each, "apiVersion": found.api_version, "kind": found.kind.kind}, path)
                key = key_of(item)
                if keep(item):
                    items[key.namespace, key.name] = item
            rest = text_at(page, "metadata", "continue")
            if not rest:
                return [items[place] for place in sorted(items)]
            query["continue"] = rest
        raise RemoteError(
            f"a list of {found.resource} does not end after {_MOST_PAGES} pages", subject=found.api_version
        )

    def is_namespaced(self, kind: GroupKind) -> bool | None:
        """Tell whether a served kind is namespaced; None when it is not served."""
        found = self.served.find(kind)
        return None if found is None else found.namespaced

    def is_served(self, manifest: Manifest) -> bool:
        """Tell whether the kind of an object is served in the version that the object has."""
        return self._served(manifest) is not None

    def version(self) -> str:
        """Return the version of the server, as ``v1.34.4``."""
        return text_at(self._connection.ask("GET", "/version"), "gitVersion")

    def log(self, pod: ObjectKey, query: Mapping[str, str]) -> str:
        """Return the log of a container of a pod.

        Args:
            pod: the pod.
            query: what is wanted of it (``PodLogOptions``); what follows is not for this.

        Raises:
            ApiError: NotFound, Forbidden, BadRequest, ...
            RemoteError: the server did not answer.

        """
        found = self.served.find(pod.group_kind)
        if found is None:
            raise ApiError("NotFound", "this server has no pods", subject=str(pod))
        return self._connection.text(found.path(pod.namespace, pod.name, "log"), query)

    # Writing

    def apply(
        self, manifest: Manifest, *, manager: str, force: bool = False, dry_run: bool = False, lenient: bool = False
    ) -> Manifest:
        """Server-side apply; return the object as it is (or, for a dry run, would be) stored.

        A server merges by itself and refuses fields that a kind has not: a lenient apply is refused here.

        Raises:
            ApiError: Invalid, NotFound, Conflict, ..., Forbidden where this client may not write.
            RemoteError: the server did not answer.

        """
        found, key = self._place(manifest)
        if lenient:
            raise ApiError("BadRequest", "a server has no lenient server-side apply", subject=str(key))
        query = {"fieldManager": manager, "force": "true" if force else "false", "fieldValidation": "Strict"}
        path = found.path(key.namespace, key.name)
        return self._write(_Write("PATCH", path, query, _sent(manifest), _APPLY), key, dry_run=dry_run)

    def create(self, manifest: Manifest, *, manager: str, dry_run: bool = False) -> Manifest:
        """Create an object.

        Raises:
            ApiError: AlreadyExists, Invalid, NotFound (the namespace or the kind), ...
            RemoteError: the server did not answer.

        """
        found, key = self._place(manifest)
        wanted = _Write("POST", found.path(key.namespace), {"fieldManager": manager}, manifest)
        return self._write(wanted, key, dry_run=dry_run)

    def update(self, manifest: Manifest, *, manager: str, subresource: str = "", dry_run: bool = False) -> Manifest:
        """Replace an object, or with ``subresource="status"`` only its status; creates nothing.

        Raises:
            ApiError: NotFound, Conflict, Invalid, ...
            RemoteError: the server did not answer.

        """
        found, key = self._place(manifest)
        path = found.path(key.namespace, key.name, subresource)
        return self._write(_Write("PUT", path, {"fieldManager": manager}, manifest), key, dry_run=dry_run)

    def patch(self, manifest: Manifest, patch: Json, *, media: str, manager: str, dry_run: bool = False) -> Manifest:
        """Patch an object; creates nothing.

        Args:
            manifest: which object, by its version, kind, namespace and name.
            patch: what is sent.
            media: the kind of patch: ``application/merge-patch+json``, ...
            manager: the field manager.
            dry_run: whether nothing is stored.

        Raises:
            ApiError: NotFound, Conflict, Invalid, ...
            RemoteError: the server did not answer.

        """
        found, key = self._place(manifest)
        wanted = _Write("PATCH", found.path(key.namespace, key.name), {"fieldManager": manager}, patch, media)
        return self._write(wanted, key, dry_run=dry_run)

    def delete(
        self, key: ObjectKey, *, propagation: Propagation = Propagation.BACKGROUND, dry_run: bool = False
    ) -> None:
        """Delete an object; with finalizers it stays until they are gone.

        Raises:
            ApiError: NotFound, ...
            RemoteError: the server did not answer.

        """
        found = self.served.find(key.group_kind)
        if found is None or (found.namespaced and not key.namespace):
            raise refusals.not_found(key)
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": propagation.value}
        self._write(_Write("DELETE", found.path(key.namespace, key.name), {}, options), key, dry_run=dry_run)

    # Watching

    def watch(self, callback: Callable[[Event], None]) -> None:
        """Call back after each change from now on, until :meth:`close`.

        A server orders the changes of a kind, and not those of several. One callback runs at a time, in a thread of
        its own kind.

        Raises:
            ApiError: a kind may not be listed.
            RemoteError: the server did not answer.

        """
        kinds = [each for each in self.served.all() if {"list", "watch"} <= each.verbs]
        self._watches.follow([each for each in kinds if self._watched is None or each.kind in self._watched], callback)

    def close(self) -> None:
        """End watches and close the connections."""
        self._watches.end()
        self._connection.close()
        self._watches.join()

    def _served(self, manifest: Manifest) -> ServedKind | None:
        _, version = split_api_version(text_at(manifest, "apiVersion"))
        return self.served.find(group_kind(manifest), version) if version else None

    def _place(self, manifest: Manifest) -> tuple[ServedKind, ObjectKey]:
        """Return the kind of an object and where it belongs."""
        key, found = key_of(manifest), self._served(manifest)
        if found is None:
            raise refusals.no_match(key, text_at(manifest, "apiVersion"))
        if found.namespaced and not key.namespace:
            raise ApiError("NotFound", "the server could not find the requested resource", subject=str(key))
        return found, key if found.namespaced else key._replace(namespace="")

    def _write(self, wanted: _Write, key: ObjectKey, *, dry_run: bool) -> Manifest:
        if not (dry_run or self._may_write):
            raise BugError(f"{key}: {wanted.method} by a client that only reads", subject=str(key))
        query = {**wanted.query, "dryRun": "All"} if dry_run else wanted.query
        try:
            answer = self._connection.ask(wanted.method, wanted.path, query, body=wanted.body, media=wanted.media)
        except ApiError as error:
            error.subject = error.subject or str(key)
            raise
        return answer if wanted.method == "DELETE" else checked_object(answer, wanted.path)


def _sent(manifest: Manifest) -> Manifest:
    """Return what is applied: a server refuses an apply that brings its own notes of who owns what."""
    meta = manifest["metadata"]
    if "managedFields" not in meta:
        return manifest
    return {**manifest, "metadata": {name: value for name, value in meta.items() if name != "managedFields"}}
