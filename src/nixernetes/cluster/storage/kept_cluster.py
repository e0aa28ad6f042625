"""A cluster that begins where another one ended, and can take back what could not be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nixernetes.cluster.api import Event, EventType
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.history import Recorded
from nixernetes.cluster.provided.api_services import api_services
from nixernetes.cluster.provided.naming import is_established
from nixernetes.cluster.storage.port import KeptObjects
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION

__all__ = ["KeptCluster"]


class KeptCluster(EmbeddedCluster):
    """An API server's cluster whose objects were kept; the first namespaces are there only if they were.

    Args:
        name: its name, for messages.
        clock: where timestamps come from.
        kept: the objects; they are the cluster's from now on.
        kube_version: its Kubernetes version.
        on_error: told of a watcher that raised something unforeseen.
        alone: whether it is an API server and nothing else.

    """

    def __init__(
        self,
        *,
        name: str,
        clock: Clock,
        kept: KeptObjects,
        kube_version: str = "",
        on_error: Callable[[ObjectKey, Exception], None] | None = None,
        alone: bool = True,
    ) -> None:
        super().__init__(name=name, clock=clock, kube_version=kube_version, on_error=on_error, alone=alone)
        self._objects = kept.rows
        self._version = kept.revision or 1
        self._keepers = 0
        definitions = self.rows(CUSTOM_RESOURCE_DEFINITION).values()
        for definition in sorted(definitions, key=is_established, reverse=True):  # those that have their names first
            self._kinds.define(definition, self.now())
        for rows in self._objects.values():
            for item in rows.values():
                self._deletions.note(item)
            self._admission.note(key_of(next(iter(rows.values()))))
        for service in api_services() if alone else ():  # of a server, not of what was kept
            if self.get(key_of(service)) is None:
                self._provide(service, key_of(service))

    def begin(self) -> None:
        """Go on: those who watch it by now keep what comes, and knew what was there."""
        self._keepers = len(self._listeners)

    def recall(self) -> None:
        """Tell those who came later of all that was kept, as of what is new: so begins every informer."""
        for item in self.written():
            self._listeners.tell(Event(EventType.ADDED, item), self._keepers)

    def take_back(self, changes: Sequence[Recorded], revision: int) -> None:
        """Undo changes, the last one first, and go back to a revision.

        Those who watch are told of each step as of a change of its own: what they know is then as it was before.
        """
        for change in reversed(changes):
            self._undo(change)
        self._version = revision
        self._tried.clear()
        self._services.note()

    def _undo(self, change: Recorded) -> None:
        """Put the state before a change in the place of the one after it."""
        event, key = change.event, key_of(change.event.object)
        rows, place = self._objects.setdefault(change.kind, {}), (key.namespace, key.name)
        if event.type is not EventType.DELETED:
            self._deletions.forget(event.object)
        if event.type is EventType.ADDED or event.old is None:
            back = Event(EventType.DELETED, event.object, event.object)
            del rows[place]
        else:
            is_gone = event.type is EventType.DELETED
            back = Event(EventType.ADDED, event.old) if is_gone else Event(EventType.MODIFIED, event.old, event.object)
            rows[place] = event.old
            self._deletions.note(event.old)
        if not rows:
            del self._objects[change.kind]
        if change.kind == CUSTOM_RESOURCE_DEFINITION:
            self._redefine(back)
        self._memos.forget(key)
        self._version += 1
        self._admission.note(key)
        self._listeners.tell(back)

    def _redefine(self, back: Event) -> None:
        if back.type is EventType.DELETED:
            self._kinds.withdraw(back.object)
        else:
            self._kinds.define(back.object, self.now())
