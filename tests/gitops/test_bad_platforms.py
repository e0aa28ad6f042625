"""A platform that cannot work is refused when it is built, with the line of the declaration and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.gitops.platforms import NO_FILES, URL, Files, deployment, repository

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.gitops.layout.compiler import bootstrap, compile_platform
from nixernetes.gitops.layout.model import ReadFiles
from nixernetes.gitops.problems import PlatformError

HERE = re.escape(__file__)


def app(name: str = "web", **fields: object) -> gitops.App:
    given = {"namespace": "shop", "manifests": [deployment(name)], **fields}
    return gitops.App(name=name, **given)


def refused(platform: gitops.Platform, read: ReadFiles = NO_FILES) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        compile_platform(platform, read)
    return caught.value


def platform(*apps: gitops.App, **fields: object) -> gitops.Platform:
    given = {"name": "p", "repository": repository(), "apps": apps, **fields}
    return gitops.Platform(**given)


def test_two_apps_of_one_name_name_both_places() -> None:
    error = refused(platform(app(), app()))
    assert re.search(
        rf"^{HERE}:\d+: App web: two apps have this name, the first at {HERE}:\d+: rename one$", str(error)
    )


def test_two_manifests_of_one_identity_across_apps() -> None:
    error = refused(platform(app("a", manifests=[deployment("web")]), app("b", manifests=[deployment("web")])))
    assert "Deployment/shop/web is declared twice in cluster production" in str(error)
    assert len(error.problems) == 2  # one for each cluster


def test_the_same_name_in_two_namespaces_is_two_identities() -> None:
    one, two = app("a", manifests=[deployment("web")]), app("b", manifests=[deployment("web")], namespace="other")
    assert compile_platform(platform(one, two), NO_FILES)


def test_two_resources_of_one_identity() -> None:
    one = gitops.Kustomization(name="apps", source_ref={"kind": "GitRepository", "name": "platform-config"})
    two = gitops.Kustomization(name="apps", source_ref={"kind": "GitRepository", "name": "platform-config"})
    error = refused(platform(resources=[one, two]))
    assert "Kustomization/flux-system/apps is declared twice in cluster staging, first at" in str(error)


def test_a_resource_may_not_take_the_name_of_an_app() -> None:
    one = gitops.Kustomization(name="web", source_ref={"kind": "GitRepository", "name": "platform-config"})
    assert "Kustomization/flux-system/web is declared twice" in str(refused(platform(app(), resources=[one])))


def test_a_resource_that_is_listed_twice_is_one_declaration() -> None:
    one = gitops.GitRepository(name="other", url="https://example.com/other")
    assert compile_platform(platform(resources=[one, one]), NO_FILES)


def test_a_reference_to_nothing_says_what_to_add() -> None:
    lost = gitops.GitRepository(name="lost", url="https://example.com/lost")
    error = refused(platform(resources=[gitops.Kustomization(name="apps", source_ref=lost)]))
    assert "spec.sourceRef points at GitRepository/flux-system/lost" in str(error)
    assert "add it to its resources" in str(error)
    assert str(error).startswith("the platform has 2 problems") or __file__ in str(error)


def test_a_reference_finds_its_own_namespace_first_and_flux_system_second() -> None:
    home = gitops.HelmRepository(name="charts", url="https://example.com/charts")
    near = gitops.HelmRepository(name="charts", namespace="databases", url="https://example.com/charts")
    chart = {"name": "postgresql", "version": "13.0.0"}
    reference = {"kind": "HelmRepository", "name": "charts"}
    release = gitops.HelmRelease(name="postgres", namespace="databases", chart=chart, source_ref=reference)
    path = "repos/staging/flux-system/helmreleases/databases-postgres.yaml"
    far = compile_platform(platform(resources=[home, release]), NO_FILES)[path].decode()
    assert "namespace: flux-system" in far
    close = compile_platform(platform(resources=[home, near, release]), NO_FILES)[path].decode()
    assert "namespace: flux-system" not in close


def test_the_namespace_of_a_declared_object_is_created() -> None:
    near = gitops.HelmRepository(name="charts", namespace="databases", url="https://example.com/charts")
    assert "repos/staging/flux-system/namespaces/databases.yaml" in compile_platform(
        platform(resources=[near]), NO_FILES
    )


def test_a_circle_of_dependencies_is_named_in_order() -> None:
    apps = [app("a", depends_on=["b"]), app("b", depends_on=["c"]), app("c", depends_on=["a"])]
    message = (
        "dependsOn goes round in a circle: Kustomization/flux-system/a -> Kustomization/flux-system/b -> "
        "Kustomization/flux-system/c -> Kustomization/flux-system/a"
    )
    assert message in str(refused(platform(*apps)))


def test_a_circle_among_declared_kustomizations_is_found_too() -> None:
    source = {"kind": "GitRepository", "name": "platform-config"}
    one = gitops.Kustomization(name="one", source_ref=source, depends_on=[{"name": "two"}])
    two = gitops.Kustomization(name="two", source_ref=source, depends_on=[{"name": "one"}])
    error = refused(platform(resources=[one, two]))
    assert "Kustomization/flux-system/one -> Kustomization/flux-system/two -> Kustomization/flux-system/one" in str(
        error
    )


def test_a_long_chain_of_dependencies_is_no_circle() -> None:
    apps = [app(f"a{n}", depends_on=[f"a{n + 1}"] if n < 99 else []) for n in range(100)]
    assert compile_platform(platform(*apps), NO_FILES)


def test_depending_on_an_unknown_app() -> None:
    assert "depends_on db, and the platform has no such app" in str(refused(platform(app(depends_on=["db"]))))


def test_a_setting_that_the_engine_has_not_is_refused() -> None:
    error = refused(platform(app(interval="1m"), engine="argocd"))
    assert "interval: Argo CD has no such setting" in str(error)
    assert "project: Flux has no AppProjects" in str(refused(platform(app(project="team"), engine="flux")))


def test_an_unknown_environment_names_the_known_ones() -> None:
    error = refused(platform(app(environments={"qa": {"replicas": 2}}), app("b", clusters=["moon"])))
    assert "App web: names environment qa, and the platform has production, staging" in str(error)
    assert "App b: names environment moon" in str(error)


def test_an_unknown_engine_is_refused_at_its_line() -> None:
    with pytest.raises(
        InputError, match=rf"^{HERE}:\d+: Platform p: engine: 'fleet': must be 'flux', 'argocd' or 'both'"
    ):
        gitops.Platform(name="p", repository=repository(), engine="fleet")


def test_a_misspelt_field_names_the_right_one() -> None:
    with pytest.raises(InputError, match=r"namespce: App has no such field: did you mean namespace\?"):
        gitops.App(name="web", manifests=[deployment("web")], namespce="shop")


def test_a_resource_for_the_other_engine_is_refused() -> None:
    source = gitops.GitRepository(name="other", url="https://example.com/other")
    error = refused(platform(resources=[source], engine="argocd"))
    assert "GitRepository/flux-system/other: is for flux, and the platform is built for argocd" in str(error)


def test_an_app_in_a_project_that_is_not_declared() -> None:
    error = refused(platform(app(project="team"), engine="argocd"))
    assert "Application referencing project team which does not exist; add it to the resources" in str(error)


def test_a_missing_file_is_named_with_the_line_of_its_app() -> None:
    error = refused(platform(gitops.App(name="web", namespace="shop", files="web.yaml")))
    assert re.match(rf"{HERE}:\d+: App web: there is no file or folder web\.yaml", str(error))


def test_broken_yaml_names_its_own_file_and_line() -> None:
    files = Files({"web.yaml": "a: 1\na: 2\n"})
    error = refused(platform(gitops.App(name="web", namespace="shop", files="web.yaml")), files)
    assert str(error).startswith("web.yaml:2: ")


@pytest.mark.parametrize(
    ("text", "missing"),
    [("kind: A\nmetadata: {name: a}", "apiVersion"), ("apiVersion: v1\nkind: A", "metadata.name"), ("- 1", "fields")],
)
def test_a_document_that_is_no_manifest(text: str, missing: str) -> None:
    files = Files({"web.yaml": f"---\n{text}\n"})
    error = refused(platform(gitops.App(name="web", namespace="shop", files="web.yaml")), files)
    assert str(error) == f"web.yaml:2: App web: a manifest without {missing}: give it"


def test_an_object_without_namespace_in_an_app_without_namespace() -> None:
    error = refused(platform(gitops.App(name="web", manifests=[deployment("web")])))
    assert "Deployment/web has no namespace: give it one, or give app web a namespace" in str(error)


@pytest.mark.parametrize("path", ["../" * 17 + "outside", "/etc"])
def test_an_overlay_outside_of_the_folder(path: str) -> None:
    error = refused(platform(gitops.App(name="web", kustomize=Path(path))))
    assert "leads out of" in str(error) or "is absolute" in str(error)


def test_an_overlay_that_refers_to_the_outside_names_its_kustomization() -> None:
    files = Files({"web/kustomization.yaml": "resources: [%s]\n" % ("../" * 18 + "base")})
    error = refused(platform(gitops.App(name="web", kustomize="web")), files)
    assert str(error).startswith("web/kustomization.yaml: ")
    assert "leads out of the repository" in str(error)


def test_an_overlay_that_refers_to_nothing() -> None:
    files = Files({"web/kustomization.yaml": "resources: [web.yaml]\n"})
    error = refused(platform(gitops.App(name="web", kustomize="web")), files)
    assert "it refers to 'web.yaml': there is no file or folder web/web.yaml" in str(error)


def test_replicas_of_an_overlay_need_names() -> None:
    files = Files({"web/kustomization.yaml": "resources: []\n"})
    web = gitops.App(name="web", kustomize="web", environments={"staging": {"replicas": 3}})
    assert 'replicas={"web": 3}' in str(refused(platform(web), files))


def test_a_folder_without_chart() -> None:
    files = Files({"web/values.yaml": "a: 1\n"})
    web = gitops.App(name="web", namespace="shop", chart=gitops.HelmChartRef(path="web"))
    assert "folder web has no Chart.yaml" in str(refused(platform(web), files))


def test_two_clusters_of_one_server() -> None:
    clusters = {name: {"server": "https://one.example.com"} for name in ("staging", "production")}
    error = refused(platform(app(), clusters=clusters, engine="argocd"))
    assert "clusters production and staging have the same server https://one.example.com" in str(error)


def test_a_repository_without_url() -> None:
    lost = gitops.GitOpsRepository(name="platform-config", environments=["staging"])
    assert "has no URL" in str(refused(platform(app(), repository=lost)))


def test_the_url_of_the_only_declared_source_is_the_repositorys() -> None:
    lost = gitops.GitOpsRepository(name="platform-config", environments=["staging"])
    source = gitops.GitRepository(name="nixernetes-repo", url=URL, ref={"branch": "main"}, interval="1m")
    built = platform(app(), repository=lost, resources=[source])
    tree = compile_platform(built, NO_FILES)
    assert [path for path in tree if "/gitrepositories/" in path] == [
        "repos/staging/flux-system/gitrepositories/nixernetes-repo.yaml"
    ]
    assert [item["kind"] for item in bootstrap(built, "staging")] == ["Namespace", "GitRepository", "Kustomization"]


def test_a_platform_without_repository() -> None:
    assert "give either repository=" in str(refused(gitops.Platform(name="p")))


def test_a_cluster_that_is_no_environment() -> None:
    error = refused(platform(app(), clusters={"moon": {}}))
    assert "cluster moon is not one of the repository's environments" in str(error)


def test_all_problems_come_at_once_sorted_by_line() -> None:
    first = gitops.App(name="b", namespace="shop", manifests=[deployment("b")], depends_on=["nobody"])
    second = gitops.App(name="a", namespace="shop", manifests=[deployment("a")], clusters=["moon"])
    error = refused(platform(second, first))
    assert [problem.subject for problem in error.problems] == ["App b", "App a"]
    assert str(error).startswith("the platform has 2 problems:\n")


@pytest.mark.parametrize("name", ["../up", "a/b", "Upper", "", "x" * 64])
def test_names_that_become_folders_are_labels(name: str) -> None:
    for declare in (
        lambda: gitops.Platform(name=name, repository=repository()),
        lambda: gitops.GitOpsRepository(name=name),
        lambda: gitops.App(name=name, manifests=[deployment("web")]),
        lambda: gitops.AppOverrides(namespace=name or "/"),
    ):
        with pytest.raises(InputError, match="use lower-case letters, digits and -"):
            declare()


@pytest.mark.parametrize("name", ["../up", "a/b"])
def test_a_chart_folder_has_a_plain_name(name: str) -> None:
    with pytest.raises(InputError, match="use letters, digits, -, _ and"):
        gitops.HelmChartRef(name=name, path="charts/web")
