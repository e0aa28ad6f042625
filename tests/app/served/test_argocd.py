"""``argocd --core`` against a running ``up``: what it asks is answered, and what it writes our engine acts on.

It starts an API server of Argo CD in its own process, and reaches cache and repository server through ports of pods.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.app.served.running import Program, client, running

pytestmark = [
    pytest.mark.skipif(not client("argocd"), reason="argocd is not here: python scripts/build_clients.py argocd"),
    pytest.mark.skipif(not client("kubectl"), reason="kubectl is not installed"),
]
_REPOSITORY = "https://github.com/myorg/platform-config"


class CoreProgram(Program):
    """The program, always told to be its own server."""

    def core(self, *arguments: str, fails: bool = False) -> str:
        return self.run(*arguments, "--core", fails=fails)


@pytest.fixture(name="kubectl", scope="module")
def kubectl_beside_it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    home = tmp_path_factory.mktemp("argocd")
    with running(home, engine="argocd") as kubeconfig:
        kubectl = Program(client("kubectl"), kubeconfig, home)
        kubectl.run("config", "use-context", "management")
        kubectl.run("config", "set-context", "--current", "--namespace=argocd")
        kubectl.run("create", "namespace", "production")
        yield kubectl


@pytest.fixture(name="argocd", scope="module")
def the_program(kubectl: Program) -> CoreProgram:
    return kubectl.as_another(client("argocd"), CoreProgram)


@pytest.fixture(name="made")
def an_application(argocd: CoreProgram, kubectl: Program) -> Iterator[str]:
    where = ("--repo", _REPOSITORY, "--path", "clusters/us-east-1/kubernetes/sale")
    to = ("--dest-server", "https://kubernetes.default.svc", "--dest-namespace", "production")
    assert "'made' created" in argocd.core("app", "create", "made", *where, *to)
    yield "made"
    argocd.core("app", "delete", "made", "--yes")  # with --wait it may miss its end: it watches only afterwards
    kubectl.until(lambda said: "/made" not in said, "get", "applications", "-o", "name")


def _text(kubectl: Program) -> str:
    found: Any = json.loads(kubectl.run("get", "configmap", "banner", "-n", "production", "-o", "json"))
    return str(found["data"]["text"])


def test_clusters_are_listed_as_connected(argocd: CoreProgram) -> None:
    rows = [line.split() for line in argocd.core("cluster", "list").splitlines()[1:]]
    assert ["https://us-east-cluster.example.com", "us-east-1", "1.34.4", "Successful"] in rows
    assert {row[1] for row in rows} == {"ap-south-1", "eu-west-1", "in-cluster", "us-east-1"}


def test_applications_are_listed_and_told(argocd: CoreProgram) -> None:
    assert "argocd/shop-us-east-1" in argocd.core("app", "list")
    said = argocd.core("app", "get", "shop-us-east-1", "--refresh")
    assert "Health Status:      Healthy" in said
    assert "Deployment" in said
    tree = argocd.core("app", "get", "shop-us-east-1", "-o", "tree")
    assert "└─ReplicaSet/shop-" in tree
    assert "Pod/shop-" in tree
    resources = argocd.core("app", "resources", "shop-us-east-1")
    assert ["Service", "production", "shop", "No"] in [line.split() for line in resources.splitlines()]
    assert "main (" in argocd.core("app", "history", "shop-us-east-1")
    assert "global-platform" in argocd.core("proj", "list")


def test_who_is_out_of_sync_is_synced_by_hand(argocd: CoreProgram, kubectl: Program, made: str) -> None:
    """The guide: refresh manually with ``argocd app sync app-name``."""
    assert "created (dry run)" in argocd.core("app", "sync", made, "--dry-run")
    kubectl.run("get", "configmap", "banner", "-n", "production", fails=True)
    said = argocd.core("app", "sync", made)
    assert "Phase:              Succeeded" in said
    assert "configmap/banner created" in said
    assert _text(kubectl) == "everything must go"
    assert argocd.core("app", "diff", made) == ""
    kubectl.run("patch", "configmap", "banner", "-n", "production", "-p", '{"data":{"text":"nothing"}}')
    argocd.core("app", "wait", made, "--sync=false", "--health")
    different = argocd.core("app", "diff", made, fails=True)
    assert "<   text: nothing" in different
    assert ">   text: everything must go" in different
    assert "creationTimestamp" not in different
    argocd.core("app", "sync", made, "--resource", ":ConfigMap:banner")
    assert _text(kubectl) == "everything must go"


def test_it_rolls_back_to_what_was_deployed_before(argocd: CoreProgram, kubectl: Program, made: str) -> None:
    argocd.core("app", "sync", made)
    argocd.core("app", "set", made, "--path", "clusters/us-east-1/kubernetes/shop")
    argocd.core("app", "sync", made, "--prune")
    kubectl.run("get", "deployment", "shop", "-n", "production")
    kubectl.run("get", "configmap", "banner", "-n", "production", fails=True)
    history = [line.split() for line in argocd.core("app", "history", made).splitlines()]
    assert [row[0] for row in history[2:]] == ["0", "1"]
    argocd.core("app", "rollback", made, "0", "--prune")
    assert _text(kubectl) == "everything must go"
    kubectl.run("get", "deployment", "shop", "-n", "production", fails=True)


def test_a_policy_that_it_sets_is_followed(argocd: CoreProgram, kubectl: Program, made: str) -> None:
    argocd.core("app", "set", made, "--sync-policy", "automated", "--self-heal")
    argocd.core("app", "wait", made, "--sync", "--health")
    assert _text(kubectl) == "everything must go"
    refused = argocd.core("app", "rollback", made, "0", fails=True)
    assert "rollback cannot be initiated when auto-sync is enabled" in refused


def test_what_a_source_gives_is_shown_at_a_revision(argocd: CoreProgram, made: str) -> None:
    assert "text: everything must go" in argocd.core("app", "manifests", made, "--revision", "main")
    refused = argocd.core("app", "set", made, "--path", "no/such/folder", fails=True)
    assert "app path does not exist" in refused or "no/such/folder" in refused
