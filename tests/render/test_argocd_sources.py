"""The sources of Argo CD as a walk finds them, and the Secrets that say who asks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.render.argocd.secrets import argocd_secrets
from nixernetes.render.argocd.sources import ArgoSources
from nixernetes.render.outside import Surroundings
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.tools import Tools
from nixernetes.render.tree import MemoryTree
from nixernetes.testing import MemoryCharts, MemoryRegistries, MemorySource

GIT, HTTP, OCI = "https://git.example/apps", "https://charts.example", "oci://registry.example/apps"
ROBOT = Credentials(username="robot", password="word")


class _NoHelm:
    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        raise AssertionError(f"finding {chart.name} renders nothing, not even as {options.release}")


class _World:
    def __init__(self, *secrets: Manifest, namespace: str = "argocd") -> None:
        self.source, self.charts, self.registries = MemorySource(), MemoryCharts(), MemoryRegistries()
        self.sources = ArgoSources(
            Tools(source=self.source, repositories=self.charts, registries=self.registries, charts=_NoHelm())
        )
        found = {key_of(item): item for item in secrets}

        def listed(types: Sequence[str]) -> list[Manifest]:
            return argocd_secrets(namespace, found, types)

        self.declared = Surroundings(found.get, listed)


def _secret(kind: str, name: str = "repo", namespace: str = "argocd", **data: str) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {"argocd.argoproj.io/secret-type": kind},
        },
        "stringData": {"username": "robot", "password": "word", **data},
    }


def test_a_chart_is_pulled_once_as_its_repository_secret_says() -> None:
    world = _World(_secret("repository", url=HTTP))
    world.charts.add(HTTP, Chart(name="web", version="1.2.3", tree=MemoryTree({"Chart.yaml": "x"})))
    source = {"repoURL": HTTP, "chart": "web", "targetRevision": "1.2.3"}
    for _ in range(2):
        found = world.sources.files(source, "default", world.declared)
        tree, revision = found.tree, found.revision
        assert (tree.read("Chart.yaml"), revision) == (b"x", "1.2.3")
    assert world.charts.asked == [(HTTP, ROBOT)]


def test_a_chart_of_a_registry_is_pulled_with_shared_credentials() -> None:
    world = _World(_secret("repo-creds", url="registry.example", enableOCI="true"))
    world.charts.add("oci://registry.example/charts", Chart(name="web", version="1.0.0", tree=MemoryTree({})))
    source = {"repoURL": "registry.example/charts", "chart": "web", "targetRevision": "1.0.0"}
    assert world.sources.files(source, "default", world.declared).revision == "1.0.0"
    assert world.charts.asked == [("oci://registry.example/charts", ROBOT)]


def test_an_artifact_is_read_once_at_its_digest_as_its_secret_says() -> None:
    world = _World(_secret("repository", url=OCI))
    digest = world.registries.push(OCI, "v1", {"a.yaml": "a"})
    source = {"repoURL": OCI, "targetRevision": "v1", "path": "."}
    for _ in range(2):
        found = world.sources.files(source, "default", world.declared)
        tree, revision = found.tree, found.revision
        assert (tree.read("a.yaml"), revision) == (b"a", digest)
    assert world.registries.asked == [(OCI, ROBOT)]


@pytest.mark.parametrize("project", ["default", "team"])
def test_a_secret_of_another_project_does_not_count(project: str) -> None:
    world = _World(_secret("repository", url=OCI, project="team"))
    world.registries.push(OCI, "v1", {"a.yaml": "a"})
    world.sources.files({"repoURL": OCI, "targetRevision": "v1", "path": "."}, project, world.declared)
    assert world.registries.asked == [(OCI, ROBOT if project == "team" else ANONYMOUS)]


def test_a_git_repository_is_read_at_its_target_revision_else_at_head() -> None:
    world = _World()
    first = world.source.commit(GIT, {"a.yaml": "1"})
    world.source.tag(GIT, "v1", first)
    second = world.source.commit(GIT, {"a.yaml": "2"})
    sources = [{"repoURL": GIT, "path": "."}, {"repoURL": GIT, "path": ".", "targetRevision": "v1"}]
    found = [world.sources.files(source, "default", world.declared) for source in sources]
    assert [(each.tree.read("a.yaml"), each.revision) for each in found] == [(b"2", second), (b"1", first)]


def test_what_cannot_be_had_is_told() -> None:
    world = _World()
    for source in ({"repoURL": GIT, "path": "x"}, {"repoURL": HTTP, "chart": "web"}, {"repoURL": OCI, "path": "."}):
        with pytest.raises(RemoteError):
            world.sources.files(source, "default", world.declared)


@pytest.mark.parametrize("field", ["data", "stringData"])
def test_a_password_that_sops_encrypted_is_never_sent(field: str) -> None:
    secret = {**_secret("repository", url=OCI), "sops": {"version": "3"}}
    secret[field] = {**secret.get(field, {}), "password": "ENC[AES256_GCM,data:abc]"}
    secret["stringData"] = {name: text for name, text in secret["stringData"].items() if text != "word"}
    world = _World(secret)
    world.registries.push(OCI, "v1", {"a.yaml": "a"})
    with pytest.raises(InputError, match="Secret/argocd/repo: is encrypted with SOPS: give it with --values FILE"):
        world.sources.files({"repoURL": OCI, "targetRevision": "v1", "path": "."}, "default", world.declared)
    assert world.registries.asked == []


def test_secrets_are_those_of_the_namespace_else_of_argocd() -> None:
    here, there = _secret("cluster", "here", "apps"), _secret("cluster", "there", "argocd")
    other, repository = _secret("cluster", "other", "other"), _secret("repository", "repo", "argocd")
    loose = _secret("cluster", "loose", "")
    everything = {key_of(item): item for item in (here, there, other, repository)}
    assert argocd_secrets("apps", everything, ["cluster"]) == [here]
    assert argocd_secrets("team", everything, ["cluster"]) == [there]
    assert argocd_secrets("argocd", {**everything, key_of(loose): loose}, ["cluster"]) == [loose, there]
    assert argocd_secrets("", everything, ["cluster"]) == [here, there, other]
    assert argocd_secrets("argocd", everything, ["repo-creds"]) == []
    assert argocd_secrets("team", {key_of(other): other}, ["cluster"]) == []


def test_config_maps_and_other_secrets_are_left_out() -> None:
    config = {**_secret("cluster"), "kind": "ConfigMap"}
    plain = {**_secret("cluster", "plain"), "metadata": {"name": "plain", "namespace": "argocd"}}
    assert argocd_secrets("argocd", {key_of(item): item for item in (config, plain)}, ["cluster"]) == []
