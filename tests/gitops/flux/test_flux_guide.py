"""The guide's Flux examples say what they promise."""

import pytest

from nixernetes import gitops
from nixernetes.errors import InputError

REPO = {"kind": "GitRepository", "name": "repo"}


def spec(resource: gitops.Resource) -> dict[str, object]:
    found: dict[str, object] = resource.manifest()["spec"]
    return found


def test_a_git_repository_is_polled_every_minute() -> None:
    repo = gitops.GitRepository(
        name="nixernetes-repo",
        url="https://github.com/myorg/nixernetes-config",
        ref={"branch": "main"},
        interval="1m",
    )
    assert repo.manifest() == {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": {"name": "nixernetes-repo", "namespace": "flux-system"},
        "spec": {
            "interval": "1m",
            "url": "https://github.com/myorg/nixernetes-config",
            "ref": {"branch": "main"},
        },
    }


def test_a_kustomization_has_the_guides_defaults() -> None:
    made = gitops.Kustomization(name="apps", source_ref=REPO, path="./apps")
    assert spec(made) == {"interval": "10m", "sourceRef": REPO, "path": "./apps", "prune": True}
    full = gitops.Kustomization(name="apps", source_ref=REPO, path="./apps", interval="10m", prune=True, wait=True)
    assert spec(full) == {**spec(made), "wait": True}


def test_a_source_is_an_object_or_a_dict() -> None:
    repo = gitops.GitRepository(name="repo", url="https://example.com/repo")
    made = gitops.Kustomization(name="apps", source_ref=repo)
    assert spec(made)["sourceRef"] == REPO
    elsewhere = gitops.Kustomization(name="apps", namespace="team", source_ref=repo)
    assert spec(elsewhere)["sourceRef"] == {**REPO, "namespace": "flux-system"}


def test_health_checks_get_api_version_and_namespace() -> None:
    made = gitops.Kustomization(
        name="apps", source_ref=REPO, health=gitops.health_checks(kind="Deployment", name="app")
    )
    assert spec(made)["healthChecks"] == [
        {"apiVersion": "apps/v1", "kind": "Deployment", "name": "app", "namespace": "flux-system"}
    ]


def test_health_as_a_list_goes_where_the_kustomization_applies() -> None:
    release = gitops.HelmRelease(
        name="db", namespace="data", chart="postgresql", source_ref={"kind": "HelmRepository", "name": "bitnami"}
    )
    made = gitops.Kustomization(
        name="app",
        source_ref=REPO,
        target_namespace="shop",
        health=[
            {"apiVersion": "apps/v1", "kind": "Deployment", "name": "frontend"},
            {"api_version": "apps/v1", "kind": "StatefulSet", "name": "postgres", "namespace": "data"},
            {"kind": "Namespace", "name": "shop"},
            release,
        ],
    )
    assert spec(made)["healthChecks"] == [
        {"apiVersion": "apps/v1", "kind": "Deployment", "name": "frontend", "namespace": "shop"},
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "postgres", "namespace": "data"},
        {"apiVersion": "v1", "kind": "Namespace", "name": "shop"},
        {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "name": "db", "namespace": "data"},
    ]


@pytest.mark.parametrize(
    ("health", "message"),
    [
        ([{"apiVersion": "apps/v1", "kind": "Deployment"}], "health.0.: name is missing.*or wait=True"),
        ([{"name": "x"}], "health.0.: kind is missing"),
        ({"kind": "Widget", "name": "x"}, "api_version is missing, and Flux would take apps/v1 for a Widget"),
        ([7], "must be a mapping with kind and name"),
        (7, "must be a mapping with kind and name"),
        ([{"kind": "Deployment", "name": "x", "nmae": "y"}], "nmae.*did you mean name"),
    ],
)
def test_health_that_flux_cannot_check_is_refused(health: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        gitops.Kustomization(name="apps", source_ref=REPO, health=health)


def test_health_is_given_once() -> None:
    with pytest.raises(InputError, match="one field"):
        gitops.Kustomization(name="apps", source_ref=REPO, health=[], health_checks=[])
    with pytest.raises(InputError, match="api_version is missing"):
        gitops.health_checks(kind="Widget", name="w")


def test_a_helm_release_takes_the_flat_chart_with_the_source_beside_it() -> None:
    made = gitops.HelmRelease(
        name="postgres",
        namespace="databases",
        chart={"name": "postgresql", "version": "13.0.0"},
        source_ref={"kind": "HelmRepository", "name": "bitnami"},
        values={"auth": {"password": "secretpassword"}, "primary": {"persistence": {"size": "50Gi"}}},
    )
    assert spec(made) == {
        "interval": "10m",
        "chart": {
            "spec": {
                "chart": "postgresql",
                "version": "13.0.0",
                "sourceRef": {"kind": "HelmRepository", "name": "bitnami"},
            }
        },
        "values": {"auth": {"password": "secretpassword"}, "primary": {"persistence": {"size": "50Gi"}}},
    }


def test_a_helm_repository_object_is_named_with_its_namespace_when_that_is_another() -> None:
    bitnami = gitops.HelmRepository(name="bitnami", url="https://charts.bitnami.com/bitnami")
    made = gitops.HelmRelease(name="postgres", namespace="databases", chart={"name": "postgresql"}, source_ref=bitnami)
    assert made.manifest()["spec"]["chart"]["spec"]["sourceRef"] == {
        "kind": "HelmRepository",
        "name": "bitnami",
        "namespace": "flux-system",
    }


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "chart and chart_ref: give exactly one"),
        ({"chart": "a"}, "chart.spec.source_ref is missing"),
        ({"chart": {"spec": {"chart": "a"}}, "source_ref": REPO}, "source_ref belongs to the flat form"),
        ({"chart": {"name": "a", "chart": "a"}, "source_ref": REPO}, "name and chart are one field"),
        ({"chart": {"name": "a", "source_ref": REPO}, "source_ref": REPO}, "are one field"),
        ({"chart": {"name": "a", "verison": "1"}, "source_ref": REPO}, "chart.spec.verison.*did you mean version"),
        ({"chart": {"name": "a"}, "source_ref": {"kind": "OCIRepository", "name": "b"}}, "kind: 'OCIRepository'"),
        ({"chart": 7}, "chart: 7: must be a mapping"),
    ],
)
def test_a_chart_that_cannot_be_meant_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        gitops.HelmRelease(name="a", **fields)


def test_the_short_keywords_can_be_read_back() -> None:
    release = gitops.HelmRelease(name="a", chart="a", source_ref=REPO)
    assert release.source_ref.name == "repo"
    assert gitops.HelmRelease(name="a", chart_ref={"kind": "OCIRepository", "name": "a"}).source_ref is None
    apps = gitops.Kustomization(name="a", source_ref=REPO, health=[{"kind": "Deployment", "name": "web"}])
    assert [check.name for check in apps.health] == ["web"]


def test_wrong_helm_values_are_never_shown() -> None:
    with pytest.raises(InputError) as caught:
        gitops.HelmRelease(name="a", chart="a", source_ref=REPO, values={"password": {"hunter2"}})
    assert "hunter2" not in str(caught.value)
    assert "holds a set" in str(caught.value)
