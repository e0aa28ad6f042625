"""``diff --live`` of what Argo CD applies as ``kubectl apply`` does: three-way patches, on a served and a real one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pygit2
import pytest
from tests.changes.revisions import ARGO_URL, MOMENT, application, argocd, fields, said
from tests.real_api_server import real_api_server

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.adapters.kube.connections import ApiConnection
from nixernetes.adapters.kube.kubeconfig_files import read_kubeconfig
from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.app.live.clusters import Contexts
from nixernetes.app.live.diff import LiveOptions, live_differences
from nixernetes.changes.report import ChangeReport
from nixernetes.gitops.definitions import definition_of
from nixernetes.objects import yamls
from nixernetes.objects.identity import key_of
from nixernetes.objects.kinds import APP_PROJECT, APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.testing import cluster as served_cluster

LONG = 30.0  # seconds until a definition is served
SETTINGS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: default}
data: {%s}
"""
WEB = """\
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [%s]}
"""
ONE = '{name: web, image: "web:1", env: [{name: A, value: "1"}, {name: B, value: "2"}]}'
SIDE = '{name: side, image: "side:1"}'


def _define(client: KubeClient) -> None:
    for kind in (APPLICATION, APP_PROJECT, APPLICATION_SET):
        client.apply(definition_of(kind), manager="test")
        probe = {"apiVersion": "argoproj.io/v1alpha1", "kind": kind.kind, "metadata": {"name": "x"}}
        until = time.monotonic() + LONG
        while not client.is_served(probe) and time.monotonic() < until:
            time.sleep(0.05)  # a real server serves a definition a while after it took it
    client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "argocd"}}, manager="test")


@pytest.fixture(name="client", scope="module", params=["http", "real"])
def a_cluster(request: pytest.FixtureRequest) -> Iterator[tuple[KubeClient, Path]]:
    with ExitStack() as stack:
        if request.param == "http":
            file = stack.enter_context(served_cluster(controllers=False)).kubeconfig
        else:
            file = stack.enter_context(real_api_server())
        client = KubeClient(ApiConnection(read_kubeconfig(file, {}).context()), may_write=True)
        _define(client)
        yield client, file
        client.close()


def _written(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def _applied(client: KubeClient, manifest: Manifest) -> None:
    """Create an object as Argo CD's ``kubectl apply`` does."""
    key = key_of(manifest)
    mark = {"argocd.argoproj.io/tracking-id": f"shop:{key.group}/{key.kind}:{key.namespace}/{key.name}"}
    marked = {**manifest, "metadata": {**manifest["metadata"], "annotations": mark}}
    last = {**mark, "kubectl.kubernetes.io/last-applied-configuration": json.dumps(marked)}
    if client.get(key) is not None:
        client.delete(key)
    client.create({**marked, "metadata": {**marked["metadata"], "annotations": last}}, manager="argocd-controller")


def _diff(client: tuple[KubeClient, Path], folder: Path, before: str, after: str) -> ChangeReport:
    """Return what is said of a cluster that is as one text says, and of a repository that has another."""
    api, file = client
    init_repository(folder, branch="main")
    pygit2.Repository(str(folder)).remotes.create("origin", ARGO_URL)
    _written(folder, argocd(after, application()))
    commit_folder(folder, "first", "A <a@example.com>", MOMENT)
    for each in yamls.parse_all(before):
        _applied(api, each.data)
    api.apply(yamls.parse(application().removeprefix("---\n")), manager="test", force=True)
    return live_differences(LiveOptions(contexts=Contexts(kubeconfig=file), repo=folder))


def test_what_was_applied_is_no_change(client: tuple[KubeClient, Path], tmp_path: Path) -> None:
    text = SETTINGS % "a: b" + WEB % ONE
    report = _diff(client, tmp_path, text, text)
    assert (said(report), report.unverified) == (set(), ())


def test_what_is_wanted_no_more_goes(client: tuple[KubeClient, Path], tmp_path: Path) -> None:
    fewer = '{name: web, image: "web:1", env: [{name: B, value: "2"}]}'
    before = SETTINGS % "a: b, c: d" + WEB % f"{ONE}, {SIDE}"
    report = _diff(client, tmp_path, before, SETTINGS % "a: b" + WEB % fewer)
    assert said(report) == {"change ConfigMap/default/settings", "change Deployment/default/web"}
    assert fields(report) == [
        "data.c",
        "spec.template.spec.containers[name=side]",
        "spec.template.spec.containers[name=web].env[name=A]",
    ]


def test_what_others_wrote_stays(client: tuple[KubeClient, Path], tmp_path: Path) -> None:
    api, _ = client
    text = SETTINGS % "a: b" + WEB % ONE
    _diff(client, tmp_path / "first", text, text)
    live = api.get(key_of(yamls.parse(SETTINGS % "")))
    assert live is not None
    api.update({**live, "data": {"a": "x", "more": "y"}}, manager="kubectl-edit")
    contexts = Contexts(kubeconfig=client[1])
    report = live_differences(LiveOptions(contexts=contexts, repo=tmp_path / "first"))
    assert [(each.path, each.before, each.after) for change in report.changes for each in change.fields] == [
        ("data.a", "x", "b")
    ]
