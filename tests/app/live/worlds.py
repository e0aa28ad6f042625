"""A repository that runs in clusters of our own, which answer over HTTPS as clusters that run do."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pygit2
from tests.changes.revisions import FLUX_URL, MOMENT

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.adapters.kube.connections import ApiConnection
from nixernetes.adapters.kube.kubeconfig_files import read_kubeconfig
from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.app.live.clusters import Contexts
from nixernetes.app.live.diff import LiveOptions, live_differences
from nixernetes.app.live.drift import live_drift
from nixernetes.app.serving.worlds import ServedWorld
from nixernetes.app.targets import RunOptions, prepare
from nixernetes.app.up import LIMIT
from nixernetes.app.worlds import World, make_world
from nixernetes.changes.live.drift import DriftReport
from nixernetes.changes.report import ChangeReport
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

LONG_ENOUGH = timedelta(hours=1)  # for each interval of these repositories


@dataclass(frozen=True, slots=True)
class RunningRepository:
    """A repository whose first commit runs.

    Attributes:
        folder: the repository.
        world: its clusters; its clock stands still.
        kubeconfig: how they are reached.

    """

    folder: Path
    world: World
    kubeconfig: Path

    @property
    def cluster(self) -> EmbeddedCluster:
        """The cluster, where there is one."""
        return next(iter(self.world.clusters.values()))

    def write(self, files: Mapping[str, str]) -> None:
        """Edit files; one without text goes."""
        for name, text in files.items():
            if not text:
                (self.folder / name).unlink()
                continue
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)

    def commit(self) -> None:
        """Commit what lies on disk; the clusters do not look yet."""
        commit_folder(self.folder, "next", "A <a@example.com>", MOMENT)

    def merge(self) -> None:
        """Commit what lies on disk, and let the clusters come to rest with it."""
        self.commit()
        self.world.run_for(LONG_ENOUGH)

    def change(self, name: str, manager: str = "kubectl-edit", **fields: Manifest) -> None:
        """Change an object by hand: ``kind/namespace/name``, and what is merged into it."""
        live = self.cluster.get(self.key(name))
        assert live is not None
        changed = {**live, **{field: {**(live.get(field) or {}), **more} for field, more in fields.items()}}
        self.cluster.update(changed, manager=manager)

    def key(self, name: str) -> ObjectKey:
        """Return the identity of an object that is there, by ``Kind/namespace/name``."""
        return next(key_of(item) for item in self.cluster.written() if str(key_of(item)) == name)

    def client(self, *, may_write: bool = False) -> KubeClient:
        """Return a client of the current context; the caller closes it."""
        return KubeClient(ApiConnection(read_kubeconfig(self.kubeconfig, {}).context()), may_write=may_write)

    def diff(self, context: str = "", rev: str = "", kubeconfig: Path | None = None) -> ChangeReport:
        """Return what merging changes on a cluster."""
        contexts = Contexts(kubeconfig=kubeconfig or self.kubeconfig, names=(context,) if context else ())
        return live_differences(LiveOptions(contexts=contexts, repo=self.folder, rev=rev))

    def drift(self, rev: str = "", kubeconfig: Path | None = None) -> DriftReport:
        """Return what on the cluster is not what Git says."""
        contexts = Contexts(kubeconfig=kubeconfig or self.kubeconfig)
        return live_drift(LiveOptions(contexts=contexts, repo=self.folder, rev=rev))


@contextmanager
def running(folder: Path, files: Mapping[str, str], url: str = FLUX_URL) -> Iterator[RunningRepository]:
    """Run a repository in clusters that answer.

    Args:
        folder: an empty folder.
        files: the files of the repository.
        url: its URL.

    """
    place = folder / "repository"
    init_repository(place, branch="main")
    pygit2.Repository(str(place)).remotes.create("origin", url)
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    commit_folder(place, "first", "A <a@example.com>", MOMENT)
    over = threading.Event()
    with prepare(place, RunOptions()) as prepared, ServedWorld(folder / "kubeconfig") as served:
        world = make_world(prepared.blueprint, VirtualClock(), prepared.outside)
        world.run_until_settled(LIMIT)
        served.step(world)
        owner = threading.Thread(target=lambda: [served.step(world) for _ in iter(lambda: over.wait(0.002), True)])
        owner.start()
        try:
            yield RunningRepository(place, world, served.file)
        finally:
            over.set()
            owner.join()
