"""ResourceSets apply what their templates give for each input, follow their inputs, and prune."""

from tests.engine.flux.conftest import World

from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Json

SET = GroupKind("fluxcd.controlplane.io", "ResourceSet")
TENANT = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "<< inputs.tenant >>"},
    "data": {"tier": "<< inputs.tier >>"},
}


def put(world: World, kind: str, name: str, spec: Json, **meta: Json) -> None:
    manifest = {
        "apiVersion": "fluxcd.controlplane.io/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "flux-system", **meta},
        "spec": spec,
    }
    world.cluster.apply(manifest, manager="kubectl", force=True)


def ready(world: World) -> tuple[str, str]:
    live = world.cluster.get(ObjectKey(*SET, "flux-system", "tenants")) or {}
    (condition,) = [each for each in live["status"]["conditions"] if each["type"] == "Ready"]
    return condition["status"], condition["message"]


def tenants(world: World) -> list[str]:
    maps = world.cluster.list(GroupKind("", "ConfigMap"), namespace="flux-system")
    return [each["metadata"]["name"] for each in maps if "tier" in (each.get("data") or {})]


def test_each_input_gives_an_object_and_one_that_is_gone_is_pruned(world: World) -> None:
    inputs = [{"tenant": "a", "tier": "gold"}, {"tenant": "b", "tier": "free"}]
    put(world, "ResourceSet", "tenants", {"inputs": inputs, "resources": [TENANT]})
    assert world.settle()
    assert ready(world)[0] == "True"
    assert tenants(world) == ["a", "b"]
    put(world, "ResourceSet", "tenants", {"inputs": inputs[:1], "resources": [TENANT]})
    assert world.settle()
    assert tenants(world) == ["a"]
    world.cluster.delete(ObjectKey(*SET, "flux-system", "tenants"))
    assert world.settle()
    assert tenants(world) == []


def test_a_provider_that_changes_is_followed(world: World) -> None:
    put(world, "ResourceSetInputProvider", "one", {"type": "Static", "defaultValues": {"tenant": "a", "tier": "x"}})
    spec = {"inputsFrom": [{"kind": "ResourceSetInputProvider", "name": "one"}], "resources": [TENANT]}
    put(world, "ResourceSet", "tenants", spec)
    assert world.settle()
    assert tenants(world) == ["a"]
    put(world, "ResourceSetInputProvider", "one", {"type": "Static", "defaultValues": {"tenant": "c", "tier": "x"}})
    assert world.settle()
    assert tenants(world) == ["c"]


def test_a_template_that_fails_and_a_dependency_that_is_missing_are_told_and_apply_nothing(world: World) -> None:
    put(world, "ResourceSet", "tenants", {"inputs": [{"tenant": "a"}], "resources": [TENANT]})
    world.settle()
    status, message = ready(world)
    assert status == "False"
    assert "tier" in message
    depends = [{"apiVersion": "v1", "kind": "ConfigMap", "name": "first", "namespace": "flux-system"}]
    inputs = [{"tenant": "a", "tier": "x"}]
    put(world, "ResourceSet", "tenants", {"dependsOn": depends, "inputs": inputs, "resources": [TENANT]})
    world.settle()
    assert ready(world) == ("False", "dependency ConfigMap/flux-system/first not found")
    assert tenants(world) == []


def test_what_needs_the_network_is_not_shown_as_ready(world: World) -> None:
    put(world, "ResourceSetInputProvider", "one", {"type": "GitHubPullRequest", "url": "https://github.com/a/b"})
    spec = {"inputsFrom": [{"kind": "ResourceSetInputProvider", "name": "one"}], "resources": [TENANT]}
    put(world, "ResourceSet", "tenants", spec)
    world.settle()
    status, message = ready(world)
    assert status == "False"
    assert "not verified" in message


def test_a_malformed_duration_in_an_annotation_counts_as_absent(world: World) -> None:
    marks = {f"fluxcd.controlplane.io/{name}": "soon" for name in ("reconcileEvery", "reconcileTimeout")}
    put(
        world,
        "ResourceSet",
        "tenants",
        {"resources": [TENANT], "inputs": [{"tenant": "a", "tier": "x"}]},
        annotations=marks,
    )
    assert world.settle()
    assert tenants(world) == ["a"]
