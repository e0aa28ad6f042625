"""A build is made again only when something it read has changed."""

from __future__ import annotations

from tests.engine.flux.conftest import World, config_map

from nixernetes.render.traced import TracedTree, holds
from nixernetes.render.tree import MemoryTree


def test_a_trace_holds_for_a_tree_that_answers_alike() -> None:
    traced = TracedTree(MemoryTree({"a/x.yaml": "1", "b/y.yaml": "1"}))
    assert list(traced.entries("a")) == ["x.yaml"]
    assert (traced.read("a/x.yaml"), traced.is_dir("c")) == (b"1", False)
    assert holds(traced.trace, MemoryTree({"a/x.yaml": "1", "b/z.yaml": "2"}))
    assert not holds(traced.trace, MemoryTree({"a/x.yaml": "2"}))
    assert not holds(traced.trace, MemoryTree({"a/x.yaml": "1", "a/w.yaml": "1"}))
    assert not holds(traced.trace, MemoryTree({"a/x.yaml": "1", "c/w.yaml": "1"}))


def test_a_commit_elsewhere_is_applied_without_a_write(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization()
    world.settle()
    before = (world.get("ConfigMap", "a", "default") or {})["metadata"]["resourceVersion"]
    revision = world.commit({"apps/a.yaml": config_map("a"), "other/b.yaml": config_map("b")})
    world.run(minutes=1)
    assert world.status("Kustomization", "apps")["lastAppliedRevision"] == revision
    assert (world.get("ConfigMap", "a", "default") or {})["metadata"]["resourceVersion"] == before


def test_a_changed_variable_is_substituted_at_the_next_run(world: World) -> None:
    variables = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "vars", "namespace": "flux-system"}}
    world.cluster.apply({**variables, "data": {"color": "red"}}, manager="user")
    world.commit({"apps/a.yaml": config_map("a", color="${color}")})
    world.repository()
    world.kustomization(postBuild={"substituteFrom": [{"kind": "ConfigMap", "name": "vars"}]})
    world.settle()
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"color": "red"}
    world.cluster.apply({**variables, "data": {"color": "blue"}}, manager="user")
    world.run(minutes=10, seconds=1)
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"color": "blue"}


def test_a_labelled_configmap_is_noticed_at_once(world: World) -> None:
    meta = {"name": "vars", "namespace": "flux-system", "labels": {"reconcile.fluxcd.io/watch": "Enabled"}}
    world.cluster.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"c": "1"}}, manager="user")
    world.commit({"apps/a.yaml": config_map("a", c="v${c}")})
    world.repository()
    world.kustomization(postBuild={"substituteFrom": [{"kind": "ConfigMap", "name": "vars"}]})
    world.settle()
    world.cluster.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"c": "2"}}, manager="user")
    world.run(seconds=1)
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"c": "v2"}


def test_broken_yaml_fails_the_build_with_its_place(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a"), "apps/bad.yaml": "a: [1\nb: 2\n"})
    world.repository()
    world.kustomization()
    assert world.settle()
    status, reason, message = world.condition("Kustomization", "apps")
    assert (status, reason) == ("False", "BuildFailed")
    assert "apps/bad.yaml" in message
