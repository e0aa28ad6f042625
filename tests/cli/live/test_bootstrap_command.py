"""``nixernetes bootstrap``: what starts a cluster, and what the cluster lacks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.app.live.worlds import RunningRepository, running
from tests.changes.revisions import config, flux, kustomization
from typer.testing import CliRunner, Result

from nixernetes.cli.commands import app
from nixernetes.objects import yamls
from nixernetes.testing import cluster as served_cluster

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
CERTIFICATE = """\
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: tls, namespace: shop}
spec: {secretName: tls, issuerRef: {name: ca}}
"""
OLD = """\
---
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
"""
PULLING = """\
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
imagePullSecrets: [{name: registry}]
"""


@pytest.fixture(name="shop", scope="module")
def a_shop_that_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRepository]:
    with running(tmp_path_factory.mktemp("shop"), flux(NAMESPACE + config())) as found:
        yield found


@pytest.fixture(name="empty", scope="module")
def an_empty_cluster() -> Iterator[Path]:
    with served_cluster(controllers=False) as found:
        yield found.kubeconfig


def run(repo: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["bootstrap", str(repo), *words])


def states(result: Result) -> dict[str, str]:
    told: Any = json.loads(result.stdout)
    return {each["subject"]: each["state"] for each in told["requirements"]}


def test_a_cluster_without_an_engine_lacks_it(shop: RunningRepository, empty: Path) -> None:
    found = run(shop.folder, "--kubeconfig", str(empty), "-o", "json")
    assert found.exit_code == 1
    assert states(found) == {
        "Kubernetes v1.34.4": "met",
        "v1 ConfigMap": "met",
        "v1 Namespace": "met",
        "kustomize.toolkit.fluxcd.io/v1 Kustomization": "missing",
        "source.toolkit.fluxcd.io/v1 GitRepository": "missing",
        "kustomize-controller": "missing",
        "source-controller": "missing",
    }
    text = run(shop.folder, "--kubeconfig", str(empty)).stdout
    assert text.startswith("prod, context test: 3 ok, 4 missing\n")
    assert "install Flux: flux install\n" in text


def test_a_cluster_that_runs_it_has_the_kinds(shop: RunningRepository) -> None:
    found = states(run(shop.folder, "--kubeconfig", str(shop.kubeconfig), "-o", "json"))
    kinds = {subject: state for subject, state in found.items() if "/" in subject}
    assert set(kinds.values()) == {"met"}


def test_what_starts_the_cluster_is_written_in_order(shop: RunningRepository, tmp_path: Path) -> None:
    file = tmp_path / "start.yaml"
    assert run(shop.folder, "--no-cluster", "--write", str(file)).exit_code == 0
    kinds = [(each.data["kind"], each.data["metadata"]["name"]) for each in yamls.parse_all(file.read_text())]
    assert kinds == [
        ("Namespace", "flux-system"),
        ("GitRepository", "flux-system"),
        ("Kustomization", "flux-system"),
    ]
    assert run(shop.folder, "--no-cluster", "-o", "yaml").stdout == file.read_text()


def test_what_is_written_starts_the_cluster(shop: RunningRepository) -> None:
    """The server takes each document as it is written."""
    client = shop.client()
    try:
        for each in yamls.parse_all(run(shop.folder, "--no-cluster", "-o", "yaml").stdout):
            assert client.apply(each.data, manager="kubectl", force=True, dry_run=True)["metadata"]["uid"]
    finally:
        client.close()


def repository(folder: Path, apps: str, **more: str) -> Path:
    for name, text in flux(apps, **more).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_kinds_and_versions_that_are_not_served_are_named(tmp_path: Path, empty: Path) -> None:
    repo = repository(tmp_path, NAMESPACE + CERTIFICATE + OLD)
    told: Any = json.loads(run(repo, "--kubeconfig", str(empty), "-o", "json").stdout)
    found = {each["subject"]: each["message"] for each in told["requirements"]}
    assert found["policy/v1beta1 PodDisruptionBudget"] == "not served since Kubernetes 1.25: use policy/v1"
    assert "brings no definition" in found["cert-manager.io/v1 Certificate"]


def test_fields_that_the_installed_definition_does_not_have_are_named(shop: RunningRepository, tmp_path: Path) -> None:
    ignore = kustomization(more="prune: true, ignore: [{paths: [/spec/replicas]}], no_such_field: 1")
    repo = repository(tmp_path, NAMESPACE, clusters__prod__more=ignore.replace("name: apps", "name: more"))
    found = states(run(repo, "--kubeconfig", str(shop.kubeconfig), "-o", "json"))
    assert found["Kustomization spec.no_such_field"] == "missing"
    assert "Kustomization spec.ignore" not in found


def test_secrets_that_nobody_brings_are_to_be_created(shop: RunningRepository, tmp_path: Path) -> None:
    repo = repository(tmp_path, NAMESPACE + PULLING)
    result = run(repo, "--kubeconfig", str(shop.kubeconfig))
    assert "create Secret/shop/registry\n" in result.stdout
    assert result.exit_code == 1


def test_another_kubernetes_version_than_the_settings_say_is_told(shop: RunningRepository, tmp_path: Path) -> None:
    repo = repository(tmp_path, NAMESPACE)
    (repo / "nixernetes.yaml").write_text("kubeVersion: '1.31'\n")
    found = states(run(repo, "--kubeconfig", str(shop.kubeconfig), "-o", "json"))
    assert found["Kubernetes v1.34.4"] == "differs"


def test_secrets_of_git_are_named_and_not_written(tmp_path: Path) -> None:
    secret = (
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: flux-system}\nstringData: {a: hunter2}\n"
    )
    repo = repository(tmp_path, NAMESPACE, **{"clusters__prod__flux-system__secret": secret})
    result = run(repo, "--no-cluster", "-o", "yaml")
    assert "hunter2" not in result.stdout
    assert "# Secret/flux-system/s is left out: apply it yourself\n" in result.stdout


def test_what_cannot_run_exits_with_two(shop: RunningRepository, tmp_path: Path) -> None:
    for words in (
        ["--kubeconfig", str(tmp_path / "gone")],
        ["--no-cluster", "-o", "html"],
        ["--no-cluster", "--cluster", "other"],
        ["--no-cluster", "--rev", "no-such"],
    ):
        found = run(shop.folder, *words)
        assert (found.exit_code, found.stderr[:12]) == (2, "nixernetes: "), words
