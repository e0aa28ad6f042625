"""``diff --live`` says what merging changes on a cluster that runs, as its server would do it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.live.worlds import RunningRepository, running
from tests.changes.revisions import (
    ARGO_URL,
    argocd,
    config,
    dangers,
    deployment,
    fields,
    flux,
    held,
    kustomization,
    release,
    said,
)

from nixernetes.app.live.clusters import Contexts
from nixernetes.app.live.diff import LiveOptions, live_differences
from nixernetes.changes.report import ChangeReport
from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.identity import ObjectKey

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
SECRET = """\
---
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: shop}
stringData: {password: %s}
"""
APPS = "apps/all.yaml"


@pytest.fixture(name="shop")
def a_shop_of_flux(tmp_path: Path) -> Iterator[RunningRepository]:
    with running(tmp_path, flux(NAMESPACE + config() + deployment())) as found:
        yield found


@pytest.fixture(name="argo")
def a_shop_of_argocd(tmp_path: Path) -> Iterator[RunningRepository]:
    with running(tmp_path, argocd(NAMESPACE + config() + deployment()), ARGO_URL) as found:
        yield found


def unverified(report: ChangeReport) -> dict[str, str]:
    return {each.subject: each.reason for each in report.unverified}


def stored(shop: RunningRepository) -> list[tuple[str, str]]:
    """Return the objects of a cluster with their versions; definitions of the engine are made when asked for."""
    items = [item for item in shop.cluster.written() if item["kind"] != "CustomResourceDefinition"]
    return sorted((item["metadata"]["uid"], item["metadata"]["resourceVersion"]) for item in items)


def test_a_cluster_that_is_what_git_says_changes_in_nothing(shop: RunningRepository) -> None:
    before = stored(shop)
    report = shop.diff()
    assert (said(report), unverified(report), report.dangers) == (set(), {}, ())
    assert stored(shop) == before


def test_what_is_on_disk_is_what_would_be_merged(shop: RunningRepository) -> None:
    shop.write({APPS: NAMESPACE + config("other") + deployment(image="nginx:1.28")})
    before = stored(shop)
    report = shop.diff()
    assert said(report) == {
        "create ConfigMap/shop/other",
        "delete ConfigMap/shop/settings",
        "change Deployment/shop/shop",
    }
    assert fields(report) == ["spec.template.spec.containers[name=web].image"]
    assert stored(shop) == before
    assert said(shop.diff(rev="main")) == set()


def test_after_the_merge_nothing_is_left_to_change(shop: RunningRepository) -> None:
    shop.write({APPS: NAMESPACE + config("other") + deployment(image="nginx:1.28", spec="replicas: 3")})
    shop.merge()
    report = shop.diff()
    assert (said(report), unverified(report)) == (set(), {})


def test_what_was_changed_by_hand_is_changed_back(shop: RunningRepository) -> None:
    shop.change("ConfigMap/shop/settings", data={"a": "c", "by": "hand"})
    report = shop.diff()
    assert said(report) == {"change ConfigMap/shop/settings"}
    assert sorted(fields(report)) == ["data.a", "data.by"]


def test_fields_of_others_stay(shop: RunningRepository) -> None:
    shop.change("ConfigMap/shop/settings", manager="somebody", data={"by": "controller"})
    assert said(shop.diff()) == set()


def test_what_is_gone_is_made_again(shop: RunningRepository) -> None:
    shop.cluster.delete(shop.key("ConfigMap/shop/settings"))
    assert said(shop.diff()) == {"create ConfigMap/shop/settings"}


def test_what_the_server_refuses_is_a_danger_in_its_words(shop: RunningRepository) -> None:
    shop.write({APPS: NAMESPACE + config() + deployment(labels="app: other")})
    report = shop.diff()
    assert "error refused Deployment/shop/shop" in dangers(report)
    assert any("field is immutable" in each.message for each in report.dangers)


def test_what_comes_with_its_namespace_is_not_verified(shop: RunningRepository) -> None:
    later = "---\n" + NAMESPACE.replace("shop", "later") + config("first", namespace="later")
    shop.write({APPS: NAMESPACE + config() + deployment() + later})
    report = shop.diff()
    assert said(report) == {"create Namespace/later", "create ConfigMap/later/first"}
    assert unverified(report) == {
        "ConfigMap/later/first": "its namespace comes with this change: no server has checked it"
    }


def test_secrets_are_masked_and_their_change_shows(shop: RunningRepository) -> None:
    shop.write({APPS: NAMESPACE + config() + deployment() + SECRET % "hunter2"})
    shop.merge()
    shop.write({APPS: NAMESPACE + config() + deployment() + SECRET % "hunter3"})
    report = shop.diff()
    assert said(report) == {"change Secret/shop/login"}
    text = repr([each.fields for each in report.changes])
    assert "data.password" in text
    for value in ("hunter2", "hunter3", "aHVudGVyMg", "aHVudGVyMw"):
        assert value not in text


def test_a_delivery_that_goes_takes_what_it_has(shop: RunningRepository) -> None:
    shop.write({"clusters/prod/apps.yaml": ""})
    assert said(shop.diff()) == {
        "delete Kustomization/flux-system/apps",
        "delete ConfigMap/shop/settings",
        "delete Deployment/shop/shop",
        "delete Namespace/shop",
    }


def test_what_does_not_prune_leaves_its_objects(tmp_path: Path) -> None:
    files = flux(NAMESPACE + config(), cluster=kustomization(more="prune: false"))
    with running(tmp_path, files) as shop:
        shop.write({APPS: NAMESPACE})
        assert said(shop.diff()) == {"orphan ConfigMap/shop/settings"}


def test_a_suspended_delivery_changes_nothing(tmp_path: Path) -> None:
    with running(tmp_path, flux(NAMESPACE + config())) as shop:
        suspended = kustomization(more="prune: true, suspend: true")
        shop.write({APPS: NAMESPACE + config(data="a: c"), "clusters/prod/apps.yaml": suspended})
        report = shop.diff()
        assert said(report) == {"change Kustomization/flux-system/apps"}
        assert "suspended" in held(report)["ConfigMap/shop/settings"]


def test_deliveries_that_git_does_not_declare_are_named(shop: RunningRepository) -> None:
    other = yamls.parse(kustomization("other", path="./other").removeprefix("---\n"))
    shop.cluster.apply(other, manager="somebody")
    notes = {(each.topic, each.object) for each in shop.diff().dangers}
    assert notes == {("undeclared-delivery", "Kustomization/flux-system/other")}


def test_an_application_is_compared_as_it_syncs(argo: RunningRepository) -> None:
    assert said(argo.diff()) == set()
    argo.write({"shop/all.yaml": NAMESPACE + deployment(image="nginx:1.28") + config("new")})
    report = argo.diff()
    assert said(report) == {
        "create ConfigMap/shop/new",
        "delete ConfigMap/shop/settings",
        "change Deployment/shop/shop",
    }
    argo.merge()
    assert said(argo.diff()) == set()


def test_a_kubeconfig_without_the_context_is_refused(shop: RunningRepository) -> None:
    with pytest.raises(InputError, match="no-such"):
        shop.diff(context="no-such")


def test_a_cluster_that_the_repository_does_not_have_is_refused(shop: RunningRepository) -> None:
    contexts = Contexts(kubeconfig=shop.kubeconfig)
    with pytest.raises(InputError, match="the repository has no such cluster: it has prod"):
        live_differences(LiveOptions(contexts=contexts, repo=shop.folder, cluster="other"))


def as_viewer(shop: RunningRepository, rules: list[dict[str, list[str]]]) -> Path:
    """Return a kubeconfig of one who may do what the rules say, and what everybody may."""
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "viewer"}}
    shop.cluster.create({**role, "rules": rules}, manager="test")
    shop.cluster.create(
        {
            **role,
            "kind": "ClusterRoleBinding",
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "viewer"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "bob"}],
        },
        manager="test",
    )
    told = yamls.parse(shop.kubeconfig.read_text())
    for each in told["users"]:
        each["user"]["as"] = "bob"
    file = shop.kubeconfig.with_name("viewer")
    file.write_text(yamls.dump(told))
    return file


READS = ["get", "list", "watch"]


def test_who_may_only_read_is_told_that_nothing_could_be_tried(shop: RunningRepository) -> None:
    """A dry run needs the right to write; nothing is passed off as unchanged without it."""
    file = as_viewer(shop, [{"apiGroups": ["*"], "resources": ["*"], "verbs": READS}])
    report = shop.diff(kubeconfig=file)
    assert said(report) == set()
    found = unverified(report)
    assert "Deployment/shop/shop" in found
    assert all('User "bob" cannot patch resource' in reason for reason in found.values())


def test_what_may_not_be_read_is_not_verified(shop: RunningRepository) -> None:
    writes = [*READS, "patch", "create"]
    groups = ["kustomize.toolkit.fluxcd.io", "source.toolkit.fluxcd.io", "apps"]
    file = as_viewer(
        shop,
        [
            {"apiGroups": groups, "resources": ["*"], "verbs": writes},
            {"apiGroups": [""], "resources": ["namespaces"], "verbs": writes},
        ],
    )
    found = unverified(shop.diff(kubeconfig=file))
    assert "cannot get resource" in found.pop("ConfigMap/shop/settings")
    assert set(found) == {"helmreleases.helm.toolkit.fluxcd.io"} | {
        name for name in found if name.endswith(("fluxcd.controlplane.io", "argoproj.io"))
    }


def test_a_delivery_whose_kind_may_not_be_listed_is_said(shop: RunningRepository) -> None:
    file = as_viewer(shop, [{"apiGroups": [""], "resources": ["*"], "verbs": ["*"]}])
    found = unverified(shop.diff(kubeconfig=file))
    assert "they cannot be listed" in found["kustomizations.kustomize.toolkit.fluxcd.io"]


def test_objects_are_gone_only_where_that_is_known(shop: RunningRepository) -> None:
    assert shop.cluster.get(ObjectKey("", "ConfigMap", "shop", "settings")) is not None
    file = as_viewer(shop, [{"apiGroups": [""], "resources": ["namespaces"], "verbs": READS}])
    report = shop.diff(kubeconfig=file)
    assert said(report) == set()


CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "greeting: hello\n",
    "charts/web/templates/all.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {greeting: '{{ .Values.greeting }}'}\n"
    ),
}
WEB = "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"


@pytest.fixture(name="chart")
def a_release_of_flux(tmp_path: Path) -> Iterator[RunningRepository]:
    with running(tmp_path, flux(WEB + release()) | CHART) as found:
        yield found


def test_a_release_is_compared_as_helm_would_upgrade_it(chart: RunningRepository) -> None:
    report = chart.diff()
    assert (said(report), unverified(report)) == (set(), {})
    chart.write({APPS: WEB + release(more=", values: {greeting: hi}")})
    report = chart.diff()
    assert said(report) == {"change HelmRelease/web/web", "change ConfigMap/web/web"}
    assert "data.greeting" in fields(report)
    chart.merge()
    assert said(chart.diff()) == set()


def test_a_release_that_is_not_upgraded_leaves_what_was_changed_by_hand(chart: RunningRepository) -> None:
    chart.change("ConfigMap/web/web", data={"greeting": "by hand"})
    report = chart.diff()
    assert said(report) == set()
    assert held(report) == {
        "ConfigMap/web/web": "helm-controller upgrades nothing: neither the chart's version nor the values change"
    }
    (found,) = chart.drift().drifts
    assert [(each.change.path, each.writers[0].manager) for each in found.fields] == [("data.greeting", "kubectl-edit")]
    assert found.kept.startswith("helm-controller upgrades nothing")


def test_drift_detection_mends_a_release(tmp_path: Path) -> None:
    with running(tmp_path, flux(WEB + release(more=", driftDetection: {mode: enabled}")) | CHART) as chart:
        chart.change("ConfigMap/web/web", data={"greeting": "by hand"})
        assert said(chart.diff()) == {"change ConfigMap/web/web"}
        (found,) = chart.drift().drifts
        assert found.kept == ""


SET = """\
---
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: shops, namespace: argocd}
spec:
  goTemplate: true
  generators: [{list: {elements: [%s]}}]
  template:
    metadata: {name: "{{ .name }}"}
    spec:
      project: default
      source: {repoURL: "https://github.com/acme/deploy.git", targetRevision: main, path: shop}
      destination: {server: "https://kubernetes.default.svc", namespace: shop}
      syncPolicy: {automated: {prune: true, selfHeal: true}}
"""


def test_an_application_set_makes_and_changes_applications(tmp_path: Path) -> None:
    with running(tmp_path, argocd(NAMESPACE + config(), SET % "{name: shop}"), ARGO_URL) as argo:
        assert said(argo.diff()) == set()
        argo.change("Application/argocd/shop", spec={"project": "other"})
        assert "change Application/argocd/shop" in said(argo.diff())


def test_what_flux_suspends_on_the_cluster_alone_stays(shop: RunningRepository) -> None:
    shop.change("Kustomization/flux-system/apps", manager="flux", spec={"suspend": True})
    shop.write({APPS: NAMESPACE + config(data="a: c") + deployment()})
    report = shop.diff()
    assert said(report) == set()
    assert held(report) == {"ConfigMap/shop/settings": "Kustomization/flux-system/apps is suspended"}
