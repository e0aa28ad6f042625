"""What happened to a cluster since its changes were kept last: all of it is kept at once, or none of it happened.

Whoever has a thread for it keeps changes there: they are taken, and until it is known that they are kept, more may
happen. Where they are not kept, none of what came after them happened either.
"""

from __future__ import annotations

from nixernetes.cluster.api import Event
from nixernetes.cluster.history import Recorded
from nixernetes.cluster.storage.kept_cluster import KeptCluster
from nixernetes.cluster.storage.port import ChangeStore, StorageError
from nixernetes.objects.identity import group_kind

__all__ = ["Journal"]


class Journal:
    """Collects the changes of a cluster.

    Args:
        cluster: the cluster; what happened to it before this has been kept.
        store: keeps its changes.

    """

    def __init__(self, cluster: KeptCluster, store: ChangeStore) -> None:
        self._cluster = cluster
        self._store = store
        self._changes: list[Recorded] = []
        self._taken: list[Recorded] = []
        self._kept = cluster.revision
        self._goes_back = False
        cluster.watch(self._note)

    @property
    def waits(self) -> bool:
        """Tell whether anything changed that is not kept yet."""
        return bool(self._changes or self._taken)

    @property
    def kept(self) -> int:
        """Return the number of the last change that is kept."""
        return self._kept

    def take(self) -> list[Recorded]:
        """Return what changed since it was taken last, to be kept by :meth:`write`; it is empty where nothing did."""
        self._taken, self._changes = self._changes, []
        return self._taken

    def write(self, changes: list[Recorded]) -> None:
        """Keep changes that were taken; may be called in another thread, and touches nothing else.

        Raises:
            StorageError: none of them is kept.

        """
        self._store.keep(changes)

    def done(self) -> None:
        """Take note that what was taken is kept."""
        if self._taken:
            self._kept = self._taken[-1].revision
        self._taken = []

    def undo(self) -> None:
        """Let the cluster be as it was when changes were kept last: what was taken could not be, and all after it."""
        changes, self._taken, self._changes = [*self._taken, *self._changes], [], []
        self._goes_back = True
        self._cluster.take_back(changes, self._kept)
        self._goes_back = False

    def keep(self) -> None:
        """Keep what changed; nothing is taken at the moment.

        Raises:
            StorageError: nothing of it is kept, and the cluster is as it was when changes were kept last.

        """
        changes = self.take()
        if not changes:
            return
        try:
            self.write(changes)
        except StorageError:
            self.undo()
            raise
        self.done()

    def _note(self, event: Event) -> None:
        if not self._goes_back:
            self._changes.append(Recorded(self._cluster.revision, group_kind(event.object), event))
