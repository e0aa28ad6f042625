"""The runtime does what is due, in order, and survives what goes wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from nixernetes.engine.results import Done, Result, RetryAfter, Stalled, Waiting
from nixernetes.engine.runtime import Key, Runtime
from nixernetes.errors import NotYetError
from nixernetes.objects.clocks import VirtualClock

MINUTE = timedelta(minutes=1)


class Scripted:
    """A controller that answers from a script and remembers when it was asked."""

    def __init__(self, clock: VirtualClock, *answers: Result | Exception) -> None:
        self.name = "scripted"
        self.calls: list[tuple[datetime, Key]] = []
        self._clock = clock
        self._answers = list(answers)

    def reconcile(self, key: Key) -> Result:
        self.calls.append((self._clock.now(), key))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def minutes(self) -> list[float]:
        return [(moment - self.calls[0][0]) / MINUTE for moment, _ in self.calls]


def test_an_interval_is_kept() -> None:
    clock = VirtualClock()
    controller = Scripted(clock, Done(10 * MINUTE))
    runtime = Runtime(clock)
    runtime.add(controller, [("a",)])
    runtime.advance(clock.now() + 35 * MINUTE)
    assert controller.minutes() == [0, 10, 20, 30]


def test_a_key_that_waits_is_queued_once_at_the_earlier_moment() -> None:
    clock = VirtualClock()
    controller = Scripted(clock, Done())
    runtime = Runtime(clock)
    runtime.add(controller)
    runtime.enqueue("scripted", ("a",), 5 * MINUTE)
    runtime.enqueue("scripted", ("a",), MINUTE)
    runtime.enqueue("scripted", ("a",), 9 * MINUTE)
    start = clock.now()
    runtime.advance(start + 60 * MINUTE)
    assert [moment - start for moment, _ in controller.calls] == [MINUTE]


@pytest.mark.parametrize(
    ("answer", "calls"), [(Waiting(MINUTE, "x"), 6), (RetryAfter(5 * MINUTE, "x"), 2), (Stalled("x"), 1), (Done(), 1)]
)
def test_each_answer_has_its_own_rhythm(answer: Result, calls: int) -> None:
    clock = VirtualClock()
    controller = Scripted(clock, answer)
    runtime = Runtime(clock)
    runtime.add(controller, [("a",)])
    runtime.advance(clock.now() + 5 * MINUTE)
    assert len(controller.calls) == calls


def test_an_unforeseen_error_is_told_and_retried_with_growing_delays() -> None:
    clock = VirtualClock()
    told: list[str] = []
    runtime = Runtime(clock, lambda name, key, error: told.append(f"{name} {key} {error}"))
    controller = Scripted(clock, ValueError("broken"), ValueError("broken"), Done())
    runtime.add(controller, [("a",)])
    runtime.advance(clock.now() + MINUTE)
    assert told == ["scripted ('a',) broken"] * 2
    assert [moment - controller.calls[0][0] for moment, _ in controller.calls] == [
        timedelta(),
        timedelta(seconds=0.75),
        timedelta(seconds=2.25),
    ]


def test_advance_stops_when_told() -> None:
    clock = VirtualClock()
    controller = Scripted(clock, Done(MINUTE))
    runtime = Runtime(clock)
    runtime.add(controller, [("a",)])
    assert runtime.advance(clock.now() + 60 * MINUTE, stop=lambda: len(controller.calls) == 3)
    assert controller.minutes() == [0, 1, 2]


class Failing:
    """A process that always has something to do, and cannot."""

    name = "failing"

    def __init__(self) -> None:
        self.runs: list[datetime] = []

    def due(self) -> datetime | None:
        return datetime(2020, 1, 1, tzinfo=UTC)

    def run(self, now: datetime) -> None:
        self.runs.append(now)
        raise ValueError("broken")


def test_a_process_that_fails_is_told_and_held_back_and_the_others_go_on() -> None:
    clock = VirtualClock()
    told: list[str] = []
    runtime = Runtime(clock, lambda name, key, error: told.append(f"{name} {key} {error}"))
    process, controller = Failing(), Scripted(clock, Done(MINUTE))
    runtime.add_process(process)
    runtime.add(controller, [("a",)])
    runtime.advance(clock.now() + 5 * MINUTE)
    assert told == ["failing () broken"] * len(process.runs)
    assert 5 < len(process.runs) < 12
    assert controller.minutes() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("interval", [timedelta(), timedelta(milliseconds=1)])
def test_a_key_that_never_rests_is_told_and_held_back_so_that_every_run_ends(interval: timedelta) -> None:
    clock = VirtualClock()
    told: list[str] = []
    runtime = Runtime(clock, lambda name, key, error: told.append(f"{name} {key} {error}"))
    controller = Scripted(clock, Done(interval))
    runtime.add(controller, [("a",)])
    runtime.advance(clock.now() + 60 * 6 * MINUTE)
    assert told[0].startswith("scripted ('a',) it was reconciled a thousand times within a minute")
    assert 1_000 <= len(controller.calls) < 1_500


def test_keys_that_wake_each_other_for_ever_are_held_back() -> None:
    clock = VirtualClock()
    told: list[Key] = []
    runtime = Runtime(clock, lambda _name, key, _error: told.append(key))

    class Mirror:
        name = "mirror"

        def reconcile(self, key: Key) -> Result:
            runtime.enqueue("mirror", ("b",) if key == ("a",) else ("a",))
            return Done()

    runtime.add(Mirror(), [("a",)])
    runtime.advance(clock.now() + MINUTE)
    assert told == [("a",), ("b",)]


def test_a_result_that_is_not_there_yet_is_asked_for_again_and_the_others_go_on() -> None:
    clock = VirtualClock()
    told: list[str] = []
    runtime = Runtime(clock, lambda name, key, error: told.append(f"{name} {key} {error}"))
    done: list[tuple[Key, float]] = []

    class Computing:
        name = "computing"

        def reconcile(self, key: Key) -> Result:
            elapsed = (clock.now() - began).total_seconds()
            if key == ("slow",) and elapsed < 1:
                raise NotYetError("chart")
            done.append((key, elapsed))
            return Done()

    began = clock.now()
    runtime.add(Computing(), [("slow",), ("quick",)])
    runtime.advance(began + MINUTE)
    assert done == [(("quick",), 0.0), (("slow",), 1.0)]
    assert told == []
