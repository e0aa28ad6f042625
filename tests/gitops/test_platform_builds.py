"""What a platform's declarations become in the repository."""

from __future__ import annotations

from typing import Any

import pytest
from tests.gitops.platforms import NO_FILES, URL, Files, deployment, repository

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.gitops.layout.compiler import (
    bootstrap,
    cluster_servers,
    compile_platform,
    control_plane_of,
    repository_url,
)
from nixernetes.gitops.layout.model import ReadFiles
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json

CHART = gitops.HelmChartRef(name="postgresql", repository="https://charts.bitnami.com/bitnami", version="13.0.0")


def built(*apps: gitops.App, read: ReadFiles = NO_FILES, **fields: Any) -> dict[str, Json]:
    given = {"name": "p", "repository": repository("flat", "staging"), "apps": apps, **fields}
    tree = compile_platform(gitops.Platform(**given), read)
    return {path: yamls.parse(data) for path, data in tree.items() if path.endswith(".yaml") and "charts/" not in path}


def web(**fields: Any) -> gitops.App:
    return gitops.App(name="web", **{"namespace": "shop", "manifests": [deployment("web")], **fields})


@pytest.mark.parametrize(
    ("new", "entry"),
    [
        (":1.28", {"newTag": "1.28"}),
        ("registry.example.com:5000/web", {"newName": "registry.example.com:5000/web"}),
        ("registry.example.com:5000/web:2", {"newName": "registry.example.com:5000/web", "newTag": "2"}),
        ("@sha256:" + "a" * 64, {"digest": "sha256:" + "a" * 64}),
    ],
)
def test_an_image_is_replaced_as_a_whole_reference(new: str, entry: dict[str, str]) -> None:
    tree = built(web(environments={"staging": {"images": {"nginx": new}}}))
    assert tree["repos/staging/manifests/web/kustomization.yaml"]["images"] == [{"name": "nginx", **entry}]


def test_patches_are_manifests_text_or_kustomize_patches() -> None:
    target = {"kind": "Deployment", "name": "web"}
    operations = [{"op": "replace", "path": "/spec/replicas", "value": 2}]
    patches = [deployment("web"), "kind: Deployment\n", {"target": target, "patch": operations}]
    found = built(web(environments={"staging": {"patches": patches}}))["repos/staging/manifests/web/kustomization.yaml"]
    assert yamls.parse(found["patches"][0]["patch"]) == deployment("web")
    assert found["patches"][1] == {"patch": "kind: Deployment\n"}
    assert found["patches"][2]["target"] == target
    assert yamls.parse(found["patches"][2]["patch"]) == operations


def test_replicas_count_for_each_workload_or_by_name() -> None:
    two = web(manifests=[deployment("a"), deployment("b")], environments={"staging": {"replicas": 3}})
    path = "repos/staging/manifests/web/kustomization.yaml"
    assert built(two)[path]["replicas"] == [{"name": "a", "count": 3}, {"name": "b", "count": 3}]
    one = web(manifests=[deployment("a"), deployment("b")], environments={"staging": {"replicas": {"b": 2}}})
    assert built(one)[path]["replicas"] == [{"name": "b", "count": 2}]


def test_values_of_an_environment_are_merged_over_the_apps_own() -> None:
    values = {"auth": {"user": "app", "database": "shop"}, "list": [1, 2]}
    more = {"auth": {"user": "qa"}, "list": [3]}
    app = gitops.App(name="db", namespace="db", chart=CHART, values=values, environments={"staging": {"values": more}})
    found = built(app)["repos/staging/flux-system/helmreleases/db.yaml"]["spec"]
    assert found["values"] == {"auth": {"user": "qa", "database": "shop"}, "list": [3]}
    assert found["releaseName"] == "db"
    assert found["targetNamespace"] == "db"


def test_a_chart_repository_that_is_declared_is_used() -> None:
    declared = gitops.HelmRepository(name="bitnami-charts", url="https://charts.bitnami.com/bitnami")
    tree = built(gitops.App(name="db", namespace="db", chart=CHART), resources=[declared])
    found = [path for path in tree if "/helmrepositories/" in path]
    assert found == ["repos/staging/flux-system/helmrepositories/bitnami-charts.yaml"]
    spec = tree["repos/staging/flux-system/helmreleases/db.yaml"]["spec"]
    assert spec["chart"]["spec"]["sourceRef"]["name"] == "bitnami-charts"


def test_two_chart_repositories_that_would_share_a_name_get_longer_ones() -> None:
    urls = ["https://one.example.com/charts", "https://two.example.com/charts", "https://charts.example.com/org"]
    apps = [
        gitops.App(name=f"a{n}", namespace="x", chart=gitops.HelmChartRef(name="c", repository=url, version="1"))
        for n, url in enumerate(urls)
    ]
    tree = built(*apps)
    found = sorted(path.rsplit("/", 1)[1] for path in tree if "/helmrepositories/" in path)
    assert found == ["one-example-com-charts.yaml", "org.yaml", "two-example-com-charts.yaml"]


def test_argo_cd_names_an_oci_chart_repository_without_scheme() -> None:
    chart = gitops.HelmChartRef(name="c", repository="oci://ghcr.io/org", version="1")
    tree = built(gitops.App(name="a", namespace="x", chart=chart), engine="argocd")
    assert tree["argocd/applications/a.yaml"]["spec"]["source"]["repoURL"] == "ghcr.io/org"
    assert tree["argocd/projects/p.yaml"]["spec"]["sourceRepos"] == ["ghcr.io/org"]


def test_a_chart_of_a_folder_is_copied_and_released_from_the_repository() -> None:
    files = Files({"c/web/Chart.yaml": "name: web\n", "c/web/templates/a.yaml": "{{ x }}"})
    app = gitops.App(name="a", namespace="x", chart=gitops.HelmChartRef(path="c/web"))
    platform = gitops.Platform(name="p", repository=repository("flat", "staging"), apps=[app], engine="both")
    tree = compile_platform(platform, files)
    assert tree["charts/web/templates/a.yaml"] == b"{{ x }}"
    release = yamls.parse(tree["repos/staging/flux-system/helmreleases/a.yaml"])["spec"]["chart"]["spec"]
    assert release["chart"] == "./charts/web"
    assert release["reconcileStrategy"] == "Revision"
    assert yamls.parse(tree["argocd/applications/a.yaml"])["spec"]["source"]["path"] == "charts/web"


def test_an_overlay_is_copied_with_everything_it_refers_to() -> None:
    files = Files(
        {
            "web/base/kustomization.yaml": "resources: [web.yaml]\n",
            "web/base/web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n",
            "web/production/kustomization.yaml": (
                "resources: [../base]\nconfigMapGenerator:\n- name: c\n  files: [k=../k.txt]\n"
            ),
            "web/k.txt": "text",
            "web/unrelated.txt": "no",
        }
    )
    app = gitops.App(name="web", kustomize="web/production")
    flat = compile_platform(gitops.Platform(name="p", repository=repository("flat", "one"), apps=[app]), files)
    lead = "repos/one/manifests/web/"
    assert sorted(path.removeprefix(lead) for path in flat if path.startswith(lead)) == [
        "kustomization.yaml",
        "source/base/kustomization.yaml",
        "source/base/web.yaml",
        "source/k.txt",
        "source/production/kustomization.yaml",
    ]
    assert yamls.parse(flat[f"{lead}kustomization.yaml"])["resources"] == ["source/production"]
    deep = compile_platform(gitops.Platform(name="p", repository=repository("hierarchy", "one"), apps=[app]), files)
    assert "clusters/shared/base/web/production/kustomization.yaml" in deep
    found = yamls.parse(deep["clusters/one/kubernetes/web/kustomization.yaml"])
    assert found["resources"] == ["../../../shared/base/web/production"]


def test_a_file_with_one_document_keeps_its_comments_and_one_with_several_is_split() -> None:
    one = "# why\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
    many = (
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n---\n"
        + one.replace("name: a", "name: c")
    )
    files = Files({"y/one.yaml": one, "y/sub/many.yml": many, "y/readme.md": "no"})
    app = gitops.App(name="web", namespace="x", folders="y")
    tree = compile_platform(gitops.Platform(name="p", repository=repository("flat", "one"), apps=[app]), files)
    lead = "repos/one/manifests/web/"
    assert sorted(path.removeprefix(lead) for path in tree if path.startswith(lead)) == [
        "configmap-a.yaml",
        "configmap-b.yaml",
        "configmap-c.yaml",
        "kustomization.yaml",
    ]
    assert tree[f"{lead}configmap-a.yaml"] == one.encode()


def test_an_app_runs_only_where_it_says() -> None:
    tree = built(web(clusters=["one"]), repository=repository("hierarchy", "one", "two"))
    assert "clusters/one/kubernetes/web/kustomization.yaml" in tree
    assert not any(path.startswith("clusters/two/kubernetes") for path in tree)


def test_the_platforms_project_allows_what_its_apps_need_and_no_more() -> None:
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r"}}
    app = gitops.App(name="web", manifests=[deployment("web", namespace="a"), deployment("web", namespace="b"), role])
    project = built(app, engine="argocd")["argocd/projects/p.yaml"]["spec"]
    server = "https://kubernetes.default.svc"
    assert project["destinations"] == [{"server": server, "namespace": name} for name in ("a", "b", "default")]
    assert project["clusterResourceWhitelist"] == [{"group": "rbac.authorization.k8s.io", "kind": "ClusterRole"}]
    assert project["sourceRepos"] == [URL]


def test_a_given_namespace_is_created_by_both_engines() -> None:
    tree = built(web(), engine="both")
    assert tree["repos/staging/flux-system/namespaces/shop.yaml"]["kind"] == "Namespace"
    assert tree["argocd/applications/web.yaml"]["spec"]["syncPolicy"]["syncOptions"] == ["CreateNamespace=true"]


def test_a_namespace_that_an_app_brings_itself_is_left_to_it() -> None:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    tree = built(web(manifests=[deployment("web"), namespace]), engine="both")
    assert "repos/staging/flux-system/namespaces/shop.yaml" not in tree
    assert "syncOptions" not in tree["argocd/applications/web.yaml"]["spec"]["syncPolicy"]


def test_a_preset_sets_what_is_not_given() -> None:
    path = "repos/staging/flux-system/kustomizations/web.yaml"
    spec = built(web(preset=gitops.presets.conservative))[path]["spec"]
    assert (spec["interval"], spec["prune"], "wait" in spec) == ("1h", False, False)
    spec = built(web(preset=gitops.presets.conservative, interval="5m"))[path]["spec"]
    assert (spec["interval"], spec["prune"]) == ("5m", False)


def test_an_environment_may_follow_its_own_branch() -> None:
    tree = built(
        web(), repository=repository("flat", "a", "b"), environments={"a": {"branch": "next"}, "b": {}}, engine="both"
    )
    branches = {
        name: tree[f"repos/{name}/flux-system/gitrepositories/platform-config.yaml"]["spec"]["ref"] for name in "ab"
    }
    assert branches == {"a": {"branch": "next"}, "b": {"branch": "main"}}
    assert tree["argocd/applications/web-a.yaml"]["spec"]["source"]["targetRevision"] == "next"
    assert tree["argocd/applications/p-root.yaml"]["spec"]["source"]["targetRevision"] == "main"


def test_declared_objects_stand_beside_the_compiled_ones() -> None:
    extra = gitops.GitRepository(name="extra", url="https://example.com/extra")
    alone = gitops.GitRepository(name="alone", url="https://example.com/alone")
    clusters = {"a": gitops.Cluster(resources=[alone]), "b": gitops.Cluster()}
    tree = built(web(), repository=repository("flat", "a", "b"), clusters=clusters, resources=[extra])
    found = sorted(path for path in tree if "/gitrepositories/" in path and "platform-config" not in path)
    assert found == [
        "repos/a/flux-system/gitrepositories/alone.yaml",
        "repos/a/flux-system/gitrepositories/extra.yaml",
        "repos/b/flux-system/gitrepositories/extra.yaml",
    ]
    assert "gitrepositories/alone.yaml" in tree["repos/a/flux-system/kustomization.yaml"]["resources"]


def test_declared_applications_stand_in_their_project() -> None:
    project = gitops.AppProject(
        name="team",
        source_repos=["https://github.com/myorg/*"],
        destinations=[{"namespace": "production", "server": "https://kubernetes.default.svc"}],
    )
    source = {"repoURL": "https://github.com/myorg/config", "path": "apps"}
    good = gitops.Application(name="good", project="team", source=source, destination={"namespace": "production"})
    tree = built(engine="argocd", resources=[project, good])
    assert "argocd/applications/good.yaml" in tree
    bad = gitops.Application(name="bad", project="team", source=source, destination={"namespace": "kube-system"})
    with pytest.raises(InputError) as caught:
        built(engine="argocd", resources=[project, bad])
    assert "Application/argocd/bad" in str(caught.value)
    assert "do not match any of the allowed destinations in project 'team'" in str(caught.value)


def test_a_declared_application_may_use_the_platforms_own_project_and_is_held_to_it() -> None:
    source = {"repoURL": URL, "path": "more"}
    good = gitops.Application(name="more", project="p", source=source, destination={"namespace": "shop"})
    assert "argocd/applications/more.yaml" in built(web(), engine="argocd", resources=[good])
    bad = gitops.Application(name="more", project="p", source=source, destination={"namespace": "kube-system"})
    with pytest.raises(InputError, match="do not match any of the allowed destinations in project 'p'"):
        built(web(), engine="argocd", resources=[bad])


def test_a_project_that_nobody_declares_is_one_problem() -> None:
    source = {"repoURL": URL, "path": "more"}
    lost = gitops.Application(name="more", project="lost", source=source, destination={"namespace": "shop"})
    with pytest.raises(InputError) as caught:
        built(web(), engine="argocd", resources=[lost])
    assert "Application referencing project lost which does not exist; add it to the resources" in str(caught.value)
    assert "problems" not in str(caught.value)


def test_an_app_of_a_preset_prunes_last_in_argo_cd_too() -> None:
    policy = built(web(preset=gitops.presets.standard), engine="argocd")["argocd/applications/web.yaml"]["spec"][
        "syncPolicy"
    ]
    assert policy["syncOptions"] == ["CreateNamespace=true", "PruneLast=true"]


def test_the_clusters_their_servers_and_who_runs_argo_cd() -> None:
    one = gitops.Platform(name="p", repository=repository("flat", "only"), engine="argocd")
    assert cluster_servers(one) == [("only", "https://kubernetes.default.svc")]
    assert control_plane_of(one) == "only"
    assert repository_url(one) == URL
    two = gitops.Platform(name="p", repository=repository("flat", "a", "b"), engine="argocd")
    assert control_plane_of(two) == "management"
    assert [item["kind"] for item in bootstrap(two, "management")] == ["Namespace", "AppProject", "Application"]
    assert bootstrap(two, "a") == []
    with pytest.raises(InputError, match="the platform has no cluster moon: it has a, b"):
        bootstrap(two, "moon")


def test_a_deployment_without_apps_delivers_a_folder_that_others_write() -> None:
    single = gitops.SingleClusterDeployment(
        name="platform", git_repository="https://github.com/myorg/config", path="./apps", namespace="default"
    )
    tree = {
        path: yamls.parse(data)
        for path, data in compile_platform(gitops.Platform(name="p", deployment=single), NO_FILES).items()
    }
    spec = tree["clusters/platform/flux-system/kustomizations/platform.yaml"]["spec"]
    assert (spec["path"], spec["targetNamespace"]) == ("./apps", "default")
    assert not any(path.startswith("apps/") for path in tree)


@pytest.mark.parametrize("path", ["../up", "/abs", "a/../../b"])
def test_a_deployments_path_stays_in_the_repository(path: str) -> None:
    with pytest.raises(InputError, match="leads out of the repository"):
        gitops.SingleClusterDeployment(name="p", git_repository=URL, path=path)


def test_every_compiled_object_is_valid_for_its_kind() -> None:
    kinds = {
        name: getattr(gitops, name)
        for name in ("GitRepository", "HelmRepository", "HelmRelease", "Application", "AppProject")
    }
    tree = built(web(), gitops.App(name="db", namespace="db", chart=CHART), engine="both")
    seen = set()
    for path, item in tree.items():
        kind = gitops.Kustomization if item["kind"] == "Kustomization" and "spec" in item else kinds.get(item["kind"])
        if kind is not None:
            assert kind.from_manifest(item).manifest() == item, path
            seen.add(item["kind"])
    assert seen == {*kinds, "Kustomization"}


def test_a_webhook_is_told_by_both_engines() -> None:
    hook = gitops.WebhookNotification(url="https://hooks.example.com/x")
    other = gitops.WebhookNotification(name="other", url="https://hooks.example.com/y")
    tree = built(web(), engine="both", resources=[hook, other])
    assert "repos/staging/flux-system/providers/webhook.yaml" in tree
    assert "repos/staging/flux-system/alerts/other.yaml" in tree
    assert {"service.webhook.webhook", "service.webhook.other"} <= tree[
        "argocd/configmaps/argocd-notifications-cm.yaml"
    ]["data"].keys()
    annotations = tree["argocd/projects/p.yaml"]["metadata"]["annotations"]
    subscribed = {
        key.rpartition(".")[2] for key in annotations if key.startswith("notifications.argoproj.io/subscribe.")
    }
    assert subscribed == {"webhook", "other"}


def test_a_webhook_that_an_engine_cannot_honour_is_refused() -> None:
    hook = gitops.WebhookNotification(url="https://hooks.example.com/x", insecure_skip_verify=True)
    assert built(web(), engine="argocd", resources=[hook])
    with pytest.raises(InputError, match="insecure_skip_verify: Flux cannot honour it"):
        built(web(), engine="both", resources=[hook])


def test_what_is_no_resource_is_refused_at_its_line() -> None:
    with pytest.raises(InputError, match=r"is a dict: give an object such as gitops\.GitRepository"):
        gitops.Platform(name="p", repository=repository(), resources=[{"kind": "GitRepository"}])
