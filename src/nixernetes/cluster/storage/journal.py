"""What happened to a cluster since its changes were kept last: all of it is kept at once, or none of it happened."""

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
        self._kept = cluster.revision
        self._goes_back = False
        cluster.watch(self._note)

    @property
    def waits(self) -> bool:
        """Tell whether anything changed that is not kept yet."""
        return bool(self._changes)

    def keep(self) -> None:
        """Keep what changed.

        Raises:
            StorageError: nothing of it is kept, and the cluster is as it was when changes were kept last.

        """
        if not self._changes:
            return
        changes, self._changes = self._changes, []
        try:
            self._store.keep(changes)
        except StorageError:
            self._goes_back = True
            self._cluster.take_back(changes, self._kept)
            self._goes_back = False
            raise
        self._kept = changes[-1].revision

    def _note(self, event: Event) -> None:
        if not self._goes_back:
            self._changes.append(Recorded(self._cluster.revision, group_kind(event.object), event))
