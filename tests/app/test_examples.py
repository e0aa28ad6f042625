"""Every example runs to its end on a machine without a network, with each engine that it is built for."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from nixernetes.app import targets, up
from nixernetes.app.load import load
from nixernetes.app.worlds import make_world
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CASES = [
    (path.parent.name, engine)
    for path in sorted(EXAMPLES.glob("*/gitops.py"))
    for engine in sorted(load(path).platform.engines)
]


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Refuse every connection, and every question after a host."""
    asked: list[object] = []

    def refused(*arguments: object, **_: object) -> None:
        asked.append(arguments)
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    yield asked
    assert asked == [], "nothing is asked of a network"


def test_there_are_seventeen() -> None:
    assert len({name for name, _ in CASES}) == 17


@pytest.mark.slow
@pytest.mark.parametrize(("name", "engine"), CASES)
def test_each_example_converges_without_a_network(name: str, engine: str) -> None:
    with targets.prepare(EXAMPLES / name, targets.RunOptions(engine=engine)) as prepared:
        world = make_world(prepared.blueprint, VirtualClock(), prepared.outside)
        assert world.run_until_settled(up.LIMIT)
        assert [note for note in prepared.notes if note.is_problem] == []
    report = world.report()
    assert [f"{item.key}: {item.message}" for item in report.deliveries if item.state != "ready"] == []
    assert len(report.deliveries) > 1
    assert world.faults == []
    objects = [entry for item in report.deliveries for entry in item.objects]
    assert [f"{entry.key}: {entry.status}" for entry in objects if not entry.available] == []


def test_the_chart_of_the_guide_is_deployed_with_custom_values() -> None:
    with targets.prepare(EXAMPLES / "03-helm", targets.RunOptions()) as prepared:
        world = make_world(prepared.blueprint, VirtualClock(), prepared.outside)
        assert world.run_until_settled(up.LIMIT)
    (found,) = world.clusters["production"].list(GroupKind("apps", "StatefulSet"))
    assert found["metadata"]["namespace"] == "databases"
    assert found["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] == "50Gi"
