"""What ``nixernetes up`` was pointed at: a platform file, or a Git repository, made into a blueprint of a world."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from nixernetes.adapters.registries.reachability import Reachability
from nixernetes.adapters.repositories.own_repository import OwnRepository, committed, head_of, remote_urls
from nixernetes.app import platform_file
from nixernetes.app.absent import absent
from nixernetes.app.fetching import may_be_asked
from nixernetes.app.settings import (
    folders_in,
    node_pools,
    settings_of,
    unknown_cluster_notes,
    with_servers,
    with_settings,
)
from nixernetes.app.toolbox import Toolbox, ToolOptions, open_toolbox
from nixernetes.app.unmatched import unnamed_sources
from nixernetes.app.worlds import Blueprint
from nixernetes.cluster.workloads import WorkloadProfile
from nixernetes.engine.issuers import Issuers
from nixernetes.engine.outbox import Outbox
from nixernetes.engine.outside import Outside
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.api_groups import ARGOPROJ, FLUX_DOMAIN, FLUX_OPERATOR
from nixernetes.objects.identity import GroupKind
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.estate import DocumentIndex, Note, NoteKind, read_estate, undefined_kinds

if TYPE_CHECKING:  # the vocabulary takes long to import, and a repository needs none of it
    from nixernetes.app.platform_target import PlatformTarget
    from nixernetes.cluster.workloads.scheduling.machines import Machine
    from nixernetes.gitops.traps.declared import Trap
    from nixernetes.settings.reading import SettingsFile

__all__ = ["Prepared", "RunOptions", "folder_of", "outside_of", "prepare"]

_ENGINES = (FLUX_DOMAIN, FLUX_OPERATOR)  # ends of groups whose definitions come with an engine
_ARGOCD = ("Application", "ApplicationSet", "AppProject")
_SHOWN = 3  # kinds by their names; a repository may have a hundred


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What the user may say about a target.

    Attributes:
        engine: ``flux`` or ``argocd``: which of the engines that a platform is built for runs; ``""`` decides itself.
        tools: what the user says about the tools, and what stands for remote URLs.
        clusters: cluster name to the folder of the repository that starts it; none: found by itself.
        rev: the Git revision of a repository that runs; ``""`` is its HEAD.
        profile: how simulated workloads behave.
        send_notifications: whether notifications are sent; else they are recorded and shown.
        couriers: how many notifications are sent at a time, beside the run; 0: the run waits for each.
        issuers: the keys of issuers of tokens that webhooks may show.
        assume_crds: whether clusters serve the custom kinds that the repository has manifests and no definitions of.
        repository: where the repository of a platform is made, and stays; None for as long as it runs.
        named_sources: the remote URLs of the tools' ``sources`` that the command line names.

    """

    engine: str = ""
    tools: ToolOptions = field(default_factory=ToolOptions)
    clusters: Mapping[str, str] = field(default_factory=dict)
    rev: str = ""
    profile: WorkloadProfile = field(default_factory=WorkloadProfile)
    send_notifications: bool = False
    couriers: int = 0
    issuers: Issuers = field(default_factory=Issuers)
    assume_crds: bool = True
    repository: Path | None = None
    named_sources: tuple[str, ...] = ()


def folder_of(target: Path) -> Path:
    """Return the folder that a target stands for: who runs is noted by it."""
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
        reads_beside: whether files beside the repository are read.

    """

    blueprint: Blueprint
    outside: Outside
    closing: tuple[Callable[[], None], ...] = ()
    platform: PlatformTarget | None = None
    head: str = ""
    notes: tuple[Note, ...] = ()
    hosts: tuple[Reachability, ...] = ()
    reads_beside: bool = False

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
    settings = settings_of(target)
    are_told = not options.clusters
    options = replace(options, clusters=folders_in(settings, options.clusters))
    options = replace(options, named_sources=tuple(options.tools.sources))  # those of the settings file may stand idle
    options = replace(options, tools=with_settings(options.tools, settings))
    platform, head = None, ""
    notes: tuple[Note, ...] = ()
    if target.is_file() or platform_file.found_in(target) is not None:
        from nixernetes.app.platform_target import PlatformTarget  # noqa: PLC0415  # see above

        platform = PlatformTarget(target, options, options.repository)
        try:
            blueprint = platform.blueprint()
            traps = map(_trapped, platform.traps)
            notes = (*traps, *_assumed(blueprint.kinds), *_fetched(platform.index(), blueprint, options))
        except BaseException:
            platform.close()
            raise
    elif target.is_dir():
        blueprint, head, notes = _repository(target, options)
    else:
        raise absent(target, "no such file or folder: `nixernetes init` writes a platform to start from")
    blueprint = replace(blueprint, machines=_machines(settings))
    sending = options.couriers if options.send_notifications else None
    outside, box = outside_of(blueprint, options.tools, couriers=sending)
    return Prepared(
        blueprint=blueprint,
        outside=replace(outside, issuers=options.issuers),
        closing=box.closing,
        platform=platform,
        head=head,
        notes=(*notes, *(unknown_cluster_notes(settings, blueprint.clusters) if are_told else ())),
        hosts=box.hosts,
        reads_beside=bool(options.tools.sources or options.tools.values),
    )


def _machines(settings: SettingsFile) -> dict[str, tuple[Machine, ...]]:
    """Return the nodes of each cluster whose pools all say how many they are, and what each node has."""
    found = {}
    for name, pools in node_pools(settings).items():
        if pools and all(pool.count is not None and pool.allocatable for pool in pools):
            from nixernetes.cluster.workloads.scheduling.machines import machines_of  # noqa: PLC0415  # few have any

            found[name] = tuple(machine for pool in pools for machine in machines_of(pool))
    return found


def outside_of(blueprint: Blueprint, options: ToolOptions, *, couriers: int | None = None) -> tuple[Outside, Toolbox]:
    """Return the real outside of a blueprint, and the tools behind it, to close after use.

    Args:
        blueprint: how the world begins.
        options: what the user says about the tools.
        couriers: how many notifications are sent at a time beside the run, 0: the run waits for each. None: they are
            recorded, and nothing leaves the machine.

    """
    repo, urls = blueprint.repository, blueprint.urls
    options = with_servers(options, blueprint.clusters)
    own = OwnRepository(repo, committed(repo, blueprint.rev), urls=urls, mapped=options.sources, folders=True)
    mapped = {**dict.fromkeys(urls, repo), **options.sources}
    box = open_toolbox(own, mapped, options, own_artifacts=own)
    if couriers is None:
        return Outside(builder=Builder(box.tools)), box
    from nixernetes.adapters.notifying.couriers import Courier  # noqa: PLC0415  # httpx takes long to import

    notifier = Courier(couriers)
    box = replace(box, closing=(*box.closing, notifier.close))
    return Outside(builder=Builder(box.tools), outbox=Outbox(notifier)), box


def _repository(path: Path, options: RunOptions) -> tuple[Blueprint, str, tuple[Note, ...]]:
    """Return how the world of a repository begins, which commit of it runs, and what is to be said of it."""
    try:
        snapshot = committed(path, options.rev)()
    except RemoteError as error:
        remedy = "clusters fetch commits, so `git init`, add and commit it first; or name a platform file"
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
    notes = (*estate.notes, *_assumed(blueprint.kinds), *_fetched(estate.index, blueprint, options))
    return blueprint, str(head_of(path, snapshot)), notes


def _fetched(index: DocumentIndex, blueprint: Blueprint, options: RunOptions) -> Iterator[Note]:
    """Yield what is to be said of what comes from elsewhere: hosts, and sources that stand for nothing."""
    declared = [item.manifest for item in index.declared]
    tools = options.tools
    yield from may_be_asked(declared, {*blueprint.urls, *tools.sources}, offline=tools.offline)
    yield from unnamed_sources(index, options.named_sources)


def _trapped(trap: Trap) -> Note:
    return Note(kind=NoteKind.TRAP, message=f"{trap.subject}: {trap.message}", place=trap.place)


def _assumed(kinds: Mapping[GroupKind, bool]) -> Iterator[Note]:
    """Yield one line about the kinds that are served though nothing defines them."""
    foreign = [kind for kind in kinds if not kind.group.endswith(_ENGINES)]
    names = [str(kind) for kind in foreign if kind.group != ARGOPROJ or kind.kind not in _ARGOCD]
    if names:
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        text = f"served without their definitions, which are not here: {', '.join(names[:_SHOWN])}{more}"
        yield Note(kind=NoteKind.CHOSEN, message=text)
