"""One way from a repository to its manifests: what ``render --all`` prints is what ``up`` has in its inventories."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.repositories import committed
from tests.shared import SHARED, needs_shared

from nixernetes.app import targets, up
from nixernetes.app.rendering import render_deliveries
from nixernetes.app.settings import settings_of, with_settings
from nixernetes.app.starting.init import init
from nixernetes.app.toolbox import ToolOptions
from nixernetes.app.worlds import World, make_world
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.scopes import is_cluster_scoped, is_cluster_scoped_policy

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PLATFORMS = sorted(path.parent.name for path in EXAMPLES.glob("*/gitops.py"))
CORPORA = sorted(path.name for path in (SHARED / "corpora").glob("*/")) if SHARED.is_dir() else []
KINDS = ("Kustomization", "HelmRelease", "Application", "ResourceSet")
HOOKS = ("helm.sh/hook", "argocd.argoproj.io/hook")

Contents = dict[tuple[str, str], set[str]]


@dataclass(frozen=True, slots=True)
class _Ran:
    """What ``up --once`` ended with: the inventories, what each delivery says, and the kinds of the whole cluster."""

    contents: Contents
    words: dict[tuple[str, str], str]
    states: dict[tuple[str, str], str]
    whole: frozenset[GroupKind]


def _ran(world: World) -> _Ran:
    rows = [each for each in world.report().deliveries if each.key.kind in KINDS]
    return _Ran(
        {(each.cluster, str(each.key)): {str(entry.key) for entry in each.objects} for each in rows},
        {(each.cluster, str(each.key)): each.message for each in rows},
        {(each.cluster, str(each.key)): each.state for each in rows},
        frozenset(
            entry.key.group_kind
            for each in rows
            for entry in each.objects
            if world.clusters[each.cluster].is_namespaced(entry.key.group_kind) is False
        ),
    )


def _run(target: Path, engine: str = "") -> tuple[_Ran, Path]:
    with targets.prepare(target, targets.RunOptions(engine=engine)) as prepared:
        world = make_world(prepared.blueprint, VirtualClock(), prepared.outside)
        assert world.run_until_settled(up.LIMIT), "everything comes to rest"
        assert world.faults == []
        copy = target
        if prepared.platform is not None:
            copy = target / ".nixernetes-built"
            shutil.copytree(prepared.platform.repository, copy)
    return _ran(world), copy


@dataclass(frozen=True, slots=True)
class _Walked:
    """What ``render --all`` gives: the objects of each delivery, why it is not rendered, and what brings it."""

    contents: Contents
    problems: dict[tuple[str, str], str]
    parents: dict[tuple[str, str], tuple[str, str] | None]
    hooks: dict[tuple[str, str], tuple[str, ...]]


def _rendered(repository: Path, target: Path, whole: frozenset[GroupKind]) -> _Walked:
    found = _Walked({}, {}, {}, {})
    query = render_deliveries.Query(repo=repository, options=with_settings(ToolOptions(), settings_of(target)))
    for cluster in render_deliveries.render(query).clusters:
        for each in cluster.deliveries:
            if each.key.kind not in KINDS:
                continue
            at = (cluster.name, str(each.key))
            items = [item.manifest for item in each.manifests if not _is_hook(item.manifest)]
            hooks = [item.manifest for item in each.manifests if _is_hook(item.manifest)]
            found.hooks[at] = tuple(_started_name(item, each.manifest, whole) for item in hooks)
            found.contents[at] = {_placed(item, each.manifest, whole) for item in items}
            parent = next((key for key in each.parents if key.kind in KINDS), None)
            found.parents[at] = None if parent is None else (cluster.name, str(parent))
            if each.problem:
                found.problems[at] = each.problem
    return found


def _started_name(hook: Manifest, delivery: Manifest, whole: frozenset[GroupKind]) -> str:
    """Return how the names of the objects begin that a hook becomes; one without a name gets one with a number."""
    meta = {**hook["metadata"], "name": hook["metadata"].get("name") or hook["metadata"].get("generateName", "")}
    return _placed({**hook, "metadata": meta}, delivery, whole)


def _is_hook(manifest: Manifest) -> bool:
    return any(name in annotations_of(manifest) for name in HOOKS)


def _placed(manifest: Manifest, delivery: Manifest, whole: frozenset[GroupKind]) -> str:
    """Name an object as it is applied: what names no namespace goes where its delivery puts it."""
    key, spec = key_of(manifest), delivery["spec"]
    if key.group_kind in whole or is_cluster_scoped(key.group_kind) or is_cluster_scoped_policy(key.group_kind):
        return str(ObjectKey(key.group, key.kind, "", key.name))
    place = (spec.get("destination") or {}).get("namespace") or spec.get("targetNamespace")
    return str(key._replace(namespace=key.namespace or place or delivery["metadata"]["namespace"]))


def _agree(target: Path, engine: str = "") -> tuple[_Ran, Contents]:
    ran, repository = _run(target, engine)
    walked = _rendered(repository, target, ran.whole)
    assert set(ran.contents) <= set(walked.contents), "nothing runs that is not rendered"
    for at, objects in walked.contents.items():
        parent = walked.parents[at]
        if at not in ran.contents:
            # What is not there was not brought: what brings it says why it has not applied anything.
            assert parent is not None, at
            assert parent not in ran.contents or not ran.contents[parent], (at, parent)
            continue
        if at in walked.problems:
            assert ran.states[at] != "ready", (at, walked.problems[at])
        elif not ran.contents[at]:
            assert not objects or ran.states[at] != "ready", at
        else:
            applied = {key for key in ran.contents[at] if not key.startswith(walked.hooks[at])}
            assert applied == objects, at
    return ran, walked.contents


@pytest.mark.slow
@pytest.mark.parametrize("name", PLATFORMS)
def test_each_example_is_one(name: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / name, tmp_path / name)
    ran, contents = _agree(tmp_path / name)
    assert sum(map(len, contents.values())) > 3
    assert set(ran.states.values()) == {"ready"}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["flux", "argocd"])
@pytest.mark.parametrize("structure", ["flat", "hierarchy"])
def test_each_build_is_one(structure: str, engine: str, tmp_path: Path) -> None:
    init(tmp_path, structure=structure, engine="both")
    ran, contents = _agree(tmp_path, engine)
    assert sum(map(len, contents.values())) > 3
    assert set(ran.states.values()) == {"ready"}


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("name", CORPORA)
def test_each_public_repository_is_one(name: str, tmp_path: Path) -> None:
    repository = committed(SHARED / "corpora" / name, tmp_path / "r")
    _, contents = _agree(repository)
    assert sum(map(len, contents.values())) > 3
