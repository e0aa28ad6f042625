"""What ``diff`` says of a step is what ``up`` does at it: what goes, what comes and what is made anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pygit2
import pytest
from pygit2.enums import ResetMode
from tests.app import random_steps
from tests.changes import revisions as made
from tests.changes.test_conformance import FOLDER, NAMES, revisions
from tests.shared import needs_shared

from nixernetes.app import targets, up
from nixernetes.app.diff import DiffOptions, differences
from nixernetes.app.worlds import World, make_world
from nixernetes.changes.change import Action
from nixernetes.changes.report import ChangeReport
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import key_of
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Manifest

LONG_ENOUGH = timedelta(hours=2)  # for each interval and retry of these repositories
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"

BY_HAND = "nixernetes-bootstrap"  # as what starts a cluster is applied
_WAITING = "waits for a sync"  # of somebody: up has nobody who does
Objects = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did to the clusters: what went, what came, and what has another identity now."""

    gone: set[tuple[str, str]]
    new: set[tuple[str, str]]
    replaced: set[tuple[str, str]]


def _objects(world: World) -> Objects:
    found = ((name, item) for name, cluster in world.clusters.items() for item in cluster.written())
    return {(name, str(key_of(item))): item["metadata"]["uid"] for name, item in found if not _is_derived(item)}


def _is_derived(item: Manifest) -> bool:
    """Tell whether a controller made an object for another one: a diff speaks of what is in Git."""
    key = key_of(item)
    if item["metadata"].get("ownerReferences"):
        return key.group_kind != APPLICATION
    is_helms = key.kind == "HelmChart" or key.name.startswith("sh.helm.release.")
    return is_helms or key.kind == "Event" or (key.kind, key.name) in _OF_NAMESPACES


_OF_NAMESPACES = (("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default"))


def _stepped(repository: Path) -> Step:
    """Run the first of two commits, then the second: what somebody applied by hand is applied by hand again."""
    git = pygit2.Repository(str(repository))
    base, head = (git.revparse_single(name).peel(pygit2.Commit).id for name in ("base", "head"))
    git.reset(base, ResetMode.HARD)
    with targets.prepare(repository, targets.RunOptions()) as before:
        world = make_world(before.blueprint, VirtualClock(), before.outside)
        assert world.run_until_settled(up.LIMIT)
        there = _objects(world)
        git.reset(head, ResetMode.HARD)
        with targets.prepare(repository, targets.RunOptions()) as after:
            _by_hand(world, before, after)
        world.run_for(LONG_ENOUGH)
        assert world.faults == []
        now = _objects(world)
    both = there.keys() & now.keys()
    return Step(
        gone=there.keys() - now.keys(),
        new=now.keys() - there.keys(),
        replaced={each for each in both if there[each] != now[each]},
    )


def _by_hand(world: World, before: targets.Prepared, after: targets.Prepared) -> None:
    plans = {plan.name: plan for plan in after.blueprint.clusters}
    for plan in before.blueprint.clusters:
        cluster, wanted = world.clusters[plan.name], plans[plan.name].bootstrap
        keys = {key_of(item.manifest) for item in wanted}
        for item in plan.bootstrap:
            if key_of(item.manifest) not in keys:
                cluster.delete(key_of(item.manifest))
        for item in wanted:
            if item not in plan.bootstrap:
                cluster.apply(item.manifest, manager=BY_HAND, force=True)


def _assert_same(report: ChangeReport, step: Step) -> None:
    def said(action: Action) -> set[tuple[str, str]]:
        return {
            (each.cluster, str(each.key))
            for each in report.changes
            if each.action is action and not each.reason.startswith(_WAITING)
        }

    def unnamed(some: set[tuple[str, str]]) -> Iterator[str]:
        """Yield what no danger names: what goes with its namespace, or may be deleted before it comes back."""
        words = " ".join(each.message for each in report.dangers)
        return (name for cluster, name in some if name not in words and name not in dangerous)

    dangerous = {str(each.object) for each in report.dangers}
    assert sorted(unnamed(step.gone - said(Action.DELETE))) == []
    assert sorted(said(Action.DELETE) - step.gone - step.replaced) == []
    assert sorted(step.new) == sorted(said(Action.CREATE))
    assert sorted(unnamed(step.replaced - said(Action.REPLACE) - said(Action.DELETE))) == []
    assert sorted(said(Action.REPLACE) - step.replaced) == []


@needs_shared
@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_of_a_step_happens(name: str, tmp_path: Path) -> None:
    url = json.loads((FOLDER / "cases" / name / "expected.json").read_text())["repository"]
    repository = revisions(FOLDER / "cases" / name, tmp_path / "repo", url)
    report = differences(DiffOptions(repo=repository, base="base", head="head"))
    _assert_same(report, _stepped(repository))


def _flux(*objects: str, **more: str) -> dict[str, str]:
    return made.flux(NAMESPACE + "".join(objects), **more)


ONE, TWO = made.config("one"), made.config("two")
KEPT = made.config("two", metadata=", labels: {kustomize.toolkit.fluxcd.io/prune: disabled}")
FINAL = made.FINALIZER


@pytest.mark.parametrize(
    ("base", "head"),
    [
        pytest.param(_flux(ONE, TWO), _flux(ONE), id="pruned"),
        pytest.param(_flux(ONE, KEPT), _flux(ONE), id="kept"),
        pytest.param(
            _flux(ONE, TWO, cluster=made.kustomization(more="prune: false")),
            _flux(ONE, cluster=made.kustomization(more="prune: false")),
            id="not-pruned",
        ),
        pytest.param(
            _flux(ONE, cluster=made.kustomization()),
            _flux(ONE, cluster=made.config("left", namespace="default")),
            id="gone",
        ),
        pytest.param(
            _flux(ONE, cluster=made.kustomization(more="prune: true, deletionPolicy: Orphan")),
            _flux(ONE, cluster=made.config("left", namespace="default")),
            id="orphaned",
        ),
        pytest.param(
            _flux(made.deployment()), _flux(made.deployment().replace("kind: Deployment", "kind: DaemonSet")), id="kind"
        ),
        pytest.param(made.argocd(NAMESPACE + ONE), made.argocd(NAMESPACE + TWO), id="argocd"),
        pytest.param(
            made.argocd(NAMESPACE + ONE, made.application(more=FINAL)),
            made.argocd(NAMESPACE + ONE, made.application("other", more=FINAL)),
            id="renamed",
        ),
    ],
)
def test_what_is_said_of_a_small_step_happens(base: dict[str, str], head: dict[str, str], tmp_path: Path) -> None:
    url = made.ARGO_URL if any(file.startswith("argocd/") for file in base) else made.FLUX_URL
    report = made.differ(tmp_path, base, head, url)
    assert report.changes
    _assert_same(report, _stepped(tmp_path))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_said_of_a_random_step_happens(seed: int, tmp_path: Path) -> None:
    url, base, head = random_steps.step(seed)
    _assert_same(made.differ(tmp_path, base, head, url), _stepped(tmp_path))
