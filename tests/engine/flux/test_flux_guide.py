"""The guide's examples, declared in Python, do in the engine what their "Result" lines say."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.engine.flux.conftest import URL, World, config_map, deployment

from nixernetes import gitops
from nixernetes.objects.manifest import Manifest

_SOURCE = {"kind": "GitRepository", "name": "nixernetes-repo"}


def _apply(world: World, *manifests: Manifest) -> None:
    for manifest in manifests:
        world.cluster.apply(manifest, manager="user", force=True)


def _start(world: World, files: Mapping[str, str]) -> str:
    revision = world.commit(files)
    repository = gitops.GitRepository(name="nixernetes-repo", url=URL, ref={"branch": "main"}, interval="1m")
    _apply(world, repository.manifest())
    return revision


def test_flux_polls_every_minute_for_changes(world: World) -> None:
    _start(world, {"apps/a.yaml": config_map("a")})
    world.run(seconds=59)
    before = len(world.source.polls)
    world.run(minutes=10)
    assert len(world.source.polls) - before == 10


def test_kustomizations_in_apps_are_applied_every_ten_minutes(world: World) -> None:
    _start(world, {"apps/a.yaml": config_map("a")})
    made = gitops.Kustomization(
        name="nixernetes-kustomize", source_ref=_SOURCE, path="./apps", interval="10m", prune=True, wait=True
    )
    _apply(world, made.manifest())
    world.run(hours=1)
    history = world.status("Kustomization", "nixernetes-kustomize")["history"]
    assert history[0]["totalReconciliations"] == 7


def test_flux_waits_for_deployments_before_a_sync_is_complete(world: World) -> None:
    revision = _start(world, {"apps/app.yaml": deployment("app", namespace="flux-system")})
    health = gitops.health_checks(kind="Deployment", name="app")
    made = gitops.Kustomization(name="nixernetes-kustomize", source_ref=_SOURCE, path="./apps", health=health)
    _apply(world, made.manifest())
    world.run(seconds=1)
    assert world.condition("Kustomization", "nixernetes-kustomize")[0] == "Unknown"
    world.settle()
    assert world.condition("Kustomization", "nixernetes-kustomize")[2] == f"Applied revision: {revision}"


@pytest.mark.parametrize(
    ("preset", "minutes", "prunes", "waits"),
    [
        (gitops.presets.aggressive, 1, True, True),
        (gitops.presets.standard, 10, True, True),
        (gitops.presets.conservative, 60, False, False),
        (gitops.presets.development, 1, True, False),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_preset_syncs_prunes_and_waits_as_it_says(
    world: World, preset: gitops.presets.Preset, minutes: int, *, prunes: bool, waits: bool
) -> None:
    _start(world, {"dev/web.yaml": deployment("web"), "dev/a.yaml": config_map("a")})
    made = gitops.Kustomization(name="apps", source_ref=_SOURCE, path="./dev") | preset
    _apply(world, made.manifest())
    world.run(seconds=0)
    assert world.condition("Kustomization", "apps")[0] == ("Unknown" if waits else "True")
    world.settle()
    live = world.get("ConfigMap", "a", "default") or {}
    world.cluster.update({**live, "data": {"by": "hand"}}, manager="kubectl-edit")
    world.run(minutes=minutes - 0.5)
    assert (world.get("ConfigMap", "a", "default") or {}).get("data") == {"by": "hand"}
    world.run(minutes=0.6)
    assert not (world.get("ConfigMap", "a", "default") or {}).get("data")
    world.commit({"dev/web.yaml": deployment("web")})
    world.run(minutes=2)
    assert (world.get("ConfigMap", "a", "default") is None) is prunes
