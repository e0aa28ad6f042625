"""A report that keeps its rows says what one that reads everything says, whatever has changed in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.app.console.worlds import settled

from nixernetes.app.worlds import World
from nixernetes.engine.reports.kept_rows import KeptRows
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import DEPLOYMENT

SHOP = ObjectKey(*DEPLOYMENT, "production", "shop")


@pytest.fixture(name="world", params=["flux", "argocd"])
def a_world(request: pytest.FixtureRequest) -> Iterator[World]:
    with settled(engine=request.param) as world:
        yield world


def test_what_is_kept_is_what_is_read(world: World) -> None:
    kept = KeptRows()
    assert world.report(kept=kept) == world.report()
    cluster = world.clusters["eu-west-1"]
    live = cluster.get(SHOP)
    assert live is not None
    cluster.update({**live, "spec": {**live["spec"], "replicas": 7}}, manager="somebody")
    assert world.report(kept=kept) == world.report()
    for _ in range(20):
        world.run_for(timedelta(seconds=30))
        assert world.report(kept=kept) == world.report()
    cluster.delete(SHOP)
    assert world.report(kept=kept) == world.report()


def test_a_row_is_read_again_only_where_something_changed(world: World) -> None:
    kept = KeptRows()
    world.report(kept=kept)
    before = dict(kept._now)
    world.report(kept=kept)
    assert {who: id(each) for who, each in kept._now.items()} == {who: id(each) for who, each in before.items()}
