"""Generators give what Argo CD's own tests say, and templates are filled in as there."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import IN_CLUSTER
from nixernetes.render.argocd.applicationsets.clusters import (
    TargetCluster,
    declared_clusters,
)
from nixernetes.render.argocd.applicationsets.generators import GeneratorInputs, generate
from nixernetes.render.argocd.applicationsets.templates import Templating
from nixernetes.render.tree import MemoryTree

_FILE = SHARED / "conformance" / "appset_tables.json"
_CASES: list[Json] = json.loads(_FILE.read_text())["cases"] if _FILE.is_file() else []


def _clusters(case: Json) -> list[TargetCluster]:
    declared = declared_clusters(case.get("clusters") or [])
    local = [] if any(one.server == IN_CLUSTER for one in declared) else [IN_CLUSTER]
    return [*(TargetCluster(name="in-cluster", server=server) for server in local), *declared]


def _kept(row: Json, dropped: list[str]) -> Json:
    """Return parameters without those that begin with what a case leaves out: ``path.x`` is below ``path`` for Go."""
    found = {name: value for name, value in row.items() if not name.startswith(tuple(dropped))}
    for name in dropped:
        outer, _, inner = name.partition(".")
        if isinstance(found.get(outer), dict):
            found[outer] = {part: value for part, value in found[outer].items() if not part.startswith(inner)}
    return found


def _paths(row: Json) -> Iterator[str]:
    """Yield the paths of folders that a row speaks of."""
    for name, value in row.items():
        if name.rpartition(".")[2] == "path" and isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _paths(value)


def _generated(case: Json) -> list[str]:
    templating = Templating(go=case["go"], options=tuple(case.get("options") or ()))
    listed = case.get("folders")
    tree = MemoryTree({**(case.get("files") or {}), **{f"{folder}/x": "" for folder in listed or []}})
    around = GeneratorInputs(clusters=lambda: _clusters(case), tree=lambda _, __: tree, templating=templating)
    rows = [found.values for found in generate(case["generators"], around)]
    if listed:  # a repository has the folders that hold these, too
        rows = [row for row in rows if set(_paths(row)) <= set(listed)]
    return sorted(json.dumps(_kept(row, case.get("drop") or []), sort_keys=True) for row in rows)


@needs_shared
@pytest.mark.parametrize("case", [case for case in _CASES if case["op"] == "generate"], ids=lambda case: case["id"])
def test_generators_give_what_argo_cd_gives(case: Json) -> None:
    if "error" in case:
        with pytest.raises(InputError):
            _generated(case)
    else:
        assert _generated(case) == sorted(json.dumps(row, sort_keys=True) for row in case["expected"])


@needs_shared
@pytest.mark.parametrize("case", [case for case in _CASES if case["op"] == "fill"], ids=lambda case: case["id"])
def test_templates_are_filled_in_as_argo_cd_does(case: Json) -> None:
    templating = Templating(go=case["go"], options=tuple(case.get("options") or ()))
    if "error" in case:
        with pytest.raises(InputError):
            templating.fill(case["value"], case["params"])
    else:
        assert templating.fill(case["value"], case["params"]) == case["expected"]


def test_values_of_a_second_generator_may_name_its_own_parameters() -> None:
    rows = {"list": {"elements": [{"env": "dev"}]}}
    second = {"list": {"elements": [{"app": "api"}]}}
    tree = MemoryTree({"apps/api/x.yaml": ""})
    own = {"own": "{{ .path.basename }}", "both": "{{ .env }}-{{ .path.basename }}", "first": "{{ .env }}"}
    git = {"git": {"repoURL": "u", "directories": [{"path": "apps/*"}], "values": own}}
    around = GeneratorInputs(clusters=list, tree=lambda _, __: tree, templating=Templating(go=True))
    (found,) = generate([{"matrix": {"generators": [rows, git]}}], around)
    assert found.values["values"] == {"own": "api", "both": "<no value>-api", "first": "dev"}
    (plain,) = generate([{"matrix": {"generators": [rows, second]}}], around)
    assert plain.values == {"env": "dev", "app": "api"}
