"""What Flux's CRDs would refuse is told on the object, and harms nobody else."""

from __future__ import annotations

import pytest
from tests.engine.flux.conftest import World, config_map

from nixernetes.engine.flux.admission import read
from nixernetes.gitops.flux import GitRepository
from nixernetes.objects.manifest import Json, Manifest


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"interval": None}, "spec.interval: Required value"),
        (
            {"interval": "1d"},
            (
                "spec.interval: Invalid value: '1d': must be a duration of the units ms, s, m and h, "
                "such as 30s, 10m or 1h30m: write 24h"
            ),
        ),
        ({"interval": 60}, "spec.interval: Invalid value: must be of type string"),
        ({"prune": "yes"}, "spec.prune: Invalid value: must be of type boolean"),
        ({"sourceRef": {"kind": "GitRepository"}}, "spec.sourceRef.name: Required value"),
        ({"dependsOn": ["base"]}, "spec.dependsOn[0]: Invalid value: must be of type object"),
        ({"healthChecks": {}}, "spec.healthChecks: Invalid value: must be of type array"),
        ({"postBuild": []}, "spec.postBuild: Invalid value: must be of type object"),
    ],
)
def test_an_invalid_kustomization_is_stalled_with_the_reason(world: World, change: Json, fault: str) -> None:
    world.permissive()
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
    bare = {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": {"name": "a"}}
    assert read(GitRepository, bare).fault == "spec: Required value"


@pytest.mark.parametrize("metadata", [None, "web", ["web"], {}])
def test_an_object_without_a_name_is_refused(metadata: Json) -> None:
    bare: Manifest = {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "spec": {"interval": "1m"}}
    assert "metadata.name: Required value" in read(GitRepository, {**bare, "metadata": metadata}).fault


def test_a_corrected_object_runs(world: World) -> None:
    world.permissive()
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository(interval="1d")
    world.kustomization(retryInterval="1m")
    world.run(minutes=1)
    world.repository()
    assert world.settle()
    assert world.condition("Kustomization", "apps")[0] == "True"


def test_an_object_that_becomes_invalid_keeps_what_it_applied_when_it_is_deleted(world: World) -> None:
    """What is to be done with its objects cannot be read any more: nothing is deleted on a guess."""
    world.permissive()
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization()
    assert world.settle()
    world.kustomization(prune="yes")
    assert world.settle()
    world.delete("Kustomization", "apps")
    assert world.settle()
    assert world.get("Kustomization", "apps") is None
    assert "a" in world.names("ConfigMap")


def test_an_object_is_read_once_while_its_spec_stays(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    before = read(GitRepository, world.get("GitRepository", "repo") or {})
    assert world.settle()
    live = world.get("GitRepository", "repo") or {}
    live = {**live, "metadata": {**live["metadata"], "finalizers": None}}
    assert read(GitRepository, live).resource is before.resource
    world.repository(interval="5m")
    after = read(GitRepository, world.get("GitRepository", "repo") or {}).resource
    assert after is not None
    assert after.interval == "5m"


def test_an_alert_that_is_refused_says_so_at_each_event_and_others_go_on(world: World) -> None:
    world.permissive()
    world.put("Provider", "hook", {"type": "generic", "address": "https://hooks.example.com"})
    sources = [{"kind": "Kustomization", "name": "*"}]
    world.put("Alert", "bad", {"providerRef": {"name": "hook"}, "eventSources": sources, "suspend": "no"})
    world.put("Alert", "good", {"providerRef": {"name": "hook"}, "eventSources": sources})
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization()
    assert world.settle()
    assert "spec.suspend: Invalid value: must be of type boolean" in world.messages("InvalidConfig")
    assert world.notifier.posts
