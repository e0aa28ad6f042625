"""What ``nixernetes up`` was pointed at: a platform file, or a Git repository, made into a blueprint of a world."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from nixernetes.adapters import repository_writer
from nixernetes.adapters.folder import FolderTree
from nixernetes.adapters.registries.reachability import Reachability
from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.adapters.repositories.own_repository import OwnRepository, committed, head_of, remote_urls
from nixernetes.app.load import Loaded, load
from nixernetes.app.toolbox import Toolbox, ToolOptions, open_toolbox
from nixernetes.app.worlds import IN_CLUSTER, Blueprint
from nixernetes.cluster.workloads import WorkloadProfile
from nixernetes.engine.outbox import Outbox
from nixernetes.engine.outside import Outside
from nixernetes.errors import InputError, RemoteError
from nixernetes.gitops.layout.compiler import (
    bootstrap,
    cluster_servers,
    compile_platform,
    control_plane_of,
    repository_url,
)
from nixernetes.gitops.platform import Platform
from nixernetes.objects.identity import GroupKind
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.estate import DocumentIndex, Note, NoteKind, StartedCluster, read_estate, undefined_kinds
from nixernetes.render.rendered import Rendered

__all__ = ["PlatformTarget", "Prepared", "RunOptions", "folder_of", "outside_of", "prepare"]

_AUTHOR = "Nixernetes <nixernetes@localhost>"
_ENGINES = ("fluxcd.io", "fluxcd.controlplane.io")  # ends of groups whose definitions come with an engine
_ARGOCD = ("Application", "ApplicationSet", "AppProject")
_SHOWN = 3  # kinds by their names; a repository may have a hundred
_COMMITTED = datetime(2026, 1, 1, tzinfo=UTC)  # equal platforms give equal commits


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What the user may say about a target.

    Attributes:
        engine: ``flux`` or ``argocd``: which of the engines that a platform is built for runs; ``""`` decides itself.
        tools: what the user says about the tools, and what stands for remote URLs.
        clusters: cluster name to the folder of the repository that starts it; none: found by itself.
        rev: the Git revision of a repository that runs; ``""`` is its HEAD.
        profile: how simulated workloads behave.
        send_notifications: whether notifications are posted; else they are recorded and shown.
        assume_crds: whether clusters serve the custom kinds that the repository has manifests and no definitions of.

    """

    engine: str = ""
    tools: ToolOptions = field(default_factory=ToolOptions)
    clusters: Mapping[str, str] = field(default_factory=dict)
    rev: str = ""
    profile: WorkloadProfile = field(default_factory=WorkloadProfile)
    send_notifications: bool = False
    assume_crds: bool = True


def folder_of(target: Path) -> Path:
    """Return the folder that a target stands for: its socket is named after it."""
    return target if target.is_dir() else target.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A target, ready to run; a context manager that closes connections and removes temporary files.

    Attributes:
        blueprint: how its world begins.
        outside: the outside to run it with.
        closing: what to call when the work is done.
        platform: the platform that it is, or None for a repository.
        head: which commit of a repository runs, in words; ``""`` for a platform.
        notes: what is to be said of the repository.
        hosts: what is known of the hosts that were asked.

    """

    blueprint: Blueprint
    outside: Outside
    closing: tuple[Callable[[], None], ...] = ()
    platform: PlatformTarget | None = None
    head: str = ""
    notes: tuple[Note, ...] = ()
    hosts: tuple[Reachability, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for call in self.closing:
            call()
        if self.platform is not None:
            self.platform.close()


def prepare(target: Path, options: RunOptions) -> Prepared:
    """Make a target ready.

    Raises:
        InputError: the target is neither, or cannot be started.

    """
    if options.engine not in ("", "flux", "argocd"):
        raise InputError(f"unknown engine {options.engine!r}: use flux or argocd")
    platform, head = None, ""
    notes: tuple[Note, ...] = ()
    if target.is_file() or (target / "platform.py").is_file():
        platform = PlatformTarget(target, options)
        try:
            blueprint = platform.blueprint()
            notes = tuple(_assumed(blueprint.kinds))
        except BaseException:
            platform.close()
            raise
    elif target.is_dir():
        blueprint, head, notes = _repository(target, options)
    else:
        raise InputError("no such file or folder: `nixernetes init` writes a platform.py", subject=str(target))
    outside, box = outside_of(blueprint, options.tools, send_notifications=options.send_notifications)
    return Prepared(
        blueprint=blueprint,
        outside=outside,
        closing=box.closing,
        platform=platform,
        head=head,
        notes=notes,
        hosts=box.hosts,
    )


def outside_of(
    blueprint: Blueprint, options: ToolOptions, *, send_notifications: bool = False
) -> tuple[Outside, Toolbox]:
    """Return the real outside of a blueprint, and the tools behind it, to close after use.

    Args:
        blueprint: how the world begins.
        options: what the user says about the tools.
        send_notifications: whether notifications are posted; else they are recorded, and nothing leaves the machine.

    """
    repo, urls = blueprint.repository, blueprint.urls
    own = OwnRepository(repo, committed(repo, blueprint.rev), urls=urls, mapped=options.sources)
    mapped = {**dict.fromkeys(urls, repo), **options.sources}
    box = open_toolbox(own, mapped, options, own_artifacts=own)
    if not send_notifications:
        return Outside(builder=Builder(box.tools)), box
    from nixernetes.adapters.http_notifier import HttpNotifier  # noqa: PLC0415  # httpx takes long to import

    notifier = HttpNotifier()
    box = replace(box, closing=(*box.closing, notifier.close))
    return Outside(builder=Builder(box.tools), outbox=Outbox(notifier)), box


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
        self._temporary = tempfile.TemporaryDirectory(prefix="nixernetes-") if folder is None else None
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
        engines = platform.engines
        plans = [
            StartedCluster(name=name, server=server, bootstrap=_applied(platform, name))
            for name, server in cluster_servers(platform)
        ]
        plane = control_plane_of(platform) if "argocd" in engines else ""
        if plane and plane not in {plan.name for plan in plans}:
            plans.append(StartedCluster(name=plane, server=IN_CLUSTER, bootstrap=_applied(platform, plane)))
        return Blueprint(
            clusters=tuple(plans),
            engines=engines,
            repository=self.repository,
            urls=(repository_url(platform),),
            profile=self._options.profile,
            kinds=undefined_kinds(DocumentIndex(FolderTree(self.repository))) if self._options.assume_crds else {},
        )

    def commit(self, message: str) -> Platform:
        """Build the platform as it stands now into the repository and commit it; return the platform."""
        loaded = load(self._file)
        platform = self._chosen(loaded)
        files = compile_platform(platform, loaded.files)
        if not self.repository.exists():
            init_repository(self.repository, branch=_branch(platform))
        with repository_writer.locked(self.repository):
            repository_writer.recover(self.repository)
            repository_writer.apply(self.repository, files, repository_writer.survey(self.repository, files))
        commit_folder(self.repository, message, _AUTHOR, _COMMITTED)
        return platform

    def _chosen(self, loaded: Loaded) -> Platform:
        platform = loaded.platform
        wanted = self._options.engine or ("flux" if "flux" in platform.engines else "argocd")
        if wanted not in platform.engines:
            raise InputError(
                f"the platform is not built for {wanted}: give it engine={wanted!r} or engine='both'",
                subject=platform.name,
            )
        return platform.model_copy(update={"engine": wanted})


def _branch(platform: Platform) -> str:
    return platform.repository.branch if platform.repository is not None else "main"


def _applied(platform: Platform, cluster: str) -> tuple[Rendered, ...]:
    return tuple(Rendered(manifest=item) for item in bootstrap(platform, cluster))


def _repository(path: Path, options: RunOptions) -> tuple[Blueprint, str, tuple[Note, ...]]:
    """Return how the world of a repository begins, which commit of it runs, and what is to be said of it."""
    try:
        snapshot = committed(path, options.rev)()
    except RemoteError as error:
        remedy = "clusters fetch commits, so `git init`, add and commit it first; or name a platform.py"
        raise InputError(f"{error.message}: {remedy}", subject=str(path)) from error
    estate = read_estate(snapshot.tree, own=remote_urls(path), folders=options.clusters)
    engines = estate.engines & {options.engine} if options.engine else estate.engines
    if not engines:
        raise InputError(f"nothing of {options.engine} starts here: there is {', '.join(sorted(estate.engines))}")
    blueprint = Blueprint(
        clusters=estate.clusters,
        engines=engines,
        repository=path,
        urls=tuple(url for url in estate.urls if url not in options.tools.sources),
        rev=options.rev,
        profile=options.profile,
        kinds=undefined_kinds(estate.index) if options.assume_crds else {},
    )
    return blueprint, str(head_of(path, snapshot)), (*estate.notes, *_assumed(blueprint.kinds))


def _assumed(kinds: Mapping[GroupKind, bool]) -> Iterator[Note]:
    """Yield one line about the kinds that are served though nothing defines them."""
    foreign = [kind for kind in kinds if not kind.group.endswith(_ENGINES)]
    names = [str(kind) for kind in foreign if kind.group != "argoproj.io" or kind.kind not in _ARGOCD]
    if names:
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        text = f"served without their definitions, which are not here: {', '.join(names[:_SHOWN])}{more}"
        yield Note(kind=NoteKind.CHOSEN, message=text)
