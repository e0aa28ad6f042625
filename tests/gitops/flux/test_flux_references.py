"""References are objects, dicts or names, and each object can say what it points at."""

import pytest

from nixernetes import gitops
from nixernetes.errors import InputError

REPO = gitops.GitRepository(name="repo", url="https://example.com/repo")


def pointed(resource: gitops.Resource) -> list[tuple[str, str, str, str | None, bool]]:
    return [(r.field, r.kind, r.name, r.namespace, r.required) for r in resource.references()]


def test_a_kustomization_points_at_its_source_dependencies_and_secrets() -> None:
    first = gitops.Kustomization(name="first", source_ref=REPO)
    other = gitops.Kustomization(name="other", namespace="team", source_ref=REPO)
    made = gitops.Kustomization(
        name="second",
        source_ref=REPO,
        depends_on=[first, other, "third", {"name": "fourth", "namespace": "team", "readyExpr": "true"}],
        decryption={"provider": "sops", "secret_ref": "keys"},
        post_build={"substitute_from": [{"kind": "ConfigMap", "name": "vars"}]},
        kube_config={"secret_ref": {"name": "cluster", "key": "value"}},
    )
    assert pointed(made) == [
        ("spec.sourceRef", "GitRepository", "repo", None, True),
        ("spec.dependsOn[0]", "Kustomization", "first", None, True),
        ("spec.dependsOn[1]", "Kustomization", "other", "team", True),
        ("spec.dependsOn[2]", "Kustomization", "third", None, True),
        ("spec.dependsOn[3]", "Kustomization", "fourth", "team", True),
        ("spec.postBuild.substituteFrom[0]", "ConfigMap", "vars", None, False),
        ("spec.decryption.secretRef", "Secret", "keys", None, False),
        ("spec.kubeConfig.secretRef", "Secret", "cluster", None, False),
    ]
    assert [r.local for r in made.references()] == [False] * 5 + [True] * 3
    assert made.references()[0].group == "source.toolkit.fluxcd.io"


def test_an_alert_points_at_its_provider_and_at_what_it_names() -> None:
    provider = gitops.Provider(name="slack", type="slack")
    alert = gitops.Alert(
        name="all",
        provider_ref=provider,
        event_sources=[REPO, {"kind": "Kustomization", "name": "*"}],
    )
    assert alert.manifest()["spec"]["eventSources"][0] == {"kind": "GitRepository", "name": "repo"}
    assert pointed(alert) == [
        ("spec.providerRef", "Provider", "slack", None, True),
        ("spec.eventSources[0]", "GitRepository", "repo", None, True),
    ]


def test_images_point_at_their_repository_and_automation_at_git() -> None:
    images = gitops.ImageRepository(name="app", image="ghcr.io/org/app")
    policy = gitops.ImagePolicy(name="app", image_repository_ref=images, policy={"semver": {"range": "1.x"}})
    automation = gitops.ImageUpdateAutomation(name="app", source_ref=REPO)
    assert pointed(policy) == [("spec.imageRepositoryRef", "ImageRepository", "app", None, True)]
    assert pointed(automation) == [("spec.sourceRef", "GitRepository", "repo", None, True)]
    assert automation.manifest()["spec"]["sourceRef"] == {"kind": "GitRepository", "name": "repo"}


def test_an_external_artifact_may_be_made_from_anything() -> None:
    made = gitops.ExternalArtifact(name="a", source_ref={"apiVersion": "example.com/v1", "kind": "Build", "name": "b"})
    assert [(r.group, r.kind, r.required) for r in made.references()] == [("example.com", "Build", False)]
    from_object = gitops.ExternalArtifact(name="a", source_ref=REPO)
    assert from_object.manifest()["spec"]["sourceRef"] == {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "name": "repo",
    }
    empty = {"apiVersion": made.API_VERSION, "kind": made.KIND, "metadata": {"name": "a"}}
    assert gitops.ExternalArtifact.from_manifest(empty).manifest() == empty
    assert gitops.ExternalArtifact.from_manifest({**empty, "spec": {}}).manifest() == {**empty, "spec": {}}


def test_resolving_writes_the_namespace_of_a_source_nested_in_a_chart() -> None:
    release = gitops.HelmRelease(
        name="db", namespace="data", chart="postgresql", source_ref={"kind": "HelmRepository", "name": "bitnami"}
    )
    solved = release.resolve(lambda reference: "flux-system" if reference.kind == "HelmRepository" else None)
    assert solved.manifest()["spec"]["chart"]["spec"]["sourceRef"]["namespace"] == "flux-system"
    assert release.resolve(lambda _: None).manifest() == release.manifest()


def test_a_nested_object_made_on_its_own_takes_resources_too() -> None:
    provider = gitops.Provider(name="slack", type="slack")
    assert gitops.flux.ProviderReference.from_data({"name": "slack"}).name == "slack"
    template = gitops.flux.HelmChartTemplateSpec(chart="a", source_ref=REPO)
    assert template.data()["sourceRef"] == {"kind": "GitRepository", "name": "repo", "namespace": "flux-system"}
    include = gitops.flux.GitRepositoryInclude(repository=REPO)
    assert include.data() == {"repository": {"name": "repo"}}
    assert include == gitops.flux.GitRepositoryInclude(repository={"name": "repo"})
    assert include.declared_at.startswith(f"{__file__}:")
    assert gitops.Alert(name="a", provider_ref=provider, event_sources=[]).provider_ref.name == "slack"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: gitops.Kustomization(
                name="a", source_ref=gitops.HelmRepository(name="h", url="https://example.com")
            ),
            "points at a HelmRepository, and may only point at a OCIRepository or GitRepository",
        ),
        (
            lambda: gitops.Kustomization(
                name="a", source_ref=REPO, depends_on=[gitops.HelmRelease(name="h", chart="c", source_ref=REPO)]
            ),
            "points at a HelmRelease, and may only point at a Kustomization",
        ),
        (
            lambda: gitops.HelmChart(name="a", namespace="team", chart="c", source_ref=REPO),
            "may only point into its own namespace",
        ),
        (lambda: gitops.Kustomization(name="a", source_ref="repo"), "source_ref: 'repo': must be a mapping"),
    ],
)
def test_a_reference_to_the_wrong_kind_or_place_is_refused(make: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()  # type: ignore[operator]
