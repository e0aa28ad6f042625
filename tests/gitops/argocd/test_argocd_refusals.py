"""What Argo CD refuses, or would silently ignore, is refused where it is written; the guide's promises are kept."""

from typing import Any

import pytest

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.gitops.argocd.projects.permissions import is_group_kind_name_permitted
from nixernetes.objects.identity import GroupKind

SOURCE = {"repoURL": "https://github.com/myorg/config", "path": "apps/my-app", "target_revision": "main"}
IN_CLUSTER = "https://kubernetes.default.svc"
RETRY = {"limit": 5, "backoff": {"duration": "5s", "factor": 2, "maxDuration": "3m"}}


def app(**fields: Any) -> gitops.Application:
    return gitops.Application(**{"name": "my-app", "source": SOURCE, **fields})


def test_the_guides_application() -> None:
    made = app(
        namespace="argocd",
        project="platform-team",
        destination={"namespace": "production"},
        sync_policy=gitops.SyncPolicy(automated=True, sync_options=["CreateNamespace=true"]),
    )
    assert made.manifest()["spec"] == {
        "project": "platform-team",
        "source": {"repoURL": SOURCE["repoURL"], "path": "apps/my-app", "targetRevision": "main"},
        "destination": {"server": IN_CLUSTER, "namespace": "production"},
        "syncPolicy": {
            "automated": {"prune": True, "selfHeal": True},
            "syncOptions": ["CreateNamespace=true"],
            "retry": RETRY,
        },
    }


def test_what_is_left_out_is_project_default_and_a_destination_beside_argo_cd() -> None:
    made = app().manifest()
    assert made["metadata"]["namespace"] == "argocd"
    assert made["spec"]["project"] == "default"
    assert made["spec"]["destination"] == {"server": IN_CLUSTER, "namespace": "argocd"}
    assert app(destination={"name": "us-east-1"}).manifest()["spec"]["destination"] == {"name": "us-east-1"}


def test_a_project_may_be_given_as_an_object() -> None:
    project = gitops.AppProject(name="team")
    made = app(project=project)
    assert made.manifest()["spec"]["project"] == "team"
    assert [reference.name for reference in made.references()] == ["team"]
    with pytest.raises(InputError, match="may only be an AppProject"):
        app(project=made)


def test_an_operation_stands_beside_spec() -> None:
    made = app(operation={"sync": {"revision": "HEAD", "sync_strategy": {"hook": {}}}})
    assert made.manifest()["operation"] == {"sync": {"revision": "HEAD", "syncStrategy": {"hook": {}}}}
    assert gitops.Application.from_manifest(made.manifest()) == made


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"source": {"repo_url": "x"}}, "spec.source.repoURL and either spec.source.path or spec.source.chart"),
        ({"source": None}, "spec.source.repoURL and either spec.source.path or spec.source.chart are required"),
        (
            {"source": {"repo_url": "x", "chart": "y"}},
            "targetRevision is required if the manifest source is a helm chart",
        ),
        (
            {"source": {**SOURCE, "helm": {"values": "a: 1"}, "kustomize": {"name_prefix": "a-"}}},
            "multiple application sources defined: Kustomize,Helm",
        ),
        ({"sources": [{"repo_url": "x"}]}, "sources[0]: spec.source.repoURL and either source.path, source.chart, or"),
        ({"destination": {"server": "a", "name": "b"}}, "can't have both name and server defined: b a"),
        ({"sync_policy": {"sync_options": ["CreateNamespaces=true"]}}, "did you mean CreateNamespace=true?"),
        ({"sync_policy": {"sync_options": ["PrunePropagationPolicy=orphaned"]}}, "write PrunePropagationPolicy=orphan"),
        ({"sync_policy": {"sync_options": ["CreateNamespace"]}}, "write CreateNamespace=true"),
        ({"sync_policy": {"sync_options": ["CreateNamespace=True"]}}, "write CreateNamespace=true"),
        ({"sync_policy": {"sync_options": ["Force=true"]}}, "is an annotation of single objects"),
        ({"sync_policy": {"prune": True}}, "give automated=True too"),
        ({"sync_policy": {"automated": False, "prune": True}}, "need automated syncs"),
        ({"sync_policy": {"retry": {"backoff": {"duration": "1d"}}}}, "write 24h"),
        ({"sync_policy": {"automated": {"self_heel": True}}}, "did you mean self_heal?"),
        ({"ignore_differences": [{"json_pointers": ["/spec/replicas"]}]}, "ignore_differences[0].kind is missing"),
        ({"source": {**SOURCE, "kustomize": {"patches": [{}]}}}, "give the patch, or the path of its file"),
        ({"source": {**SOURCE, "helm": {"valuesFiles": []}}}, "did you mean value_files?"),
        ({"revision_history_limit": -1}, "must be at least 0"),
        ({"sync_polcy": {}}, "did you mean sync_policy?"),
        (
            {"source_hydrator": {"dry_source": {**SOURCE}, "sync_source": {"target_branch": "a", "path": "."}}},
            "must be a folder in the repository",
        ),
        ({"operation": {"sync": {"sync_strategy": {"hook": {}, "apply": {}}}}}, "give one of apply and hook"),
    ],
)
def test_applications_that_argo_cd_would_refuse_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        app(**fields)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{__file__}:")


def test_a_manifest_without_destination_or_project_is_refused() -> None:
    manifest = app().manifest()
    for field in ("destination", "project"):
        broken = {**manifest, "spec": {key: value for key, value in manifest["spec"].items() if key != field}}
        with pytest.raises(InputError, match=f"{field} is missing"):
            gitops.Application.from_manifest(broken)
    nowhere = {**manifest, "spec": {**manifest["spec"], "destination": {"namespace": "a"}}}
    with pytest.raises(InputError, match="Destination server missing from app spec"):
        gitops.Application.from_manifest(nowhere)


def test_sync_policies_mean_what_was_said() -> None:
    assert gitops.SyncPolicy(automated=True, prune=False).data()["automated"] == {"prune": False, "selfHeal": True}
    assert gitops.SyncPolicy(automated={}).data() == {"automated": {}}
    assert gitops.SyncPolicy(automated=False, sync_options=["Prune=confirm"]).data() == {
        "syncOptions": ["Prune=confirm"]
    }
    assert gitops.SyncPolicy(automated=True, retry={"limit": 0}).data()["retry"] == {"limit": 0}
    options = ["CreateNamespace=true", "PrunePropagationPolicy=orphan", "RespectIgnoreDifferences=true"]
    assert gitops.SyncPolicy(automated=True, sync_options=options).data()["syncOptions"] == options


@pytest.mark.parametrize(
    ("preset", "automated", "options"),
    [
        ("aggressive", {"prune": True, "selfHeal": True}, ["CreateNamespace=true"]),
        ("standard", {"prune": True, "selfHeal": False}, ["CreateNamespace=true", "PruneLast=true"]),
        ("conservative", {"prune": False, "selfHeal": False}, ["CreateNamespace=true"]),
        ("development", {"prune": True, "selfHeal": True}, ["CreateNamespace=true"]),
    ],
)
def test_presets_set_the_sync_policy_and_keep_the_rest(
    preset: str, automated: dict[str, bool], options: list[str]
) -> None:
    before = app(sync_policy={"sync_options": ["CreateNamespace=true", "PruneLast=true"]})
    spec = (before | getattr(gitops.presets, preset)).manifest()["spec"]
    assert spec["syncPolicy"] == {"automated": automated, "retry": RETRY, "syncOptions": options}
    assert app(**getattr(gitops.presets, preset)).manifest()["spec"]["syncPolicy"]["automated"] == automated


def test_a_project_has_exactly_what_was_given() -> None:
    made = gitops.AppProject(
        name="frontend-team",
        source_repos=["https://github.com/myorg/frontend"],
        destinations=[{"namespace": "frontend-dev"}, {"name": "us-east-1", "namespace": "frontend-staging"}],
    )
    assert made.manifest()["spec"] == {
        "sourceRepos": ["https://github.com/myorg/frontend"],
        "destinations": [
            {"server": IN_CLUSTER, "namespace": "frontend-dev"},
            {"name": "us-east-1", "namespace": "frontend-staging"},
        ],
    }
    assert gitops.AppProject(name="empty").manifest()["spec"] == {}


@pytest.mark.parametrize(
    "listed",
    [
        [{"group": "", "kind": "ResourceQuota"}, {"group": "", "kind": "NetworkPolicy"}],
        ["ResourceQuota", "NetworkPolicy"],
        [{"group": "", "kind": "ResourceQuota"}, {"group": "networking.k8s.io", "kind": "NetworkPolicy"}],
    ],
)
def test_a_denied_kind_is_denied_where_argo_cd_looks_for_it(listed: list[Any]) -> None:
    spec = gitops.AppProject(name="platform-team", cluster_resource_blacklist=listed).manifest()["spec"]
    assert spec["namespaceResourceBlacklist"] == [
        {"group": "", "kind": "ResourceQuota"},
        {"group": "networking.k8s.io", "kind": "NetworkPolicy"},
    ]
    policy, deployment = GroupKind("networking.k8s.io", "NetworkPolicy"), GroupKind("apps", "Deployment")
    assert not is_group_kind_name_permitted(spec, policy, "a", namespaced=True)
    assert is_group_kind_name_permitted(spec, deployment, "a", namespaced=True)


def test_denying_narrows_and_never_repeats() -> None:
    made = gitops.AppProject(
        name="a",
        cluster_resource_blacklist=[
            {"group": "", "kind": "ClusterRole"},
            {"group": "*", "kind": "*"},
            {"group": "example.com", "kind": "NetworkPolicy"},
            {"group": "", "kind": "Secret", "name": "one"},
            {"group": "", "kind": "Secret"},
        ],
        namespace_resource_blacklist=[{"group": "", "kind": "Secret"}],
    )
    spec = made.manifest()["spec"]
    assert {"group": "rbac.authorization.k8s.io", "kind": "ClusterRole"} in spec["clusterResourceBlacklist"]
    assert spec["namespaceResourceBlacklist"] == [{"group": "", "kind": "Secret"}]
    assert made.with_fields(description="x").manifest()["spec"] == {**spec, "description": "x"}


def test_kinds_may_be_given_by_name_when_the_name_means_one() -> None:
    made = gitops.AppProject(name="a", cluster_resource_whitelist=["Namespace"])
    assert made.manifest()["spec"]["clusterResourceWhitelist"] == [{"group": "", "kind": "Namespace"}]
    with pytest.raises(InputError, match="'Namspace' is not a kind that Kubernetes has"):
        gitops.AppProject(name="a", cluster_resource_whitelist=["Namspace"])


WINDOW = {"kind": "allow", "schedule": "0 22 * * *", "duration": "1h", "applications": ["*"]}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"source_repos": ["a", "a"]}, "sourceRepos[1]: is there twice"),
        ({"source_repos": ["!*"]}, "'!*' denies everything"),
        ({"destinations": [{"namespace": "a"}, {"namespace": "a"}]}, "destinations[1]: is there twice"),
        ({"destinations": [{"namespace": "!*"}]}, "'!*' is not a valid pattern"),
        ({"roles": [{"name": "-bad"}]}, "roles[0].name"),
        ({"roles": [{"name": "a"}, {"name": "a"}]}, "roles[1]: is there twice"),
        ({"roles": [{"name": "a", "groups": ["x", "x"]}]}, "roles[0].groups[1]: is there twice"),
        ({"roles": [{"name": "a", "policies": ["p, x"]}]}, "must have the form p, proj:team:a, applications, get"),
        ({"roles": [{"name": "a", "policies": ["p, proj:b:a, applications, get, team/*, allow"]}]}, "proj:team:a"),
        ({"roles": [{"name": "a", "policies": ["p, proj:team:a, pods, get, team/*, allow"]}]}, "its resource must be"),
        ({"roles": [{"name": "a", "policies": ["p, proj:team:a, applications, get, b/*, allow"]}]}, "start with team/"),
        ({"roles": [{"name": "a", "policies": ["p, proj:team:a, applications, get, team/*, yes"]}]}, "allow or deny"),
        (
            {"roles": [{"name": "a", "policies": ["p, proj:team:a, applications, , team/*, allow"]}]},
            "action is missing",
        ),
        ({"sync_windows": [{**WINDOW, "applications": None}]}, "applies to nothing"),
        ({"sync_windows": [{**WINDOW, "schedule": "* * *"}]}, "must have five fields"),
        ({"sync_windows": [{**WINDOW, "duration": "1d"}]}, "write 24h"),
        ({"sync_windows": [{**WINDOW, "duration": None}]}, "duration is missing"),
        ({"sync_windows": [{**WINDOW, "time_zone": "Mars"}]}, "there is no time zone 'Mars'"),
        ({"sync_windows": [{**WINDOW, "kind": "block"}]}, "must be 'allow' or 'deny'"),
        ({"sync_windows": [WINDOW, WINDOW]}, "syncWindows[1]: is there twice"),
        ({"destination_service_accounts": [{"server": "!a", "default_service_account": "b"}]}, "'!' is not allowed"),
        ({"description": "x" * 256}, "must have at most 255 characters"),
    ],
)
def test_projects_that_argo_cd_would_refuse_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        gitops.AppProject(name="team", **fields)
    assert message in str(caught.value)


def test_a_project_that_was_applied_with_kubectl_is_read_as_it_is() -> None:
    manifest = gitops.AppProject(name="a").manifest() | {"spec": {"sourceRepos": ["a", "a"], "syncWindows": [{}]}}
    assert gitops.AppProject.from_manifest(manifest).manifest() == manifest


TEMPLATE = {"name": "{{name}}", "project": "team", "source": {**SOURCE, "path": "{{path}}"}}


def application_set(**fields: Any) -> gitops.ApplicationSet:
    return gitops.ApplicationSet(**{"name": "all", "generators": [{"clusters": {}}], "template": TEMPLATE, **fields})


def test_a_template_may_be_written_flat_like_an_application() -> None:
    template = application_set().manifest()["spec"]["template"]
    assert template["metadata"] == {"name": "{{name}}"}
    assert template["spec"]["destination"] == {"server": IN_CLUSTER}
    assert gitops.ApplicationSet.from_manifest(application_set().manifest()) == application_set()


def test_generators_nest() -> None:
    git = {"git": {"repo_url": "x", "revision": "HEAD", "directories": [{"path": "*"}]}}
    merge = {"merge": {"generators": [git, git], "merge_keys": ["a"]}}
    made = application_set(generators=[{"matrix": {"generators": [merge, {"clusters": {}}]}}])
    matrix = made.manifest()["spec"]["generators"][0]["matrix"]
    assert matrix["generators"][0]["merge"]["generators"][1]["git"]["repoURL"] == "x"


LIST = {"list": {"elements": [{"a": 1}]}}
PAIR = {"matrix": {"generators": [LIST, LIST]}}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"generators": []}, "must have 1 or more entries"),
        ({"generators": [{}]}, "give exactly one of list, clusters"),
        ({"generators": [{**LIST, "clusters": {}}]}, "not list and clusters"),
        ({"generators": [{"lists": {}}]}, "did you mean list?"),
        ({"generators": [{"list": {}}]}, "give elements or elements_yaml"),
        ({"generators": [{"git": {"repo_url": "x", "revision": "HEAD"}}]}, "give directories or files"),
        ({"generators": [{"matrix": {"generators": [LIST, LIST, LIST]}}]}, "a matrix combines exactly two"),
        ({"generators": [{"merge": {"generators": [LIST, LIST], "merge_keys": []}}]}, "1 or more entries"),
        ({"generators": [{"matrix": {"generators": [{"matrix": {"generators": [PAIR, LIST]}}, LIST]}}]}, "no third"),
        ({"generators": [{"scm_provider": {}}]}, "give exactly one of github"),
        ({"generators": [{"pull_request": {"github": {"owner": "a"}}}]}, "repo is missing"),
        (
            {"generators": [{"clusters": {"selector": {"match_expressions": [{"key": "a", "operator": "In"}]}}}]},
            "takes",
        ),
        ({"template_patch": "x"}, "give go_template=True"),
        ({"go_template_options": ["missingkey=fail"]}, "must be one of missingkey=default"),
        ({"strategy": {"deletion_order": "Reverse"}}, "give type RollingSync"),
        ({"strategy": {"rolling_sync": {"steps": [{"max_update": "half"}]}}}, "must be a number of Applications"),
        ({"sync_policy": {"applications_sync": "never"}}, "must be 'create-only'"),
    ],
)
def test_application_sets_that_argo_cd_would_refuse_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        application_set(**fields)
    assert message in str(caught.value)
