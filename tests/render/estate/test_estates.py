"""What an estate tells besides what starts its clusters: names, servers, URLs, and what nothing brings."""

import pytest
from tests.render.estate.samples import OWN, application, data, git, kustomization

from nixernetes.errors import InputError
from nixernetes.objects.identity import key_of
from nixernetes.objects.provenance import Origin
from nixernetes.objects.well_known import IN_CLUSTER
from nixernetes.render.estate import (
    Estate,
    NoteKind,
    read_estate,
    spelled,
)
from nixernetes.render.tree import MemoryTree


def read(files: dict[str, str], *own: str, **folders: str) -> Estate:
    return read_estate(MemoryTree(files), own=own, folders=folders)


def secret(name: str, server: str) -> str:
    return (
        "apiVersion: v1\nkind: Secret\n"
        f"metadata: {{name: {name}, namespace: argocd, labels: {{argocd.argoproj.io/secret-type: cluster}}}}\n"
        f"stringData: {{name: {name}, server: '{server}'}}\n"
    )


def bootstrap(name: str) -> str:
    return f"{git()}---\n{kustomization('flux-system', f'./{name}')}"


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example/org/platform",
        "https://git.example/org/platform.git",
        "https://user:token@Git.Example/Org/Platform/",
        "ssh://git@git.example/org/platform.git",
        "git@git.example:org/platform.git",
    ],
)
def test_a_repository_has_one_url_in_many_spellings(url: str) -> None:
    assert spelled(url) == "git.example/org/platform"


def test_different_repositories_have_different_urls() -> None:
    urls = ["https://a.example/x", "https://b.example/x", "https://a.example/y", "oci://a.example/x", "file:///x"]
    assert len({spelled(url) for url in urls}) == len(urls)
    assert spelled("https://[broken/X") == "https://[broken/x"


def test_each_spelling_that_is_used_means_this_repository() -> None:
    files = {
        "argocd/a.yaml": application("a", "x", "git@git.example:platform.git"),
        "argocd/b.yaml": application("b", "y", "https://git.example/other"),
        "y/a.yaml": data("ConfigMap", "a"),
    }
    assert read(files, OWN).urls == (OWN, "git@git.example:platform.git")


def test_clusters_of_one_name_are_told_apart() -> None:
    files = {f"{team}/prod/flux-system/sync.yaml": bootstrap(f"{team}/prod") for team in ("red", "blue")}
    assert [each.name for each in read(files).clusters] == ["blue-prod", "red-prod"]


def test_a_name_that_both_engines_use_is_one_cluster() -> None:
    files = {
        "clusters/blue/flux-system/sync.yaml": bootstrap("clusters/blue"),
        "argocd/web.yaml": application("web", "web", destination="server: 'https://blue.example'"),
    }
    assert {each.name: each.server for each in read(files).clusters} == {
        "blue": "https://blue.example",
        "management": IN_CLUSTER,
    }


def test_servers_are_called_as_destinations_and_secrets_say() -> None:
    files = {
        "argocd/a.yaml": application("a", "x", destination="name: east"),
        "argocd/b.yaml": application("b", "x", destination="server: 'https://api.prod.example'"),
        "argocd/c.yaml": application("c", "x", destination="server: 'https://api.test.example/'"),
        "argocd/d.yaml": application("d", "x", destination="server: 'https://10.0.0.7:6443'"),
        "argocd/e.yaml": application("e", "x", destination="server: 'https://hub.example'"),
        "argocd/s.yaml": secret("spoke", "https://hub.example"),
    }
    assert {each.name: each.server for each in read(files).clusters} == {
        "management": IN_CLUSTER,
        "east": "https://east.invalid",
        "api.prod.example": "https://api.prod.example",
        "api.test.example": "https://api.test.example",
        "10.0.0.7": "https://10.0.0.7:6443",
        "spoke": "https://hub.example",
    }


def test_a_destination_by_name_is_the_cluster_of_the_secret_with_that_name() -> None:
    named = secret("spoke", "https://hub.example")
    files = {"argocd/a.yaml": application("a", "x", destination="name: spoke"), "argocd/s.yaml": named}
    assert [each.server for each in read(files).clusters] == [IN_CLUSTER, "https://hub.example"]


def test_folders_of_clusters_can_be_named_by_hand() -> None:
    files = {
        "env/blue/ks.yaml": kustomization("apps", "apps"),
        "env/blue/settings.yaml": data("ConfigMap", "settings"),
        "env/green/web.yaml": application("web", "web", namespace=""),
        "docs/a.yaml": data("ConfigMap", "a"),
    }
    found = read(files, one="env/blue", two="./env/green/")
    assert {each.name: [key_of(item).kind for item in each.manifests] for each in found.clusters} == {
        "one": ["ConfigMap", "GitRepository", "Kustomization"],
        "two": ["Application"],
    }
    with pytest.raises(InputError, match="no such folder"):
        read(files, one="nowhere")
    with pytest.raises(InputError, match="holds no object of Flux or Argo CD"):
        read(files, one="docs")


def test_deliveries_that_nothing_brings_are_one_line() -> None:
    files = {
        "clusters/blue/flux-system/sync.yaml": bootstrap("clusters/blue"),
        "clusters/blue/apps.yaml": kustomization("apps", "apps"),
        "apps/kustomization.yaml": "patches: [{path: values.yaml}]\n",
        "apps/values.yaml": kustomization("patched", "x"),
        "bases/a.yaml": kustomization("a", "x"),
        "bases/b.yaml": f"{kustomization('b', 'x')}---\n{kustomization('c', 'x')}",
        ".archive/d.yaml": kustomization("d", "x"),
    }
    found = read(files)
    note = found.unused([Origin(file="clusters/blue/apps.yaml", line=1)])
    assert note is not None
    assert (note.kind, note.is_problem) == (NoteKind.UNUSED, False)
    assert str(note) == "3 deliveries are not brought to any cluster: bases/a.yaml and 1 more file"
    assert read({"clusters/blue/flux-system/sync.yaml": bootstrap("clusters/blue")}).unused([]) is None


def test_a_cluster_is_chosen_by_its_name() -> None:
    found = read({"clusters/blue/flux-system/sync.yaml": bootstrap("clusters/blue")})
    assert [each.name for each in found.chosen("")] == [each.name for each in found.chosen("blue")] == ["blue"]
    with pytest.raises(InputError, match="no such cluster: there are blue"):
        found.chosen("red")


def test_projects_and_cluster_secrets_are_kept() -> None:
    project = "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: team}\n"
    files = {
        "argocd/a.yaml": application("a", "x"),
        "teams/p.yaml": f"# two\n{project}",
        "clusters/s.yaml": secret("spoke", "https://hub.example"),
    }
    found = read(files).index
    assert [str(item.origin) for item in found.projects] == ["teams/p.yaml:2"]
    assert [str(item.origin) for item in found.cluster_secrets] == ["clusters/s.yaml:1"]
