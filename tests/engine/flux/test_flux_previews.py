"""What a preview goes on without: keys of SOPS, other clusters; and files of other repositories."""

from tests.encrypted import Encryptor
from tests.engine.flux.conftest import URL, World

from nixernetes.objects import yamls
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest

SECRET: Manifest = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "db", "namespace": "default"},
    "stringData": {"password": "word"},
}
CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default"}}


def _live(world: World, kind: str, name: str) -> Json:
    return world.cluster.get(ObjectKey("", kind, "default", name))


def _told(world: World) -> list[str]:
    return [event.message for event in world.recorder.recent if event.reason == "NotVerified"]


def test_placeholders_are_applied_and_told_once(world: World) -> None:
    document = Encryptor().document(SECRET)
    world.source.commit(URL, {"s.yaml": yamls.dump(document)})
    world.repository()
    world.kustomization(path="./", decryption={"provider": "sops"})
    assert world.settle()
    assert world.condition("Kustomization", "apps")[0] == "True"
    assert _live(world, "Secret", "db")["data"] == {"password": "c29wcy1wbGFjZWhvbGRlcg=="}
    [text] = _told(world)
    assert "1 document that SOPS encrypted has placeholders for values: Secret/default/db (no key at hand" in text


def test_the_keys_of_the_secret_that_the_kustomization_names(world: World) -> None:
    encryptor = Encryptor()
    world.source.commit(URL, {"s.yaml": yamls.dump(encryptor.document(SECRET))})
    world.repository()
    keys = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "age", "namespace": "flux-system"}}
    world.cluster.apply({**keys, "stringData": {"x.agekey": str(encryptor.identity)}}, manager="kubectl", force=True)
    world.kustomization(path="./", decryption={"provider": "sops", "secretRef": {"name": "age"}})
    assert world.settle()
    assert _live(world, "Secret", "db")["data"] == {"password": "d29yZA=="}
    assert _told(world) == []


def test_decryption_that_is_not_configured_fails_as_in_flux(world: World) -> None:
    world.source.commit(URL, {"s.yaml": yamls.dump(Encryptor().document(SECRET))})
    world.repository()
    world.kustomization(path="./")
    assert world.settle()
    status, reason, text = world.condition("Kustomization", "apps")
    assert (status, reason) == ("False", "BuildFailed")
    fact = "is SOPS encrypted, configuring decryption is required for this secret to be reconciled"
    assert text == f"Secret/default/db {fact}"
    assert _live(world, "Secret", "db") is None


def test_what_goes_to_another_cluster_is_built_and_not_applied(world: World) -> None:
    world.source.commit(URL, {"a.yaml": yamls.dump(CONFIG)})
    world.repository()
    world.kustomization(path="./", kubeConfig={"secretRef": {"name": "far"}})
    assert world.settle()
    status, _, text = world.condition("Kustomization", "apps")
    assert status == "True"
    assert "not applied: it goes to another cluster" in text
    assert _live(world, "ConfigMap", "a") is None
    assert _told(world) == ["spec.kubeConfig sends it to a cluster that is not run here: it is built, and not applied"]


def test_an_included_repository_is_waited_for_and_followed(world: World) -> None:
    world.source.commit(URL, {"readme.txt": "x"})
    world.repository(include=[{"repository": {"name": "lib"}, "fromPath": "x", "toPath": "apps"}])
    world.kustomization(path="./apps")
    world.settle()
    status, reason, text = world.condition("GitRepository", "repo")
    assert (status, reason) == ("False", "NotFound")
    missing = 'GitRepository.source.toolkit.fluxcd.io "lib" not found'
    assert text == f"could not get resource for include 'lib': {missing}"
    world.source.commit("https://example.com/lib", {"x/a.yaml": yamls.dump({**CONFIG, "data": {"a": "1"}})})
    world.repository("lib", url="https://example.com/lib")
    assert world.settle()
    assert _live(world, "ConfigMap", "a")["data"] == {"a": "1"}
    world.source.commit("https://example.com/lib", {"x/a.yaml": yamls.dump({**CONFIG, "data": {"a": "2"}})})
    world.run(minutes=15)
    assert _live(world, "ConfigMap", "a")["data"] == {"a": "2"}
