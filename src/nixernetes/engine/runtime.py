"""The runtime: one queue of (moment, controller, key), driven by a clock.

Invariants: a key waits at most once per controller, at its earliest moment; equal moments run in the order they were
queued; a reconcile that raises something unforeseen is reported with its key and tried again with back-off, and
never stops the others. With a virtual clock :meth:`Runtime.advance` jumps from moment to moment; with a real one the
shell sleeps until :meth:`Runtime.due` and calls :meth:`Runtime.run_due`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from nixernetes.engine.results import Done, Result, RetryAfter, Stalled, Waiting
from nixernetes.objects.clocks import Clock, VirtualClock

__all__ = ["Controller", "Key", "Process", "Runtime"]

Key = tuple[str, ...]  # what a controller reconciles; the controller says what the parts mean, e.g. (namespace, name)

_FIRST_BACKOFF = timedelta(milliseconds=750)  # Flux --min-retry-delay
_LAST_BACKOFF = timedelta(minutes=15)  # Flux --max-retry-delay


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
        on_error: told of a reconcile that raised (controller name, key, error); default: raise it.

    """

    def __init__(self, clock: Clock, on_error: Callable[[str, Key, Exception], None] | None = None) -> None:
        self.clock = clock
        self._on_error = on_error
        self._controllers: dict[str, Controller] = {}
        self._processes: list[Process] = []
        self._heap: list[tuple[datetime, int, str, Key]] = []
        self._queued: dict[tuple[str, Key], tuple[datetime, int]] = {}
        self._failures: dict[tuple[str, Key], int] = {}
        self._count = 0
        self.last: dict[tuple[str, Key], Result] = {}

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
        moment = self.clock.now() + after
        waiting = self._queued.get((controller, key))
        if waiting is not None and waiting[0] <= moment:
            return
        self._count += 1
        self._queued[(controller, key)] = (moment, self._count)
        heapq.heappush(self._heap, (moment, self._count, controller, key))

    def forget(self, controller: str, key: Key) -> None:
        """Drop a key from the queue."""
        self._queued.pop((controller, key), None)
        self._failures.pop((controller, key), None)
        self.last.pop((controller, key), None)

    def due(self) -> datetime | None:
        """Return the moment of the next work, or None when nothing is queued."""
        self._drop_stale()
        moments = [self._heap[0][0]] if self._heap else []
        moments += [moment for process in self._processes if (moment := process.due()) is not None]
        return min(moments, default=None)

    def run_due(self, limit: int | None = None) -> int:
        """Do what is due now, at most ``limit`` steps; return how many steps were done."""
        done = 0
        while limit is None or done < limit:
            now = self.clock.now()
            busy = [process for process in self._processes if (moment := process.due()) is not None and moment <= now]
            for process in busy:
                process.run(now)
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

        Returns:
            whether ``stop()`` held.

        """
        clock = self.clock
        if not isinstance(clock, VirtualClock):
            raise TypeError("only a virtual clock can be advanced")
        while True:
            self.run_due()
            if stop is not None and stop():
                return True
            due = self.due()
            if due is None or due > until:
                clock.advance_to(until)
                return False
            clock.advance_to(due)

    def _drop_stale(self) -> None:
        while self._heap:
            moment, count, name, key = self._heap[0]
            if self._queued.get((name, key)) == (moment, count):
                return
            heapq.heappop(self._heap)

    def _reconcile(self, name: str, key: Key) -> None:
        try:
            result = self._controllers[name].reconcile(key)
        except Exception as error:
            if self._on_error is None:
                raise
            self._on_error(name, key, error)
            failures = self._failures[(name, key)] = self._failures.get((name, key), 0) + 1
            delay = min(_FIRST_BACKOFF * 2 ** min(failures - 1, 30), _LAST_BACKOFF)
            result = RetryAfter(delay, f"{type(error).__name__}: {error}")
        else:
            self._failures.pop((name, key), None)
        self.last[(name, key)] = result
        delay_or_none = _delay(result)
        if delay_or_none is not None:
            self.enqueue(name, key, delay_or_none)


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
