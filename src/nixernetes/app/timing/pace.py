"""The pace of a running ``up``: with the machine's clock, or on a virtual one that is stepped, run and jumped.

Whoever drives a world does what is due at the present moment and asks the pace to bring time on then. On the virtual
clock time stands still between orders: each has a goal (the next moment, the next event, so much later, rest), and
what is due on the way happens in its order. An order ends where its goal is reached, or after six hours of virtual
time where nothing ever reaches it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from nixernetes.app.worlds import World
from nixernetes.errors import InputError
from nixernetes.objects.clocks import Clock, VirtualClock, timestamp
from nixernetes.objects.durations import format_duration

__all__ = ["ClockMove", "ClockOrder", "Pace", "RealPace", "SteeredPace"]

_TICK: Final = timedelta(milliseconds=250)  # how often somebody looks, at the latest
_NONE: Final = timedelta()
_LIMIT: Final = timedelta(hours=6)  # of virtual time, for what may never come
_FURTHEST: Final = timedelta(days=31)  # of one jump
_SPEEDS: Final = (1, 10, 60, 600)  # seconds of virtual time a second


class ClockMove(enum.StrEnum):
    """What may be ordered of a virtual clock."""

    STEP = "step"
    NEXT = "next"
    JUMP = "jump"
    SETTLE = "settle"
    RUN = "run"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOrder:
    """One order.

    Attributes:
        move: what is ordered.
        by: how far a jump goes.
        speed: how many seconds of virtual time a second has while it runs.

    """

    move: ClockMove
    by: timedelta = _NONE
    speed: int = 1


class Pace(Protocol):
    """Brings time on."""

    @property
    def clock(self) -> Clock:
        """The clock."""
        ...

    @property
    def number(self) -> int:
        """Another number after each move."""
        ...

    def move(self, world: World) -> bool:
        """Bring time on where nothing is due any more; tell whether something may be due now."""
        ...

    def idle(self, world: World) -> timedelta:
        """Return how long nothing has to be done."""
        ...

    def count(self, event: object) -> None:
        """Take note of an event of a controller."""
        ...


class RealPace:
    """The machine's time, which nobody steers.

    Args:
        clock: the machine's clock.

    """

    def __init__(self, clock: Clock) -> None:
        self.clock: Clock = clock
        self.number = 0

    def move(self, world: World) -> bool:
        """Do nothing: time goes on by itself."""
        del world
        return False

    def count(self, event: object) -> None:
        """Do nothing: nobody waits for one."""

    def idle(self, world: World) -> timedelta:
        """Return how long it is until something is due."""
        due = world.runtime.due()
        return min(_TICK, due - self.clock.now()) if due is not None else _TICK


@dataclass(slots=True, kw_only=True)
class _Goal:
    """Where an order ends.

    Attributes:
        move: what was ordered.
        until: the last moment.
        events: how many events there were when it was ordered.
        steps: how many moments were passed since.

    """

    move: ClockMove
    until: datetime
    events: int
    steps: int = 0


class SteeredPace:
    """A virtual clock that moves as it is ordered; paused at first.

    Args:
        monotonic: the machine's seconds, which only grow: a run goes by them.
        start: the first moment.

    Attributes:
        speed: how many seconds of virtual time a second has; 0 while it is paused.
        number: another number after each move.

    """

    def __init__(self, monotonic: Callable[[], float], start: datetime | None = None) -> None:
        self.clock = VirtualClock(start)
        self.speed = 0
        self.number = 0
        self._monotonic = monotonic
        self._asked = monotonic()
        self._goal: _Goal | None = None
        self._events = 0

    @property
    def goal(self) -> str:
        """What it is on its way to, in words; ``""`` where it stands or simply runs."""
        goal = self._goal
        if goal is None:
            return ""
        words = {ClockMove.STEP: "the next moment", ClockMove.NEXT: "the next event", ClockMove.SETTLE: "rest"}
        return words.get(goal.move, f"{timestamp(goal.until)}")

    def count(self, event: object) -> None:
        """Take note of an event of a controller: one may be waited for."""
        del event
        self._events += 1

    def steer(self, world: World, order: ClockOrder) -> str:
        """Take an order; return what it does, in words.

        Raises:
            InputError: the clock cannot go there; it goes on as before.

        """
        _check(order)
        self.number += 1
        self._goal = None
        self.speed = 0
        now = self.clock.now()
        if order.move is ClockMove.PAUSE:
            return f"paused at {timestamp(now)}"
        if order.move is ClockMove.RUN:
            self.speed, self._asked = order.speed, self._monotonic()
            return f"runs from {timestamp(now)} on" + (f", {order.speed} times as fast" if order.speed > 1 else "")
        if order.move is ClockMove.JUMP:
            self._goal = _Goal(move=order.move, until=now + order.by, events=self._events)
            return f"on the way from {timestamp(now)} to {timestamp(now + order.by)}"
        due = world.runtime.due()
        if due is None:
            return f"nothing is going to happen: it stays {timestamp(now)}"
        self._goal = _Goal(move=order.move, until=max(due, now + _LIMIT), events=self._events)
        return f"on the way from {timestamp(now)} to {self.goal}"

    def move(self, world: World) -> bool:
        """Bring time on to where something is due next, as far as is ordered; tell whether something may be due now."""
        if self._goal is not None and self._is_reached(world, self._goal):
            self._goal = None
            self.number += 1
        due = world.runtime.due()
        if self._goal is not None:
            return self._towards(self._goal, due)
        if not self.speed:
            return False
        asked = self._monotonic()
        most = self.clock.now() + timedelta(seconds=(asked - self._asked) * self.speed)
        is_due = due is not None and due <= most
        moment = due if due is not None and is_due else most
        # What a moment leaves of the machine's time counts for the next one.
        self._asked = asked - (most - moment).total_seconds() / self.speed
        if moment > self.clock.now():
            self.number += 1
            self.clock.advance_to(moment)
        return is_due

    def _towards(self, goal: _Goal, due: datetime | None) -> bool:
        self.number += 1
        if due is None or due > goal.until:
            self.clock.advance_to(goal.until)
            self._goal = None
            return False
        self.clock.advance_to(due)
        goal.steps += 1
        return True

    def _is_reached(self, world: World, goal: _Goal) -> bool:
        match goal.move:
            case ClockMove.STEP:
                return goal.steps > 0
            case ClockMove.NEXT:
                return self._events > goal.events
            case ClockMove.SETTLE:
                return world.settled()
        return False

    def idle(self, world: World) -> timedelta:
        """Return nothing while it is on its way, and a moment while it stands."""
        if self._goal is not None:
            return _NONE
        due = world.runtime.due()
        if not self.speed or due is None:
            return _TICK
        return min(_TICK, max(_NONE, (due - self.clock.now()) / self.speed))


def _check(order: ClockOrder) -> None:
    if order.move is ClockMove.RUN and order.speed not in _SPEEDS:
        raise InputError(f"no speed of {order.speed}: there are {', '.join(map(str, _SPEEDS))}")
    if order.move is ClockMove.JUMP and not _NONE < order.by <= _FURTHEST:
        raise InputError(f"a jump of {format_duration(order.by)}: more than 0 and at most 31 days")
