"""A platform as what ``nixernetes up`` runs: built, and committed into a repository of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from nixernetes.adapters import repository_writer
from nixernetes.adapters.folder import FolderTree
from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.adapters.temporary_folders import temporary_folder
from nixernetes.app.build import compiled
from nixernetes.app.load import load
from nixernetes.app.targets import RunOptions
from nixernetes.app.worlds import Blueprint
from nixernetes.errors import InputError
from nixernetes.gitops.layout.compiler import (
    bootstrap,
    cluster_servers,
    control_plane_of,
    folders_of,
    repository_url,
)
from nixernetes.gitops.platform import Platform
from nixernetes.gitops.traps.declared import Trap
from nixernetes.objects.well_known import IN_CLUSTER
from nixernetes.render.estate import DocumentIndex, StartedCluster, undefined_kinds
from nixernetes.render.rendered import Rendered

__all__ = ["PlatformTarget"]

_AUTHOR = "Nixernetes <nixernetes@localhost>"
_COMMITTED = datetime(2026, 1, 1, tzinfo=UTC)  # equal platforms give equal commits


class PlatformTarget:
    """A platform, built and committed into a repository of its own.

    Args:
        file: the platform file, or its folder.
        options: what the user said.
        folder: where its repository is made; default: a temporary folder, until :meth:`close`.

    """

    def __init__(self, file: Path, options: RunOptions, folder: Path | None = None) -> None:
        self._file = file
        self._options = options
        self._temporary = temporary_folder("platform") if folder is None else None
        self.traps: tuple[Trap, ...] = ()
        self.repository = folder or Path(self._temporary.name if self._temporary else "") / "repository"

    def close(self) -> None:
        """Remove the repository, if its folder is a temporary one."""
        if self._temporary is not None:
            self._temporary.cleanup()

    def blueprint(self) -> Blueprint:
        """Build the platform, commit it, and return how its world begins.

        Raises:
            InputError: the platform is wrong.

        """
        platform = self.commit("Build the platform")
        engines = self._engines(platform)
        plans = [
            StartedCluster(name=name, server=server, bootstrap=_applied(platform, name, engines))
            for name, server in cluster_servers(platform)
        ]
        plane = control_plane_of(platform) if "argocd" in engines else ""
        if plane and plane not in {plan.name for plan in plans}:
            plans.append(StartedCluster(name=plane, server=IN_CLUSTER, bootstrap=_applied(platform, plane, engines)))
        return Blueprint(
            clusters=tuple(plans),
            engines=engines,
            repository=self.repository,
            urls=(repository_url(platform),),
            profile=self._options.profile,
            kinds=undefined_kinds(self.index()) if self._options.assume_crds else {},
        )

    def index(self) -> DocumentIndex:
        """Return what its repository declares as it stands now."""
        return DocumentIndex(FolderTree(self.repository))

    def commit(self, message: str) -> Platform:
        """Build the platform as it stands now into the repository and commit it; return the platform."""
        loaded = load(self._file)
        platform = loaded.platform
        # What the engine that does not run would read stays out, so that nothing takes it for what is delivered.
        unread = folders_of(platform, platform.engines - self._engines(platform))
        files, self.traps = compiled(loaded, self.repository)
        files = {path: data for path, data in files.items() if not path.startswith(unread)}
        if not self.repository.exists():
            init_repository(self.repository, branch=_branch(platform))
        with repository_writer.locked(self.repository):
            repository_writer.recover(self.repository)
            repository_writer.apply(self.repository, files, repository_writer.survey(self.repository, files))
        commit_folder(self.repository, message, _AUTHOR, _COMMITTED)
        return platform

    def _engines(self, platform: Platform) -> frozenset[str]:
        """Return the engine that runs."""
        wanted = self._options.engine or ("flux" if "flux" in platform.engines else "argocd")
        if wanted not in platform.engines:
            raise InputError(
                f"the platform is not built for {wanted}: give it engine={wanted!r} or engine='both'",
                subject=platform.name,
            )
        return frozenset((wanted,))


def _branch(platform: Platform) -> str:
    return platform.repository.branch if platform.repository is not None else "main"


def _applied(platform: Platform, cluster: str, engines: frozenset[str]) -> tuple[Rendered, ...]:
    return tuple(Rendered(manifest=item) for item in bootstrap(platform, cluster, engines))
