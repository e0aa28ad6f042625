"""The runtime: one queue of (moment, controller, key), driven by a clock.

Invariants: a key waits at most once per controller, at its earliest moment; equal moments run in the order they were
queued; a reconcile or a process that raises something unforeseen is reported and tried again with back-off, and never
stops the others; a result that is still being computed (``NotYetError``) is asked for again soon, and the others go on;
a key that never comes to rest is reported and held back, and a run on a virtual clock takes no more than so many steps,
so that every run ends. With a virtual clock
:meth:`Runtime.advance` jumps from moment to moment; with a real one the shell sleeps until :meth:`Runtime.due` and
calls :meth:`Runtime.run_due`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from nixernetes.cluster.restless import REST, Restless
from nixernetes.engine.effort import Effort
from nixernetes.engine.results import Done, Result, RetryAfter, Stalled, Waiting
from nixernetes.errors import InputError, NotYetError
from nixernetes.objects.clocks import Clock, VirtualClock

__all__ = ["Controller", "Key", "Process", "Runtime"]

Key = tuple[str, ...]  # what a controller reconciles; the controller says what the parts mean, e.g. (namespace, name)

_FIRST_BACKOFF = timedelta(milliseconds=750)  # Flux --min-retry-delay
_LAST_BACKOFF = timedelta(minutes=15)  # Flux --max-retry-delay
_COMPUTING = timedelta(milliseconds=200)  # between two looks at a result that is not there yet
_RESTLESS = (
    "it was reconciled a thousand times within a minute and is held back: its interval is too short, or something "
    "changes it back each time"
)


class Controller(Protocol):
    """Reconciles keys of one kind of thing in one place."""

    @property
    def name(self) -> str:
        """A unique name, for example ``us-east-1/kustomize-controller``."""
        ...

    def reconcile(self, key: Key) -> Result:
        """Bring one key closer to what is wanted; read everything afresh."""
        ...


class Process(Protocol):
    """Something that acts at moments of its own, such as the workload simulator of a cluster."""

    @property
    def name(self) -> str:
        """A unique name, for example ``us-east-1/workloads``."""
        ...

    def due(self) -> datetime | None:
        """Return the moment of its next action, or None."""
        ...

    def run(self, now: datetime) -> None:
        """Do all that is due at ``now``."""
        ...


class Runtime:
    """Runs controllers and processes.

    Args:
        clock: where time comes from.
        on_error: told of what raised (name, key, error), or never rests; the key of a process is empty. Default: raise.

    """

    def __init__(self, clock: Clock, on_error: Callable[[str, Key, Exception], None] | None = None) -> None:
        self.clock = clock
        self._on_error = on_error
        self._controllers: dict[str, Controller] = {}
        self._processes: list[Process] = []
        self._heap: list[tuple[datetime, int, str, Key]] = []
        self._queued: dict[tuple[str, Key], tuple[datetime, int]] = {}
        self._failures: dict[tuple[str, Key], int] = {}
        self._held: dict[str, datetime] = {}
        self._rests: dict[tuple[str, Key], datetime] = {}  # until when a restless key is held back, whoever wakes it
        self._restless: Restless[tuple[str, Key]] = Restless()
        self._effort: Effort | None = None  # of the run that goes on, on a virtual clock
        self._count = 0

    def add(self, controller: Controller, keys: Iterable[Key] = ()) -> None:
        """Add a controller and queue its first keys."""
        self._controllers[controller.name] = controller
        for key in keys:
            self.enqueue(controller.name, key)

    def add_process(self, process: Process) -> None:
        """Add a process."""
        self._processes.append(process)

    def enqueue(self, controller: str, key: Key, after: timedelta = timedelta()) -> None:
        """Queue a key; a key that waits already keeps the earlier of the two moments."""
        moment = max(self.clock.now() + after, self._rests.get((controller, key), self.clock.now()))
        waiting = self._queued.get((controller, key))
        if waiting is not None and waiting[0] <= moment:
            return
        self._count += 1
        self._queued[(controller, key)] = (moment, self._count)
        heapq.heappush(self._heap, (moment, self._count, controller, key))

    def due(self) -> datetime | None:
        """Return the moment of the next work, or None when nothing is queued."""
        self._drop_stale()
        moments = [self._heap[0][0]] if self._heap else []
        moments += [moment for process in self._processes if (moment := self._due(process)) is not None]
        return min(moments, default=None)

    def run_due(self, limit: int | None = None) -> int:
        """Do what is due now, at most ``limit`` steps; return how many steps were done."""
        done = 0
        while (limit is None or done < limit) and not self._is_spent():
            now = self.clock.now()
            busy = [one for one in self._processes if (moment := self._due(one)) is not None and moment <= now]
            for process in busy:
                self._run(process, now)
            self._drop_stale()
            if self._heap and self._heap[0][0] <= now:
                _, _, name, key = heapq.heappop(self._heap)
                del self._queued[(name, key)]
                self._reconcile(name, key)
            elif not busy:
                break
            done += 1
        return done

    def advance(self, until: datetime, stop: Callable[[], bool] | None = None) -> bool:
        """Run on the virtual clock until a moment, or until ``stop()`` holds after a moment's work.

        A run that takes too many steps ends where it is, and the key that took most of them is reported.

        Returns:
            whether ``stop()`` held.

        """
        clock = self.clock
        if not isinstance(clock, VirtualClock):
            raise TypeError("only a virtual clock can be advanced")
        self._effort = effort = Effort()
        try:
            return self._advance(clock, until, stop)
        finally:
            self._effort = None
            if effort.is_spent:
                self._failed(*effort.blame())

    def _advance(self, clock: VirtualClock, until: datetime, stop: Callable[[], bool] | None) -> bool:
        while True:
            self.run_due()
            if self._is_spent():
                return False
            if stop is not None and stop():
                return True
            due = self.due()
            if due is None or due > until:
                clock.advance_to(until)
                return False
            clock.advance_to(due)

    def _is_spent(self) -> bool:
        return self._effort is not None and self._effort.is_spent

    def _drop_stale(self) -> None:
        while self._heap:
            moment, count, name, key = self._heap[0]
            if self._queued.get((name, key)) == (moment, count):
                return
            heapq.heappop(self._heap)

    def _due(self, process: Process) -> datetime | None:
        moment, held = process.due(), self._held.get(process.name)
        return max(moment, held) if moment is not None and held is not None else moment

    def _run(self, process: Process, now: datetime) -> None:
        if self._effort is not None:
            self._effort.step(process.name, ())
        try:
            process.run(now)
        except Exception as error:  # noqa: BLE001 - a fault of ours with one of them must not stop the others
            self._held[process.name] = now + self._failed(process.name, (), error)
        else:
            self._failures.pop((process.name, ()), None)
            self._held.pop(process.name, None)

    def _reconcile(self, name: str, key: Key) -> None:
        self._rests.pop((name, key), None)
        if self._effort is not None:
            self._effort.step(name, key)
        try:
            result = self._controllers[name].reconcile(key)
        except NotYetError:
            result = Waiting(_COMPUTING, "a result that is being computed")
        except Exception as error:  # noqa: BLE001 - same
            result = RetryAfter(self._failed(name, key, error), f"{type(error).__name__}: {error}")
        else:
            self._failures.pop((name, key), None)
        delay = _delay(result)
        if self._restless.runs((name, key), self.clock.now()):
            self._failed(name, key, InputError(_RESTLESS))
            self._queued.pop((name, key), None)
            self._rests[(name, key)] = self.clock.now() + REST
            delay = REST
        if delay is not None:
            self.enqueue(name, key, delay)

    def _failed(self, name: str, key: Key, error: Exception) -> timedelta:
        """Report a failure; return how long to wait after it.

        Raises:
            Exception: the error, when there is nobody to report it to.

        """
        if self._on_error is None:
            raise error
        self._on_error(name, key, error)
        failures = self._failures[(name, key)] = self._failures.get((name, key), 0) + 1
        delay: timedelta = _FIRST_BACKOFF * 2 ** min(failures - 1, 30)
        return min(delay, _LAST_BACKOFF)


def _delay(result: Result) -> timedelta | None:
    match result:
        case Done(again=again):
            return again
        case RetryAfter(delay=delay):
            return delay
        case Waiting(poll=poll):
            return poll
        case Stalled():
            return None
