"""Deletion policies, controls on single objects, dependencies by expression, namespaces moved, sources by ref."""

from __future__ import annotations

import pytest
from tests.engine.flux.conftest import URL, World, config_map

from nixernetes.objects.manifest import Json

_GROUP = "kustomize.toolkit.fluxcd.io"


def _annotated(name: str, control: str, value: str, **data: str) -> str:
    text = config_map(name, **data)
    return text.replace("metadata:\n", f"metadata:\n  annotations: {{{_GROUP}/{control}: {value}}}\n", 1)


@pytest.mark.parametrize(
    ("spec", "stays"),
    [
        ({"prune": True}, False),
        ({"prune": False}, True),
        ({"prune": False, "deletionPolicy": "Delete"}, False),
        ({"prune": True, "deletionPolicy": "Orphan"}, True),
        ({"prune": True, "deletionPolicy": "WaitForTermination"}, False),
    ],
)
def test_the_deletion_policy_decides(world: World, spec: Json, *, stays: bool) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization(**spec)
    world.settle()
    world.delete("Kustomization", "apps")
    world.run(minutes=1)
    assert world.get("Kustomization", "apps") is None
    assert (world.get("ConfigMap", "a", "default") is not None) is stays


def test_waiting_for_termination_waits_for_finalizers(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization(deletionPolicy="WaitForTermination", timeout="1m")
    world.settle()
    live = world.get("ConfigMap", "a", "default") or {}
    held = {**live, "metadata": {**live["metadata"], "finalizers": ["example.com/hold"]}}
    world.cluster.update(held, manager="operator")
    world.delete("Kustomization", "apps")
    world.run(seconds=30)
    assert world.get("Kustomization", "apps") is not None
    live = world.get("ConfigMap", "a", "default") or {}
    world.cluster.update({**live, "metadata": {**live["metadata"], "finalizers": []}}, manager="operator")
    world.run(seconds=5)
    assert world.get("Kustomization", "apps") is None


def test_an_object_with_prune_disabled_outlives_its_manifest(world: World) -> None:
    world.commit({"apps/a.yaml": _annotated("a", "prune", "disabled"), "apps/b.yaml": config_map("b")})
    world.repository()
    world.kustomization()
    world.settle()
    world.commit({"apps/b.yaml": config_map("b")})
    world.run(minutes=2)
    assert world.get("ConfigMap", "a", "default") is not None


def test_an_object_that_is_only_created_keeps_its_changes(world: World) -> None:
    world.commit({"apps/a.yaml": _annotated("a", "ssa", "IfNotPresent", v="1")})
    world.repository()
    world.kustomization()
    world.settle()
    world.commit({"apps/a.yaml": _annotated("a", "ssa", "IfNotPresent", v="2")})
    world.run(minutes=2)
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"v": "1"}


def test_merged_objects_keep_what_others_wrote(world: World) -> None:
    world.commit({"apps/a.yaml": _annotated("a", "ssa", "Merge", v="1")})
    world.repository()
    world.kustomization()
    world.settle()
    live = world.get("ConfigMap", "a", "default") or {}
    world.cluster.update({**live, "data": {"v": "1", "more": "hand"}}, manager="kubectl-edit")
    world.run(minutes=11)
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"v": "1", "more": "hand"}


def test_ignored_drift_stays(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a", v="1", w="1")})
    world.repository()
    world.kustomization(ignore=[{"paths": ["/data/v"], "target": {"kind": "ConfigMap"}}])
    world.settle()
    live = world.get("ConfigMap", "a", "default") or {}
    world.cluster.update({**live, "data": {"v": "hand", "w": "hand"}}, manager="operator")
    world.run(minutes=11)
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"v": "hand", "w": "1"}


def test_a_target_of_ignored_fields_that_is_no_expression_is_told(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a", v="1")})
    world.repository()
    world.kustomization(ignore=[{"paths": ["/data/v"], "target": {"kind": "Config(Map"}}])
    world.settle()
    status, reason, message = world.condition("Kustomization", "apps")
    assert (status, reason) == ("False", "ReconciliationFailed")
    assert message.startswith(
        "failed to create ignore rule selector: invalid kind regex: error parsing regexp: missing closing )"
    )


def test_a_ready_expression_replaces_the_check(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization("base", path="./nowhere", suspend=True)
    expression = "dep.spec.path == self.spec.path"
    world.kustomization("apps", dependsOn=[{"name": "base", "readyExpr": expression}])
    world.run(seconds=1)
    assert world.condition("Kustomization", "apps")[2] == (
        "dependency 'flux-system/base' is not ready according to readyExpr eval"
    )
    world.kustomization("base", path="./apps", suspend=True)
    world.run(minutes=1)
    assert world.condition("Kustomization", "apps")[0] == "True"


def test_a_ready_expression_without_a_value_is_tried_again(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization("base", path="./apps", suspend=True)
    world.kustomization("apps", dependsOn=[{"name": "base", "readyExpr": "dep.spec.targetNamespace == 'team'"}])
    world.run(seconds=1)
    status, reason, message = world.condition("Kustomization", "apps")
    assert (status, reason) == ("False", "DependencyNotReady")
    assert message.endswith("no such key: targetNamespace")
    world.kustomization("base", path="./apps", suspend=True, targetNamespace="team")
    world.run(minutes=1)
    assert world.condition("Kustomization", "apps")[0] == "True"


def test_a_target_namespace_moves_everything(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.cluster.namespace("team")
    world.repository()
    world.kustomization(targetNamespace="team")
    world.settle()
    assert world.get("ConfigMap", "a", "team") is not None
    assert world.get("ConfigMap", "a", "default") is None


def test_an_empty_build_prunes_everything(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization()
    world.settle()
    world.commit({"apps/README.md": "nothing here"})
    world.run(minutes=2)
    assert world.get("ConfigMap", "a", "default") is None


def test_a_tag_stays_where_it_is_until_it_moves(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a", v="1")})
    first = world.source.commit(URL, {"apps/a.yaml": config_map("a", v="1")})
    world.source.tag(URL, "v1", first)
    world.repository(ref={"tag": "v1"})
    world.kustomization()
    world.settle()
    world.commit({"apps/a.yaml": config_map("a", v="2")})
    world.run(minutes=5)
    assert world.status("GitRepository", "repo")["artifact"]["revision"] == f"v1@sha1:{first}"
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"v": "1"}


def test_a_cycle_of_dependencies_settles_as_not_ready(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization("a", dependsOn=[{"name": "b"}])
    world.kustomization("b", dependsOn=[{"name": "a"}])
    assert world.settle()
    assert world.condition("Kustomization", "a")[1] == "DependencyNotReady"


def test_definitions_are_applied_before_what_they_define(world: World) -> None:
    definition = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
---
apiVersion: v1
kind: Namespace
metadata: {name: fresh}
"""
    widget = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w, namespace: fresh}\n"
    world.commit({"apps/a.yaml": widget, "apps/z.yaml": definition})
    world.repository()
    world.kustomization()
    assert world.settle()
    ids = [one["id"] for one in world.status("Kustomization", "apps")["inventory"]["entries"]]
    assert ids[-1] == "fresh_w_example.com_Widget"
    assert world.condition("Kustomization", "apps")[0] == "True"


def test_an_ignored_field_that_is_no_pointer_is_told(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization(ignore=[{"paths": ["data"]}])
    world.settle()
    world.commit({"apps/a.yaml": config_map("a", v="2")})
    world.run(minutes=2)
    status, reason, message = world.condition("Kustomization", "apps")
    assert (status, reason) == ("False", "ReconciliationFailed")
    assert message == "'data' among the ignored fields is not a JSON pointer: begin it with /"


def test_an_empty_pointer_leaves_the_whole_object_alone(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a", v="1")})
    world.repository()
    world.kustomization(ignore=[{"paths": [""], "target": {"kind": "ConfigMap"}}])
    assert world.settle()
    world.commit({"apps/a.yaml": config_map("a", v="2")})
    world.run(minutes=2)
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"v": "1"}
    assert world.condition("Kustomization", "apps")[0] == "True"
