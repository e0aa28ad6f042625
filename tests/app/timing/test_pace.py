"""A virtual clock goes where it is ordered to, in the order of what happens on the way, and stands still otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.app.console.fleets import FLUX_FILES, fleet
from tests.app.console.worlds import ask, error

from nixernetes.app import targets
from nixernetes.app.timing.pace import RealPace, SteeredPace
from nixernetes.app.worlds import World, make_world
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.fields import number_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import DEPLOYMENT, POD

START = datetime(2026, 1, 1, tzinfo=UTC)
WEB = ObjectKey(*DEPLOYMENT, "web", "web")


class Machine:
    """The machine's seconds."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(name="machine")
def a_machine() -> Machine:
    return Machine()


@pytest.fixture(name="world")
def a_steered_world(tmp_path: Path, machine: Machine) -> Iterator[World]:
    with targets.prepare(fleet(tmp_path, FLUX_FILES), targets.RunOptions()) as prepared:
        pace = SteeredPace(machine)
        world = make_world(prepared.blueprint, pace.clock, prepared.outside)
        world.pace = pace
        world.recorder.subscribe(pace.count)
        yield world


def went(world: World) -> timedelta:
    """Do all that is ordered; return how long after the start it is then."""
    pace = world.pace
    assert pace is not None
    for _ in range(100_000):
        if not world.runtime.run_due(limit=1) and not pace.move(world):
            break
    return world.clock.now() - START


def ordered(world: World, order: str, **more: int) -> timedelta:
    """Give an order, do it, and return how long after the start it is then."""
    (told,) = ask(world, "clock", order=order, **more)["messages"]
    assert told
    return went(world)


def pods(world: World) -> dict[str, str]:
    """Return why each pod of the workload does not run; ``""`` for those that do."""
    found = {}
    for pod in world.clusters["prod"].list(POD, namespace="web"):
        states = objects_at(pod, "status", "containerStatuses")
        reasons = [text_at(each, "state", "waiting", "reason") for each in states]
        found[key_of(pod).name] = next(filter(None, reasons), "")
    return found


def test_time_stands_still_until_it_is_told_to_go_on(world: World, machine: Machine) -> None:
    assert went(world) == timedelta()
    machine.seconds += 3600
    assert went(world) == timedelta()
    assert ask(world, "clock")["messages"] == [
        "2026-01-01T00:00:00Z, paused; the next thing happens at 2026-01-01T00:00:02Z"
    ]


def test_a_step_goes_to_the_next_moment_and_a_jump_as_far_as_it_says(world: World) -> None:
    went(world)
    assert ordered(world, "step") == timedelta(seconds=2)
    assert set(pods(world).values()) == {""}
    assert ordered(world, "step") == timedelta(minutes=1), "Git is asked again"
    assert ordered(world, "+90s") == timedelta(minutes=2, seconds=30)
    assert ordered(world, "+10m") == timedelta(minutes=12, seconds=30)


def test_what_is_ordered_ends_at_an_event_and_at_rest(world: World) -> None:
    assert ordered(world, "settle") == timedelta(), "all is applied, and nobody waits for pods"
    seen = len(world.recorder.recent)
    assert ordered(world, "next") == timedelta(minutes=10), "the reconcile of ten minutes says that it succeeded"
    assert len(world.recorder.recent) > seen
    assert ordered(world, "next") > timedelta(minutes=10)


def test_it_runs_with_the_seconds_of_the_machine_as_fast_as_is_said(world: World, machine: Machine) -> None:
    went(world)
    assert ordered(world, "run", speed=60) == timedelta()
    machine.seconds += 0.5
    assert went(world) == timedelta(seconds=30)
    machine.seconds += 1
    assert went(world) == timedelta(seconds=90)
    assert ordered(world, "pause") == timedelta(seconds=90)
    machine.seconds += 100
    assert went(world) == timedelta(seconds=90)


def test_drift_by_hand_is_healed_when_its_moment_comes(world: World) -> None:
    ordered(world, "+1m")
    ask(world, "scale", "deploy", "web", replicas=5)
    assert ordered(world, "+5m") == timedelta(minutes=6)
    live = world.clusters["prod"].get(WEB)
    assert number_at(live or {}, "spec", "replicas") == 5
    ordered(world, "+5m")
    live = world.clusters["prod"].get(WEB)
    assert number_at(live or {}, "spec", "replicas") == 2


@pytest.mark.parametrize("order", ["+0s", "+800h", "+x", "jump", "back", "-1m", "run"])
def test_an_order_that_cannot_be_followed_is_refused(world: World, order: str) -> None:
    more = {"speed": 7} if order == "run" else {}
    assert error(world, "clock", order=order, **more)
    assert went(world) == timedelta()


def test_the_clock_of_the_machine_is_not_steered(world: World) -> None:
    world.pace = RealPace(VirtualClock(START))
    assert "up --clock virtual" in error(world, "clock", order="step")
    assert ask(world, "clock")["messages"] == ["2026-01-01T00:00:00Z, real time"]


def test_an_image_that_cannot_be_pulled_fails_for_new_pods_alone(world: World) -> None:
    ordered(world, "+1m")
    before = pods(world)
    ask(world, "fail", "image", "web:*")
    ordered(world, "+10s")
    assert pods(world) == before, "their image is on the node"
    ask(world, "delete", "pod", next(iter(before)))
    ordered(world, "+10s")
    assert sorted(pods(world).values()) == ["", "ImagePullBackOff"]
    ask(world, "heal", "image", "web:*")
    ordered(world, "+10s")
    assert set(pods(world).values()) == {""}
    assert "no image 'web:*' is let fail" in error(world, "heal", "image", "web:*")


def test_a_broken_pod_is_well_when_it_is_replaced(world: World) -> None:
    """A Deployment that was complete once comes to rest while a pod of it fails, however late that is."""
    ordered(world, "+20m")
    name = next(iter(pods(world)))
    ask(world, "fail", f"pod/web/{name}")
    ordered(world, "+10s")
    assert pods(world)[name] == "CrashLoopBackOff"
    assert world.faults == []
    ask(world, "delete", "pod", name)
    ordered(world, "+10s")
    assert set(pods(world).values()) == {""}
    other = next(iter(pods(world)))
    ask(world, "fail", f"pod/web/{other}", how="NeverReady")
    ask(world, "heal", f"pod/web/{other}")
    ordered(world, "+10s")
    assert set(pods(world).values()) == {""}
    assert "a Pod can be broken" in error(world, "fail", "deploy", "web")
    assert "use one of ImagePullBackOff" in error(world, "fail", f"pod/web/{other}", how="Tired")


@pytest.mark.parametrize(("order", "more"), [("run", {"speed": 7}), ("+0s", {}), ("+800h", {})])
def test_an_order_that_is_refused_changes_nothing(world: World, order: str, more: dict[str, int]) -> None:
    ask(world, "clock", order="run", speed=10)
    before = ask(world, "clock")
    assert error(world, "clock", order=order, **more)
    assert ask(world, "clock") == before
