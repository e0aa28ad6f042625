"""Requests by annotation, and waking up again after a restart."""

from __future__ import annotations

import pytest
from tests.engine.flux.conftest import TemplateCharts, World, config_map
from tests.engine.flux.releases import CHARTS, broken, release
from tests.engine.flux.test_flux_helm import _ready

from nixernetes.engine.events import Recorder
from nixernetes.engine.flux.install import install_flux
from nixernetes.engine.outbox import Outbox
from nixernetes.engine.outside import Outside
from nixernetes.engine.runtime import Runtime
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.tools import Tools


def _request(world: World, kind: str, name: str, namespace: str, **parts: str) -> None:
    live = world.get(kind, name, namespace) or {}
    annotations = {f"reconcile.fluxcd.io/{part}": token for part, token in parts.items()}
    world.cluster.update({**live, "metadata": {**live["metadata"], "annotations": annotations}}, manager="flux")


def test_a_reset_gives_a_stalled_release_another_attempt(world: World) -> None:
    world.charts.add(CHARTS, broken("1.0.0"))
    release(world)
    world.settle()
    world.cluster.namespace("elsewhere")
    world.run(minutes=30)
    assert _ready(world)[0] == "False"
    _request(world, "HelmRelease", "web", "default", requestedAt="t1", resetAt="t1")
    assert world.settle()
    assert _ready(world)[0] == "True"
    status = world.status("HelmRelease", "web", "default")
    assert (status["lastHandledResetAt"], status["lastHandledReconcileAt"]) == ("t1", "t1")


def test_a_reset_without_a_request_does_nothing(world: World) -> None:
    world.charts.add(CHARTS, broken("1.0.0"))
    release(world)
    world.settle()
    _request(world, "HelmRelease", "web", "default", requestedAt="t1", resetAt="t0")
    world.settle()
    assert "lastHandledResetAt" not in world.status("HelmRelease", "web", "default")


def test_flux_goes_on_after_a_restart(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a", v="1")})
    world.repository()
    world.kustomization()
    world.settle()
    runtime, recorder = Runtime(world.clock), Recorder(world.clock)
    outside = Outside(
        builder=Builder(
            Tools(source=world.source, repositories=world.charts, registries=world.registries, charts=TemplateCharts())
        ),
        outbox=Outbox(world.notifier),
    )
    world.runtime, world.recorder = runtime, recorder
    world.flux = install_flux(
        runtime=runtime, cluster_name="test", api=world.cluster, outside=outside, recorder=recorder
    )
    revision = world.commit({"apps/a.yaml": config_map("a", v="2")})
    assert world.settle()
    assert world.condition("Kustomization", "apps")[2] == f"Applied revision: {revision}"


def test_nothing_is_settled_before_it_was_looked_at(world: World) -> None:
    assert world.flux.settled()
    world.repository()
    assert not world.flux.settled()


@pytest.mark.parametrize("interval", ["0s", "1ms"])
@pytest.mark.parametrize("path", ["./apps", "./nowhere"])
def test_an_interval_of_nothing_does_not_run_for_ever(world: World, interval: str, path: str) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository(interval=interval)
    world.kustomization(interval=interval, retryInterval=interval, path=path)
    world.run(minutes=2)
    assert world.condition("Kustomization", "apps")[0] == ("True" if path == "./apps" else "False")
