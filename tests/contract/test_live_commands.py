"""What asks clusters that run gets the same answers of a served cluster and, where one is at hand, of a real one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pygit2
import pytest
from tests.changes.revisions import FLUX_URL, MOMENT, claim, config, dangers, deployment, fields, flux, said
from tests.real_api_server import real_api_server
from typer.testing import CliRunner

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.adapters.kube.connections import ApiConnection
from nixernetes.adapters.kube.kubeconfig_files import read_kubeconfig
from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.app.live.clusters import Contexts
from nixernetes.app.live.diff import LiveOptions, live_differences
from nixernetes.app.live.drift import live_drift
from nixernetes.changes.live.drift import DriftReport
from nixernetes.changes.report import ChangeReport
from nixernetes.cli.commands import app
from nixernetes.engine.flux.applying import inventory
from nixernetes.engine.flux.kustomize.builds import owner_labels
from nixernetes.gitops.definitions import definition_of
from nixernetes.objects import yamls
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import GIT_REPOSITORY, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest
from nixernetes.testing import cluster as served_cluster

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
SECRET = """\
---
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: shop}
stringData: {password: %s}
"""
APPS = "apps/all.yaml"
FIRST = NAMESPACE + config() + deployment() + claim() + SECRET % "hunter-2-hunter"
MANAGER = "kustomize-controller"
LONG = 30.0  # seconds until a definition is served


@dataclass(frozen=True, slots=True)
class Platform:
    """A repository, and a cluster that is as its first commit says."""

    folder: Path
    kubeconfig: Path
    client: KubeClient

    def write(self, apps: str) -> None:
        (self.folder / APPS).write_text(apps)

    def get(self, kind: str, name: str) -> Manifest:
        found = self.client.get(ObjectKey("apps" if kind == "Deployment" else "", kind, "shop", name))
        assert found is not None
        return found

    def options(self, rev: str = "") -> LiveOptions:
        contexts = Contexts(kubeconfig=self.kubeconfig)
        return LiveOptions(contexts=contexts, repo=self.folder, rev=rev, cluster="prod")

    def diff(self) -> ChangeReport:
        return live_differences(self.options())

    def drift(self) -> DriftReport:
        return live_drift(self.options())

    def bring(self, commit: str) -> None:
        """Do what Flux does: apply what is in Git, and keep an inventory."""
        documents = {name: _documents(self.folder / name) for name in (APPS, "clusters/prod/apps.yaml")}
        sync = _documents(self.folder / "clusters/prod/flux-system/gotk-sync.yaml")
        brought = {"apps": documents[APPS], "flux-system": [*sync, *documents["clusters/prod/apps.yaml"]]}
        for owner in ("flux-system", "apps"):
            key = ObjectKey(*KUSTOMIZATION, "flux-system", owner)
            for manifest in brought[owner]:
                meta = {**manifest["metadata"], "labels": owner_labels(key)}
                self.client.apply({**manifest, "metadata": meta}, manager=MANAGER, force=True)
        for owner, items in brought.items():
            live = self.client.get(ObjectKey(*KUSTOMIZATION, "flux-system", owner))
            assert live is not None
            status = {"lastAppliedRevision": f"main@sha1:{commit}", "inventory": inventory.entries(items)}
            self.client.update({**live, "status": status}, manager=MANAGER, subresource="status")


def _documents(file: Path) -> list[Manifest]:
    return [each.data for each in yamls.parse_all(file.read_text())]


def _define(client: KubeClient) -> None:
    for kind in (KUSTOMIZATION, GIT_REPOSITORY):
        definition = definition_of(kind)
        client.apply(definition, manager="test")
        probe = {"apiVersion": f"{kind.group}/v1", "kind": kind.kind, "metadata": {"name": "x", "namespace": "default"}}
        until = time.monotonic() + LONG
        while not client.is_served(probe) and time.monotonic() < until:
            time.sleep(0.05)  # a real server serves a definition a while after it took it
    flux_system = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "flux-system"}}
    client.apply(flux_system, manager="flux")


@pytest.fixture(name="kubeconfig", scope="module", params=["http", "real"])
def a_cluster(request: pytest.FixtureRequest) -> Iterator[Path]:
    with ExitStack() as stack:
        if request.param == "http":
            file = stack.enter_context(served_cluster(controllers=False)).kubeconfig
        else:
            file = stack.enter_context(real_api_server())
        client = KubeClient(ApiConnection(read_kubeconfig(file, {}).context()), may_write=True)
        _define(client)
        client.close()
        yield file


@pytest.fixture(name="platform")
def a_platform(kubeconfig: Path, tmp_path: Path) -> Iterator[Platform]:
    folder = tmp_path / "repository"
    init_repository(folder, branch="main")
    pygit2.Repository(str(folder)).remotes.create("origin", FLUX_URL)
    for name, text in flux(FIRST).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    commit_folder(folder, "first", "A <a@example.com>", MOMENT)
    client = KubeClient(ApiConnection(read_kubeconfig(kubeconfig, {}).context()), may_write=True)
    found = Platform(folder, kubeconfig, client)
    found.bring(str(pygit2.Repository(str(folder)).head.target))
    yield found
    for kind, group, name in (("ConfigMap", "", "settings"), ("Deployment", "apps", "shop"), ("Secret", "", "login")):
        key = ObjectKey(group, kind, "shop", name)
        if client.get(key) is not None:
            client.delete(key)
    client.close()


def test_what_is_as_git_says_does_not_change(platform: Platform) -> None:
    report, drift = platform.diff(), platform.drift()
    assert (said(report), [each for each in report.unverified if "listed" not in each.reason]) == (set(), [])
    assert (drift.drifts, drift.additions, drift.beside) == ((), (), ())


def test_a_merge_is_told_as_the_server_would_do_it(platform: Platform) -> None:
    before = platform.get("Deployment", "shop")
    platform.write(NAMESPACE + config("other") + deployment(image="nginx:1.28") + claim() + SECRET % "hunter-3-hunter")
    report = platform.diff()
    assert said(report) == {
        "create ConfigMap/shop/other",
        "delete ConfigMap/shop/settings",
        "change Deployment/shop/shop",
        "change Secret/shop/login",
    }
    assert sorted(fields(report)) == ["data.password", "spec.template.spec.containers[name=web].image"]
    assert "hunter" not in repr([each.fields for each in report.changes])
    assert platform.get("Deployment", "shop") == before


def test_what_the_server_refuses_is_told_in_its_words(platform: Platform) -> None:
    platform.write(NAMESPACE + config() + deployment(labels="app: other") + claim(size="1Ti") + SECRET % "x")
    report = platform.diff()
    assert {each for each in dangers(report) if "refused" in each} == {
        "error refused Deployment/shop/shop",
        "error refused PersistentVolumeClaim/shop/data",
    }
    messages = " ".join(each.message for each in report.dangers)
    assert "field is immutable" in messages
    assert "spec is immutable after creation" in messages


def test_drift_is_told_with_who_wrote_it(platform: Platform) -> None:
    live = platform.get("ConfigMap", "settings")
    platform.client.update({**live, "data": {"a": "c", "by": "hand"}}, manager="kubectl-edit")
    live = platform.get("Deployment", "shop")
    labels = {**live["metadata"]["labels"], "team": "a"}
    platform.client.update({**live, "metadata": {**live["metadata"], "labels": labels}}, manager="robot")
    report = platform.drift()
    told = {
        (str(each.key), field.change.path): [writer.manager for writer in field.writers]
        for each in report.drifts
        for field in each.fields
    }
    assert told == {
        ("ConfigMap/shop/settings", "data.a"): ["kubectl-edit"],
        ("ConfigMap/shop/settings", "data.by"): ["kubectl-edit"],
    }
    (addition,) = report.additions
    assert [(field.change.path, field.writers[0].manager) for field in addition.fields] == [
        ("metadata.labels.team", "robot")
    ]


def test_who_may_only_read_is_told_that_nothing_was_tried(platform: Platform, tmp_path: Path) -> None:
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "readers"}}
    rules = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]}]
    platform.client.apply({**role, "rules": rules}, manager="test")
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "readers"}
    bob = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "bob"}
    binding = {**role, "kind": "ClusterRoleBinding", "roleRef": reference, "subjects": [bob]}
    platform.client.apply(binding, manager="test")
    told = yamls.parse(platform.kubeconfig.read_text())
    for each in told["users"]:
        each["user"]["as"] = "bob"
    (tmp_path / "bob").write_text(yamls.dump(told))
    contexts = Contexts(kubeconfig=tmp_path / "bob")
    report = live_differences(LiveOptions(contexts=contexts, repo=platform.folder, cluster="prod"))
    assert said(report) == set()
    reasons = {each.subject: each.reason for each in report.unverified}
    assert 'User "bob" cannot patch resource "configmaps"' in reasons["ConfigMap/shop/settings"]


def test_bootstrap_says_what_the_cluster_lacks(platform: Platform) -> None:
    words = ["bootstrap", str(platform.folder), "--cluster", "prod", "--kubeconfig", str(platform.kubeconfig)]
    told: Any = json.loads(CliRunner().invoke(app, [*words, "-o", "json"]).stdout)
    assert told["kubernetes"].startswith("v1.34.")
    missing = [each["subject"] for each in told["requirements"] if each["state"] != "met"]
    assert missing == ["kustomize-controller", "source-controller"]


def test_status_reads_the_deliveries(platform: Platform) -> None:
    told: Any = json.loads(
        CliRunner().invoke(app, ["status", "--kubeconfig", str(platform.kubeconfig), "-o", "json"]).stdout
    )
    assert [each["name"] for each in told["deliveries"]] == ["apps", "flux-system"]
    assert told["faults"] == []
