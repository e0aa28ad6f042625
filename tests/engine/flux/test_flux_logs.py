"""What the controllers of Flux write into their logs."""

from __future__ import annotations

from functools import partial

from tests.engine.flux.conftest import World, config_map

from nixernetes.engine.logs.kept import ControllerLogs
from nixernetes.engine.logs.telling import write_event


def _logged(world: World) -> ControllerLogs:
    world.recorder.logs = logs = ControllerLogs(world.clock, keep=100)
    world.recorder.subscribe_all(partial(write_event, logs))
    return logs


def test_a_source_tells_what_it_stored_and_that_nothing_is_new(world: World) -> None:
    logs = _logged(world)
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.run(minutes=2)
    found = [line.message for line in logs.lines("test", "source-controller")]
    assert found[0].startswith("stored artifact for commit ")
    assert found[1].startswith("no changes since last reconcilation: observed revision 'main@sha1:")
    assert [event.reason for event in world.recorder.recent] == ["NewArtifact"]  # nobody is notified of a trace


def test_a_failure_is_an_error(world: World) -> None:
    logs = _logged(world)
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization(path="./nowhere")
    world.settle()
    bad = [line for line in logs.lines("test", "kustomize-controller") if line.level == "error"]
    assert bad
    assert bad[0].error == "ArtifactFailed"
