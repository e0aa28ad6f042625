"""The CustomResourceDefinitions that are served are made from the models, and are those of Flux and Argo CD."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.app.worlds import Blueprint, make_world
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.engine.outside import Outside
from nixernetes.gitops.decoding import KINDS
from nixernetes.gitops.definitions import definition_of, definitions_of
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.estate import StartedCluster
from nixernetes.render.tools import Tools
from nixernetes.testing import MemoryCharts, MemoryRegistries, MemorySource

ROOT = Path(__file__).resolve().parents[2]
CRD = GroupKind("apiextensions.k8s.io", "CustomResourceDefinition")
ANYTHING = "x-kubernetes-preserve-unknown-fields"
# Required there, and filled in by a default before anybody looks.
DEFAULTED = {"provider", "kind"}


DEMANDS = ("default", "enum", "pattern", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum")


def _demands(theirs: Any, ours: Any) -> Iterator[str]:
    """Yield the parts of a schema in which two demand other things; of rules the messages are what one sees."""
    yield from (part for part in DEMANDS if part in theirs and theirs[part] != ours.get(part))
    rules = "x-kubernetes-validations"
    said = [[rule["message"] for rule in schema.get(rules, ())] for schema in (theirs, ours)]
    yield from (rules for _ in range(said[0] != said[1]))


def _differences(theirs: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Yield where two schemas have other fields, other types, or other fields that must be given."""
    if ours.get(ANYTHING) or theirs.get(ANYTHING) or path in (".metadata", ".status"):
        return
    for part in ("type", "x-kubernetes-int-or-string"):
        if theirs.get(part) != ours.get(part):
            yield f"{path}: {part} {theirs.get(part)} here {ours.get(part)}"
            return
    yield from (f"{path}: {part} {theirs[part]} here {ours.get(part)}" for part in _demands(theirs, ours))
    mine, known = ours.get("properties", {}), theirs.get("properties", {})
    yield from (
        f"{path}.{name}: only on one side" for name in mine.keys() ^ known.keys() if f"{path}.{name}" != ".status"
    )
    for name in mine.keys() & known.keys():
        yield from _differences(known[name], mine[name], f"{path}.{name}")
    needed = set(theirs.get("required", [])) ^ set(ours.get("required", []))
    if path and needed - DEFAULTED:
        yield f"{path}: required {sorted(needed)}"
    if "items" in theirs:
        yield from _differences(theirs["items"], ours.get("items", {}), f"{path}[]")


@needs_shared
@pytest.mark.parametrize("kind", sorted(KINDS), ids=str)
def test_a_definition_is_that_of_its_controller(kind: GroupKind) -> None:
    (file,) = (SHARED / "conformance" / "crds").glob(f"{kind.group}_*_{kind.kind}.json")
    found = json.loads(file.read_text())
    (version,) = definition_of(kind)["spec"]["versions"]
    assert f"_{version['name']}_" in file.name
    assert list(_differences(found.get("openAPIV3Schema", found), version["schema"]["openAPIV3Schema"])) == []


def test_definitions_are_found_by_the_end_of_their_group() -> None:
    assert [crd["metadata"]["name"] for crd in definitions_of("argoproj.io")] == [
        "applications.argoproj.io",
        "applicationsets.argoproj.io",
        "appprojects.argoproj.io",
    ]
    assert len(definitions_of("fluxcd.io")) == len(KINDS) - 3


def test_an_engine_brings_the_definitions_of_its_kinds() -> None:
    tools = Tools(
        source=MemorySource(), repositories=MemoryCharts(), registries=MemoryRegistries(), charts=MemoryCharts()
    )
    plan = StartedCluster(name="one", server="https://one.example", bootstrap=())
    blueprint = Blueprint(clusters=(plan,), engines=frozenset({"flux"}))
    world = make_world(blueprint, VirtualClock(), Outside(builder=Builder(tools)))
    names = [crd["metadata"]["name"] for crd in world.clusters["one"].list(CRD)]
    assert names == [crd["metadata"]["name"] for crd in definitions_of("fluxcd.io")]


def test_a_definition_that_nobody_looked_at_is_there_and_can_be_deleted() -> None:
    cluster = EmbeddedCluster(name="c", clock=VirtualClock())
    kind, made = GroupKind("source.toolkit.fluxcd.io", "GitRepository"), []

    def definition() -> Any:
        made.append(kind)
        return definition_of(kind)

    cluster.serve(kind, definition=definition)
    assert cluster.is_namespaced(kind)
    assert made == []
    key = ObjectKey(*CRD, "", "gitrepositories.source.toolkit.fluxcd.io")
    found = cluster.get(key)
    assert found is not None
    assert {each["type"] for each in found["status"]["conditions"]} == {"Established", "NamesAccepted"}
    assert (cluster.list(CRD), made) == ([found], [kind])
    cluster.delete(key)
    assert cluster.is_namespaced(kind) is None


def test_the_definitions_are_what_the_models_say() -> None:
    command = [sys.executable, str(ROOT / "scripts/make_definitions.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
