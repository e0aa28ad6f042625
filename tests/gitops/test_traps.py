"""What is declared, accepted and does not do what it seems to is told when it is built, at the line that wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from tests.gitops.platforms import NO_FILES, URL, Files, deployment, repository

from nixernetes import gitops
from nixernetes.gitops.layout.compiler import compile_with_objects, repository_url
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.traps.declared import Declared
from nixernetes.gitops.traps.finding import traps_of

SOURCE = {"kind": "GitRepository", "name": "platform-config"}


def traps(*resources: Resource, beside: Iterable[str] = (), files: Files = NO_FILES, **fields: Any) -> list[str]:
    given: dict[str, Any] = {
        "name": "p",
        "engine": "both",
        "repository": repository("flat", "one", "two"),
        "resources": resources,
        **fields,
    }
    platform = gitops.Platform(**given)
    tree, objects = compile_with_objects(platform, files)
    names = [*tree, *beside]

    def below(path: str) -> list[str]:
        return [name.removeprefix(f"{path}/") for name in names if name.startswith(f"{path}/")]

    found = traps_of(
        Declared(platform=platform, objects=objects, files=tree, url=repository_url(platform), below=below)
    )
    for trap in found:
        assert re.match(rf"{re.escape(__file__)}:\d+: ", str(trap)), "the line that wrote it"
    return [f"{trap.subject}: {trap.message}" for trap in found]


def kustomization(name: str = "apps", **fields: Any) -> gitops.Kustomization:
    return gitops.Kustomization(**{"name": name, "source_ref": SOURCE, "path": f"./{name}", **fields})


def application(name: str = "root", **fields: Any) -> gitops.Application:
    source = {"repo_url": URL, "path": "apps"}
    return gitops.Application(**{"name": name, "namespace": "argocd", "source": source, **fields})


def test_a_platform_without_traps_is_told_none() -> None:
    app = gitops.App(name="web", namespace="shop", manifests=[deployment("web")])
    assert traps(apps=[app]) == []


def test_a_health_check_without_a_namespace_waits_in_that_of_the_kustomization() -> None:
    check = gitops.health_checks(kind="Deployment", name="app")
    expected = (
        "Kustomization/flux-system/apps: health: Deployment/app has no namespace, so Flux waits for it in flux-system"
    )
    found = traps(kustomization(health=check))
    assert len(found) == 1  # though it goes to two clusters
    assert found[0].startswith(expected)
    assert traps(kustomization(health=check) | gitops.presets.standard)[0].startswith(expected)


@pytest.mark.parametrize(
    "fields",
    [
        {"health": gitops.health_checks(kind="Deployment", name="app", namespace="shop")},
        {"health": gitops.health_checks(kind="Deployment", name="app"), "target_namespace": "shop"},
        {"health": gitops.health_checks(kind="Namespace", name="shop")},
    ],
)
def test_a_health_check_that_has_its_namespace_is_no_trap(fields: dict[str, Any]) -> None:
    assert traps(kustomization(**fields)) == []


def project(**fields: Any) -> gitops.AppProject:
    here = {"server": "https://kubernetes.default.svc", "namespace": "*"}
    return gitops.AppProject(**{"name": "team", "source_repos": ["*"], "destinations": [here], **fields})


def test_a_namespace_is_not_created_under_a_project_that_does_not_permit_it() -> None:
    policy = {"sync_options": ["CreateNamespace=true"]}
    destination = {"server": "https://kubernetes.default.svc", "namespace": "shop"}
    app = application(project="team", sync_policy=policy, destination=destination)
    found = traps(app, project())
    assert len(found) == 1
    assert "syncOptions: CreateNamespace=true, and project team does not permit Namespaces" in found[0]
    permitted = project(cluster_resource_whitelist=[{"group": "", "kind": "Namespace"}])
    assert traps(app, permitted) == []


def test_the_namespace_of_an_app_under_a_project_of_ones_own_is_one_too() -> None:
    everywhere = project(destinations=[{"server": "*", "name": "*", "namespace": "*"}])
    app = gitops.App(name="web", namespace="shop", manifests=[deployment("web")], project="team")
    found = traps(everywhere, apps=[app])
    assert [each.partition(":")[0] for each in found] == ["Application/argocd/web-one", "Application/argocd/web-two"]


def test_an_app_of_apps_over_a_folder_of_folders_brings_nothing() -> None:
    found = traps(application(), beside=["apps/my-app/argocd.yaml", "apps/my-app/kustomization.yaml"])
    assert len(found) == 1
    assert "folder apps holds only folders (my-app/argocd.yaml), and Argo CD does not look into them" in found[0]
    assert traps(application(), beside=["apps/my-app.yaml", "apps/more/a.yaml"]) == []
    source = {"repo_url": URL, "path": "apps", "directory": {"recurse": True}}
    assert traps(application(source=source), beside=["apps/my-app/argocd.yaml"]) == []


def test_a_dotted_key_of_values_is_one_key() -> None:
    chart = gitops.HelmChartRef(name="db", repository="https://charts.example.com", version="1.0.0")
    app = gitops.App(name="db", namespace="db", chart=chart, values={"auth.password": "x", "a": {"b.c": 1}})
    found = traps(apps=[app], engine="flux")
    assert found[0].startswith("HelmRelease/flux-system/db: values: 'auth.password' is one key with a dot in it: ")
    assert found[0].endswith('write {"auth": {"password": …}}')
    assert "'auth.password' is one key" in traps(apps=[app], engine="argocd")[0]
    fine = app.model_copy(update={"values": {"my.cnf": "x", "app.kubernetes.io/name": "x", "nginx.conf": ""}})
    assert [each for each in traps(apps=[fine], engine="flux") if "conf" in each or "kubernetes" in each] == []


def test_destinations_that_are_denials_alone_allow_everything_else() -> None:
    denied = {"server": "https://kubernetes.default.svc", "namespace": "!kube-system"}
    found = traps(project(destinations=[denied]))
    assert len(found) == 1
    assert "all of them are denials (!), and a denial allows everything else" in found[0]
    assert traps(project(destinations=[denied, {"server": "https://a.example.com", "namespace": "shop"}])) == []


def test_two_kustomizations_on_one_path_own_the_same_objects() -> None:
    found = traps(kustomization("a", path="./apps"), kustomization("b", path="apps/"))
    assert len(found) == 1
    first = rf"Kustomization/flux-system/a \(at {re.escape(__file__)}:\d+\)"
    assert re.match(rf"Kustomization/flux-system/b: path: {first} applies apps too", found[0])
    assert traps(kustomization("a", path="./apps"), kustomization("b", path="apps", target_namespace="b")) == []


def application_set(name: str, **fields: Any) -> gitops.ApplicationSet:
    template = {
        "name": name,
        "source": {"repo_url": "https://example.com/x/y", "path": "web"},
        "destination": {"server": "https://kubernetes.default.svc"},
    }
    generators = [{"list": {"elements": [{"cluster": "one"}]}}]
    return gitops.ApplicationSet(**{"name": "apps", "generators": generators, "template": template, **fields})


def test_a_template_in_the_other_language_is_no_template() -> None:
    found = traps(application_set("web-{{.cluster}}", go_template=False))
    assert len(found) == 1
    assert "{{.cluster}} is a Go template, and stays text without go_template=True" in found[0]
    found = traps(application_set("web-{{cluster}}", go_template=True))
    assert "{{cluster}} is not a Go template, and fails with go_template=True: write {{.cluster}}" in found[0]
    assert traps(application_set("web-{{cluster}}", go_template=False)) == []
    assert traps(application_set("web-{{ .cluster }}", go_template=True)) == []


def test_a_variable_with_a_dash_is_refused_by_flux() -> None:
    found = traps(kustomization(post_build={"substitute": {"my-name": "1", "fine_1": "2", "9": "3"}}))
    assert "'my-name' is not the name of a variable, and Flux refuses it" in found[1]
    assert "for example my_name" in found[1]
    assert "for example _9" in found[0]
    app = gitops.App(
        name="web", namespace="x", manifests=[deployment("web")], post_build={"substitute": {"my-name": "1"}}
    )
    assert "Kustomization/flux-system/web: postBuild.substitute: 'my-name'" in traps(apps=[app])[0]


def test_variables_from_what_nothing_declares_fail_until_somebody_makes_it() -> None:
    build = {"substitute_from": [{"kind": "ConfigMap", "name": "settings"}]}
    found = traps(kustomization(post_build=build))
    assert len(found) == 1
    assert "nothing in the repository declares ConfigMap/flux-system/settings, and Flux fails without it" in found[0]
    optional = {"substitute_from": [{"kind": "ConfigMap", "name": "settings", "optional": True}]}
    assert traps(kustomization(post_build=optional)) == []
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}}
    app = gitops.App(name="settings", namespace="flux-system", manifests=[settings])
    assert traps(kustomization(post_build=build), apps=[app]) == []
    generated = Files({"g/kustomization.yaml": "configMapGenerator: [{name: settings, literals: [a=b]}]\n"})
    app = gitops.App(name="settings", namespace="flux-system", kustomize="g")
    assert traps(kustomization(post_build=build), apps=[app], files=generated) == []
