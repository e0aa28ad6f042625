"""Every "Result" line of the guide about Argo CD comes true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.engine.argocd.conftest import Plane, make_plane
from tests.engine.argocd.samples import URL, application, config_map, deployment, namespace, project

from nixernetes.objects.well_known import IN_CLUSTER

NETWORK_POLICY = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "deny"},
    "spec": {"podSelector": {}},
}
PLATFORM_TEAM = project(
    "platform-team",
    description="Platform team's applications",
    sourceRepos=[URL],
    destinations=[
        {"namespace": "production", "server": IN_CLUSTER},
        {"namespace": "staging", "server": IN_CLUSTER},
    ],
    clusterResourceBlacklist=[{"group": "", "kind": "ResourceQuota"}, {"group": "", "kind": "NetworkPolicy"}],
    namespaceResourceBlacklist=[{"group": "networking.k8s.io", "kind": "NetworkPolicy"}],
)


def test_the_platform_team_deploys_to_prod_and_staging_but_not_a_network_policy(plane: Plane) -> None:
    plane.commit({"apps/web/web.yaml": deployment("web"), "apps/net/all.yaml": [config_map("a"), NETWORK_POLICY]})
    plane.apply(namespace("production"), namespace("staging"), namespace("elsewhere"), PLATFORM_TEAM)
    for space in ("production", "staging", "elsewhere"):
        plane.apply(application(space, "apps/web", project="platform-team", to=space, automated={}))
    plane.apply(application("net", "apps/net", project="platform-team", automated={}))
    assert plane.settle()
    assert plane.words("production") == plane.words("staging") == "Synced/Healthy"
    message = (
        f"application destination server '{IN_CLUSTER}' and namespace 'elsewhere' do not match any of the allowed "
        "destinations in project 'platform-team'"
    )
    assert plane.conditions("elsewhere") == [("InvalidSpecError", message)]
    assert plane.words("elsewhere") == "Unknown/Unknown"
    assert plane.get("Deployment", "elsewhere", "web", group="apps") is None
    operation = plane.operation("net")
    refusal = "resource networking.k8s.io:NetworkPolicy is not permitted in project platform-team"
    assert operation["phase"] == "Failed"
    assert operation["message"] == (f"one or more synchronization tasks are not valid: {refusal} (retried 5 times).")
    (result,) = operation["syncResult"]["resources"]
    assert (result["kind"], result["status"], result["message"]) == ("NetworkPolicy", "SyncFailed", refusal)
    assert plane.get("ConfigMap", "production", "a") is None


@pytest.mark.parametrize(
    ("changes", "condition"),
    [
        (
            {"project": "nobody"},
            ("InvalidSpecError", "Application referencing project nobody which does not exist"),
        ),
        (
            {"source": {"repoURL": "https://github.com/evil/config", "path": "x"}},
            (
                "InvalidSpecError",
                "application repo https://github.com/evil/config is not permitted in project 'platform-team'",
            ),
        ),
        (
            {"destination": {"name": "mars", "namespace": "production"}},
            ("InvalidSpecError", "there are no clusters with this name: mars"),
        ),
        (
            {"destination": {"namespace": "production"}},
            ("InvalidSpecError", "Destination server missing from app spec"),
        ),
    ],
)
def test_a_forbidden_application_is_refused_with_argo_cds_words(
    plane: Plane, changes: dict[str, object], condition: tuple[str, str]
) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    app = application("web", project="platform-team", automated={})
    app["spec"].update(changes)
    plane.apply(namespace("production"), PLATFORM_TEAM, app)
    assert plane.settle()
    assert plane.conditions("web") == [condition]
    assert plane.words("web") == "Unknown/Unknown"


def test_my_app_is_synced_to_the_production_namespace_automatically(plane: Plane) -> None:
    plane.commit({"apps/my-app/web.yaml": deployment("my-app")})
    plane.apply(namespace("production"), PLATFORM_TEAM)
    app = application("my-app", "apps/my-app", project="platform-team", automated={}, options=("CreateNamespace=true",))
    plane.apply(app)
    assert plane.settle()
    assert plane.words("my-app") == "Synced/Healthy"
    assert plane.get("Deployment", "production", "my-app", group="apps")["status"]["readyReplicas"] == 1


def test_create_namespace_needs_a_project_that_permits_namespaces(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    options = ("CreateNamespace=true",)
    plane.apply(PLATFORM_TEAM, application("web", project="platform-team", automated={}, options=options))
    plane.run(1)
    refusal = "resource :Namespace is not permitted in project platform-team"
    assert refusal in plane.operation("web")["message"]


def test_a_single_application_manages_the_cluster(plane: Plane) -> None:
    child = application("my-app", "workloads/my-app", automated={"prune": True}, options=("CreateNamespace=true",))
    plane.commit({"apps/my-app/argocd.yaml": child, "workloads/my-app/web.yaml": deployment("my-app")})
    source = {"repoURL": URL, "path": "apps", "directory": {"recurse": True}}
    plane.apply(application("cluster-bootstrap", to="argocd", automated={"prune": True}, source=source))
    assert plane.settle()
    assert plane.words("cluster-bootstrap") == plane.words("my-app") == "Synced/Healthy"
    assert plane.status("cluster-bootstrap")["summary"]["isAppOfApps"] is True
    assert plane.get("Deployment", "production", "my-app", group="apps") is not None


def test_an_application_may_manage_itself(plane: Plane) -> None:
    app = application("root", "apps", to="argocd", automated={"prune": True, "selfHeal": True})
    plane.commit({"apps/root.yaml": app, "apps/a.yaml": config_map("a")})
    plane.apply(app)
    assert plane.settle()
    assert plane.words("root") == "Synced/Healthy"
    changed = application("root", "apps", to="argocd", automated={"prune": True}, revisionHistoryLimit=3)
    plane.commit({"apps/root.yaml": changed, "apps/a.yaml": config_map("a")})
    plane.run(130)
    assert plane.settle()
    assert plane.app("root")["spec"]["revisionHistoryLimit"] == 3
    assert plane.words("root") == "Synced/Healthy"


def test_one_repository_manages_three_clusters() -> None:
    servers = {
        "us-east-1": "https://us-east-cluster.example.com",
        "eu-west-1": "https://eu-west-cluster.example.com",
        "ap-south-1": "https://ap-south-cluster.example.com",
    }
    plane = make_plane(servers)
    plane.commit({f"clusters/{name}/web.yaml": deployment("web", image=f"web:{name}") for name in servers})
    for name, server in servers.items():
        options = ("CreateNamespace=true",)
        plane.apply(application(name, f"clusters/{name}", server=server, automated={}, options=options))
    assert plane.settle()
    for name in servers:
        assert plane.words(name) == "Synced/Healthy"
        live = plane.get("Deployment", "production", "web", group="apps", cluster=name)
        assert live["spec"]["template"]["spec"]["containers"][0]["image"] == f"web:{name}"
    assert plane.get("Deployment", "production", "web", group="apps") is None


def test_a_cluster_secret_gives_a_cluster_its_name() -> None:
    plane = make_plane({"https://far.example.com": "https://far.example.com"})
    plane.commit({"apps/a.yaml": config_map("a")})
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "far",
            "namespace": "argocd",
            "labels": {"argocd.argoproj.io/secret-type": "cluster"},
        },
        "stringData": {"name": "far-away", "server": "https://far.example.com", "config": "{}"},
    }
    app = application("web", automated={}, options=("CreateNamespace=true",))
    app["spec"]["destination"] = {"name": "far-away", "namespace": "production"}
    plane.apply(secret, app)
    assert plane.settle()
    assert plane.get("ConfigMap", "production", "a", cluster="https://far.example.com") is not None


@pytest.mark.parametrize(
    ("automated", "pruned", "healed"),
    [
        ({"prune": True, "selfHeal": True}, True, True),
        ({"prune": True}, True, False),
        ({}, False, False),
    ],
)
def test_the_words_of_a_preset_are_what_happens(
    plane: Plane, automated: dict[str, bool], pruned: bool, healed: bool
) -> None:
    plane.commit({"apps/all.yaml": [config_map("a"), config_map("b")]})
    plane.apply(namespace("production"), application("web", automated=automated))
    plane.settle()
    drifted = plane.edit("ConfigMap", "production", "a")
    drifted["data"]["key"] = "by hand"
    plane.put(drifted)
    plane.run(5)
    assert (plane.get("ConfigMap", "production", "a")["data"]["key"] == "value") is healed
    plane.commit({"apps/all.yaml": config_map("a")})
    plane.run(timedelta(minutes=5).total_seconds())
    assert (plane.get("ConfigMap", "production", "b") is None) is pruned
