"""The end of ``up`` names what pods lack; what operators and Jobs would have made is not taken for missing."""

import json
from pathlib import Path

import pytest
from tests.repositories import repository_of
from typer.testing import CliRunner

from nixernetes.cli.commands import app

START = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m0s, ref: {branch: main}, url: https://git.example/fleet}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m0s, path: ./web, prune: true, wait: true, sourceRef: {kind: GitRepository, name: flux-system}}
"""
WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "web:1", volumeMounts: [{name: tls, mountPath: /tls}]}]
      volumes: [{name: tls, secret: {secretName: web-tls}}]
"""
CERTIFICATE = """\
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: default}
spec: {secretName: web-tls, dnsNames: [web.example], issuerRef: {name: all}}
"""
JOB = """\
apiVersion: v1
kind: ServiceAccount
metadata: {name: maker, namespace: default}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: maker, namespace: default}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get, create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: maker, namespace: default}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: maker}
subjects: [{kind: ServiceAccount, name: maker, namespace: default}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: maker, namespace: default}
spec:
  template: {spec: {serviceAccountName: maker, restartPolicy: Never, containers: [{name: c, image: "certgen:1"}]}}
"""


def repository(folder: Path, *files: str) -> Path:
    web = {f"web/{number}.yaml": text for number, text in enumerate(files)}
    return repository_of({"clusters/dev/flux-system/gotk-sync.yaml": START, **web}, folder)


def test_the_end_report_names_what_is_missing(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["up", str(repository(tmp_path, WEB)), "--once"])
    assert result.exit_code == 1
    assert 'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found' in result.stdout
    assert "declare the ConfigMap or Secret" in result.stdout


@pytest.mark.parametrize("maker", [CERTIFICATE, JOB])
def test_what_is_made_on_a_cluster_is_not_missing(tmp_path: Path, maker: str) -> None:
    result = CliRunner().invoke(app, ["up", str(repository(tmp_path, WEB, maker)), "--once", "-o", "json"])
    report = json.loads(result.stdout)
    assert (result.exit_code, report["converged"]) == (0, True)
