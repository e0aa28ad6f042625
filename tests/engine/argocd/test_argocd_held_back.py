"""What holds an Application back is told in Argo CD's words: settings, windows, projects, tools, replacements."""

from __future__ import annotations

from tests.engine.argocd.conftest import Plane
from tests.engine.argocd.samples import URL, application, config_map, namespace, project

from nixernetes.engine.argocd.requests import request_refresh
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APP_PROJECT, APPLICATION
from nixernetes.objects.well_known import ARGOCD_RESOURCES_FINALIZER


def test_settings_that_cannot_be_read_are_a_condition_of_what_they_are_for(plane: Plane) -> None:
    settings = config_map("argocd-cm", "argocd")
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply({**settings, "data": {"resource.exclusions": "- [", "timeout.reconciliation": "soon"}})
    plane.apply(namespace("production"), application("web", automated={}))
    assert plane.settle()
    assert plane.words("web") == "Unknown/Unknown"
    ((kind, message),) = plane.conditions("web")
    assert kind == "ComparisonError"
    assert "resource.exclusions" in message
    assert "timeout.reconciliation" in message
    plane.put({**settings, "data": {"timeout.reconciliation": "60s"}})
    assert plane.settle()
    assert (plane.words("web"), plane.conditions("web")) == ("Synced/Healthy", [])


def test_an_application_that_a_window_holds_is_at_rest(plane: Plane) -> None:
    window = {"kind": "deny", "schedule": "* * * * *", "duration": "24h", "applications": ["*"]}
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), project("team", syncWindows=[window]))
    plane.apply(application("web", project="team", automated={}))
    assert plane.settle(60)
    assert plane.words("web") == "OutOfSync/Missing"


def test_an_application_whose_project_is_gone_waits_for_it_to_be_deleted(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    team = project("team")
    plane.apply(namespace("production"), team)
    plane.apply(application("web", project="team", automated={}, meta={"finalizers": [ARGOCD_RESOURCES_FINALIZER]}))
    assert plane.settle()
    plane.api.delete(ObjectKey(*APP_PROJECT, "argocd", "team"))
    plane.api.delete(ObjectKey(*APPLICATION, "argocd", "web"))
    assert plane.settle()
    assert ("DeletionError", 'appproject.argoproj.io "team" not found') in plane.conditions("web")
    plane.apply(team)
    plane.run(60)
    assert plane.api.get(ObjectKey(*APPLICATION, "argocd", "web")) is None
    assert plane.get("ConfigMap", "production", "a") is None


def test_what_helm_and_kustomize_say_is_told_with_their_command(plane: Plane) -> None:
    chart = "apiVersion: v2\nname: x\nversion: 1.0.0\n"
    plane.commit({"chart/Chart.yaml": chart, "over/kustomization.yaml": "resources: [gone.yaml]\n"})
    source = {"repoURL": URL, "targetRevision": "main", "path": "chart", "helm": {"valueFiles": ["no.yaml"]}}
    plane.apply(namespace("production"), application("over", "over"), application("chart", source=source))
    assert plane.settle()
    ((_, of_helm),) = plane.conditions("chart")
    assert "`helm template . --name-template chart --namespace production" in of_helm
    assert "--values <path to cached source>/chart/no.yaml" in of_helm
    assert of_helm.endswith("Error: open <path to cached source>/chart/no.yaml: no such file or directory")
    ((_, of_kustomize),) = plane.conditions("over")
    assert "`kustomize build <path to cached source>/over` failed exit status 1: Error: accumulating" in of_kustomize


def test_a_forced_replacement_deletes_first_and_says_so(plane: Plane) -> None:
    options = {"sync_options": "Replace=true,Force=true"}
    plane.commit({"apps/a.yaml": config_map("a", **options)})
    plane.apply(namespace("production"), application("web", automated={}))
    assert plane.settle()
    before = plane.get("ConfigMap", "production", "a")["metadata"]["uid"]
    plane.commit({"apps/a.yaml": {**config_map("a", **options), "data": {"key": "new"}}})
    request_refresh(plane.api, "argocd", "web")
    plane.run(10)
    (entry,) = plane.operation("web")["syncResult"]["resources"]
    assert entry["message"] == 'configmap "a" deleted from production namespace\nconfigmap/a replaced'
    assert plane.get("ConfigMap", "production", "a")["metadata"]["uid"] != before
