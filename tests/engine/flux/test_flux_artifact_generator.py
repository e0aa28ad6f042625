"""ArtifactGenerators put artifacts together, and what is delivered from these follows."""

from tests.engine.flux.conftest import World, config_map

from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Json

GENERATOR = GroupKind("source.extensions.fluxcd.io", "ArtifactGenerator")
EXTERNAL = GroupKind("source.toolkit.fluxcd.io", "ExternalArtifact")


def generate(world: World, *artifacts: Json) -> None:
    manifest = {
        "apiVersion": "source.extensions.fluxcd.io/v1beta1",
        "kind": "ArtifactGenerator",
        "metadata": {"name": "parts", "namespace": "flux-system"},
        "spec": {
            "sources": [{"alias": "repo", "kind": "GitRepository", "name": "repo"}],
            "artifacts": list(artifacts),
        },
    }
    world.cluster.apply(manifest, manager="kubectl", force=True)


def artifact(name: str, path: str, **more: Json) -> Json:
    return {"name": name, "copy": [{"from": f"@repo/{path}/**", "to": "@artifact/"}], **more}


def ready(world: World) -> tuple[str, str]:
    live = world.cluster.get(ObjectKey(*GENERATOR, "flux-system", "parts")) or {}
    (condition,) = [each for each in live["status"]["conditions"] if each["type"] == "Ready"]
    return condition["reason"], condition["message"]


def from_artifact(world: World, name: str = "one") -> None:
    world.kustomization(path="./", sourceRef={"kind": "ExternalArtifact", "name": name})


def test_a_kustomization_applies_the_artifact_and_follows_only_its_content(world: World) -> None:
    world.commit({"a/a.yaml": config_map("a", v="1"), "b/b.yaml": config_map("b")})
    world.repository()
    generate(world, artifact("one", "a"))
    from_artifact(world)
    assert world.settle()
    assert ready(world) == ("Succeeded", "reconciliation succeeded, generated 1 artifact(s)")
    applied = world.status("Kustomization", "apps")["lastAppliedRevision"]
    assert applied.startswith("latest@sha256:")
    world.commit({"a/a.yaml": config_map("a", v="1"), "b/b.yaml": config_map("b", v="other")})
    world.run(minutes=5)
    assert world.status("Kustomization", "apps")["lastAppliedRevision"] == applied
    world.commit({"a/a.yaml": config_map("a", v="2")})
    world.run(minutes=5)
    assert world.status("Kustomization", "apps")["lastAppliedRevision"] != applied
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"v": "2"}


def test_an_artifact_may_have_the_revision_of_a_source(world: World) -> None:
    revision = world.commit({"a/a.yaml": config_map("a")})
    world.repository()
    generate(world, artifact("one", "a", revision="@repo"))
    from_artifact(world)
    world.settle()
    assert world.status("Kustomization", "apps")["lastAppliedRevision"] == revision


def test_what_is_no_longer_generated_is_deleted_and_all_of_it_with_the_generator(world: World) -> None:
    world.commit({"a/a.yaml": config_map("a"), "b/b.yaml": config_map("b")})
    world.repository()
    generate(world, artifact("one", "a"), artifact("two", "b"))
    world.settle()
    assert [each["metadata"]["name"] for each in world.cluster.list(EXTERNAL)] == ["one", "two"]
    generate(world, artifact("two", "b"))
    world.settle()
    assert [each["metadata"]["name"] for each in world.cluster.list(EXTERNAL)] == ["two"]
    world.cluster.delete(ObjectKey(*GENERATOR, "flux-system", "parts"))
    world.settle()
    assert world.cluster.list(EXTERNAL) == []


def test_a_copy_of_nothing_and_a_source_that_is_not_there_are_told(world: World) -> None:
    world.commit({"a/a.yaml": config_map("a")})
    generate(world, artifact("one", "nowhere"))
    world.settle()
    assert ready(world) == ("SourceFetchFailed", "source GitRepository/flux-system/repo not found")
    world.repository()
    world.settle()
    reason, message = ready(world)
    assert reason == "BuildFailed"
    assert "matches no file" in message
