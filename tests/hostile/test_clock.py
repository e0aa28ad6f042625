"""The machine's clock is set by others: nothing waits for ever because of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nixernetes.adapters.clock import SystemClock
from nixernetes.engine.results import Done, Result
from nixernetes.engine.runtime import Key, Runtime


class Machine:
    """A machine whose clocks are moved by hand."""

    def __init__(self) -> None:
        self.wall = 1_700_000_000.0
        self.monotonic = 5.0

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds

    def clock(self) -> SystemClock:
        return SystemClock(lambda: self.wall, lambda: self.monotonic)


@pytest.mark.parametrize(("set_by", "seen"), [(-3600, 10), (3600, 3610), (0, 10)])
def test_time_goes_on_when_the_clock_is_set(set_by: float, seen: float) -> None:
    machine = Machine()
    clock = machine.clock()
    began = clock.now()
    machine.wall += set_by
    machine.passes(10)
    assert clock.now() - began == timedelta(seconds=seen)


def test_what_waits_is_done_in_time_though_the_clock_was_set_back() -> None:
    machine = Machine()
    calls: list[Key] = []

    class Counting:
        name = "counting"

        def reconcile(self, key: Key) -> Result:
            calls.append(key)
            return Done(timedelta(minutes=1))

    runtime = Runtime(machine.clock())
    runtime.add(Counting(), [("a",)])
    runtime.run_due()
    machine.wall -= 3600
    for _ in range(3):
        machine.passes(60)
        runtime.run_due()
    assert len(calls) == 4
