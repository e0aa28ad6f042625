"""What Flux's CRDs would refuse is told on the object, and harms nobody else."""

from __future__ import annotations

import pytest
from tests.engine.flux.conftest import World, config_map

from nixernetes.engine.flux.admission import refusal
from nixernetes.objects.manifest import Json


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"interval": None}, "spec.interval: Required value"),
        ({"interval": "1d"}, "spec.interval: Invalid value: '1d': write a duration as 30s, 10m or 1h30m"),
        ({"interval": 60}, "spec.interval: Invalid value: must be of type string"),
        ({"prune": "yes"}, "spec.prune: Invalid value: must be of type boolean"),
        ({"sourceRef": {"kind": "GitRepository"}}, "spec.sourceRef.name: Required value"),
        ({"dependsOn": ["base"]}, "spec.dependsOn[0].name: Required value"),
        ({"healthChecks": {}}, "spec.healthChecks: Invalid value: must be of type array"),
        ({"postBuild": []}, "spec.postBuild: Invalid value: must be of type object"),
    ],
)
def test_an_invalid_kustomization_is_stalled_with_the_reason(world: World, change: Json, fault: str) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization("bad", **change)
    world.kustomization("good")
    assert world.settle()
    status, reason, message = world.condition("Kustomization", "bad")
    assert (status, reason) == ("False", "InvalidSpec")
    assert message == f"Kustomization/flux-system/bad is invalid: {fault}"
    assert world.condition("Kustomization", "good")[0] == "True"


def test_an_object_without_spec_is_refused() -> None:
    assert refusal({"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository"}) == "spec: Required value"


def test_a_corrected_object_runs(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository(interval="1d")
    world.kustomization(retryInterval="1m")
    world.run(minutes=1)
    world.repository()
    assert world.settle()
    assert world.condition("Kustomization", "apps")[0] == "True"
