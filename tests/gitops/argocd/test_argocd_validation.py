"""What Argo CD says of an Application that may not be: types and messages, word for word."""

from typing import Any

import pytest

from nixernetes.gitops.argocd.applications.validation import validate_application
from nixernetes.gitops.argocd.projects.permissions import (
    IN_CLUSTER,
    NamedCluster,
    is_destination_permitted,
    is_group_kind_name_permitted,
    is_live_resource_permitted,
    is_source_permitted,
)
from nixernetes.objects.identity import GroupKind

EVERYTHING = {"sourceRepos": ["*"], "destinations": [{"server": "*", "namespace": "*"}]}
EAST = NamedCluster(name="us-east-1", server="https://us-east.example.com/")


def app(**spec: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": "web", "namespace": spec.pop("namespace", "argocd")},
        "spec": {
            "project": "team",
            "source": {"repoURL": "https://github.com/org/x.git", "path": "web"},
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "prod"},
            **spec,
        },
    }


def project(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": "team"}, "spec": {**EVERYTHING, **spec}}


def outside(server: str) -> str:
    return (
        f"application destination server '{server}' and namespace 'prod' do not match any of the allowed "
        "destinations in project 'team'"
    )


_UNKNOWN_SERVER = (
    'error getting cluster by server "https://nowhere": '
    'rpc error: code = NotFound desc = cluster "https://nowhere" not found'
)
CASES = [
    (app(), None, "InvalidSpecError", "Application referencing project team which does not exist"),
    (
        app(namespace="elsewhere"),
        project(sourceNamespaces=["team-*"]),
        "UnknownError",
        "application 'web' in namespace 'elsewhere' is not permitted to use project 'team'",
    ),
    (
        app(),
        project(sourceRepos=["https://github.com/other/*"]),
        "InvalidSpecError",
        "application repo https://github.com/org/x.git is not permitted in project 'team'",
    ),
    (
        app(),
        project(destinations=[{"server": "*", "namespace": "staging"}]),
        "InvalidSpecError",
        outside("https://kubernetes.default.svc"),
    ),
    (
        app(destination={"name": "us-east-1", "namespace": "prod"}),
        project(destinations=[]),
        "InvalidSpecError",
        outside("us-east-1"),
    ),
    (
        app(destination={"server": "https://nowhere", "namespace": "prod"}),
        project(),
        "InvalidSpecError",
        _UNKNOWN_SERVER,
    ),
    (
        app(destination={"name": "nowhere"}),
        project(),
        "InvalidSpecError",
        "there are no clusters with this name: nowhere",
    ),
    (
        app(destination={"name": "twin"}),
        project(),
        "InvalidSpecError",
        "there are 2 clusters with the same name: [https://a https://b]",
    ),
    (
        app(destination={"name": "a", "server": "b"}),
        project(),
        "InvalidSpecError",
        "application destination can't have both name and server defined: a b",
    ),
    (app(destination={}), project(), "InvalidSpecError", "Destination server missing from app spec"),
    (
        app(source={"repoURL": "https://x"}),
        project(),
        "InvalidSpecError",
        "spec.source.repoURL and either spec.source.path or spec.source.chart are required",
    ),
    (
        app(source={"repoURL": "https://x", "chart": "y"}),
        project(),
        "InvalidSpecError",
        "spec.source.targetRevision is required if the manifest source is a helm chart",
    ),
    (
        app(source={"repoURL": "https://x", "path": "y", "helm": {"values": "a"}, "kustomize": {"version": "v"}}),
        project(),
        "InvalidSpecError",
        "multiple application sources defined: Kustomize,Helm",
    ),
]
KNOWN = [
    EAST,
    NamedCluster(name="twin", server="https://a"),
    NamedCluster(name="twin", server="https://b"),
]


@pytest.mark.parametrize(("application", "owner", "kind", "message"), CASES, ids=lambda value: str(value)[:40])
def test_conditions_are_argo_cds_own(application: Any, owner: Any, kind: str, message: str) -> None:
    assert validate_application(application, owner, KNOWN) == [(kind, message)]


def test_nothing_is_wrong_with_an_application_inside_its_project() -> None:
    assert validate_application(app(), project(), KNOWN) == []
    assert validate_application(app(destination={"server": "https://us-east.example.com"}), project(), KNOWN) == []
    assert validate_application(app(namespace="team-a"), project(sourceNamespaces=["team-*"])) == []


def test_each_repository_that_is_not_permitted_is_named() -> None:
    sources = [{"repoURL": f"https://{name}", "ref": name} for name in ("a", "b")]
    found = validate_application(app(sources=sources), project(sourceRepos=[]))
    assert [message for _, message in found] == [
        f"application repo https://{name} is not permitted in project 'team'" for name in ("a", "b")
    ]


def test_a_hydrator_needs_the_repositories_that_it_reads_and_syncs_from() -> None:
    hydrator = {
        "drySource": {"repoURL": "https://dry", "path": "a", "targetRevision": "main"},
        "syncSource": {"repoURL": "https://wet", "path": "a", "targetBranch": "env"},
    }
    found = validate_application(app(source=None, sourceHydrator=hydrator), project(sourceRepos=["https://dry"]))
    assert found == [("InvalidSpecError", "application repo https://wet is not permitted in project 'team'")]


def test_a_slash_at_the_end_of_a_server_means_nothing() -> None:
    allowed = project(destinations=[{"server": "https://us-east.example.com", "namespace": "prod"}])
    assert validate_application(app(destination={"name": "us-east-1", "namespace": "prod"}), allowed, KNOWN) == []


def test_empty_lists_permit_nothing_and_no_list_of_namespaced_kinds_permits_all() -> None:
    assert not is_source_permitted({}, "https://x")
    assert not is_destination_permitted({}, IN_CLUSTER, "default")
    deployment, role = GroupKind("apps", "Deployment"), GroupKind("rbac.authorization.k8s.io", "ClusterRole")
    assert is_group_kind_name_permitted({}, deployment, "a", namespaced=True)
    assert not is_group_kind_name_permitted({"namespaceResourceWhitelist": []}, deployment, "a", namespaced=True)
    assert not is_group_kind_name_permitted({}, role, "a", namespaced=False)


def test_only_reserved_clusters_when_the_project_says_so() -> None:
    spec = {**EVERYTHING, "permitOnlyProjectScopedClusters": True}
    assert not is_destination_permitted(spec, EAST, "prod")
    assert is_destination_permitted(spec, EAST, "prod", [NamedCluster(name="us-east-1")])
    reserved = NamedCluster(name=EAST.name, server=EAST.server, project="team")
    assert validate_application(app(destination={"name": "us-east-1"}), {"spec": spec}, [reserved]) == []


def test_live_objects_need_a_permitted_kind_and_namespace() -> None:
    spec = {"destinations": [{"server": "*", "namespace": "prod"}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "prod"}}
    assert is_live_resource_permitted(spec, pod, IN_CLUSTER)
    assert not is_live_resource_permitted(spec, {**pod, "metadata": {"name": "a", "namespace": "dev"}}, IN_CLUSTER)
    assert not is_live_resource_permitted(spec, {**pod, "kind": "Node", "metadata": {"name": "a"}}, IN_CLUSTER)


@pytest.mark.parametrize("spec", [{"sourceRepos": "x", "destinations": [1, None], "syncWindows": {}}, {}])
def test_a_spec_of_the_wrong_shape_permits_nothing(spec: dict[str, Any]) -> None:
    assert not is_source_permitted(spec, "x")
    assert not is_destination_permitted(spec, IN_CLUSTER, "x")
