"""Going on from what was kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nixernetes.cluster.history import History
from nixernetes.cluster.provided import namespaces
from nixernetes.cluster.storage.journal import Journal
from nixernetes.cluster.storage.kept_cluster import KeptCluster
from nixernetes.cluster.storage.port import ChangeStore
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey

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


def open_cluster(
    name: str,
    clock: Clock,
    store: ChangeStore,
    *,
    kube_version: str = "",
    on_error: Callable[[ObjectKey, Exception], None] | None = None,
    alone: bool = True,
) -> OpenedCluster:
    """Return the cluster that a store has kept; an empty one from a new store.

    Args:
        name: its name, for messages.
        clock: where timestamps come from.
        store: what was kept, and keeps what comes.
        kube_version: its Kubernetes version.
        on_error: told of a watcher that raised something unforeseen.
        alone: whether it is an API server and nothing else; one that is not has its first namespaces at once.

    """
    cluster = KeptCluster(
        name=name, clock=clock, kept=store.load(), kube_version=kube_version, on_error=on_error, alone=alone
    )
    found = OpenedCluster(cluster, History(cluster, store.changes), Journal(cluster, store))
    cluster.begin()
    for namespace in namespaces.FIRST if not alone else ():
        cluster.namespace(namespace)
    return found
