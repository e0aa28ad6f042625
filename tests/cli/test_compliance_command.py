"""``nixernetes compliance report``: what it prints, what it is told, and how it ends."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nixernetes.cli.commands import app

SYNC = """apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, ref: {branch: main}, url: https://github.com/acme/fleet}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: flux-system}
spec: {interval: 10m, path: ./shop, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
"""
WEB = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx:1
          securityContext:
            privileged: true
"""


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Return a repository that starts a cluster with a privileged Deployment, committed."""
    for path, text in {"clusters/prod/flux-system/gotk-sync.yaml": SYNC, "shop/web.yaml": WEB}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for arguments in (["init", "-qb", "main", "."], ["add", "-A"], ["commit", "-qm", "The shop"]):
        subprocess.run([*git, *arguments], check=True)
    return tmp_path


def report(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["compliance", "report", *map(str, arguments)], catch_exceptions=False)


def test_a_failure_is_told_with_the_line_to_edit(repo: Path) -> None:
    told = report(repo, "--framework", "PSS")
    assert told.exit_code == 0
    assert "PSS: 12 satisfied, 5 not satisfied; 0 of 17 not assessable from files" in told.stdout
    assert "shop/web.yaml:13: Deployment/shop/web on prod: psa.privileged: found true at " in told.stdout


def test_an_empty_repository_has_nothing_to_assess(tmp_path: Path) -> None:
    told = report(tmp_path, "--framework", "SOC2")
    assert told.exit_code == 0
    assert told.stdout.startswith("SOC2: nothing to assess\n")
    assert "%" not in told.stdout


def test_what_changed_since_a_revision_is_told(repo: Path) -> None:
    (repo / "shop/web.yaml").write_text("# a line more\n" + WEB.replace("privileged: true", "runAsUser: 0"))
    told = json.loads(report(repo, "--framework", "PSS", "--base", "HEAD", "-o", "json").stdout)
    assert [each["check"] for each in told["delta"]["new"]] == ["psa.run-as-user"]
    assert [each["check"] for each in told["delta"]["fixed"]] == ["psa.privileged"]
    assert told["delta"]["unchanged"] == 4


def test_it_fails_where_it_is_told_to(repo: Path) -> None:
    assert report(repo, "--framework", "PSS", "--fail-on", "critical").exit_code == 1
    assert report(repo, "--framework", "PSS", "--fail-on", "never").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--framework", "SOX"), "framework 'SOX' is not one of CIS"),
        (("-o", "pdf"), "unknown format 'pdf': use text, markdown"),
        (("--fail-on", "bad"), "use critical, high, medium, low or never"),
        (("--assessed-at", "soon"), "is not a day: write it as 2026-12-31"),
        (("--oscal-version", "2", "-o", "oscal"), "use 1.1.3 or 1.2.1"),
        (("--framework", "CIS", "--framework", "PSS", "-o", "json"), "-o json tells one framework"),
        (("--base", "no-such-revision"), "no-such-revision"),
    ],
)
def test_what_it_cannot_do_is_said_and_ends_with_two(repo: Path, arguments: tuple[str, ...], said: str) -> None:
    told = report(repo, *arguments)
    assert told.exit_code == 2
    assert said in told.stderr


def test_several_formats_go_to_files(repo: Path, tmp_path: Path) -> None:
    names = ("markdown", "html", "json", "oscal", "policyreport", "openreports", "sarif", "junit")
    files = [tmp_path / f"report.{name}" for name in names]
    outputs = [part for name, file in zip(names, files, strict=True) for part in ("-o", f"{name}={file}")]
    assert report(repo, "--framework", "CIS", *outputs).exit_code == 0
    assert all(file.stat().st_size > 1000 for file in files)


SETTINGS = """compliance:
  framework: PSS
  waivers:
    - control: psa.privileged
      object: Deployment/shop/*
      owner: team-a
      reason: a debugger
      until: 2027-01-31
"""


def test_a_waiver_of_the_settings_holds_until_its_day(repo: Path) -> None:
    (repo / "nixernetes.yaml").write_text(SETTINGS)
    now = json.loads(report(repo, "--assessed-at", "2026-12-01", "-o", "json").stdout)
    assert now["framework"] == "pod-security-standards"
    assert now["controls"][2]["status"] == "excepted"
    assert now["controls"][2]["waivers"][0]["waiver"]["source"].endswith("nixernetes.yaml:4")
    over = report(repo, "--assessed-at", "2027-02-01").stdout
    assert "waiver expired 2027-01-31: psa.privileged for Deployment/shop/*, team-a" in over


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("compliance: {level: hgh}", "nixernetes.yaml:1: level 'hgh' is not one of"),
        ("compliance: {framework: SOX}", "nixernetes.yaml:1: framework 'SOX' is not one of"),
        ("compliance: {without: [psa.priv]}", "there is no check psa.priv: is it psa.privileged?"),
        ("compliance: {mapping: no.yaml}", "no such file"),
        ("compliance: {credentialKeys: ['(']}", "nixernetes.yaml:1"),
        ("compliance: {registry: [a]}", "compliance.registry: unknown key: is it registries?"),
        (
            "compliance: {waivers: [{control: 5.2.66, owner: a, reason: b}]}",
            "there is no control or check 5.2.66: is it 5.2.6?",
        ),
    ],
)
def test_settings_that_are_wrong_are_told_with_their_line(repo: Path, settings: str, said: str) -> None:
    (repo / "nixernetes.yaml").write_text(settings)
    told = report(repo)
    assert told.exit_code == 2
    assert said in told.stderr


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)], catch_exceptions=False)


def test_check_holds_everything_to_the_level_of_the_settings(repo: Path) -> None:
    (repo / "nixernetes.yaml").write_text("compliance: {level: unrestricted}")
    told = check(repo)
    assert told.exit_code == 1
    assert "shop/web.yaml:13" in told.stdout
    assert "the level unrestricted is promised, and psa.privileged fails" in told.stdout
    (repo / "nixernetes.yaml").write_text(
        "compliance: {level: unrestricted, waivers: [{control: psa.privileged, owner: a, reason: b}]}"
    )
    assert "compliance-level" not in check(repo).stdout


def test_a_delivery_that_bears_a_level_promises_it_for_all_that_it_brings(repo: Path) -> None:
    sync = repo / "clusters/prod/flux-system/gotk-sync.yaml"
    label = "labels: {nixernetes.io/compliance-level: unrestricted}, "
    sync.write_text(SYNC.replace("metadata: {name: shop, ", f"metadata: {{{label}name: shop, "))
    assert "the level unrestricted is promised, and psa.privileged fails" in check(repo).stdout


def test_without_a_promise_check_says_nothing_of_levels(repo: Path) -> None:
    assert "compliance" not in check(repo).stdout


def test_a_waiver_that_has_ended_is_a_finding_of_check(repo: Path) -> None:
    (repo / "nixernetes.yaml").write_text(SETTINGS.replace("2027-01-31", "2020-01-31"))
    assert "waiver expired 2020-01-31: psa.privileged for Deployment/shop/* (team-a)" in check(repo).stdout


def test_a_waiver_of_a_control_waives_the_checks_that_serve_it(repo: Path) -> None:
    waiver = "{control: 5.2.2, object: Deployment/*, owner: a, reason: b}"
    (repo / "nixernetes.yaml").write_text(f"compliance: {{level: unrestricted, waivers: [{waiver}]}}")
    assert "compliance-level" not in check(repo).stdout
