"""Nothing leaves the machine unless asked: what would have been fetched is named, before and after."""

import socket
from pathlib import Path

import pytest
from tests.repositories import committed
from typer.testing import CliRunner

from nixernetes.cli.commands import app
from nixernetes.cli.render import main as render
from nixernetes.errors import InputError

START = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: https://git.example/fleet, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, path: ./clusters/dev, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
"""
CHARTS = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: flux-system}
spec: {interval: 1h, url: https://charts.example.com/stable}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: flux-system}
spec:
  interval: 1h
  chart: {spec: {chart: web, sourceRef: {kind: HelmRepository, name: charts}}}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose chart is elsewhere; who connects to anything fails."""
    start = tmp_path / "f" / "clusters" / "dev" / "flux-system"
    start.mkdir(parents=True)
    (start / "gotk-sync.yaml").write_text(START)
    (start.parent / "charts.yaml").write_text(CHARTS)

    def refused(*arguments: object, **more: object) -> None:
        raise AssertionError(f"a connection to {arguments}, {more}")

    monkeypatch.setattr(socket, "create_connection", refused)
    return committed(tmp_path / "f", tmp_path / "r")


def test_up_asks_nobody_and_names_what_it_would_have_fetched(repository: Path) -> None:
    result = CliRunner().invoke(app, ["up", str(repository), "--once", "--offline"])
    assert result.exit_code == 1, result.output
    said = "--offline: nothing is fetched; charts and artifacts would come from charts.example.com"
    assert said in result.stderr
    assert "not fetched, because of --offline: https://charts.example.com/stable\n" in result.stdout
    assert "charts.example.com is not contacted, because of --offline: --source URL=PATH names a copy" in result.stdout


def test_hosts_are_named_before_they_are_asked(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(*arguments: object, **more: object) -> None:
        raise OSError(f"no route to {arguments} {more}")

    monkeypatch.setattr(socket, "create_connection", dead)
    result = CliRunner().invoke(app, ["up", str(repository), "--once"])
    assert "charts and artifacts are fetched from charts.example.com; --offline fetches nothing" in result.stderr


def test_render_asks_nobody_either(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        render(["--all", "--repo", str(repository), "--offline"])
    assert "is not contacted, because of --offline" in capsys.readouterr().err


def test_check_and_diff_ask_nobody_either(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = CliRunner().invoke(app, ["check", str(repository), "--offline", "--verbose"])
    assert "is not contacted, because of --offline" in found.output, found.output
    monkeypatch.chdir(repository)
    assert CliRunner().invoke(app, ["diff", "HEAD", "HEAD", "--offline"]).exit_code == 0


def test_offline_contradicts_what_fetches(repository: Path) -> None:
    result = CliRunner().invoke(app, ["up", str(repository), "--once", "--offline", "--allow-remote-bases"])
    assert isinstance(result.exception, InputError)
    assert "--offline fetches nothing, and --allow-remote-bases would" in str(result.exception)


def test_options_that_stand_for_nothing_are_told(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "local").mkdir()
    chart, typo = "https://charts.example.com/stable/web", "https://chart.example.com/stable"
    sources = [word for url in (chart, typo) for word in ("--source", f"{url}={tmp_path / 'local'}")]
    result = CliRunner().invoke(app, ["up", str(repository), "--once", "--offline", "--fail", "x:*=Error", *sources])
    assert f"--source {typo}: nothing here names this URL: did you mean https://charts.example.com/stable?" in (
        result.stderr
    )
    assert f"--source {chart}: nothing" not in result.stderr
    assert "--fail x:*: no image matches: no pod runs" in result.stderr
