"""kubectl looks into a running ``up``: its controllers, what they tell, and their logs.

The commands of the guide's section on troubleshooting are typed word for word.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.served.running import Program, client, running

pytestmark = pytest.mark.skipif(not client("kubectl"), reason="kubectl is not installed")


@pytest.fixture(name="flux", scope="module")
def flux_by_kubectl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    home = tmp_path_factory.mktemp("flux")
    with running(home, engine="flux") as kubeconfig:
        yield Program(client("kubectl"), kubeconfig, home)


@pytest.fixture(name="argocd", scope="module")
def argocd_by_kubectl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    home = tmp_path_factory.mktemp("argocd")
    with running(home, engine="argocd") as kubeconfig:
        kubectl = Program(client("kubectl"), kubeconfig, home)
        kubectl.run("config", "use-context", "management")
        yield kubectl


def test_sync_not_happening(flux: Program) -> None:
    repositories = flux.run("describe", "gitrepository", "-n", "flux-system")
    assert "stored artifact for revision" in repositories
    assert "NewArtifact" in repositories.partition("Events:")[2]
    kustomizations = flux.run("describe", "kustomization", "-n", "flux-system")
    assert "Applied revision:" in kustomizations
    assert "ReconciliationSucceeded" in kustomizations.partition("Events:")[2]
    lines = flux.until(str.strip, "logs", "-n", "flux-system", "deployment/source-controller").splitlines()
    first = json.loads(lines[0])
    assert (first["level"], first["controllerKind"]) == ("info", "GitRepository")
    assert first["msg"].startswith("stored artifact for commit")


def test_application_out_of_sync(argocd: Program) -> None:
    assert "Updated sync status" in argocd.run("describe", "application", "-n", "argocd")
    lines = argocd.run("logs", "-n", "argocd", "statefulset/argocd-application-controller").splitlines()
    assert {"Normal", None} >= {json.loads(line).get("type") for line in lines}
    assert any(json.loads(line)["msg"].startswith("Refreshing app status") for line in lines)


def test_webhook_not_firing(flux: Program) -> None:
    said = flux.run("get", "events", "-n", "flux-system", "--sort-by=.lastTimestamp")
    assert "NewArtifact" in said
    assert "gitrepository/" in said
    flux.run("logs", "-n", "flux-system", "deployment/notification-controller")


def test_the_controllers_are_there_to_be_looked_at(flux: Program, argocd: Program) -> None:
    flux.run("wait", "-n", "flux-system", "--for=condition=Available", "deployment", "--all", "--timeout=30s")
    pods = flux.run("get", "pods", "-n", "flux-system")
    assert all(f"{name}-controller" in pods for name in ("source", "kustomize", "helm", "notification"))
    assert pods.count("Running") == 5
    argocd.run("rollout", "status", "-n", "argocd", "statefulset/argocd-application-controller", "--timeout=30s")
    assert "argocd-application-controller-0" in argocd.run("get", "pods", "-n", "argocd")


def test_an_event_that_is_told_again_is_counted(flux: Program) -> None:
    for number in range(2):
        flux.run(
            *("annotate", "gitrepository", "-n", "flux-system", "--all", "--overwrite"),
            f"reconcile.fluxcd.io/requestedAt={number}",
        )
        flux.run(
            *("wait", "gitrepository", "-n", "flux-system", "--all", "--timeout=30s"),
            f"--for=jsonpath={{.status.lastHandledReconcileAt}}={number}",
        )
    select = "--field-selector=reason=GitOperationSucceeded"
    found = json.loads(flux.run("get", "events", "-n", "flux-system", select, "-o", "json"))["items"]
    assert [each["count"] for each in found if each["count"] >= 2]
    assert {each["source"]["component"] for each in found} == {"source-controller"}


def test_a_log_is_followed(flux: Program, tmp_path: Path) -> None:
    """kubectl ends by itself after the bytes that it asked for."""
    del tmp_path
    place = ("-n", "flux-system", "deployment/source-controller")
    first = flux.run("logs", *place, "--tail=1")
    assert flux.run("logs", *place, "-f", f"--limit-bytes={len(first)}", "--tail=1") == first


def test_ports_are_forwarded_to_who_stands_behind_a_pod(argocd: Program) -> None:
    with argocd.left_running("port-forward", "-n", "argocd", "deployment/argocd-redis", ":6379") as said:
        port = int(said.split("127.0.0.1:")[1].split(" ")[0])
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall(b"*1\r\n$4\r\nPING\r\n")
            assert connection.recv(100) == b"+PONG\r\n"
    with argocd.left_running("port-forward", "-n", "argocd", "deployment/argocd-redis", ":9999") as said:
        port = int(said.split("127.0.0.1:")[1].split(" ")[0])
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            assert connection.recv(100) == b""
