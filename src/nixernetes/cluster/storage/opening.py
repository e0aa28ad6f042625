"""Going on from what was kept."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.cluster.history import History
from nixernetes.cluster.storage.journal import Journal
from nixernetes.cluster.storage.kept_cluster import KeptCluster
from nixernetes.cluster.storage.port import ChangeStore
from nixernetes.objects.clocks import Clock

__all__ = ["OpenedCluster", "open_cluster"]


@dataclass(frozen=True, slots=True)
class OpenedCluster:
    """A cluster that goes on.

    Attributes:
        cluster: the cluster.
        history: its changes, those that were kept among them.
        journal: keeps those that come.

    """

    cluster: KeptCluster
    history: History
    journal: Journal


def open_cluster(name: str, clock: Clock, store: ChangeStore) -> OpenedCluster:
    """Return the cluster that a store has kept; an empty one from a new store.

    Args:
        name: its name, for messages.
        clock: where timestamps come from.
        store: what was kept, and keeps what comes.

    """
    cluster = KeptCluster(name=name, clock=clock, kept=store.load())
    return OpenedCluster(cluster, History(cluster, store.changes), Journal(cluster, store))
