"""What ``up`` says at the end: warnings, two owners, errors of sets, what was deleted, where an object is written."""

import json
import socket
from pathlib import Path

import pytest
from tests.repositories import committed
from tests.shared import SHARED, needs_shared
from typer.testing import CliRunner

from nixernetes.cli.commands import app
from nixernetes.objects.manifest import Json

CASES = SHARED / "field" / "cases"


def _report(repository: Path, *options: str) -> tuple[int, Json]:
    result = CliRunner().invoke(app, ["up", str(repository), "--once", "-o", "json", *options])
    return result.exit_code, json.loads(result.stdout)


def _row(report: Json, kind: str, name: str) -> Json:
    return next(each for each in report["deliveries"] if (each["kind"], each["name"]) == (kind, name))


@needs_shared
def test_an_object_of_two_applications_is_warned_of(tmp_path: Path) -> None:
    _, report = _report(committed(CASES / "d02b-shared", tmp_path / "r"))
    warnings = [text for row in report["deliveries"] for text in row["warnings"]]
    assert any(text.startswith("SharedResourceWarning: ") for text in warnings)


def test_an_object_of_two_kustomizations_is_warned_of_on_both(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    (folder / "clusters" / "dev" / "flux-system").mkdir(parents=True)
    (folder / "clusters" / "dev" / "flux-system" / "gotk-sync.yaml").write_text(SYNC)
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / "a.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n"
        )
        (folder / "clusters" / "dev" / f"{name}.yaml").write_text(
            SYNC.partition("---\n")[2]
            .replace("name: flux-system, namespace", f"name: {name}, namespace", 1)
            .replace("./clusters/dev", f"./{name}")
        )
    _, report = _report(committed(folder, tmp_path / "r"))
    told = {row["name"]: row["warnings"] for row in report["deliveries"] if row["warnings"]}
    assert told == {
        name: [f"SharedResource: ConfigMap/default/a is also brought by Kustomization/flux-system/{other}"]
        for name, other in (("one", "two"), ("two", "one"))
    }


@needs_shared
@pytest.mark.parametrize("case", ["a07-dup"])
def test_the_error_of_an_application_set_is_told_and_is_no_success(case: str, tmp_path: Path) -> None:
    code, report = _report(committed(CASES / case, tmp_path / "r"))
    (row,) = [each for each in report["deliveries"] if each["kind"] == "ApplicationSet"]
    assert (code, row["state"], report["converged"]) == (1, "failed", False)
    assert row["message"]


def test_the_line_that_an_object_is_written_in_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    (folder / "argocd").mkdir(parents=True)
    (folder / "web").mkdir()
    (folder / "argocd" / "web.yaml").write_text(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n"
        "  project: default\n  destination: {server: https://kubernetes.default.svc, namespace: default}\n"
        "  source: {repoURL: https://git.example/fleet, path: web}\n"
        "  syncPolicy: {automated: {}}\n"
    )
    (folder / "web" / "all.yaml").write_text(
        "# a comment\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n"
    )
    code, report = _report(committed(folder, tmp_path / "r"))
    assert code == 0
    objects = _row(report, "Application", "web")["objects"]
    assert [(each["name"], each["origin"]) for each in objects] == [("a", "web/all.yaml:2"), ("b", "web/all.yaml:6")]


def test_notifications_are_recorded_and_nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "f"
    start = folder / "clusters" / "dev" / "flux-system"
    start.mkdir(parents=True)
    (start / "gotk-sync.yaml").write_text(SYNC)
    (folder / "clusters" / "dev" / "alerts.yaml").write_text(ALERTS)

    def connect(*_: object) -> None:
        raise AssertionError("nothing leaves the machine")

    monkeypatch.setattr(socket.socket, "connect", connect)
    code, report = _report(committed(folder, tmp_path / "r"))
    assert code == 0
    assert report["notifications"]
    sample = report["notifications"][0]
    assert (sample["host"], sample["outcome"], sample["receiver"]) == (
        "https://hooks.example",
        "recorded",
        "Provider/flux-system/chat",
    )
    assert "secret-path" not in json.dumps(report["notifications"])


SYNC = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: https://git.example/fleet, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  interval: 10m
  path: ./clusters/dev
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
"""
ALERTS = """\
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: {name: chat, namespace: flux-system}
spec: {type: generic, address: https://hooks.example/secret-path}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {name: all, namespace: flux-system}
spec:
  providerRef: {name: chat}
  eventSources: [{kind: Kustomization, name: "*"}]
"""


def test_an_object_that_is_refused_is_told_with_the_line_that_it_is_written_at(tmp_path: Path) -> None:
    """It never came into the inventory, whose rows have their lines."""
    folder = tmp_path / "f"
    start = folder / "clusters" / "dev"
    (start / "flux-system").mkdir(parents=True)
    (start / "flux-system" / "gotk-sync.yaml").write_text(SYNC)
    good = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good, namespace: default}\n"
    (start / "maps.yaml").write_text(f"{good}---\n{good.replace('good', 'bad')}data: {{a: 1}}\n")
    code, report = _report(committed(folder, tmp_path / "r"))
    row = _row(report, "Kustomization", "flux-system")
    assert code == 1
    assert row["message"].startswith("ConfigMap/default/bad dry-run failed")
    assert row["warnings"] == ["ConfigMap/default/bad is written at clusters/dev/maps.yaml:5"]
