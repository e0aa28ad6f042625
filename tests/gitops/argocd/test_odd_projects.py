"""AppProjects and Applications come from repositories and clusters: odd ones are judged, and nothing fails on them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from tests.wrong_types import changes

from nixernetes.gitops import deployment_summary
from nixernetes.gitops.argocd.applications.validation import validate_application
from nixernetes.gitops.argocd.projects.project_rules import problems
from nixernetes.gitops.argocd.projects.windows import can_sync, matching_windows
from nixernetes.objects.manifest import Json, Manifest

_NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
_SERVER = "https://kubernetes.default.svc"
_WINDOW = {
    "kind": "deny",
    "schedule": "0 * * * *",
    "duration": "1h",
    "timeZone": "Europe/Berlin",
    "applications": ["*"],
    "namespaces": ["prod"],
    "clusters": [_SERVER],
    "manualSync": True,
    "andOperator": True,
}
_PROJECT: Manifest = {
    "sourceRepos": ["https://github.com/org/*"],
    "sourceNamespaces": ["apps"],
    "destinations": [{"server": _SERVER, "namespace": "prod"}],
    "roles": [{"name": "ci", "policies": ["p, proj:web:ci, applications, sync, web/*, allow"], "groups": ["ops"]}],
    "syncWindows": [_WINDOW],
    "destinationServiceAccounts": [{"server": _SERVER, "namespace": "prod", "defaultServiceAccount": "deployer"}],
}
_APPLICATION: Manifest = {
    "project": "web",
    "source": {"repoURL": "https://github.com/org/app", "path": ".", "helm": {"releaseName": "a"}},
    "sourceHydrator": {
        "drySource": {"repoURL": "https://github.com/org/app", "path": "."},
        "syncSource": {"path": "rendered", "targetBranch": "env"},
    },
    "destination": {"server": _SERVER, "namespace": "prod"},
}
_SEVERAL: Manifest = {
    "sources": [{"repoURL": "https://github.com/org/app", "chart": "c", "targetRevision": "1.0.0"}, {"repoURL": "u"}],
    "destination": {"name": "in-cluster"},
}


def _object(kind: str, spec: Json) -> Manifest:
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "metadata": {"name": "web"}, "spec": spec}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(changes([_APPLICATION, _SEVERAL, _PROJECT]))
def test_what_is_wrong_with_an_odd_application_is_told_in_words(specs: list[Json]) -> None:
    *applications, project = specs
    for spec in applications:
        found = validate_application(_object("Application", spec), _object("AppProject", project))
        assert all(kind.endswith("Error") and message for kind, message in found)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(changes([_PROJECT]))
def test_a_sync_window_that_cannot_be_read_says_what_is_wrong(specs: list[Json]) -> None:
    assert _answer(specs[0])


def _answer(spec: Json) -> str:
    try:
        return str(can_sync(matching_windows(spec, "web", "prod", [_SERVER]), _NOW, manual=False))
    except ValueError as error:
        return str(error)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(changes([_PROJECT]))
def test_the_rules_of_a_project_read_any_spec(specs: list[Json]) -> None:
    assert all(isinstance(problem, str) for problem in problems("web", specs[0]))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(changes([_object("Application", _APPLICATION), _object("Application", _SEVERAL)]))
def test_a_summary_counts_odd_objects(manifests: list[Json]) -> None:
    objects = [each for each in manifests if isinstance(each, dict)]
    assert 1 <= sum(deployment_summary(objects).counts.values()) <= 6


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (None, "spec.source.repoURL and either"),
        ("https://github.com/org/app", "spec.source.repoURL and either"),
        ({"repoURL": ["u"], "path": "."}, "application repo  is not permitted in project 'web'"),
    ],
)
def test_a_source_of_another_form_is_no_source(source: Json, problem: str) -> None:
    spec = {"project": "web", "source": source, "destination": {"server": _SERVER, "namespace": "prod"}}
    found = validate_application(_object("Application", spec), _object("AppProject", _PROJECT))
    assert [kind for kind, _ in found] == ["InvalidSpecError"]
    assert problem in found[0][1]
