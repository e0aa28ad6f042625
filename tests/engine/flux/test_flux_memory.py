"""What is remembered of objects goes with them: a cluster whose objects come and go does not grow."""

from __future__ import annotations

import pytest
from tests.engine.flux.conftest import World, config_map

from nixernetes.engine.flux.applying.apply import Applier, ApplyOptions
from nixernetes.objects import yamls
from nixernetes.objects.identity import key_of


@pytest.mark.parametrize("how", ["pruned", "forgotten"])
def test_an_applier_remembers_what_it_applies_and_nothing_else(world: World, how: str) -> None:
    applier = Applier(world.cluster, world.clock, "kustomize-controller")
    objects = [yamls.parse(config_map(f"a{number}")) for number in range(50)]
    keys = [key_of(one) for one in objects]
    list(applier.apply(objects, ApplyOptions()))
    assert applier.remembered == 50
    if how == "pruned":
        assert sorted(change.key for change in applier.prune(keys[:40], {})) == sorted(keys[:40])
    else:
        applier.forget(keys[:40])
    assert applier.remembered == 10
