"""A world that is kept goes on where it ended, whatever ended it, and nothing is told that is not kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.repositories import repository_of

from nixernetes.adapters.api_server.state_folders import state_folder
from nixernetes.app import targets, up
from nixernetes.app.serving.kept_worlds import StateOfWorld, kept_world
from nixernetes.app.worlds import World, make_world
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.storage.port import StorageError
from nixernetes.errors import InputError
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import CONFIG_MAP, POD
from nixernetes.objects.manifest import Manifest

KUSTOMIZATION = GroupKind("kustomize.toolkit.fluxcd.io", "Kustomization")
FILES = {
    "clusters/dev/flux-system/gotk-sync.yaml": """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: https://git.example/fleet, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, path: ./clusters/dev, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
""",
    "clusters/dev/web.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'web:1'}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: default}
data: {a: b}
""",
}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fleet")
    return repository_of(FILES, folder, "r")


@contextmanager
def going_on(fleet: Path, folder: Path, clock: VirtualClock) -> Iterator[tuple[World, StateOfWorld]]:
    """Begin, or go on; the end of the block forgets whatever was not kept, as the death of the process does."""
    with ExitStack() as until:
        state = until.enter_context(kept_world(folder))
        prepared = until.enter_context(targets.prepare(fleet, targets.RunOptions()))
        yield make_world(prepared.blueprint, clock, prepared.outside, store=state), state


def all_of(world: World) -> dict[ObjectKey, Manifest]:
    return {key_of(item): item for item in world.clusters["dev"].written()}


def spec_of(item: Manifest) -> Any:
    return {name: value for name, value in item.items() if name not in ("status", "metadata")}


def test_it_goes_on_with_the_very_same_objects(fleet: Path, tmp_path: Path) -> None:
    clock = VirtualClock()
    mine = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine", "namespace": "default"}}
    with going_on(fleet, tmp_path, clock) as (world, state):
        assert world.run_until_settled(up.LIMIT)
        world.clusters["dev"].create(mine, manager="me")
        world.clusters["dev"].delete(ObjectKey(*KUSTOMIZATION, "flux-system", "flux-system"))
        world.run_for(timedelta(minutes=1))
        state.keep()
        before, revision = all_of(world), world.clusters["dev"].revision
        world.clusters["dev"].delete(key_of(mine))  # nobody is told of it
    with going_on(fleet, tmp_path, clock) as (world, _):
        assert world.clusters["dev"].revision == revision
        assert all_of(world) == before
        assert ObjectKey(*KUSTOMIZATION, "flux-system", "flux-system") not in before, "what started it stays deleted"
        world.run_for(timedelta(minutes=30))
        assert world.clusters["dev"].revision == revision, "it was at rest"
        assert world.faults == []


def test_what_was_under_way_is_done_in_the_end(fleet: Path, tmp_path: Path) -> None:
    """Kept and ended after every few steps, it comes to the same end as one that ran through."""
    clock = VirtualClock()
    for _ in range(12):
        with going_on(fleet, tmp_path / "often", clock) as (world, state):
            world.runtime.run_due(limit=3)
            clock.advance_to(clock.now() + timedelta(seconds=1))
            world.runtime.run_due(limit=1)
            state.keep()
    with going_on(fleet, tmp_path / "often", clock) as (world, _):
        assert world.run_until_settled(up.LIMIT)
        often = all_of(world)
    with going_on(fleet, tmp_path / "once", clock) as (world, _):
        assert world.run_until_settled(up.LIMIT)
        once = all_of(world)
    plain = {key for key in once if key.group_kind != POD}
    assert {key for key in often if key.group_kind != POD} == plain
    assert len([key for key in often if key.group_kind == POD]) == len([key for key in once if key.group_kind == POD])
    web = ObjectKey(*KUSTOMIZATION, "flux-system", "flux-system")
    assert often[web]["status"]["inventory"] == once[web]["status"]["inventory"]
    assert [spec_of(often[key]) for key in sorted(plain) if key.kind == "ConfigMap"] == [
        spec_of(once[key]) for key in sorted(plain) if key.kind == "ConfigMap"
    ]


def test_drift_from_before_is_undone_after(fleet: Path, tmp_path: Path) -> None:
    clock, settings = VirtualClock(), ObjectKey(*CONFIG_MAP, "default", "settings")
    with going_on(fleet, tmp_path, clock) as (world, state):
        assert world.run_until_settled(up.LIMIT)
        world.clusters["dev"].delete(settings)
        state.keep()
    with going_on(fleet, tmp_path, clock) as (world, _):
        assert world.clusters["dev"].get(settings) is None
        world.run_for(timedelta(minutes=11))
        assert world.clusters["dev"].get(settings) is not None


def test_what_cannot_be_kept_did_not_happen(fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, settled = VirtualClock(), list[int]()
    mine = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine", "namespace": "default"}}
    with going_on(fleet, tmp_path, clock) as (world, state):
        assert world.run_until_settled(up.LIMIT)
        assert state.is_kept()
        state.settled = lambda: settled.append(world.clusters["dev"].revision)
        before = all_of(world)
        with monkeypatch.context() as full:
            journal = state.opened["dev"].journal
            full.setattr(journal._store, "keep", _full)
            world.clusters["dev"].create(mine, manager="me")
            assert not state.is_kept()
            assert all_of(world) == before
            world.clusters["dev"].create(mine, manager="me")
            with pytest.raises(StorageError, match="no room"):
                state.keep()
        world.clusters["dev"].create(mine, manager="me")
        state.keep()
        with pytest.raises(ApiError, match="already exists"):
            world.clusters["dev"].create(mine, manager="me")
        assert len(settled) == 3


def _full(changes: object) -> None:
    del changes
    raise StorageError("no room")


def test_the_state_of_something_else_is_refused(fleet: Path, tmp_path: Path) -> None:
    with kept_world(tmp_path) as state:
        state.claim(fleet)
        with pytest.raises(InputError, match="another server uses it"), kept_world(tmp_path):
            pass
    with kept_world(tmp_path) as state:
        state.claim(fleet)
        with pytest.raises(InputError, match=f"is the state of {fleet}: give another folder"):
            state.claim(tmp_path)
    with pytest.raises(InputError, match="is the state of `nixernetes up`"), state_folder(tmp_path):
        pass
