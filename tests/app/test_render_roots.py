"""What starts the clusters of a repository, and where it is written."""

import pytest

from nixernetes.app.render_roots import find_roots
from nixernetes.errors import InputError
from nixernetes.objects.identity import key_of
from nixernetes.render.tree import MemoryTree

OWN = "https://git.example/platform"


def _git(name: str = "flux-system", url: str = OWN) -> str:
    return (
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
        f"metadata: {{name: {name}, namespace: flux-system}}\nspec: {{url: '{url}', interval: 1m}}\n"
    )


def _kustomization(name: str, path: str, source: str = "flux-system") -> str:
    return (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        f"metadata: {{name: {name}, namespace: flux-system}}\n"
        f"spec: {{path: {path}, sourceRef: {{kind: GitRepository, name: {source}}}}}\n"
    )


def _application(name: str, path: str, url: str = OWN) -> str:
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}, namespace: argocd}}\n"
        f"spec: {{source: {{repoURL: '{url}', path: {path}}}, destination: {{name: in-cluster}}}}\n"
    )


def _application_set(name: str) -> str:
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {{name: {name}, namespace: argocd}}\n"
        "spec: {generators: [{clusters: {}}], template: {}}\n"
    )


def _data(kind: str, name: str, more: str = "") -> str:
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: flux-system}}\n{more}"


def _found(files: dict[str, str], *own: str) -> dict[str, dict[str, str]]:
    """Return, by cluster, what starts it and where that is written."""
    found = find_roots(MemoryTree(files), own)
    return {
        plan.name: {str(key_of(item)): str(plan.origins.get(key_of(item), "")) for item in plan.bootstrap}
        for plan in found.clusters
    }


def test_roots_are_known_by_file_and_line() -> None:
    files = {
        "clusters/blue/flux-system/sync.yaml": f"# first\n{_git()}---\n{_kustomization('flux-system', '.')}",
        "argocd/root.yaml": _application("root", "argocd"),
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
        "clusters/blue/flux-system/sync.yaml": f"{_git()}---\n{_kustomization('flux-system', 'clusters/blue')}",
        "clusters/blue/flux-system/settings.yaml": _data("ConfigMap", "settings"),
        "clusters/blue/flux-system/sops.yaml": _data("Secret", "keys", "data: {a: 'ENC[x]'}\nsops: {version: '3'}\n"),
        "clusters/blue/other/more.yaml": _data("Secret", "other"),
        "argocd/sets/all.yaml": _application_set("all"),
        "argocd/clusters/east.yaml": _data("Secret", "east"),
    }
    found = _found(files)
    assert list(found["blue"])[:2] == ["ConfigMap/flux-system/settings", "Secret/flux-system/keys"]
    assert "Secret/flux-system/other" not in found["blue"]
    assert found["management"] == {
        "Secret/flux-system/east": "argocd/clusters/east.yaml:1",
        "ApplicationSet/argocd/all": "argocd/sets/all.yaml:1",
    }


def test_without_a_bootstrap_data_in_the_folders_of_what_starts_is_applied_with_it() -> None:
    files = {
        "start/ks.yaml": _kustomization("apps", "apps"),
        "start/settings.yaml": _data("ConfigMap", "settings"),
        "start/below/more.yaml": _data("ConfigMap", "more"),
        "apps/data.yaml": _data("Secret", "delivered"),
    }
    assert _found(files) == {
        "": {
            "ConfigMap/flux-system/settings": "start/settings.yaml:1",
            "GitRepository/flux-system/flux-system": "",
            "Kustomization/flux-system/apps": "start/ks.yaml:1",
        }
    }


def test_what_argo_cd_delivers_still_starts_flux() -> None:
    files = {
        "argocd/root.yaml": _application("root", "argocd"),
        "argocd/blue.yaml": _application("blue", "clusters/blue"),
        "clusters/blue/flux-system/sync.yaml": f"{_git()}---\n{_kustomization('flux-system', 'clusters/blue')}",
    }
    assert sorted(_found(files)) == ["blue", "management"]


def test_a_folder_called_flux_system_that_a_delivery_elsewhere_brings_is_no_start() -> None:
    files = {
        "clusters/blue/flux-system/sync.yaml": f"{_git()}---\n{_kustomization('flux-system', '.')}",
        "apps/flux-system/ks.yaml": f"{_git('addons')}---\n{_kustomization('addons', 'apps/addons')}",
    }
    assert list(_found(files)) == ["blue"]


def test_two_clusters_whose_paths_hold_each_other_both_start() -> None:
    files = {
        f"clusters/{name}/flux-system/sync.yaml": f"{_git()}---\n{_kustomization('flux-system', './clusters')}"
        for name in ("blue", "green")
    }
    assert list(_found(files)) == ["blue", "green"]


def test_the_path_of_another_repository_delivers_nothing_here() -> None:
    files = {
        "start.yaml": f"{_git('other', 'https://git.example/other')}---\n{_kustomization('other', './', 'other')}",
        "apps/ks.yaml": _kustomization("apps", "apps"),
    }
    assert "Kustomization/flux-system/apps" in _found(files, OWN)[""]


def test_only_repositories_that_are_read_here_are_this_one() -> None:
    files = {
        "clusters/blue/flux-system/sync.yaml": f"{_git()}---\n{_kustomization('flux-system', 'clusters/blue')}",
        "clusters/blue/flux-system/more.yaml": (
            f"{_git('other', 'https://git.example/other')}---\n{_kustomization('other', 'deploy', 'other')}"
        ),
        "argocd/root.yaml": _application("root", "argocd", "https://git.example/argocd"),
        "argocd/other.yaml": _application("other", "guestbook", "https://git.example/examples"),
    }
    assert find_roots(MemoryTree(files)).urls == (OWN, "https://git.example/argocd")


def test_a_source_that_nobody_declares_is_this_repository() -> None:
    found = find_roots(MemoryTree({"clusters/blue/flux-system/ks.yaml": _kustomization("a", "clusters/blue")}))
    (source, _) = found.clusters[0].bootstrap
    assert key_of(source).name == "flux-system"
    assert found.urls == (source["spec"]["url"],)


def test_templates_of_charts_are_no_objects() -> None:
    files = {
        "charts/argocd/Chart.yaml": "name: argocd\nversion: 1.0.0\n",
        "charts/argocd/templates/app.yaml": "{{ if .Values.x }}\napiVersion: argoproj.io/v1alpha1\n{{ end }}\n",
        "charts/argocd/templates/more/app.yaml": _application("template", "x"),
        "start/app.yaml": _application("real", "charts/argocd"),
    }
    assert list(_found(files)[""]) == ["Application/argocd/real"]


def test_a_broken_file_of_a_start_is_named_and_one_elsewhere_is_left_to_who_delivers_it() -> None:
    broken = "apiVersion: argoproj.io/v1alpha1\nkind: [\n"
    with pytest.raises(InputError, match=r"argocd/broken\.yaml:"):
        _found({"argocd/broken.yaml": broken, "argocd/root.yaml": _application("root", "argocd")})
    assert _found({"apps/broken.yaml": broken, "start/root.yaml": _application("root", "apps")})


def test_objects_in_a_list_are_found() -> None:
    item = "\n".join(f"  {line}" for line in _application("root", "argocd").splitlines())
    files = {"argocd/all.yaml": f"apiVersion: v1\nkind: List\nitems:\n- {item.strip()}\n"}
    assert list(_found(files)["management"]) == ["Application/argocd/root"]


def test_a_spec_that_is_none_does_not_stop_the_search() -> None:
    files = {
        "flux-system/broken.yaml": (
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: x}\nspec: [1]\n"
        ),
        "start/ks.yaml": _kustomization("apps", "apps"),
    }
    with pytest.raises(InputError, match="no delivery here"):
        _found({"a.yaml": "kind: Application\n"})
    assert _found(files)
