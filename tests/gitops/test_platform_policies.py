"""Policies of a platform reach every cluster before what they judge, whoever delivers it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.gitops.platforms import NO_FILES, URL, Files, deployment, repository

from nixernetes import gitops, kyverno
from nixernetes.errors import InputError
from nixernetes.gitops.layout.compiler import bootstrap, compile_platform
from nixernetes.gitops.layout.model import ReadFiles
from nixernetes.objects import yamls
from nixernetes.objects.fields import items_at
from nixernetes.objects.manifest import Json

FLUX = "repos/prod/flux-system"
BASELINE = kyverno.library.security_baseline()
KYVERNO = gitops.App(
    name="kyverno",
    namespace="kyverno",
    chart=gitops.HelmChartRef(name="kyverno", repository="https://kyverno.github.io/kyverno", version="3.5.0"),
)
REDIS = gitops.App(
    name="redis",
    namespace="cache",
    chart=gitops.HelmChartRef(name="redis", repository="https://charts.example.com", version="1.0.0"),
)


def web(**fields: Any) -> gitops.App:
    return gitops.App(name="web", **{"namespace": "shop", "manifests": [deployment("web")], **fields})


def built(*apps: gitops.App, read: ReadFiles = NO_FILES, **fields: Any) -> dict[str, Json]:
    given = {"name": "p", "repository": repository("flat", "prod"), "policies": BASELINE, "apps": apps, **fields}
    tree = compile_platform(gitops.Platform(**given), read)
    return {path: yamls.parse(data) for path, data in tree.items() if path.endswith(".yaml")}


def after(tree: dict[str, Json], name: str) -> list[str]:
    """Return what a Kustomization of the cluster waits for."""
    return [each["name"] for each in items_at(tree[f"{FLUX}/kustomizations/{name}.yaml"], "spec", "dependsOn")]


def wave(tree: dict[str, Json], name: str) -> int:
    manifest = tree[f"argocd/applications/{name}.yaml"]
    return int(manifest["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave", "0"))


def test_lists_of_policies_and_single_ones_stand_in_one_folder() -> None:
    own = kyverno.library.disallow_latest_tag()
    folder = "repos/prod/manifests/policies"
    listed = built(web(), policies=[BASELINE, own])[f"{folder}/kustomization.yaml"]["resources"]
    assert listed == sorted(f"validatingpolicy-{policy.name}.yaml" for policy in (*BASELINE, own))


def test_a_folder_with_policies_may_be_named() -> None:
    text = yamls.dump(BASELINE[0].manifest())
    tree = built(web(), read=Files({"policies/first.yaml": text}), policies=["policies"])
    name = f"validatingpolicy-{BASELINE[0].name}.yaml"
    assert tree[f"repos/prod/manifests/policies/{name}"] == BASELINE[0].manifest()


@pytest.mark.parametrize("structure", ["flat", "hierarchy"])
def test_every_cluster_gets_them_and_every_app_waits(structure: str) -> None:
    tree = built(web(), repository=repository(structure, "one", "two"))
    top = "repos" if structure == "flat" else "clusters"
    for cluster in ("one", "two"):
        spec = tree[f"{top}/{cluster}/flux-system/kustomizations/web.yaml"]["spec"]
        assert {"name": "policies"} in spec["dependsOn"]
        assert f"{top}/{cluster}/flux-system/kustomizations/policies.yaml" in tree


def test_a_chart_waits_by_a_kustomization_of_its_own() -> None:
    """A HelmRelease can only depend on HelmReleases."""
    tree = built(REDIS)
    assert after(tree, "redis") == ["policies", "namespaces"]
    stage = tree[f"{FLUX}/kustomizations/redis.yaml"]["spec"]
    assert (stage["path"], stage["wait"]) == (f"./{FLUX}/stages/redis", True)
    assert tree[f"{FLUX}/stages/redis/kustomization.yaml"]["resources"] == ["helmreleases/redis.yaml"]
    assert f"{FLUX}/helmreleases/redis.yaml" not in tree


def test_namespaces_of_apps_wait_too() -> None:
    """A policy may judge a Namespace, or generate something for each new one."""
    tree = built(web())
    assert after(tree, "namespaces") == ["policies"]
    assert after(tree, "web") == ["policies", "namespaces"]
    assert f"{FLUX}/stages/namespaces/namespaces/shop.yaml" in tree


def test_what_installs_kyverno_comes_before_the_policies_and_so_does_what_it_needs() -> None:
    needed = gitops.App(name="certs", namespace="certs", manifests=[deployment("certs")])
    own = KYVERNO.model_copy(update={"depends_on": ("certs",)})
    found = built(web(), own, needed, engine="both")
    assert after(found, "policies") == ["certs", "kyverno"]
    assert after(found, "kyverno") == ["certs"]
    assert after(found, "certs") == []
    assert [wave(found, name) for name in ("certs", "kyverno", "policies", "web")] == [-3, -2, -1, 0]


def test_more_may_come_first_when_it_is_named() -> None:
    tree = built(web(), REDIS, policies_depend_on=["redis"])
    assert after(tree, "policies") == ["redis"]
    assert after(tree, "redis") == []


def test_policies_come_before_the_lowest_wave_of_an_app_and_the_project_before_all() -> None:
    tree = built(web(wave=-4), engine="argocd")
    assert (wave(tree, "policies"), wave(tree, "web")) == (-5, -4)
    project = tree["argocd/projects/p.yaml"]
    assert project["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "-6"


def test_argo_cd_waits_between_waves_and_may_bring_the_kinds_of_the_policies() -> None:
    policies = [BASELINE, kyverno.PolicyException(name="x", namespace="shop", policy_refs=[])]
    tree = built(web(), policies=policies, engine="argocd")
    spec = tree["argocd/projects/p.yaml"]["spec"]
    assert {"group": "policies.kyverno.io", "kind": "ValidatingPolicy"} in spec["clusterResourceWhitelist"]
    assert {"group": "policies.kyverno.io", "kind": "PolicyException"} not in spec["clusterResourceWhitelist"]
    assert "shop" in {each["namespace"] for each in spec["destinations"]}
    platform = gitops.Platform(
        name="p", repository=repository("flat", "prod"), policies=BASELINE, apps=[web()], engine="argocd"
    )
    assert "argocd-cm" in {item["metadata"]["name"] for item in bootstrap(platform, "prod")}


def test_a_namespace_that_a_policy_stands_in_comes_with_the_policies() -> None:
    policies = [*BASELINE, kyverno.PolicyException(name="x", namespace="shop", policy_refs=[])]
    tree = built(web(), policies=policies)
    assert tree["repos/prod/manifests/policies/namespace-shop.yaml"]["metadata"]["name"] == "shop"
    assert after(tree, "web") == ["policies"]


def test_declared_kustomizations_and_releases_wait_too() -> None:
    source = gitops.GitRepository(name="apps", url="https://github.com/myorg/apps", interval="1m")
    folder = gitops.Kustomization(name="team", source_ref=source, path="./team", interval="10m", prune=True)
    release = gitops.HelmRelease(
        name="cache",
        interval="10m",
        chart={"spec": {"chart": "./cache", "source_ref": source}},
    )
    tree = built(web(), resources=[source, folder, release])
    assert after(tree, "team") == ["policies"]
    assert after(tree, "cache") == ["policies"]
    assert f"{FLUX}/stages/cache/helmreleases/cache.yaml" in tree


@pytest.mark.parametrize("engine", ["flux", "argocd"])
def test_a_folder_that_is_delivered_as_a_whole_waits_for_policies_beside_it(engine: str) -> None:
    deployed = gitops.SingleClusterDeployment(name="platform", git_repository=URL, path="./apps")
    given = {"name": "p", "deployment": deployed, "policies": BASELINE, "apps": [web()], "engine": engine}
    tree = {path: yamls.parse(data) for path, data in compile_platform(gitops.Platform(**given), NO_FILES).items()}
    assert f"policies/validatingpolicy-{BASELINE[0].name}.yaml" in tree
    assert tree["apps/kustomization.yaml"]["resources"] == ["web"]
    if engine == "argocd":
        assert (wave(tree, "policies"), wave(tree, "platform")) == (-1, 0)
        assert tree["argocd/applications/policies.yaml"]["spec"]["source"]["path"] == "policies"
    else:
        (path,) = [each for each in tree if each.endswith("kustomizations/platform.yaml")]
        assert {"name": "policies"} in tree[path]["spec"]["dependsOn"]


def test_a_platform_without_policies_has_no_delivery_of_them() -> None:
    tree = built(web(), REDIS, policies=[])
    assert [path for path in tree if "policies" in path or "stages" in path] == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"policies": [3]}, "is a int: give a policy"),
        ({"policies": [gitops.Kustomization]}, "give a policy"),
        ({"policies_depend_on": ["none"]}, "policies_depend_on none, and the platform has no app or resource"),
        (
            {"policies": [kyverno.PolicyException(name="x", policy_refs=[])]},
            "PolicyException/x: has no namespace: give it one",
        ),
        ({"apps": [gitops.App(name="policies", manifests=[deployment("a")])]}, "a delivery called policies: rename"),
        (
            {
                "policies": [kyverno.PolicyException(name="x", namespace="shop", policy_refs=[])],
                "apps": [
                    gitops.App(
                        name="a",
                        manifests=[{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}],
                    )
                ],
            },
            "a policy stands in namespace shop, which app a brings after the policies",
        ),
    ],
)
def test_what_cannot_be_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        built(**fields) if "apps" not in fields else built(*fields.pop("apps"), **fields)
    assert words in str(caught.value)


def test_a_policy_is_named_at_its_own_line() -> None:
    exception = kyverno.PolicyException(name="x", policy_refs=[])
    with pytest.raises(InputError) as caught:
        built(web(), policies=[BASELINE, exception])
    assert exception.declared_at in str(caught.value)
