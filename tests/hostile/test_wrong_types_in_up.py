"""A value of the wrong type anywhere in what is delivered ends no run, and touches nothing but its own delivery."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given, settings, strategies as st
from tests.wrong_types import changes, read

from nixernetes.app import up
from nixernetes.app.worlds import Blueprint
from nixernetes.cli import view
from nixernetes.engine import reports
from nixernetes.engine.outside import Outside
from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.estate import read_estate
from nixernetes.render.sources.git import Ref, Snapshot
from nixernetes.render.tools import Tools
from nixernetes.render.tree import MemoryTree, Tree
from nixernetes.testing import MemoryCharts, MemoryRegistries

FILES = read(Path(__file__).parent / "every_object")
FLUX = {path: text for path, text in FILES.items() if not path.startswith("argo/")}
ARGO = {path: text for path, text in FILES.items() if not path.startswith("clusters/")}


class _Repository:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def resolve(self, url: str, ref: Ref) -> tuple[str, str]:
        del url
        return "a" * 40, ref.branch

    def snapshot(self, url: str, ref: Ref) -> Snapshot:
        commit, reference = self.resolve(url, ref)
        return Snapshot(commit=commit, reference=reference, tree=self._tree)


class _Helm:
    def template(self, *_: Any) -> list[Any]:
        return []


def _up(files: dict[str, str]) -> up.RunOutcome:
    tree = MemoryTree(files)
    tools = Tools(source=_Repository(tree), repositories=MemoryCharts(), registries=MemoryRegistries(), charts=_Helm())
    clusters = tuple(read_estate(tree).clusters)
    engines = frozenset(engine for each in clusters for engine in each.engines)
    outcome = up.once(Blueprint(clusters=clusters, engines=engines), Outside(builder=Builder(tools)))
    assert reports.to_json(outcome.report)
    assert view.tree(outcome.report)
    list(view.summary(outcome.report))
    return outcome


def _state(outcome: up.RunOutcome, name: str) -> str:
    return next((each.state for each in outcome.report.deliveries if each.key.name == name), "")


def test_the_objects_converge_as_they_are() -> None:
    for files in (FLUX, ARGO):
        outcome = _up(files)
        assert (outcome.faults, outcome.refused) == ((), ())
        assert (_state(outcome, "objects"), _state(outcome, "witness")) == ("ready", "ready")


def _survives(data: st.DataObject, files: dict[str, str], folder: str) -> up.RunOutcome | None:
    path = data.draw(st.sampled_from(sorted(path for path in files if path.startswith(folder))))
    changed = data.draw(changes([each.data for each in yamls.parse_all(files[path])]))
    try:
        outcome = _up({**files, path: yamls.dump_all(changed)})
    except InputError as error:
        assert str(error)  # noqa: PT017  # both outcomes are right; only another exception is not
        return None
    assert [fault for fault in outcome.faults if fault.startswith("internal error")] == []
    return outcome


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_a_wrong_type_in_what_an_engine_is_told_ends_no_run(data: st.DataObject) -> None:
    files, folder = data.draw(st.sampled_from([(FLUX, "clusters/"), (ARGO, "argo/")]))
    _survives(data, files, folder)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_a_wrong_type_in_an_object_touches_only_its_own_delivery(data: st.DataObject) -> None:
    outcome = _survives(data, data.draw(st.sampled_from([FLUX, ARGO])), "objects/")
    assert outcome is not None
    assert outcome.settled
    assert _state(outcome, "witness") == "ready"
