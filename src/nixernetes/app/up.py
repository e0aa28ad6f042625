"""``nixernetes up``: run a platform or a repository in embedded clusters, once or until stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from nixernetes.app.unmatched import unmatched_failures
from nixernetes.app.worlds import Blueprint, World, WorldStore, make_world
from nixernetes.engine.outside import Outside
from nixernetes.engine.reports import Report
from nixernetes.objects.clocks import Clock, VirtualClock

__all__ = ["RunOutcome", "Waiter", "live", "once"]

LIMIT = timedelta(hours=6)  # of virtual time: longer than any sensible interval plus its retries
_LOG_LINES = 2_000  # of each controller, as many as somebody who looks for a reason reads back
_SLICE = timedelta(milliseconds=100)  # how long whoever asks waits for the engine, but for one step
_DISK_WAIT = timedelta(seconds=5)  # when what engines do cannot be kept
_TICK = timedelta(milliseconds=250)  # how often the live view is drawn, and a request answered, at the latest

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
    clock: Clock,
    wait: Waiter,
    step: Callable[[World], None],
    state: KeptWorld | None = None,
) -> None:
    """Run on the real clock until interrupted.

    Args:
        blueprint: what to run.
        outside: the outside.
        clock: the real clock.
        wait: waits until something is due, or somebody asks.
        step: called after each step, to answer requests, to show the world and to look for edits.
        state: keeps the world, which goes on from what it has kept; None where it is in memory alone.

    """
    world = make_world(blueprint, clock, outside, log_lines=_LOG_LINES, store=state)
    spent = timedelta()
    held = clock.now()  # until when engines rest, since what they do cannot be kept
    while True:
        until = clock.now() + max(_SLICE, spent)  # whoever asks gets half of the time at most
        while clock.now() >= held and world.runtime.run_due(limit=1) and clock.now() < until:
            pass
        if state is not None and not state.is_kept():
            held = clock.now() + _DISK_WAIT
        began = clock.now()
        step(world)
        spent = clock.now() - began
        due = world.runtime.due()
        idle = min(_TICK, max(due, held) - clock.now()) if due is not None else _TICK
        wait(idle.total_seconds())
