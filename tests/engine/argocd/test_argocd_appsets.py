"""ApplicationSets generate Applications and keep them as generated."""

from __future__ import annotations

import pytest
from tests.engine.argocd.conftest import Plane, make_plane
from tests.engine.argocd.samples import URL, config_map, namespace

from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import IN_CLUSTER


def app_set(*generators: Json, name: str = "{{name}}", path: str = "apps", **spec: Json) -> Manifest:
    template = {
        "metadata": {"name": name},
        "spec": {
            "project": "default",
            "source": {"repoURL": URL, "path": path, "targetRevision": "main"},
            "destination": {"server": spec.pop("server", IN_CLUSTER), "namespace": "production"},
            "syncPolicy": {"automated": {}},
        },
    }
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "set", "namespace": "argocd"},
        "spec": {"generators": list(generators), "template": template, **spec},
    }


def names(plane: Plane) -> list[str]:
    return [app["metadata"]["name"] for app in plane.api.list(APPLICATION)]


def conditions(plane: Plane) -> dict[str, tuple[str, str]]:
    found = plane.api.get(ObjectKey(*APPLICATION_SET, "argocd", "set"))
    assert found is not None
    return {item["type"]: (item["status"], item["message"]) for item in found["status"]["conditions"]}


def elements(*rows: Json) -> Json:
    return {"list": {"elements": list(rows)}}


def test_a_list_makes_an_application_of_each_element(plane: Plane) -> None:
    plane.commit({"one/a.yaml": config_map("a"), "two/b.yaml": config_map("b")})
    plane.apply(namespace("production"), app_set(elements({"name": "one"}, {"name": "two"}), path="{{name}}"))
    assert plane.settle()
    assert names(plane) == ["one", "two"]
    assert plane.words("one") == "Synced/Healthy"
    assert plane.app("one")["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io"]
    assert conditions(plane) == {
        "ErrorOccurred": ("False", "All applications have been generated successfully"),
        "ParametersGenerated": ("True", "Successfully generated parameters for all Applications"),
        "ResourcesUpToDate": ("True", "All applications have been generated successfully"),
    }


@pytest.mark.parametrize(
    ("policy", "left"), [("sync", ["one"]), ("create-delete", ["one"]), ("create-update", ["one", "two"])]
)
def test_what_is_no_longer_generated_goes_if_the_policy_allows(plane: Plane, policy: str, left: list[str]) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    more = {"syncPolicy": {"applicationsSync": policy}}
    plane.apply(namespace("production"), app_set(elements({"name": "one"}, {"name": "two"}), **more))
    plane.run(20)
    plane.apply(app_set(elements({"name": "one"}), **more))
    plane.run(20)
    assert names(plane) == left


def test_fields_that_an_application_set_ignores_stay_as_they_are(plane_with_jq: Plane) -> None:
    plane_with_jq.commit({"apps/a.yaml": config_map("a")})
    rules = [
        {"name": "one", "jsonPointers": ["/spec/syncPolicy"]},
        {"jqPathExpressions": [".spec.source | .targetRevision"]},
    ]
    sets = app_set(elements({"name": "one"}, {"name": "two"}), ignoreApplicationDifferences=rules)
    plane_with_jq.apply(namespace("production"), sets)
    plane_with_jq.run(20)
    for name in ("one", "two"):
        edited = plane_with_jq.edit("Application", "argocd", name, group="argoproj.io")
        edited["spec"]["source"]["targetRevision"] = "HEAD"
        edited["spec"]["project"] = "other"
        del edited["spec"]["syncPolicy"]
        plane_with_jq.put(edited)
    plane_with_jq.run(400)
    one, two = (plane_with_jq.app(name)["spec"] for name in ("one", "two"))
    assert (one["project"], one["source"]["targetRevision"], "syncPolicy" in one) == ("default", "HEAD", False)
    assert (two["project"], two["source"]["targetRevision"], "syncPolicy" in two) == ("default", "HEAD", True)


def test_an_edited_application_is_put_right_again(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), app_set(elements({"name": "one"})))
    plane.run(20)
    edited = plane.edit("Application", "argocd", "one", group="argoproj.io")
    edited["spec"]["source"]["path"] = "elsewhere"
    plane.put(edited)
    plane.run(5)
    assert plane.app("one")["spec"]["source"]["path"] == "apps"


def test_clusters_and_directories_are_multiplied_by_a_matrix() -> None:
    plane = make_plane({"east": "https://east.example.com"})
    plane.commit({"apps/web/a.yaml": config_map("a"), "apps/db/a.yaml": config_map("b"), ".hidden/x/a.yaml": ""})
    git = {"git": {"repoURL": URL, "revision": "main", "directories": [{"path": "apps/*"}]}}
    generator = {"matrix": {"generators": [git, {"clusters": {}}]}}
    plane.apply(
        app_set(generator, name="{{name}}-{{path.basename}}", path="{{path}}", server="{{server}}"),
    )
    plane.run(1)
    assert names(plane) == ["east-db", "east-web", "in-cluster-db", "in-cluster-web"]
    assert plane.app("east-db")["spec"]["destination"]["server"] == "https://east.example.com"
    assert plane.app("east-db")["spec"]["source"]["path"] == "apps/db"


def test_go_templates_and_a_patch(plane: Plane) -> None:
    rows = elements({"name": "One App", "auto": True}, {"name": "two", "auto": False})
    patch = "spec:\n  revisionHistoryLimit: {{ if .auto }}3{{ else }}7{{ end }}\n"
    plane.apply(app_set(rows, name="{{ .name | normalize }}", goTemplate=True, templatePatch=patch))
    plane.run(1)
    assert [plane.app(name)["spec"]["revisionHistoryLimit"] for name in ("one-app", "two")] == [3, 7]


@pytest.mark.parametrize(
    ("generator", "message"),
    [
        ({"list": {"elements": ["x"]}}, "an object of names and values"),
        ({"list": "x"}, "cannot be read"),
        ({"pullRequest": {}}, "generator pullRequest needs a service outside"),
        (
            {"merge": {"generators": [], "mergeKeys": ["x"]}},
            "found less than two generators, Merge requires two or more",
        ),
        ({"git": {"repoURL": "https://example.com/none", "directories": [{"path": "*"}]}}, "repository not found"),
    ],
)
def test_a_generator_that_fails_says_why_and_deletes_nothing(plane: Plane, generator: Json, message: str) -> None:
    plane.permissive()
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), app_set(elements({"name": "kept"})))
    plane.run(10)
    plane.apply(app_set(generator))
    plane.run(10)
    status, text = conditions(plane)["ErrorOccurred"]
    assert status == "True"
    assert message in text
    assert names(plane) == ["kept"]


def test_of_applications_with_one_name_none_is_made_and_the_others_are(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), app_set(elements({"name": "one"}, {"name": "two"}, {"name": "one"})))
    assert plane.settle()
    assert names(plane) == ["two"]
    message = "ApplicationSet set contains applications with duplicate name: one"
    assert conditions(plane)["ErrorOccurred"] == ("True", message)
    assert conditions(plane)["ParametersGenerated"][0] == "True"


def test_finalizers_follow_the_template_but_those_of_hooks_stay(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": [config_map("a"), config_map("b", hook="PreDelete")]})
    plane.apply(namespace("production"), app_set(elements({"name": "one"})))
    assert plane.settle()
    hook = "pre-delete-finalizer.argocd.argoproj.io"
    cascade = "resources-finalizer.argocd.argoproj.io"
    assert plane.app("one")["metadata"]["finalizers"] == [cascade, hook, f"{hook}/cleanup"]
    plane.apply(app_set(elements({"name": "one"}), syncPolicy={"preserveResourcesOnDeletion": True}))
    assert plane.settle()
    assert plane.app("one")["metadata"]["finalizers"] == [hook, f"{hook}/cleanup"]
