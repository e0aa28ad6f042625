"""A store of changes in memory, whose disk fills up when a test says so."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence

from nixernetes.cluster.api import EventType
from nixernetes.cluster.history import Recorded
from nixernetes.cluster.storage.port import KeptObjects, StorageError
from nixernetes.objects.identity import key_of


class MemoryChanges:
    """Keeps changes as a file does: what it gives back shares nothing with what it was given."""

    def __init__(self) -> None:
        self.is_full = False
        self._kept: list[Recorded] = []

    def load(self) -> KeptObjects:
        """Return the objects as the last change left them."""
        kept = KeptObjects(self._kept[-1].revision if self._kept else 0)
        for change in self._kept:
            key = key_of(change.event.object)
            rows = kept.rows.setdefault(change.kind, {})
            if change.event.type is EventType.DELETED:
                del rows[(key.namespace, key.name)]
            else:
                rows[(key.namespace, key.name)] = json.loads(json.dumps(change.event.object))
            if not rows:
                del kept.rows[change.kind]
        return kept

    def changes(self) -> list[Recorded]:
        """Return all changes."""
        return copy.deepcopy(self._kept)

    def keep(self, changes: Sequence[Recorded]) -> None:
        """Keep changes, unless there is no room."""
        if self.is_full:
            raise StorageError("the state cannot be written: no room")
        self._kept += changes
