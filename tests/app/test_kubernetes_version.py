"""``up`` runs each cluster at the Kubernetes version that is said of it: what that serves, and no more."""

import json
from pathlib import Path

from tests.repositories import committed
from typer.testing import CliRunner

from nixernetes.cli.commands import app
from nixernetes.objects.manifest import Json

SYNC = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {url: https://example.com/fleet.git, ref: {branch: main}, interval: 1m}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {path: ./clusters/dev, prune: true, interval: 1m, sourceRef: {kind: GitRepository, name: flux-system}}
"""
OLD_SCHEMA = """\
apiVersion: flowcontrol.apiserver.k8s.io/v1beta2
kind: FlowSchema
metadata: {name: quiet}
spec: {priorityLevelConfiguration: {name: exempt}}
"""


def _root(tmp_path: Path, settings: str) -> Json:
    folder = tmp_path / "f"
    (folder / "clusters" / "dev" / "flux-system").mkdir(parents=True)
    (folder / "clusters" / "dev" / "flux-system" / "gotk-sync.yaml").write_text(SYNC)
    (folder / "clusters" / "dev" / "quiet.yaml").write_text(OLD_SCHEMA)
    (folder / "nixernetes.yaml").write_text(settings)
    result = CliRunner().invoke(app, ["up", str(committed(folder, tmp_path / "r")), "--once", "-o", "json"])
    (row,) = [each for each in json.loads(result.stdout)["deliveries"] if each["kind"] == "Kustomization"]
    return row


def test_a_version_that_went_is_not_served_by_a_newer_cluster(tmp_path: Path) -> None:
    row = _root(tmp_path, 'clusters: {dev: {kubeVersion: "1.30"}}\n')
    assert row["state"] == "failed"
    assert 'no matches for kind "FlowSchema" in version "flowcontrol.apiserver.k8s.io/v1beta2"' in row["message"]


def test_and_is_by_one_that_still_has_it(tmp_path: Path) -> None:
    row = _root(tmp_path, 'clusters: {dev: {kubeVersion: "1.28"}}\n')
    assert row["state"] == "ready", row["message"]
