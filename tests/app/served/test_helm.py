"""helm against a served cluster: releases are installed, upgraded, rolled back, tested and uninstalled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.app.served.running import Program

from nixernetes.adapters.helm_executable import find_helm
from nixernetes.testing import cluster

_IN = ("-n", "prod")
_CHART = {
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "values.yaml": "replicas: 1\ntext: hello\nfail: ''\n",
    "templates/all.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: {{ .Release.Name }}}
  template:
    metadata:
      labels: {app: {{ .Release.Name }}}
      {{- with .Values.fail }}
      annotations: {sim.nixernetes.dev/fail: {{ . }}}
      {{- end }}
    spec:
      containers: [{name: web, image: nginx}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-text}
data: {text: {{ .Values.text }}}
""",
    "templates/migration.yaml": """\
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-migration
  annotations: {helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-delete-policy: hook-succeeded}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migration, image: busybox}]
""",
    "templates/tests/test.yaml": """\
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-test
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation
    {{- if eq .Values.text "wrong" }}
    sim.nixernetes.dev/fail: Error
    {{- end }}
spec:
  restartPolicy: Never
  containers: [{name: test, image: busybox}]
""",
}


@pytest.fixture(name="helm", scope="module")
def a_program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    home = tmp_path_factory.mktemp("helm")
    for path, text in _CHART.items():
        (home / "shop" / path).parent.mkdir(parents=True, exist_ok=True)
        (home / "shop" / path).write_text(text)
    with cluster(nodes=1) as found:
        yield Program(find_helm(), found.kubeconfig, home, home)


@pytest.fixture(name="release")
def a_release(helm: Program) -> Iterator[str]:
    said = helm.run("install", "shop", "shop", "--create-namespace", *_IN, "--wait")
    assert "STATUS: deployed" in said
    yield "shop"
    helm.run("uninstall", "shop", *_IN, "--wait")


def _history(helm: Program) -> list[tuple[int, str]]:
    found: Any = json.loads(helm.run("history", "shop", *_IN, "-o", "json"))
    return [(each["revision"], each["status"]) for each in found]


def _resources(helm: Program) -> str:
    return helm.run("status", "shop", *_IN, "--show-resources")


def test_a_release_is_there_with_its_hooks_done(helm: Program, release: str) -> None:
    resources = _resources(helm)
    assert f"{release}-text" in resources
    assert "1/1" in resources
    assert "migration" not in resources
    (listed,) = json.loads(helm.run("list", "-A", "-o", "json"))
    assert (listed["name"], listed["namespace"], listed["revision"]) == (release, "prod", "1")


def test_an_upgrade_is_taken_back(helm: Program, release: str) -> None:
    helm.run("upgrade", release, "shop", *_IN, "--set", "replicas=2,text=bye", "--wait")
    assert "2/2" in _resources(helm)
    assert helm.run("get", "values", release, *_IN, "-o", "json").strip() == '{"replicas":2,"text":"bye"}'
    helm.run("rollback", release, "1", *_IN, "--wait")
    assert "1/1" in _resources(helm)
    assert _history(helm) == [(1, "superseded"), (2, "superseded"), (3, "deployed")]


def test_an_upgrade_that_does_not_come_up_is_taken_back_by_itself(helm: Program, release: str) -> None:
    failing = ("--set", "fail=CrashLoopBackOff", "--atomic", "--timeout", "8s")
    said = helm.run("upgrade", release, "shop", *_IN, *failing, fails=True)
    assert "has been rolled back due to atomic being set" in said
    assert _history(helm) == [(1, "superseded"), (2, "failed"), (3, "deployed")]
    assert "1/1" in _resources(helm)


def test_a_release_is_tested(helm: Program, release: str) -> None:
    assert "Phase:          Succeeded" in helm.run("test", release, *_IN)
    helm.run("upgrade", release, "shop", *_IN, "--set", "text=wrong", "--wait")
    assert "Phase:          Failed" in helm.run("test", release, *_IN, fails=True)


def test_what_is_uninstalled_is_gone(helm: Program) -> None:
    helm.run("install", "other", "shop", "--create-namespace", *_IN)
    helm.run("uninstall", "other", *_IN, "--wait")
    assert "release: not found" in helm.run("status", "other", *_IN, fails=True)
    assert "other" not in helm.run("list", "-A", "--all")


def test_what_is_templated_is_what_a_server_takes(helm: Program) -> None:
    assert "STATUS: pending-install" in helm.run("install", "dry", "shop", "--dry-run=server")
    refused = helm.run("install", "bad name", "shop", "--dry-run=server", fails=True)
    assert "invalid release name" in refused
