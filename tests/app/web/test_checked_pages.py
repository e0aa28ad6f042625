"""The pages of a repository: rendered and checked, with nothing that runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.repositories import committed

from nixernetes.adapters.web_server.questions import WebQuestion
from nixernetes.app.check import CheckOptions, checked
from nixernetes.app.web.checked import CheckedPages
from nixernetes.app.web.described import api_description
from nixernetes.app.web.pages import answer

FLEET = """
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {interval: 1m, url: "https://github.com/myorg/fleet", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, path: ./clusters/prod, prune: true, sourceRef: {kind: GitRepository, name: fleet}}
"""
APPS = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system, labels: {team: a, kustomize.toolkit.fluxcd.io/name: x}}
spec:
  dependsOn: [{name: flux-system}]
  sourceRef: {kind: GitRepository, name: fleet}
  interval: 10m
  path: ./apps
  prune: true
"""
APP = """
apiVersion: v1
kind: Secret
metadata: {name: keys, namespace: app}
stringData: {password: hunter2-hunter2}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: app}
spec:
  replicas: many
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
"""


def pages(tmp_path: Path) -> CheckedPages:
    """Return the pages of a small repository, of which one object is wrong."""
    folder = tmp_path / "made"
    for name, text in (("clusters/prod/flux-system/sync", FLEET), ("clusters/prod/apps", APPS), ("apps/app", APP)):
        (folder / f"{name}.yaml").parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yaml").write_text(text)
    outcome = checked(CheckOptions(target=committed(folder, tmp_path / "fleet")))
    return CheckedPages(outcome=outcome, title="fleet", head="files on disk", time="2026-01-01T00:00:00Z")


def asked(found: CheckedPages, page: str, /, **about: str) -> Any:
    """Return what the API answers."""
    told = answer(found, WebQuestion(name=page, about=about))
    assert told.status == 200, told.body
    return json.loads(told.body)


def test_findings_stand_at_what_they_are_about(tmp_path: Path) -> None:
    found = pages(tmp_path)
    fleet = asked(found, "fleet")
    assert (fleet["mode"], fleet["head"]) == ("repository", "files on disk")
    apps = next(line for line in fleet["deliveries"] if line["id"]["name"] == "apps")
    assert (apps["state"], apps["objects"], apps["findings"] > 0) == ("rendered", 2, True)
    assert (apps["source"], apps["labels"]) == ("GitRepository/fleet", ["team=a"])
    page = asked(found, "delivery", cluster="prod", kind="Kustomization", namespace="flux-system", name="apps")
    assert {"label": "Depends on", "text": "Kustomization/flux-system/flux-system"} in page["facts"]
    assert {(each["file"], each["object"]) for each in page["findings"]} >= {("apps/app.yaml", "Deployment/app/web")}
    assert {line["origin"] for line in page["tree"]} >= {"apps/app.yaml:2", "clusters/prod/apps.yaml:2"}
    assert asked(found, "findings")["checked"] is True
    name = {"cluster": "prod", "group": "apps", "kind": "Deployment", "namespace": "app", "name": "web"}
    shown = asked(found, "object", **name)
    assert "replicas: many" in shown["desired"]
    assert shown["live"] is None
    assert shown["findings"]


def test_secret_values_are_shown_nowhere(tmp_path: Path) -> None:
    found = pages(tmp_path)
    name = {"cluster": "prod", "group": "", "kind": "Secret", "namespace": "app", "name": "keys"}
    shown = asked(found, "object", **name)
    assert "password: '***'" in shown["desired"]
    assert "hunter2" not in json.dumps([shown, asked(found, "fleet"), asked(found, "findings")])


def test_nothing_runs_so_nothing_can_be_asked_for(tmp_path: Path) -> None:
    told = answer(pages(tmp_path), WebQuestion(name="actions", body=b"{}"))
    assert told.status == 404
    assert "nothing runs here" in json.loads(told.body)["error"]


def test_the_api_describes_every_page_with_schemas_that_are_there() -> None:
    text = json.dumps(api_description())
    document = json.loads(text)
    schemas = document["components"]["schemas"]
    for part in text.split('"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in schemas
    pages_named = {path.rpartition("/")[2] for path in document["paths"]}
    assert pages_named >= {"fleet", "delivery", "object", "findings", "activity", "outcome", "actions", "changes"}
