"""What every cluster holds that carries an Application's mark, kept up to date by watching.

It answers "which live objects belong to this Application" without listing clusters, and tells which Application to
refresh when a managed object changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, runtime_checkable

from nixernetes.cluster.api import Api, Event, EventType
from nixernetes.engine.argocd.comparison.tracking import Tracking
from nixernetes.engine.argocd.kinds import KINDS
from nixernetes.objects import schema
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["OwnerIndex", "Telling"]


class OwnerIndex:
    """Marked objects by cluster and owner.

    Args:
        clusters: API server URL to cluster.
        tracking: returns how ownership is marked now.
        changed: told of (server, owner, event) whenever a marked object changes; it must only take note.

    """

    def __init__(
        self,
        clusters: Mapping[str, Api],
        tracking: Callable[[], Tracking],
        changed: Callable[[str, str, Event], None],
    ) -> None:
        self._tracking = tracking
        self._changed = changed
        self._marked: dict[str, dict[str, dict[ObjectKey, Manifest]]] = {}
        for server, api in clusters.items():
            self._marked[server] = {}
            for obj in _served(api):
                self._take(server, obj)
            api.watch(self._watcher(server))

    def owned(self, server: str, owner: str) -> dict[ObjectKey, Manifest]:
        """Return the live objects that carry an owner's mark, sorted by key."""
        return dict(sorted(self._marked.get(server, {}).get(owner, {}).items()))

    def _watcher(self, server: str) -> Callable[[Event], None]:
        def note(event: Event) -> None:
            self._note(server, event)

        return note

    def _note(self, server: str, event: Event) -> None:
        owners = {self._drop(server, event.old)} if event.old is not None else set()
        if event.type is EventType.DELETED:
            owners.add(self._drop(server, event.object))
        else:
            owners.add(self._take(server, event.object))
        for owner in sorted(owners - {""}):
            self._changed(server, owner, event)

    def _take(self, server: str, obj: Manifest) -> str:
        owner = self._tracking().owner(obj)
        if owner:
            self._marked[server].setdefault(owner, {})[key_of(obj)] = obj
        return owner

    def _drop(self, server: str, obj: Manifest) -> str:
        owner = self._tracking().owner(obj)
        held = self._marked[server].get(owner)
        if held is not None:
            held.pop(key_of(obj), None)
            if not held:
                del self._marked[server][owner]
        return owner


@runtime_checkable
class Telling(Protocol):
    """A cluster that can tell all that was written to it."""

    def written(self) -> list[Manifest]:
        """Return every object that was written, sorted."""
        ...


def _served(api: Api) -> list[Manifest]:
    if isinstance(api, Telling):
        return api.written()
    kinds = {GroupKind(group, kind) for group, _, kind in schema.known_kinds()} | set(KINDS)
    return [obj for kind in sorted(kinds) if api.is_namespaced(kind) is not None for obj in api.list(kind)]
