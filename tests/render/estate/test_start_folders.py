"""A folder that starts a cluster applies what kubectl would apply for it, and says what it cannot."""

from tests.render.estate.samples import application, application_set, data, git, kustomization, kustomize

from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.render.estate import Estate, NoteKind, read_estate
from nixernetes.render.tree import MemoryTree


def read(files: dict[str, str]) -> Estate:
    return read_estate(MemoryTree(files))


def started(files: dict[str, str], cluster: str = "management") -> dict[str, Manifest]:
    return {str(key_of(item)): item for item in read(files).chosen(cluster)[0].manifests}


def test_a_kustomization_is_built_patches_namespace_and_all() -> None:
    operation = "    - {op: replace, path: /spec/source/path, value: two}\n"
    patch = f"patches:\n- target: {{kind: Application}}\n  patch: |\n{operation}"
    files = {
        "argocd/kustomization.yaml": kustomize("web.yaml", more=f"namespace: argocd\n{patch}"),
        "argocd/web.yaml": application("web", "one", namespace=""),
        "argocd/ghost.yaml": application("ghost", "one"),
    }
    (web,) = started(files).values()
    assert key_of(web)[2:] == ("argocd", "web")
    assert web["spec"]["source"]["path"] == "two"


def test_everything_of_the_folder_starts() -> None:
    crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\n"
    files = {
        "clusters/blue/flux-system/sync.yaml": f"{git()}---\n{kustomization('flux-system', 'clusters/blue')}",
        "clusters/blue/flux-system/more.yaml": f"{data('ConfigMap', 'a')}---\n{data('Service', 'b')}---\n{crd}",
        "clusters/blue/flux-system/ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n",
    }
    assert [key.partition("/")[0] for key in started(files, "blue")] == [
        "Namespace",
        "CustomResourceDefinition",
        "ConfigMap",
        "Service",
        "GitRepository",
        "Kustomization",
    ]


def test_what_names_no_namespace_goes_where_kubectl_would_put_it() -> None:
    bare = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n"
    files = {"argocd/a.yaml": application("web", "x", namespace=""), "argocd/b.yaml": f"{bare}---\n{role}"}
    assert set(started(files)) == {"Application/argocd/web", "ConfigMap/argocd/a", "ClusterRole/a"}
    flux = {"clusters/one/ks.yaml": kustomization("apps", "apps"), "clusters/one/b.yaml": bare}
    assert "ConfigMap/default/a" in started(flux, "one")


def test_folders_below_start_unless_a_delivery_or_a_kustomization_brings_them() -> None:
    files = {
        "argocd/root.yaml": application("root", "argocd/apps"),
        "argocd/apps/web.yaml": application("web", "web"),
        "argocd/sets/kustomization.yaml": kustomize("all.yaml", "../base"),
        "argocd/sets/all.yaml": application_set("all"),
        "argocd/base/kustomization.yaml": kustomize("project.yaml"),
        "argocd/base/project.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: p}\n",
        "argocd/values.yaml": "a: 1\n",
    }
    assert set(started(files)) == {"Application/argocd/root", "AppProject/argocd/p", "ApplicationSet/argocd/all"}


def test_a_directory_that_is_not_read_recursively_does_not_bring_the_folders_below() -> None:
    files = {
        "argocd/root.yaml": application("root", "argocd"),
        "argocd/apps/web.yaml": application("web", "web"),
    }
    assert set(started(files)) == {"Application/argocd/root", "Application/argocd/web"}


def test_a_name_that_is_no_text_is_told_with_its_line_and_the_rest_starts() -> None:
    files = {
        "argocd/a.yaml": f"{application('ok', 'x')}---\n{application('y', 'x')}---\n{application('404', 'x')}",
        "argocd/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {a: b}}\n",
    }
    found = read(files)
    assert [key_of(item).name for item in found.clusters[0].manifests] == ["ok"]
    assert [str(note) for note in found.notes] == [
        "management: argocd/a.yaml:6: the name of this Application is the boolean true to YAML: put it in quotes",
        "management: argocd/a.yaml:11: the name of this Application is the number 404 to YAML: put it in quotes",
        "management: argocd/b.yaml:1: this ConfigMap has no name: give it metadata.name",
    ]
    assert all(note.is_problem for note in found.notes)


def test_a_folder_that_does_not_build_is_told_and_does_not_stop_other_clusters() -> None:
    files = {
        "clusters/blue/kustomization.yaml": kustomize("ks.yaml", "nowhere.yaml"),
        "clusters/blue/ks.yaml": kustomization("apps", "apps/blue"),
        "clusters/green/ks.yaml": kustomization("apps", "apps/green"),
    }
    found = read(files)
    assert [(each.name, len(each.bootstrap)) for each in found.clusters] == [("blue", 0), ("green", 2)]
    (note,) = found.notes
    assert (note.kind, note.cluster) == (NoteKind.BROKEN, "blue")
    assert note.place.startswith("clusters/blue/kustomization.yaml")
    assert "nowhere.yaml" in note.message


def test_what_is_not_at_hand_is_left_out_and_said() -> None:
    remote = "https://example.com/install.yaml"
    patch = "patches: [{patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: argocd-cm}, data: {a: b}}'}]\n"
    files = {
        "argocd/kustomization.yaml": kustomize(remote, "web.yaml", more=patch),
        "argocd/web.yaml": application("web", "x"),
    }
    found = read(files)
    assert [key_of(item).name for item in found.clusters[0].manifests] == ["web"]
    (note,) = found.notes
    assert not note.is_problem
    assert note.kind is NoteKind.LEFT_OUT
    assert remote in note.message


def test_what_deliveries_of_a_folder_bring_need_not_build_for_it_to_start() -> None:
    chosen = "[{git: {repoURL: 'https://git.example/platform', directories: [{path: 'apps/*'}]}}]"
    files = {
        "apps/kustomization.yaml": kustomize("set.yaml", "web"),
        "apps/set.yaml": application_set("apps", chosen),
        "apps/web/kustomization.yaml": kustomize("nowhere.yaml"),
    }
    found = read(files)
    assert [key_of(item).name for item in found.clusters[0].manifests] == ["apps"]
    assert not found.notes


def test_an_identity_that_is_met_twice_is_an_error_that_names_both_places() -> None:
    files = {
        "argocd/a.yaml": application("web", "x"),
        "argocd/b.yaml": f"# first\n{application('web', 'y')}",
        "clusters/green/ks.yaml": kustomization("apps", "apps/green"),
    }
    found = read(files)
    (note,) = found.notes
    assert note.is_problem
    assert "Application/argocd/web is also declared in argocd/a.yaml:1" in note.message
    assert note.place == "argocd/b.yaml:2"
    assert {each.name: len(each.bootstrap) for each in found.clusters} == {"green": 2, "management": 0}
