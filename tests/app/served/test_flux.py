"""The flux program against a running ``up``: what it asks is answered, and what it writes our engine acts on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.app.served.running import Program, client, running

pytestmark = [
    pytest.mark.skipif(not client("flux"), reason="flux is not here: python scripts/build_clients.py flux"),
    pytest.mark.skipif(not client("kubectl"), reason="kubectl is not installed"),
]
_IN = ("-n", "flux-system")


@pytest.fixture(name="home", scope="module")
def a_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("flux")


@pytest.fixture(name="kubeconfig", scope="module")
def a_running_platform(home: Path) -> Iterator[Path]:
    with running(home, engine="flux") as kubeconfig:
        yield kubeconfig


@pytest.fixture(name="flux")
def the_program(kubeconfig: Path, home: Path) -> Program:
    return Program(client("flux"), kubeconfig, home)


@pytest.fixture(name="kubectl")
def kubectl_beside_it(kubeconfig: Path, home: Path) -> Program:
    return Program(client("kubectl"), kubeconfig, home)


def _object(kubectl: Program, kind: str, name: str) -> Any:
    return json.loads(kubectl.run("get", kind, name, *_IN, "-o", "json"))


def test_check_finds_the_controllers_and_the_definitions(flux: Program) -> None:
    said = flux.run("check")
    assert "source-controller: deployment ready" in said
    assert "✔ all checks passed" in said
    assert "kustomize-controller: v" in flux.run("version")


def test_get_lists_every_kind(flux: Program) -> None:
    said = flux.run("get", "all", "-A")
    for name in ("gitrepository/", "helmchart/", "helmrelease/greeter", "kustomization/shop"):
        assert name in said
    assert "Applied revision: main@sha1:" in said
    assert "greeter" not in flux.run("get", "helmreleases", "-A", "--status-selector", "ready=false")


def test_trees_reach_through_kustomizations_and_releases(flux: Program) -> None:
    said = flux.run("tree", "kustomization", "flux-system")
    assert "├── HelmRelease/flux-system/greeter\n│   ├── ConfigMap/production/greeter-text" in said
    assert "Deployment/production/shop" in said
    traced = flux.run("trace", "deployment", "shop", "-n", "production")
    assert "Managed by Flux" in traced
    assert "Applied revision: main@sha1:" in traced


def test_events_and_logs_tell_what_happened(flux: Program) -> None:
    said = flux.run("events", "-A")
    assert "stored artifact for commit" in said
    assert "Deployment/production/shop created" in said
    assert "GitRepository" in flux.run("events", "--for", "Kustomization/shop")
    logs = flux.run("logs", "-A", "--kind", "Kustomization", "--name", "shop")
    assert "info Kustomization/shop.flux-system - Reconciliation finished in" in logs
    assert "sale" not in logs


def test_reconcile_waits_for_what_it_asked_for(flux: Program, kubectl: Program) -> None:
    said = flux.run("reconcile", "kustomization", "sale", "--with-source")
    assert "✔ fetched revision main@sha1:" in said
    assert "✔ applied revision main@sha1:" in said
    found = _object(kubectl, "kustomization", "sale")
    asked = found["metadata"]["annotations"]["reconcile.fluxcd.io/requestedAt"]
    assert found["status"]["lastHandledReconcileAt"] == asked
    assert "not found" in flux.run("reconcile", "source", "git", "nowhere", fails=True)


def test_a_release_is_forced_and_its_failures_are_forgotten(flux: Program, kubectl: Program) -> None:
    before = _object(kubectl, "helmrelease", "greeter")["status"]["history"][0]["version"]
    assert "✔ applied revision 1.0.0" in flux.run("reconcile", "helmrelease", "greeter", "--force")
    after = _object(kubectl, "helmrelease", "greeter")["status"]
    assert after["history"][0]["version"] == before + 1
    assert after["lastHandledForceAt"]
    flux.run("reconcile", "helmrelease", "greeter", "--reset")
    again = _object(kubectl, "helmrelease", "greeter")["status"]
    assert again["lastHandledResetAt"]
    assert again["history"][0]["version"] == before + 1
    flux.run("reconcile", "helmrelease", "greeter", "--with-source")


def test_what_is_suspended_is_left_alone_until_it_is_resumed(flux: Program, kubectl: Program) -> None:
    edited = ("-n", "production", "configmap", "banner")
    flux.run("suspend", "kustomization", "sale")
    kubectl.run("patch", *edited, "-p", '{"data":{"text":"nothing"}}')
    assert "True" in flux.run("get", "kustomization", "sale", "--no-header").split("\t")[2]
    assert "suspended" in flux.run("reconcile", "kustomization", "sale", fails=True)
    assert json.loads(kubectl.run("get", *edited, "-o", "json"))["data"]["text"] == "nothing"
    assert "✔ applied revision" in flux.run("resume", "kustomization", "sale")
    assert json.loads(kubectl.run("get", *edited, "-o", "json"))["data"]["text"] == "everything must go"


def test_what_it_creates_is_reconciled_and_what_it_deletes_is_pruned(flux: Program, kubectl: Program) -> None:
    url = _object(kubectl, "gitrepository", "platform-config")["spec"]["url"]
    path = _object(kubectl, "kustomization", "sale")["spec"]["path"]
    kubectl.run("create", "namespace", "more")
    assert "✔ fetched revision: main@sha1:" in flux.run(
        "create", "source", "git", "other", f"--url={url}", "--branch=main"
    )
    source = ("--source=GitRepository/other", f"--path={path}", "--prune=true", "--interval=5m")
    assert "✔ Kustomization more is ready" in flux.run(
        "create", "kustomization", "more", *source, "--target-namespace=more"
    )
    kubectl.run("get", "configmap", "banner", "-n", "more")
    flux.run("delete", "kustomization", "more", "--silent")
    kubectl.until(lambda said: "banner" not in said, "get", "configmaps", "-n", "more")
    flux.run("delete", "source", "git", "other", "--silent")


def test_alerts_and_receivers_are_ready_when_it_has_made_them(flux: Program) -> None:
    flux.run("create", "alert-provider", "chat", "--type", "generic", "--address", "https://chat.example.com")
    flux.run("create", "alert", "all", "--provider-ref", "chat", "--event-source", "Kustomization/*")
    assert "Alert is Ready" in flux.run("get", "alerts")
    flux.run("suspend", "alert", "all")
    assert "True" in flux.run("get", "alerts", "--no-header").split("\t")[1]
    flux.run("resume", "alert", "all")
    flux.run("delete", "alert", "all", "--silent")
    flux.run("delete", "alert-provider", "chat", "--silent")


def test_uninstalled_it_leaves_what_it_brought(flux: Program, kubectl: Program) -> None:
    there = ("--context", "ap-south-1")  # no other test looks there
    assert "✔ uninstall finished" in flux.run(*there, "uninstall", "--silent")
    kubectl.run(*there, "get", "deployment", "shop", "-n", "production")
    kubectl.until(lambda said: "flux-system" not in said, *there, "get", "namespaces", "-o", "name")
    assert "fluxcd" not in kubectl.run(*there, "get", "customresourcedefinitions", "-o", "name")
