"""What starts the clusters of a repository, and where it is written."""

import pytest
from tests.render.estate.samples import OWN, application, application_set, data, git, kustomization

from nixernetes.errors import InputError
from nixernetes.objects.identity import key_of
from nixernetes.render.estate import Estate, read_estate
from nixernetes.render.tree import MemoryTree


def _read(files: dict[str, str], *own: str) -> Estate:
    return read_estate(MemoryTree(files), own=own)


def _found(files: dict[str, str], *own: str) -> dict[str, dict[str, str]]:
    """Return, by cluster, what starts it and where that is written."""
    return {
        cluster.name: {str(key_of(item.manifest)): str(item.origin) for item in cluster.bootstrap}
        for cluster in _read(files, *own).clusters
    }


def test_roots_are_known_by_file_and_line() -> None:
    files = {
        "clusters/blue/flux-system/sync.yaml": f"# first\n{git()}---\n{kustomization('flux-system', '.')}",
        "argocd/root.yaml": application("root", "argocd"),
    }
    assert _found(files) == {
        "blue": {
            "GitRepository/flux-system/flux-system": "clusters/blue/flux-system/sync.yaml:2",
            "Kustomization/flux-system/flux-system": "clusters/blue/flux-system/sync.yaml:7",
        },
        "management": {"Application/argocd/root": "argocd/root.yaml:1"},
    }


def test_config_maps_and_secrets_beside_a_bootstrap_start_with_it() -> None:
    files = {
        "clusters/blue/flux-system/sync.yaml": f"{git()}---\n{kustomization('flux-system', 'clusters/blue')}",
        "clusters/blue/flux-system/settings.yaml": data("ConfigMap", "settings"),
        "clusters/blue/flux-system/sops.yaml": data("Secret", "keys", "data: {a: 'ENC[x]'}\nsops: {version: '3'}\n"),
        "clusters/blue/other/more.yaml": data("Secret", "other"),
        "argocd/sets/all.yaml": application_set("all"),
        "argocd/clusters/east.yaml": data("Secret", "east"),
    }
    found = _found(files)
    assert list(found["blue"])[:2] == ["ConfigMap/flux-system/settings", "Secret/flux-system/keys"]
    assert "Secret/flux-system/other" not in found["blue"]
    assert found["management"] == {
        "Secret/flux-system/east": "argocd/clusters/east.yaml:1",
        "ApplicationSet/argocd/all": "argocd/sets/all.yaml:1",
    }


def test_without_a_bootstrap_the_folder_of_what_nothing_brings_is_applied() -> None:
    files = {
        "start/ks.yaml": kustomization("apps", "apps"),
        "start/settings.yaml": data("ConfigMap", "settings"),
        "start/below/more.yaml": data("ConfigMap", "more"),
        "apps/data.yaml": data("Secret", "delivered"),
    }
    assert _found(files) == {
        "start": {
            "ConfigMap/flux-system/more": "start/below/more.yaml:1",
            "ConfigMap/flux-system/settings": "start/settings.yaml:1",
            "GitRepository/flux-system/flux-system": "",
            "Kustomization/flux-system/apps": "start/ks.yaml:1",
        }
    }


def test_what_argo_cd_delivers_still_starts_flux() -> None:
    files = {
        "argocd/root.yaml": application("root", "argocd"),
        "argocd/blue.yaml": application("blue", "clusters/blue"),
        "clusters/blue/flux-system/sync.yaml": f"{git()}---\n{kustomization('flux-system', 'clusters/blue')}",
    }
    assert sorted(_found(files)) == ["blue", "management"]


def test_a_folder_called_flux_system_that_a_delivery_elsewhere_brings_is_no_start() -> None:
    files = {
        "clusters/blue/flux-system/sync.yaml": f"{git()}---\n{kustomization('flux-system', '.')}",
        "apps/flux-system/ks.yaml": f"{git('addons')}---\n{kustomization('addons', 'apps/addons')}",
    }
    assert list(_found(files)) == ["blue"]


def test_two_clusters_whose_paths_hold_each_other_both_start() -> None:
    files = {
        f"clusters/{name}/flux-system/sync.yaml": f"{git()}---\n{kustomization('flux-system', './clusters')}"
        for name in ("blue", "green")
    }
    assert list(_found(files)) == ["blue", "green"]


def test_the_path_of_another_repository_delivers_nothing_here() -> None:
    files = {
        "start.yaml": f"{git('other', 'https://git.example/other')}---\n{kustomization('other', './', 'other')}",
        "apps/ks.yaml": kustomization("apps", "apps"),
    }
    assert "Kustomization/flux-system/apps" in _found(files, OWN)["cluster"]


def test_only_repositories_that_are_read_here_are_this_one() -> None:
    files = {
        "clusters/blue/flux-system/sync.yaml": f"{git()}---\n{kustomization('flux-system', 'clusters/blue')}",
        "clusters/blue/flux-system/more.yaml": (
            f"{git('other', 'https://git.example/other')}---\n{kustomization('other', 'deploy', 'other')}"
        ),
        "argocd/root.yaml": application("root", "argocd", "https://git.example/argocd"),
        "argocd/other.yaml": application("other", "guestbook", "https://git.example/examples"),
    }
    assert _read(files).urls == (OWN, "https://git.example/argocd")


def test_a_source_that_nobody_declares_is_this_repository() -> None:
    found = _read({"clusters/blue/flux-system/ks.yaml": kustomization("a", "clusters/blue")})
    (source, _) = found.clusters[0].manifests
    assert key_of(source).name == "flux-system"
    assert found.urls == (source["spec"]["url"],)


def test_templates_of_charts_are_no_objects() -> None:
    files = {
        "charts/argocd/Chart.yaml": "name: argocd\nversion: 1.0.0\n",
        "charts/argocd/templates/app.yaml": "{{ if .Values.x }}\napiVersion: argoproj.io/v1alpha1\n{{ end }}\n",
        "charts/argocd/templates/more/app.yaml": application("template", "x"),
        "start/app.yaml": application("real", "charts/argocd"),
    }
    assert list(_found(files)["management"]) == ["Application/argocd/real"]


def test_a_broken_file_of_a_start_is_told_and_one_elsewhere_is_left_to_who_delivers_it() -> None:
    broken = "apiVersion: argoproj.io/v1alpha1\nkind: [\n"
    found = _read({"argocd/broken.yaml": broken, "argocd/root.yaml": application("root", "argocd")})
    (note,) = found.notes
    assert note.is_problem
    assert str(note).startswith("management: argocd/broken.yaml:")
    assert [key_of(item).name for item in found.clusters[0].manifests] == ["root"]
    assert not _read({"apps/broken.yaml": broken, "start/root.yaml": application("root", "apps")}).notes


def test_objects_in_a_list_are_found() -> None:
    item = "\n".join(f"  {line}" for line in application("root", "argocd").splitlines())
    files = {"argocd/all.yaml": f"apiVersion: v1\nkind: List\nitems:\n- {item.strip()}\n"}
    assert list(_found(files)["management"]) == ["Application/argocd/root"]


def test_a_spec_that_is_none_does_not_stop_the_search() -> None:
    files = {
        "flux-system/broken.yaml": (
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: x}\nspec: [1]\n"
        ),
        "start/ks.yaml": kustomization("apps", "apps"),
    }
    with pytest.raises(InputError, match="nothing to start"):
        _found({"a.yaml": "kind: Application\n"})
    assert _found(files)
