"""One rehearsal: the world at the revision before comes to rest, then the change is pushed and rolled out.

It runs on a virtual clock in embedded clusters, with the tools that ``up --once`` has, and reads what the two revisions
hold, never what lies beside them. It is bounded in virtual time, in the machine's time and in what it notes, and ends
at once where whoever asked has gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Final

from nixernetes.adapters.repositories.own_repository import at_hand, remote_urls
from nixernetes.adapters.repositories.revisions import merge_base, tree_below
from nixernetes.adapters.repositories.staged import StagedRepository
from nixernetes.adapters.temporary_folders import temporary_folder
from nixernetes.app import targets
from nixernetes.app.console import control
from nixernetes.app.diff import at_revision
from nixernetes.app.rehearsing.records import DeliveryCourse, Happening, Recording
from nixernetes.app.settings import settings_of, with_settings
from nixernetes.app.toolbox import ToolOptions
from nixernetes.app.worlds import Blueprint, World, make_world
from nixernetes.errors import NixernetesError
from nixernetes.objects.clocks import VirtualClock, timestamp

__all__ = ["Rehearsal", "RehearsalCancelledError", "RehearsalOptions", "RehearsalWatch", "rehearse"]

_LIMIT: Final = timedelta(hours=1)  # of virtual time, for each of the two roll-outs
_MOST_SECONDS: Final = 180.0  # of the machine's time, for all of it
_SHOWN: Final = 12  # characters of a commit


class RehearsalCancelledError(NixernetesError):
    """Whoever asked has gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalOptions:
    """What is rehearsed.

    Attributes:
        repo: the repository, or the folder of a platform file in one.
        base: the revision before; ``""`` is where HEAD left the main branch.
        head: the revision after; ``""`` is what lies on disk.
        folders: cluster name to the folder that starts it; none: found by itself.
        tools: what the user says about the tools.

    """

    repo: Path
    base: str = ""
    head: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    tools: ToolOptions = field(default_factory=ToolOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """How it went.

    Attributes:
        base: the revision before, in words.
        head: the revision after, in words.
        began_settled: whether the revision before came to rest.
        settled: whether the change came to rest, too.
        took: seconds of virtual time until it did.
        happenings: what happened, in its order.
        left_out: how many happenings are not noted.
        courses: how each delivery went through it.
        failing: pods that are not ready at the end, and why.
        notes: what was not run, and faults.

    """

    base: str
    head: str
    began_settled: bool
    settled: bool
    took: float
    happenings: tuple[Happening, ...]
    left_out: int
    courses: tuple[DeliveryCourse, ...]
    failing: tuple[Happening, ...]
    notes: tuple[str, ...]


class RehearsalWatch:
    """Watches a rehearsal: told how far it is, and asked whether it is to go on."""

    def __init__(self, is_wanted: Callable[[], bool] = lambda: True) -> None:
        self._is_wanted = is_wanted
        self._until = monotonic() + _MOST_SECONDS
        self.phase = "begins"
        self.time = ""
        self.is_over = False

    def look(self, world: World | None = None) -> None:
        """Go on.

        Raises:
            RehearsalCancelledError: nobody wants it any more.

        """
        if world is not None:
            self.time = timestamp(world.clock.now())
        if not self._is_wanted():
            raise RehearsalCancelledError("nobody waits for it any more")
        self.is_over = monotonic() >= self._until


def rehearse(options: RehearsalOptions, watcher: RehearsalWatch) -> Rehearsal:
    """Run the revision before, then the change.

    Raises:
        InputError: there is no such revision, or nothing starts a cluster before the change.
        RehearsalCancelledError: nobody wants it any more.

    """
    base = options.base
    if not base or base.startswith("..."):
        base = merge_base(options.repo, options.head, base.removeprefix("..."))
    with temporary_folder("rehearsal") as folder:
        staged = StagedRepository(Path(folder) / "repository", remote_urls(options.repo))
        watcher.phase = f"reads {options.base or base[:_SHOWN]}"
        _show(staged, options.repo, base)
        watcher.look()
        tools = with_settings(options.tools, settings_of(options.repo))  # what is built has no settings beside it
        run = targets.RunOptions(tools=replace(tools, background=False), clusters=options.folders)
        with targets.prepare(staged.folder, run) as prepared:
            clock = VirtualClock()
            world = make_world(prepared.blueprint, clock, prepared.outside)
            watcher.phase = "settles before the change"
            recording = Recording(world)
            began_settled = _settle(world, clock, watcher, recording)
            recording.begin()
            _show(staged, options.repo, options.head)
            notes = [*_new_starts(staged.folder, run, prepared.blueprint, world), *world.refused]
            watcher.phase = "rolls the change out"
            began = clock.now()
            control.push(world)
            settled = _settle(world, clock, watcher, recording)
            took = recording.moved if settled else (clock.now() - began).total_seconds()
            return Rehearsal(
                base=options.base or base[:_SHOWN],
                head=options.head or "files on disk",
                began_settled=began_settled,
                settled=settled,
                took=took,
                happenings=tuple(each for each in recording.happenings if each.after <= took),
                left_out=recording.left_out,
                courses=tuple(recording.courses),
                failing=tuple(recording.why()),
                notes=(*notes, *world.faults),
            )


def _show(staged: StagedRepository, repo: Path, rev: str) -> None:
    """Show the files of a revision, built where a platform file stands there."""
    with at_revision(repo, rev) as (place, found):
        tree = tree_below(place, found) if found else at_hand(place, "").tree
        staged.show(tree, rev or "files on disk")


def _new_starts(folder: Path, run: targets.RunOptions, before: Blueprint, world: World) -> list[str]:
    """Serve the kinds that only the change has, and return what of it is not run: clusters that it starts."""
    try:
        with targets.prepare(folder, run) as prepared:
            after = prepared.blueprint
    except NixernetesError as error:
        return [f"after the change nothing starts a cluster by itself: {error}"]
    for cluster in world.clusters.values():
        for kind, namespaced in after.kinds.items():
            if cluster.is_namespaced(kind) is None:
                cluster.serve(kind, namespaced)
    known = {each.name for each in before.clusters}
    return [f"{each.name} is a new cluster: it is not run" for each in after.clusters if each.name not in known]


def _settle(world: World, clock: VirtualClock, watcher: RehearsalWatch, recording: Recording) -> bool:
    """Run until nothing moves any more, workloads among it; return whether it came to that."""
    until = clock.now() + _LIMIT
    while True:
        while world.runtime.run_due(limit=1) and not watcher.is_over:
            watcher.look(world)
        recording.note()
        watcher.look(world)
        if watcher.is_over:
            return False
        due = world.runtime.due()
        if (world.settled() and not _is_near(world, clock)) or recording.is_still:
            return True
        if due is None or due > until:
            clock.advance_to(until)
            return False
        clock.advance_to(due)


def _is_near(world: World, clock: VirtualClock) -> bool:
    """Tell whether workloads are on their way: they take seconds, what is polled takes longer."""
    moments = [moment for each in world.simulators if (moment := each.due()) is not None]
    return any(moment <= clock.now() + timedelta(seconds=30) for moment in moments)
