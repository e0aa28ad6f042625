"""``nixernetes diff --live`` and ``--drift`` on the command line: what is printed, and exit statuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.app.live.worlds import RunningRepository, running
from tests.changes.revisions import config, flux
from typer.testing import CliRunner, Result

from nixernetes.cli.commands import app

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
APPS = "apps/all.yaml"


@pytest.fixture(name="shop", scope="module")
def a_shop_that_was_changed_by_hand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRepository]:
    with running(tmp_path_factory.mktemp("shop"), flux(NAMESPACE + config())) as found:
        found.change("ConfigMap/shop/settings", data={"a": "c"})
        found.write({APPS: NAMESPACE + config() + config("other")})
        yield found


def run(shop: RunningRepository, *words: str) -> Result:
    return CliRunner().invoke(app, ["diff", *words, "--kubeconfig", str(shop.kubeconfig), "--repo", str(shop.folder)])


def test_live_prints_the_views_of_diff(shop: RunningRepository) -> None:
    found = run(shop, "--live")
    assert found.exit_code == 0, found.output
    assert "+ ConfigMap/shop/other  apps/all.yaml:" in found.stdout
    assert "data.a: c → b" in found.stdout
    assert found.stdout.endswith("1 created, 1 changed on 1 cluster; no danger\n")
    names = "create ConfigMap/shop/other prod\nchange ConfigMap/shop/settings prod\n"
    assert run(shop, "--live", "--name-only").stdout == names
    assert "Not verified" not in run(shop, "--live", "-o", "markdown").stdout
    told: Any = json.loads(run(shop, "--live", "-o", "json").stdout)
    assert (told["base"], told["unverified"]) == ("the cluster of context prod", [])


def test_drift_is_told_as_text_and_as_json(shop: RunningRepository, tmp_path: Path) -> None:
    found = run(shop, "--drift", "-o", f"json={tmp_path / 'drift.json'}")
    assert found.exit_code == 0, found.output
    assert found.stdout.startswith("prod: 1 changed, held against ")
    assert "    ~ ConfigMap/shop/settings  apps/all.yaml:5\n        data.a: b → c  by kubectl-edit at " in found.stdout
    told: Any = json.loads((tmp_path / "drift.json").read_text())
    (drift,) = told.pop("drift")
    assert list(told) == [
        "version",
        "context",
        "cluster",
        "revision",
        "applied",
        "additions",
        "beside",
        "behind",
        "failed",
        "unverified",
        "counts",
    ]
    assert told["counts"] == {"changed": 1, "missing": 0, "left": 0, "additions": 0, "beside": 0, "unverified": 0}
    (field,) = drift.pop("fields")
    (writer,) = field.pop("writers")
    assert writer.pop("time").endswith("Z")
    assert writer == {"manager": "kubectl-edit", "operation": "Update", "subresource": ""}
    assert field == {"path": "data.a", "git": "b", "live": "c"}
    assert drift == {
        "object": "ConfigMap/shop/settings",
        "group": "",
        "owner": "Kustomization/flux-system/apps",
        "state": "changed",
        "mended": True,
        "reason": "",
        "file": APPS,
        "line": 5,
        "writers": [],
    }
    assert json.loads(run(shop, "--drift", "-o", "json").stdout)["drift"]


def test_fail_on_asks_for_an_exit_status(shop: RunningRepository) -> None:
    assert run(shop, "--live", "--fail-on", "danger").exit_code == 0
    assert run(shop, "--live", "--fail-on", "change").exit_code == 1
    assert run(shop, "--drift", "--fail-on", "change").exit_code == 1


def test_what_cannot_run_exits_with_two(shop: RunningRepository) -> None:
    for words in (
        ["--live", "--context", "gone"],
        ["--drift", "--context", "gone"],
        ["--drift", "-o", "html"],
        ["--drift", "--fail-on", "often"],
        ["--live", "no-such-revision"],
        ["--live", "--cluster", "gone"],
    ):
        found = run(shop, *words)
        assert found.exit_code == 2, words
        assert found.stderr.startswith("nixernetes: "), words


def test_a_context_without_live_is_refused(shop: RunningRepository) -> None:
    found = run(shop)
    assert found.exit_code == 2
    assert "they choose the cluster of --live" in found.output


def test_what_cannot_be_rendered_is_no_success(shop: RunningRepository, tmp_path: Path) -> None:
    for name, text in (flux(NAMESPACE) | {"apps/kustomization.yaml": "resources: [gone.yaml]\n"}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    words = ["diff", "--live", "--kubeconfig", str(shop.kubeconfig), "--repo", str(tmp_path)]
    found = CliRunner().invoke(app, [*words, "--fail-on", "danger"])
    assert found.exit_code == 1
    assert "not rendered, so what becomes of their objects is unknown" in found.stdout
    assert found.stdout.startswith("prod: nothing\n")
    assert CliRunner().invoke(app, words).exit_code == 0
