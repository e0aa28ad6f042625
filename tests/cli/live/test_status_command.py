"""``nixernetes status`` asks the clusters of a kubeconfig."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.adapters.kube.connections import ApiConnection
from nixernetes.adapters.kube.kubeconfig_files import read_kubeconfig
from nixernetes.cli.commands import app
from nixernetes.gitops.definitions import definition_of
from nixernetes.objects import yamls
from nixernetes.objects.kinds import KUSTOMIZATION
from nixernetes.testing import cluster as served_cluster


@pytest.fixture(scope="module", name="kubeconfig")
def a_cluster_with_a_delivery() -> Iterator[Path]:
    with served_cluster() as found:
        client = KubeClient(ApiConnection(read_kubeconfig(found.kubeconfig, {}).context()), may_write=True)
        client.create(definition_of(KUSTOMIZATION), manager="test")
        meta = {"name": "apps", "namespace": "default"}
        spec = {"interval": "5m", "prune": True, "sourceRef": {"kind": "GitRepository", "name": "apps"}}
        version = "kustomize.toolkit.fluxcd.io/v1"
        made = client.create(
            {"apiVersion": version, "kind": "Kustomization", "metadata": meta, "spec": spec}, manager="test"
        )
        condition = {"type": "Ready", "status": "False", "reason": "BuildFailed", "message": "no such path"}
        condition["lastTransitionTime"] = made["metadata"]["creationTimestamp"]
        status = {"observedGeneration": 1, "conditions": [condition]}
        client.update({**made, "status": status}, manager="test", subresource="status")
        client.close()
        yield found.kubeconfig


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["status", *arguments])


def test_deliveries_are_told_with_health_reason_and_age(kubeconfig: Path) -> None:
    found = run("--kubeconfig", str(kubeconfig))
    assert found.exit_code == 0
    head, row = found.stdout.splitlines()
    assert head.split()[:8] == ["CONTEXT", "KIND", "NAMESPACE", "NAME", "STATE", "HEALTH", "REASON", "REVISION"]
    assert head.split()[8:] == ["AGE", "MESSAGE"]
    assert row.split()[:7] == ["test", "Kustomization", "default", "apps", "failed", "InProgress", "BuildFailed"]
    assert row.endswith("no such path")
    assert found.stderr == "1 delivery in test: 1 failed\n"


def test_json_has_every_field(kubeconfig: Path) -> None:
    told: Any = json.loads(run("--kubeconfig", str(kubeconfig), "-A", "-o", "json").stdout)
    (row,) = told["deliveries"]
    assert sorted(told) == ["contexts", "deliveries", "faults", "time"]
    assert row.pop("created").endswith("Z")
    assert row == {
        "context": "test",
        "group": "kustomize.toolkit.fluxcd.io",
        "kind": "Kustomization",
        "namespace": "default",
        "name": "apps",
        "state": "failed",
        "health": "InProgress",
        "status": "False",
        "reason": "BuildFailed",
        "revision": "",
        "message": "no such path",
    }
    assert yamls.parse(run("--kubeconfig", str(kubeconfig), "-o", "yaml").stdout)["contexts"] == ["test"]


def test_a_cluster_that_does_not_answer_holds_up_no_other(kubeconfig: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        gone = f"http://127.0.0.1:{free.getsockname()[1]}"
    config = yamls.parse(kubeconfig.read_text())
    config["clusters"].append({"name": "gone", "cluster": {"server": gone}})
    config["contexts"].append({"name": "gone", "context": {"cluster": "gone"}})
    (tmp_path / "both").write_text(yamls.dump(config))
    found = run("--kubeconfig", str(tmp_path / "both"), "--all-contexts", "-o", "json")
    told: Any = json.loads(found.stdout)
    assert found.exit_code == 1
    assert told["contexts"] == ["gone", "test"]
    assert [row["context"] for row in told["deliveries"]] == ["test"]
    assert [fault["context"] for fault in told["faults"]] == ["gone"]
    assert found.stderr.startswith(f"gone: {gone}: ")


def test_options_that_contradict_each_other_are_refused(kubeconfig: Path) -> None:
    assert run("--kubeconfig", str(kubeconfig), "-A", "-n", "default").exit_code == 2
    assert run("--kubeconfig", str(kubeconfig), "--context", "test", "--all-contexts").exit_code == 2
