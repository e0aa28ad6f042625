"""What an app says about its delivery lands where Flux and Argo CD have it, in either spelling, or is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.gitops.platforms import NO_FILES, Files, deployment, repository

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.gitops.layout.compiler import bootstrap, compile_platform
from nixernetes.gitops.problems import PlatformError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json

FLUX = "repos/one/flux-system"
CHART = gitops.HelmChartRef(name="web", repository="https://charts.example.com", version="1.2.3")


def platform(*apps: gitops.App, **fields: Any) -> gitops.Platform:
    given: dict[str, Any] = {"name": "p", "repository": repository("flat", "one"), "apps": apps, **fields}
    return gitops.Platform(**given)


def built(*apps: gitops.App, **fields: Any) -> dict[str, Json]:
    tree = compile_platform(platform(*apps, **fields), NO_FILES)
    return {path: yamls.parse(data) for path, data in tree.items() if path.endswith(".yaml")}


def web(name: str = "web", **fields: Any) -> gitops.App:
    return gitops.App(**{"name": name, "namespace": "shop", "manifests": [deployment(name)], **fields})


def chart(**fields: Any) -> gitops.App:
    return gitops.App(**{"name": "web", "namespace": "shop", "chart": CHART, **fields})


def kustomization(app: gitops.App, **fields: Any) -> Json:
    return built(app, **fields)[f"{FLUX}/kustomizations/{app.name}.yaml"]


def release(app: gitops.App, **fields: Any) -> Json:
    return built(app, **fields)[f"{FLUX}/helmreleases/{app.name}.yaml"]


def application(app: gitops.App, **fields: Any) -> Json:
    return built(app, **{"engine": "argocd", **fields})[f"argocd/applications/{app.name}.yaml"]


def refused(*apps: gitops.App, **fields: Any) -> str:
    with pytest.raises(PlatformError) as caught:
        built(*apps, **fields)
    return str(caught.value)


def test_secrets_are_decrypted_and_variables_replaced_after_the_build() -> None:
    spec = kustomization(
        web(
            decryption={"provider": "sops", "secret_ref": "sops-age"},
            post_build={
                "substitute": {"tier": "web", "size": "1"},
                "substitute_from": [{"kind": "Secret", "name": "v"}],
            },
            environments={"one": {"substitute": {"size": "3"}}},
        )
    )["spec"]
    assert spec["decryption"] == {"provider": "sops", "secretRef": {"name": "sops-age"}}
    assert spec["postBuild"]["substitute"] == {"tier": "web", "size": "3"}
    assert spec["postBuild"]["substituteFrom"] == [{"kind": "Secret", "name": "v"}]


def test_an_environment_may_be_the_first_to_name_a_variable() -> None:
    spec = kustomization(web(environments={"one": {"substitute": {"size": "3"}}}))["spec"]
    assert spec["postBuild"] == {"substitute": {"size": "3"}}


def test_health_checks_take_the_namespace_of_the_app_and_stand_in_place_of_wait() -> None:
    """Flux passes over healthChecks beside ``wait: true``."""
    app = web(
        health_checks=[{"kind": "Deployment", "name": "web"}, {"kind": "Namespace", "name": "x"}],
        environments={"one": {"namespace": "shop-one"}},
    )
    spec = kustomization(app)["spec"]
    assert spec["healthChecks"] == [
        {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "namespace": "shop-one"},
        {"apiVersion": "v1", "kind": "Namespace", "name": "x"},
    ]
    assert "wait" not in spec


def test_a_preset_of_an_environment_does_not_put_health_checks_out_of_force() -> None:
    check = {"kind": "Deployment", "name": "web"}
    app = web(health_checks=check, environments={"one": {"preset": gitops.presets.standard}})
    assert "wait" not in kustomization(app)["spec"]
    with pytest.raises(InputError, match="wait=True waits for everything, and health_checks do not count beside it"):
        web(health_checks=check, wait=True)


def test_a_health_check_needs_a_namespace_from_somewhere() -> None:
    named = deployment("web", namespace="shop")
    app = web(namespace="", manifests=[named], health_checks={"kind": "Deployment", "name": "web"})
    text = refused(app)
    assert "App web: health_checks: Deployment/web has no namespace, and the app has none: give one of them" in text
    check = {"kind": "Deployment", "name": "web", "namespace": "shop"}
    spec = kustomization(web(namespace="", manifests=[named], health_checks=check))["spec"]
    assert spec["healthChecks"][0]["namespace"] == "shop"


def test_health_checks_are_checked_where_they_are_written() -> None:
    with pytest.raises(InputError, match="name is missing, and Flux checks objects by name"):
        web(health_checks={"kind": "Deployment"})


def test_a_chart_takes_values_from_the_cluster_and_says_how_it_is_installed() -> None:
    app = chart(
        values_from=[{"kind": "ConfigMap", "name": "shared"}],
        install={"remediation": {"retries": 3}},
        upgrade={"crds": "CreateReplace", "timeout": "10m"},
        wait=False,
        common_labels={"team": "shop"},
        environments={
            "one": {"version": "2.0.0", "values_from": [{"kind": "Secret", "name": "own", "optional": True}]}
        },
    )
    spec = release(app)["spec"]
    assert [each["name"] for each in spec["valuesFrom"]] == ["shared", "own"]
    assert spec["install"] == {"disableWait": True, "remediation": {"retries": 3}}
    assert spec["upgrade"] == {"disableWait": True, "crds": "CreateReplace", "timeout": "10m"}
    assert spec["chart"]["spec"]["version"] == "2.0.0"
    assert spec["commonMetadata"] == {"labels": {"team": "shop"}}


def test_labels_and_annotations_are_of_the_delivery_and_common_ones_of_its_objects() -> None:
    app = web(
        labels={"team": "shop"},
        annotations={"note": "a"},
        common_labels={"app.kubernetes.io/part-of": "shop"},
        common_annotations={"owner": "shop"},
    )
    tree = built(app, engine="both")
    for path in (f"{FLUX}/kustomizations/web.yaml", "argocd/applications/web.yaml"):
        assert tree[path]["metadata"]["labels"] == {"team": "shop"}
        assert tree[path]["metadata"]["annotations"] == {"note": "a"}
    folder = tree["repos/one/manifests/web/kustomization.yaml"]
    assert folder["labels"] == [{"pairs": {"app.kubernetes.io/part-of": "shop"}, "includeTemplates": True}]
    assert folder["commonAnnotations"] == {"owner": "shop"}


def test_sync_options_win_over_those_that_the_build_gives() -> None:
    app = web(sync_options=["ServerSideApply=true", "CreateNamespace=false"])
    assert application(app)["spec"]["syncPolicy"]["syncOptions"] == ["CreateNamespace=false", "ServerSideApply=true"]


def test_a_misspelt_sync_option_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean ServerSideApply=true"):
        web(sync_options=["ServerSideAply=true"])


def test_differences_that_are_ignored_are_rules_of_both_engines() -> None:
    rule = {"kind": "Deployment", "group": "apps", "name": "web.v1", "json_pointers": ["/spec/replicas"]}
    tree = built(web(ignore_differences=[rule]), engine="both")
    found = tree["argocd/applications/web.yaml"]["spec"]["ignoreDifferences"]
    assert found == [{"kind": "Deployment", "group": "apps", "name": "web.v1", "jsonPointers": ["/spec/replicas"]}]
    target = {"group": "apps", "kind": "Deployment", "name": r"web\.v1"}
    flux = tree[f"{FLUX}/kustomizations/web.yaml"]["spec"]["ignore"]
    assert flux == [{"paths": ["/spec/replicas"], "target": target}]
    drift = release(chart(ignore_differences=[{"kind": "*", "json_pointers": ["/spec/replicas"]}]))["spec"]
    assert drift["driftDetection"] == {"mode": "enabled", "ignore": [{"paths": ["/spec/replicas"]}]}


def test_flux_knows_only_json_pointers() -> None:
    app = web(ignore_differences=[{"kind": "Deployment", "jq_path_expressions": [".spec.replicas"]}])
    assert "Flux knows only json_pointers" in refused(app)
    assert application(app)["spec"]["ignoreDifferences"][0]["jqPathExpressions"] == [".spec.replicas"]


def test_dependencies_are_dependson_for_flux_and_waves_for_argo_cd() -> None:
    apps = [web("db"), web("api", depends_on=["db"]), web("shop", depends_on=["api", "db"]), web("early", wave=-2)]
    tree = built(*apps, engine="both")
    assert tree[f"{FLUX}/kustomizations/shop.yaml"]["spec"]["dependsOn"] == [{"name": "api"}, {"name": "db"}]
    waves = {
        name: tree[f"argocd/applications/{name}.yaml"]["metadata"].get("annotations")
        for name in ("db", "api", "shop", "early")
    }
    wave = "argocd.argoproj.io/sync-wave"
    assert waves == {"db": None, "api": {wave: "1"}, "shop": {wave: "2"}, "early": {wave: "-2"}}


def test_argo_cd_waits_for_applications_only_when_it_is_told_so() -> None:
    """Between waves it looks at health, and has no health check for Applications of its own."""
    ordered = platform(web("db"), web("api", depends_on=["db"]), engine="argocd")
    settings = [item for item in bootstrap(ordered, "one") if item["kind"] == "ConfigMap"]
    assert [item["metadata"]["name"] for item in settings] == ["argocd-cm"]
    assert "resource.customizations.health.argoproj.io_Application" in settings[0]["data"]
    plain = platform(web("db"), engine="argocd")
    assert [item for item in bootstrap(plain, "one") if item["kind"] == "ConfigMap"] == []


def test_a_wave_that_is_not_after_a_dependency_is_refused() -> None:
    text = refused(web("db", wave=3), web("api", wave=3, depends_on=["db"]), engine="argocd")
    assert "App api: wave 3 is not after wave 3 of db, which it depends on: leave wave out" in text


def test_a_circle_is_refused_for_argo_cd_too() -> None:
    text = refused(web("a", depends_on=["b"]), web("b", depends_on=["a"]), engine="argocd")
    assert "depends_on goes round in a circle: a -> b -> a" in text


def test_a_chart_waits_for_a_folder_and_a_folder_for_a_chart() -> None:
    """A HelmRelease can only depend on HelmReleases: a Kustomization brings it, and that can wait and be waited for."""
    tree = built(web("db"), chart(depends_on=["db"]), web("api", depends_on=["web"]), engine="both")
    assert tree[f"{FLUX}/kustomizations/web.yaml"]["spec"]["dependsOn"] == [{"name": "db"}]
    assert tree[f"{FLUX}/kustomizations/api.yaml"]["spec"]["dependsOn"] == [{"name": "web"}]
    assert "dependsOn" not in tree[f"{FLUX}/stages/web/helmreleases/web.yaml"]["spec"]


def test_more_fields_are_merged_in_either_spelling_and_none_removes_one() -> None:
    app = web(
        wait=True,
        flux={"post_build": {"substitute": {"a_b": "1"}}, "retryInterval": "1m", "wait": None},
        argocd={"sync_policy": {"automated": {"self_heal": None}}, "revision_history_limit": 3},
        environments={"one": {"flux": {"suspend": True}, "argocd": {"info": [{"name": "a", "value": "b"}]}}},
    )
    tree = built(app, engine="both")
    spec = tree[f"{FLUX}/kustomizations/web.yaml"]["spec"]
    assert spec["postBuild"] == {"substitute": {"a_b": "1"}}
    assert (spec["retryInterval"], spec["suspend"], "wait" in spec) == ("1m", True, False)
    spec = tree["argocd/applications/web.yaml"]["spec"]
    assert spec["syncPolicy"]["automated"] == {"prune": True}
    assert (spec["revisionHistoryLimit"], spec["info"]) == (3, [{"name": "a", "value": "b"}])


def test_objects_of_the_vocabulary_may_stand_among_more_fields() -> None:
    app = web(argocd={"sync_policy": gitops.SyncPolicy(automated=True)})
    assert application(app)["spec"]["syncPolicy"]["retry"]["limit"] == 5


@pytest.mark.parametrize(
    ("app", "message"),
    [
        (web(flux={"retry_intervall": "1m"}), "did you mean retryInterval"),
        (web(flux={"interval": "1x"}), "interval"),
        (chart(flux={"path": "x"}), "HelmRelease has no such field"),
    ],
)
def test_a_wrong_field_among_more_fields_is_refused_at_the_app(app: gitops.App, message: str) -> None:
    text = refused(app)
    assert message in text
    assert re.match(rf"{re.escape(__file__)}:\d+: ", text)


def test_a_chart_of_a_registry_is_an_ocirepository_of_its_own() -> None:
    oci = gitops.HelmChartRef(name="web", repository="oci://ghcr.io/org/charts", version="1.2.3+4", secret_ref="login")
    app = chart(chart=oci, environments={"one": {"version": ">=2.0.0"}})
    tree = built(app, engine="both")
    source = tree[f"{FLUX}/ocirepositories/web.yaml"]["spec"]
    assert source["url"] == "oci://ghcr.io/org/charts/web"
    assert (source["ref"], source["secretRef"]) == ({"semver": ">=2.0.0"}, {"name": "login"})
    assert tree[f"{FLUX}/helmreleases/web.yaml"]["spec"]["chartRef"] == {"kind": "OCIRepository", "name": "web"}
    found = tree["argocd/applications/web.yaml"]["spec"]["source"]
    assert (found["repoURL"], found["chart"], found["targetRevision"]) == ("ghcr.io/org/charts", "web", ">=2.0.0")
    exact = built(chart(chart=oci))[f"{FLUX}/ocirepositories/web.yaml"]["spec"]
    assert exact["ref"] == {"tag": "1.2.3_4"}  # a tag has no plus sign


def test_a_chart_of_a_registry_may_be_pinned_by_digest() -> None:
    digest = f"sha256:{'a' * 64}"
    oci = gitops.HelmChartRef(name="web", repository="oci://ghcr.io/org/charts", digest=digest)
    tree = built(chart(chart=oci), engine="both")
    assert tree[f"{FLUX}/ocirepositories/web.yaml"]["spec"]["ref"] == {"digest": digest}
    source = tree["argocd/applications/web.yaml"]["spec"]["source"]
    assert (source["repoURL"], source["path"], source["targetRevision"]) == (
        "oci://ghcr.io/org/charts/web",
        ".",
        digest,
    )


def test_a_declared_source_of_a_chart_is_used() -> None:
    oci = gitops.HelmChartRef(name="web", repository="oci://ghcr.io/org/charts", version="1.2.3")
    whole = gitops.OCIRepository(name="mine", url="oci://ghcr.io/org/charts/web", ref={"tag": "1.2.3"})
    assert release(chart(chart=oci), resources=[whole])["spec"]["chartRef"]["name"] == "mine"
    helm = gitops.HelmRepository(name="charts", type="oci", url="oci://ghcr.io/org/charts")
    spec = release(chart(chart=oci), resources=[helm])["spec"]
    assert spec["chart"]["spec"]["sourceRef"] == {"kind": "HelmRepository", "name": "charts"}


def test_a_version_that_a_declared_ocirepository_would_not_follow_is_refused() -> None:
    oci = gitops.HelmChartRef(name="web", repository="oci://ghcr.io/org/charts", version="1.2.3")
    whole = gitops.OCIRepository(name="mine", url="oci://ghcr.io/org/charts/web", ref={"tag": "1.2.3"})
    app = chart(chart=oci, environments={"one": {"version": "2.0.0"}})
    assert "and that names the version: change it there" in refused(app, resources=[whole])


def test_one_chart_repository_has_one_login() -> None:
    two = CHART.model_copy(update={"secret_ref": "login"})
    text = refused(chart(), chart(name="other", chart=two))
    assert "App other: chart: https://charts.example.com has another secret_ref in app web: give both the same" in text


def test_fields_by_hand_do_not_lead_an_application_out_of_its_project() -> None:
    """The project of the build allows what the build makes; what is written over that is checked like any other."""
    app = web(argocd={"destination": {"namespace": "kube-system"}})
    text = refused(app, engine="argocd")
    assert "do not match any of the allowed destinations in project 'p'" in text
    assert application(web(argocd={"revision_history_limit": 3}))


@pytest.mark.parametrize(
    ("app", "engine", "message"),
    [
        (web(decryption={"provider": "sops"}), "argocd", "Argo CD does not decrypt"),
        (web(post_build={"substitute": {"a": "b"}}), "argocd", "Argo CD replaces no variables"),
        (web(environments={"one": {"substitute": {"a": "b"}}}), "argocd", "substitute: Argo CD has no such setting"),
        (chart(values_from=[{"kind": "Secret", "name": "a"}]), "argocd", "Argo CD reads no values from the cluster"),
        (chart(install={"crds": "Skip"}), "argocd", "install: Argo CD has no such setting"),
        (web(flux={"suspend": True}), "argocd", "built for argocd only"),
        (web(argocd={"info": []}), "flux", "built for flux only"),
        (web(sync_options=["Replace=true"]), "flux", "Flux has no sync options"),
        (web(wave=1), "flux", "Flux has no sync waves: use depends_on"),
        (chart(common_labels={"a": "b"}), "both", "Argo CD adds none to a chart"),
    ],
)
def test_what_an_engine_cannot_do_is_refused_with_what_to_do(app: gitops.App, engine: str, message: str) -> None:
    assert message in refused(app, engine=engine)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"install": {"crds": "Skip"}}, "install is for a chart"),
        ({"values_from": [{"kind": "Secret", "name": "a"}]}, "values_from is for a chart"),
        ({"environments": {"one": {"version": "1"}}}, "version is for a chart in a repository"),
        ({"environments": {"one": {"values_from": [{"kind": "Secret", "name": "a"}]}}}, "values are for a chart"),
    ],
)
def test_settings_of_charts_are_refused_for_manifests(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        web(**fields)


@pytest.mark.parametrize("field", ["decryption", "post_build", "health_checks"])
def test_settings_of_manifests_are_refused_for_charts(field: str) -> None:
    values: dict[str, Any] = {"provider": "sops", "substitute": {"a": "b"}}
    given = {
        "decryption": {"provider": values["provider"]},
        "post_build": {"substitute": values["substitute"]},
        "health_checks": {"kind": "Deployment", "name": "web"},
    }
    with pytest.raises(InputError, match="for manifests"):
        chart(**{field: given[field]})


def test_an_overlay_may_stand_above_the_platform_file() -> None:
    files = Files(
        {
            "../apps/web/prod/kustomization.yaml": "resources: [../base]\n",
            "../apps/web/base/kustomization.yaml": "resources: [web.yaml]\n",
            "../apps/web/base/web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n",
        }
    )
    app = gitops.App(name="web", namespace="shop", kustomize="../apps/web/prod")
    folder = "repos/one/manifests/web/source/"
    copied = {path.removeprefix(folder) for path in compile_platform(platform(app), files) if path.startswith(folder)}
    assert copied == {"base/kustomization.yaml", "base/web.yaml", "prod/kustomization.yaml"}


def test_overlays_below_and_above_the_platform_file_keep_their_distance() -> None:
    files = Files(
        {
            "prod/kustomization.yaml": "resources: [../../base]\n",
            "../base/kustomization.yaml": "resources: []\n",
        }
    )
    app = gitops.App(name="web", namespace="shop", kustomize="prod")
    folder = "repos/one/manifests/web/source/"
    copied = {path.removeprefix(folder) for path in compile_platform(platform(app), files) if path.startswith(folder)}
    assert copied == {"platform/prod/kustomization.yaml", "base/kustomization.yaml"}
