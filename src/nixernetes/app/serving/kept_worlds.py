"""The state of a running ``up`` in a folder: each cluster's changes, and what all of them have in common.

What engines and clients write is kept before anyone is told of it, cluster by cluster. An engine goes on from the
objects, as a controller does that was restarted: what it knows by heart it learns again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from nixernetes.adapters.api_server.state_folders import ServerSecrets, StateFolder, state_folder
from nixernetes.cluster.storage.opening import OpenedCluster, open_cluster
from nixernetes.cluster.storage.port import StorageError
from nixernetes.errors import InputError
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey

if TYPE_CHECKING:
    from nixernetes.cluster.embedded import EmbeddedCluster

__all__ = ["StateOfWorld", "kept_world"]

_CLUSTERS: Final = "clusters"
_REPOSITORY: Final = "repository"


class StateOfWorld:
    """What is kept of a world.

    Args:
        folder: where.
        common: what all clusters have in common; its folder is in use by this process.
        until: closes what is opened.

    Attributes:
        common: the same.
        opened: the clusters that were opened, by name.
        settled: called when what changed is kept, or did not happen.

    """

    def __init__(self, folder: Path, common: StateFolder, until: contextlib.ExitStack) -> None:
        self._folder = folder
        self.common = common
        self._until = until
        self._stores: dict[str, StateFolder] = {}
        self._begun: dict[str, str] = {}
        self.opened: dict[str, OpenedCluster] = {}
        self.settled: Callable[[], None] = lambda: None

    @property
    def repository(self) -> Path:
        """Return where the repository of a platform is made, so that its commits stay."""
        return self._folder / _REPOSITORY

    def claim(self, target: Path) -> None:
        """Take note of what runs.

        Raises:
            InputError: something else ran with this state.
            StorageError: the disk is full.

        """
        ours = str(target.resolve()).encode(errors="surrogateescape")
        known = self.common.changes.fact("target", lambda: ours)
        if known == ours:
            return
        other = known.decode(errors="surrogateescape")
        if Path(other).exists():
            raise InputError(f"is the state of {other}: give another folder", subject=str(self._folder))
        self.common.changes.note("target", ours)  # it was moved

    def open(
        self, name: str, clock: Clock, kube_version: str, on_error: Callable[[ObjectKey, Exception], None]
    ) -> EmbeddedCluster:
        """Return a cluster as it was kept last; a new one where it never was.

        Raises:
            InputError: what was kept cannot be read.

        """
        store = self._until.enter_context(state_folder(self._folder / _CLUSTERS / quote(name, safe="")))
        self._stores[name] = store
        opened = open_cluster(name, clock, store.changes, kube_version=kube_version, on_error=on_error, alone=False)
        self.opened[name] = opened
        return opened.cluster

    def secrets(self, name: str) -> ServerSecrets:
        """Return what the server of a cluster knows its clients by: one token for all, a key for each."""
        return ServerSecrets(token=self.common.secrets().token, key=self._stores[name].secrets().key)

    def recall(self) -> None:
        """Tell those who watch the clusters of what is there."""
        for opened in self.opened.values():
            opened.cluster.recall()

    def has_begun(self, name: str, what: str) -> bool:
        """Tell whether this very thing started a cluster before; it is remembered once what it did is kept."""
        if self._stores[name].changes.fact("begun", lambda: b"") == what.encode():
            return True
        self._begun[name] = what
        return False

    def keep(self) -> None:
        """Keep what changed.

        Raises:
            StorageError: some cluster is as it was when its changes were kept last.

        """
        try:
            self._keep()
        finally:
            self.settled()

    def is_kept(self) -> bool:
        """Keep what changed, and tell whether it is kept; what is not did not happen."""
        try:
            self.keep()
        except StorageError:
            return False
        return True

    def _keep(self) -> None:
        failed: StorageError | None = None
        for name, opened in self.opened.items():
            try:
                opened.journal.keep()
                if name in self._begun:
                    self._stores[name].changes.note("begun", self._begun.pop(name).encode())
            except StorageError as error:
                failed = error
        if failed is not None:
            raise failed


@contextlib.contextmanager
def kept_world(folder: Path) -> Iterator[StateOfWorld]:
    """Use a folder for the state of a world while a block lasts; it is made where it is not there.

    Raises:
        InputError: it cannot be used, holds something else, or another process uses it.

    """
    with contextlib.ExitStack() as until:
        common = until.enter_context(state_folder(folder, holds="world"))
        yield StateOfWorld(folder, common, until)
