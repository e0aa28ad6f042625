"""A cluster as somebody with limited rights uses it: what they may not write is refused in the words of a server."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping

from nixernetes.cluster.access.attributes import Attributes
from nixernetes.cluster.access.authorizing import Authorizer
from nixernetes.cluster.access.escalation import check_escalation
from nixernetes.cluster.access.requesting import requested_by
from nixernetes.cluster.access.users import User
from nixernetes.cluster.api import Api, Event, Propagation
from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.schemas.plurals import plurals_of

__all__ = ["ActingApi"]


class ActingApi:
    """Reads as whoever runs the engine, and writes as a user.

    Args:
        api: the cluster.
        user: who writes.

    """

    def __init__(self, api: Api, user: User) -> None:
        self._api = api
        self._user = user
        self._authorizer = Authorizer(_Roles(api))

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        return self._api.get(key)

    def list(
        self, kind: GroupKind, *, namespace: str | None = None, labels: Mapping[str, str] | None = None
    ) -> builtins.list[Manifest]:
        """Return the objects of a kind."""
        return self._api.list(kind, namespace=namespace, labels=labels)

    def check_listing(self, kind: GroupKind, namespace: str) -> None:
        """Refuse that the user lists the objects of a kind in a namespace, where that is not allowed.

        Raises:
            ApiError: Forbidden.

        """
        self._check("list", ObjectKey(*kind, namespace, ""))

    def is_namespaced(self, kind: GroupKind) -> bool | None:
        """Tell whether a served kind is namespaced."""
        return self._api.is_namespaced(kind)

    def is_served(self, manifest: Manifest) -> bool:
        """Tell whether the kind of an object is served in its version."""
        return self._api.is_served(manifest)

    def watch(self, callback: Callable[[Event], None]) -> None:
        """Call back after each change."""
        self._api.watch(callback)

    def apply(
        self, manifest: Manifest, *, manager: str, force: bool = False, dry_run: bool = False, lenient: bool = False
    ) -> Manifest:
        """Apply an object; one that is not there has to be created, too.

        Raises:
            ApiError: Forbidden, and what the cluster refuses.

        """
        key = self._key(manifest)
        live = self._api.get(key)
        self._check("patch", key)
        if live is None:
            self._check("create", key)
        self._check_grant(manifest, live, key)
        with requested_by(self._user):
            return self._api.apply(manifest, manager=manager, force=force, dry_run=dry_run, lenient=lenient)

    def update(self, manifest: Manifest, *, manager: str, subresource: str = "") -> Manifest:
        """Replace an object or its status.

        Raises:
            ApiError: Forbidden, and what the cluster refuses.

        """
        key = self._key(manifest)
        self._check("update", key, subresource)
        self._check_grant(manifest, self._api.get(key), key)
        with requested_by(self._user):
            return self._api.update(manifest, manager=manager, subresource=subresource)

    def create(self, manifest: Manifest, *, manager: str) -> Manifest:
        """Create an object.

        Raises:
            ApiError: Forbidden, and what the cluster refuses.

        """
        key = self._key(manifest)
        self._check("create", key._replace(name=""))  # who posts names nothing in the path
        self._check_grant(manifest, None, key)
        with requested_by(self._user):
            return self._api.create(manifest, manager=manager)

    def delete(self, key: ObjectKey, *, propagation: Propagation = Propagation.BACKGROUND) -> None:
        """Delete an object.

        Raises:
            ApiError: Forbidden, and what the cluster refuses.

        """
        self._check("delete", key)
        with requested_by(self._user):
            self._api.delete(key, propagation=propagation)

    def _key(self, manifest: Manifest) -> ObjectKey:
        key = key_of(manifest)
        return key._replace(namespace="") if self._api.is_namespaced(key.group_kind) is False else key

    def _check(self, verb: str, key: ObjectKey, subresource: str = "") -> None:
        self._authorizer.check(
            Attributes(
                user=self._user,
                verb=verb,
                group=key.group,
                resource=plurals_of(key.kind)[0],
                subresource=subresource,
                namespace=key.namespace,
                name=key.name,
            )
        )

    def _check_grant(self, manifest: Manifest, live: Manifest | None, key: ObjectKey) -> None:
        if key.group == RBAC:
            check_escalation(self._authorizer, self._user, manifest, live, plurals_of(key.kind)[0])


class _Roles:
    """The roles and bindings of a cluster, as they are at the moment."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def rows(self, kind: GroupKind) -> Mapping[tuple[str, str], Manifest]:
        """Return the objects of a kind by namespace and name."""
        return {(key_of(each).namespace, key_of(each).name): each for each in self._api.list(kind)}
