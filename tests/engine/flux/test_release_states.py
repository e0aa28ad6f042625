"""A Helm release goes from state to state as its table says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.engine.flux.conftest import World, config_map
from tests.engine.flux.releases import CHARTS, broken, chart, job, release

from nixernetes.engine.flux.helm import release as releases
from nixernetes.engine.flux.helm.state import RELEASE, HelmAction, Observed, next_action, release_state
from nixernetes.engine.flux.helm.storage import Storage
from nixernetes.gitops.flux.helm_release import HelmRelease


@pytest.fixture
def moves(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return each state that a release is found in, with what is done about it; the table has the step to the next."""
    seen: list[tuple[str, str]] = []

    def decided(spec: HelmRelease, observed: Observed) -> HelmAction:
        state, action = release_state(spec, observed), next_action(spec, observed)
        if seen and seen[-1][1]:
            assert state in RELEASE.outcomes(*seen[-1])
        seen.append((state, action))
        return action

    monkeypatch.setattr(releases, "next_action", decided)
    return seen


def test_a_release_moves_as_the_table_says(world: World, moves: list[tuple[str, str]]) -> None:
    test = job("x").replace("pre-install,pre-upgrade", "test")
    world.charts.add(CHARTS, chart(templates={"cm.yaml": config_map("cm", namespace=""), "t.yaml": test}))
    release(world, test={"enable": True})
    world.settle()
    installed = [("Absent", "install"), ("Untested", "test"), ("InSync", "")]
    assert list(dict.fromkeys(moves)) == installed
    del moves[:]
    release(world, test={"enable": True}, values={"color": "blue"})
    world.settle()
    assert moves == [("OutOfSync", "upgrade"), ("Untested", "test"), ("InSync", "")]


def test_a_failed_release_moves_as_the_table_says(world: World, moves: list[tuple[str, str]]) -> None:
    world.charts.add(CHARTS, broken("1.0.0"))
    release(world, install={"strategy": {"name": "RetryOnFailure", "retryInterval": "1m"}})
    world.run(minutes=3)
    assert moves[:2] == [("Absent", "install"), ("Failed", "upgrade")]


def test_a_remediated_release_moves_as_the_table_says(world: World, moves: list[tuple[str, str]]) -> None:
    world.charts.add(CHARTS, broken("1.0.0"))
    release(world, install={"remediation": {"retries": 1}})
    world.settle()
    assert moves[:3] == [("Absent", "install"), ("Failed", "uninstall"), ("Absent", "install")]


def test_a_failed_upgrade_moves_as_the_table_says(world: World, moves: list[tuple[str, str]]) -> None:
    world.charts.add(CHARTS, chart())
    release(world, upgrade={"remediation": {"retries": 1}})
    world.settle()
    world.charts.add(CHARTS, broken("2.0.0"))
    del moves[:]
    world.run(minutes=30)
    assert moves[:3] == [("OutOfSync", "upgrade"), ("Failed", "rollback"), ("OutOfSync", "upgrade")]


def test_a_revision_that_somebody_else_has_made_is_taken_over(world: World, moves: list[tuple[str, str]]) -> None:
    world.charts.add(CHARTS, chart())
    release(world)
    world.settle()
    storage = Storage(world.cluster, "default")
    last = storage.last("web")
    assert last is not None
    storage.put(replace(last, version=2), world.clock.now())
    del moves[:]
    world.run(minutes=11)
    assert moves[:2] == [("Unmanaged", "adopt"), ("InSync", "")]


def test_a_release_that_was_left_in_the_middle_is_unlocked(world: World, moves: list[tuple[str, str]]) -> None:
    world.charts.add(CHARTS, chart())
    release(world)
    world.settle()
    storage = Storage(world.cluster, "default")
    last = storage.last("web")
    assert last is not None
    storage.put(replace(last, status="pending-upgrade"), world.clock.now())
    del moves[:]
    world.run(minutes=11)
    assert moves[:2] == [("Locked", "unlock"), ("Failed", "upgrade")]
