"""``nixernetes up``: run a platform or a repository in embedded clusters, once or until stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Protocol

from nixernetes.app.timing.pace import Pace
from nixernetes.app.unmatched import unmatched_failures
from nixernetes.app.worlds import Blueprint, World, WorldStore, make_world
from nixernetes.engine.outside import Outside
from nixernetes.engine.reports import Report
from nixernetes.objects.clocks import VirtualClock

__all__ = ["RunOutcome", "Waiter", "live", "once"]

LIMIT = timedelta(hours=6)  # of virtual time: longer than any sensible interval plus its retries
_LOG_LINES = 2_000  # of each controller, as many as somebody who looks for a reason reads back
_SLICE_SECONDS = 0.1  # how long whoever asks waits for the engine, but for one step
_DISK_WAIT_SECONDS = 5.0  # when what engines do cannot be kept
_HELD_SECONDS = 0.25  # how often somebody looks then

Waiter = Callable[[float], None]  # waits at most so many seconds, less where somebody asks


class KeptWorld(WorldStore, Protocol):
    """Keeps a world while it runs."""

    def is_kept(self) -> bool:
        """Keep what changed, and tell whether it is kept; what is not did not happen."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """How ``up --once`` ended.

    Attributes:
        report: the last report.
        settled: whether nothing moved any more (False: the limit of virtual time was reached first).
        took: how much virtual time went by.
        faults: what went wrong in the engine itself (a bug), and what never came to rest.
        refused: what clusters refused of what starts them.
        unmatched: what the user said that has no effect.

    """

    report: Report
    settled: bool
    took: timedelta
    faults: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything converged."""
        return self.report.ready and not self.faults and not self.refused


def once(
    blueprint: Blueprint,
    outside: Outside,
    *,
    limit: timedelta = LIMIT,
    start: datetime | None = None,
    progress: Callable[[World], None] | None = None,
) -> RunOutcome:
    """Run on a virtual clock until everything has converged, or can no longer.

    Args:
        blueprint: what to run.
        outside: the outside.
        limit: the most virtual time to spend.
        start: the first moment of the virtual clock.
        progress: called after each moment's work.

    """
    clock = VirtualClock(start)
    world = make_world(blueprint, clock, outside)
    began = clock.now()

    def stop() -> bool:
        if progress is not None:
            progress(world)
        return world.settled()

    settled = world.runtime.advance(began + limit, stop)
    return RunOutcome(
        report=world.report(),
        settled=settled,
        took=clock.now() - began,
        faults=tuple(world.faults),
        refused=tuple(world.refused),
        unmatched=tuple(unmatched_failures(world.clusters, blueprint.profile.failures)),
    )


def live(
    blueprint: Blueprint,
    outside: Outside,
    pace: Pace,
    wait: Waiter,
    step: Callable[[World], None],
    state: KeptWorld | None = None,
) -> None:
    """Run until interrupted.

    Args:
        blueprint: what to run.
        outside: the outside.
        pace: brings time on.
        wait: waits until something is due, or somebody asks.
        step: called after each step, to answer requests, to show the world and to look for edits.
        state: keeps the world, which goes on from what it has kept; None where it is in memory alone.

    """
    world = make_world(blueprint, pace.clock, outside, log_lines=_LOG_LINES, store=state)
    world.pace = pace
    world.recorder.subscribe(pace.count)
    spent = held = 0.0  # held: until when engines rest, since what they do cannot be kept
    while True:
        until = monotonic() + max(_SLICE_SECONDS, spent)  # whoever asks gets half of the time at most
        goes_on = monotonic() >= held
        while goes_on and monotonic() < until:
            goes_on = bool(world.runtime.run_due(limit=1))
        if state is not None and not state.is_kept():
            held = monotonic() + _DISK_WAIT_SECONDS
        is_held = monotonic() < held
        moves = not (goes_on or is_held) and pace.move(world)  # each moment is shown, however fast they come
        began = monotonic()
        step(world)
        spent = monotonic() - began
        idle = _HELD_SECONDS if is_held else pace.idle(world).total_seconds()
        wait(0.0 if (goes_on or moves) and not is_held else idle)
