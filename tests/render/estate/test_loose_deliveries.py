"""Without a bootstrap, clusters start with what nothing brings, and are named after their folders."""

import pytest
from tests.render.estate.samples import OWN, application, application_set, data, git, kustomization, kustomize

from nixernetes.render.estate import Estate, NothingToStartError, read_estate
from nixernetes.render.tree import MemoryTree


def read(files: dict[str, str]) -> Estate:
    return read_estate(MemoryTree(files))


def names(files: dict[str, str]) -> list[str]:
    return [each.name for each in read(files).clusters]


@pytest.mark.parametrize("above", ["clusters", "kubernetes/clusters", "deploy/clusters"])
def test_folders_of_clusters_name_them(above: str) -> None:
    files = {
        f"{above}/blue/apps.yaml": kustomization("apps", "apps/blue"),
        f"{above}/green/flux/apps.yaml": kustomization("apps", "apps/green"),
        "unused/ks.yaml": kustomization("unused", "nowhere"),
    }
    assert names(files) == ["blue", "green"]


def test_elsewhere_the_top_folders_that_differ_do() -> None:
    files = {
        "fleet/blue/apps.yaml": kustomization("apps", "apps/blue"),
        "fleet/green/apps.yaml": kustomization("apps", "apps/green"),
    }
    assert names(files) == ["blue", "green"]
    assert names({"start/apps.yaml": kustomization("apps", "apps")}) == ["start"]
    assert names({"apps.yaml": kustomization("apps", "apps")}) == ["cluster"]


def test_folders_whose_deliveries_depend_on_each_other_are_one_cluster() -> None:
    files = {
        "fleet/infra/ks.yaml": kustomization("infra", "infra"),
        "fleet/apps/ks.yaml": kustomization("apps", "apps", more=", dependsOn: [{name: infra}]"),
    }
    (cluster,) = read(files).clusters
    assert cluster.name == "fleet"
    assert cluster.folders == ("fleet/apps", "fleet/infra")


def test_one_argo_cd_delivers_all_unless_two_have_one_identity() -> None:
    one = {"a/web.yaml": application("web", "x"), "b/api.yaml": application("api", "x")}
    assert names(one) == ["management"]
    two = {"dev/web.yaml": application("web", "x"), "prod/web.yaml": application("web", "x")}
    assert names(two) == ["dev", "prod"]


def test_hidden_folders_start_nothing() -> None:
    with pytest.raises(NothingToStartError, match="--cluster NAME=FOLDER"):
        read({".archive/old/ks.yaml": kustomization("old", "x"), ".github/app.yaml": application("a", "x")})


def test_a_file_that_the_kustomization_beside_it_does_not_list_starts_nothing() -> None:
    files = {
        "start/kustomization.yaml": kustomize("ks.yaml"),
        "start/ks.yaml": kustomization("apps", "apps"),
        "start/draft.yaml": kustomization("draft", "drafts"),
        "base/kustomization.yaml": "kind: Component\nresources: [ks.yaml]\n",
        "base/ks.yaml": kustomization("base", "bases"),
    }
    (cluster,) = read(files).clusters
    assert [item["metadata"]["name"] for item in cluster.manifests] == ["flux-system", "apps"]


def test_what_a_kustomization_lists_starts_with_it_wherever_it_is() -> None:
    files = {
        "start/kustomization.yaml": kustomize("../parts/web"),
        "parts/web/kustomization.yaml": kustomize("../ks.yaml"),
        "parts/ks.yaml": kustomization("apps", "apps"),
    }
    (cluster,) = read(files).clusters
    assert cluster.folders == ("start",)


def test_autopilot_starts_with_its_bootstrap() -> None:
    chosen = f"[{{git: {{repoURL: '{OWN}', files: [{{path: 'bootstrap/cluster-resources/*.json'}}]}}}}]"
    files = {
        "bootstrap/argo-cd.yaml": application("argo-cd", "bootstrap/argo-cd"),
        "bootstrap/root.yaml": application("root", "projects"),
        "bootstrap/cluster-resources.yaml": application_set(
            "cluster-resources", chosen, "'bootstrap/cluster-resources/{{name}}'"
        ),
        "bootstrap/argo-cd/kustomization.yaml": kustomize("cm.yaml"),
        "bootstrap/argo-cd/cm.yaml": data("ConfigMap", "argocd-cm"),
        "bootstrap/cluster-resources/in-cluster.json": '{"name": "in-cluster"}',
        "bootstrap/cluster-resources/in-cluster/ns.yaml": data("ConfigMap", "delivered"),
        "projects/team.yaml": application_set("team"),
    }
    (cluster,) = read(files).clusters
    assert cluster.folders == ("bootstrap",)
    assert [item["metadata"]["name"] for item in cluster.manifests] == ["argo-cd", "cluster-resources", "root"]


def test_an_operators_argo_cd_starts_with_its_folder() -> None:
    operated = (
        "apiVersion: argoproj.io/v1beta1\nkind: ArgoCD\nmetadata: {name: a, namespace: openshift-gitops}\n"
        "spec: {kustomizeBuildOptions: --enable-helm}\n"
    )
    files = {
        "gitops/argocd.yaml": operated,
        "gitops/root.yaml": application("root", "apps", namespace="openshift-gitops"),
        "apps/web.yaml": application("web", "web"),
    }
    (cluster,) = read(files).clusters
    assert cluster.build_options == "--enable-helm"
    assert [item["metadata"]["name"] for item in cluster.manifests] == ["argocd-cm", "a", "root"]
    assert {item["metadata"]["namespace"] for item in cluster.manifests} == {"openshift-gitops"}


def test_a_cluster_without_a_bootstrap_starts_beside_one_with_it() -> None:
    files = {
        "clusters/blue/flux-system/sync.yaml": f"{git()}---\n{kustomization('flux-system', 'clusters/blue')}",
        "clusters/blue/apps.yaml": kustomization("apps", "apps"),
        "clusters/green/apps.yaml": kustomization("apps", "apps"),
    }
    assert names(files) == ["blue", "green"]


def test_a_chart_of_applications_is_started_by_one_that_is_made() -> None:
    files = {
        "apps/Chart.yaml": "name: apps\nversion: 0.1.0\n",
        "apps/values.yaml": "repoURL: https://git.example/examples\napplications: [{name: guestbook}]\n",
        "apps/templates/all.yaml": "{{ range .Values.applications }}\nkind: Application\n{{ end }}\n",
        "guestbook/a.yaml": data("ConfigMap", "a"),
    }
    found = read(files)
    (item,) = found.clusters[0].manifests
    assert item["spec"]["source"]["path"] == "apps"
    assert found.urls == (item["spec"]["source"]["repoURL"], "https://git.example/examples")
    assert [note.place for note in found.notes] == ["apps"]
