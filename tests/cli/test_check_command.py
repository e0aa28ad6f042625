"""``nixernetes check`` as a user runs it: statuses, formats, and the answer that is told again."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from tests.verify.case_files import CASES, read_case

from nixernetes.app import check as use_case
from nixernetes.cli.main import main

_FILE = "clusters/prod/apps.yaml"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return read_case(CASES / "rules" / "missing-source-failing.txt").repository(tmp_path)


def _status(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["nixernetes", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_the_status_says_what_was_found(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _status(monkeypatch, "check", str(repository)) == 1
    assert capsys.readouterr().out.startswith(f"{_FILE}:10:5: error missing-source: ")
    assert _status(monkeypatch, "check", str(repository), "--fail-on", "fatal") == 2
    assert _status(monkeypatch, "check", str(repository / "nowhere")) == 2
    file = repository / _FILE
    file.write_text(file.read_text().replace("name: fleet", "name: flux-system"))
    capsys.readouterr()
    assert _status(monkeypatch, "check", str(repository)) == 0
    assert capsys.readouterr().out == ""


def test_the_same_answer_is_told_again_until_something_changes(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _status(monkeypatch, "check", str(repository)) == 1
    first = capsys.readouterr()
    with monkeypatch.context() as patch:
        patch.setattr(use_case, "render_from_hosts", lambda _: pytest.fail("it is rendered again"))
        assert _status(monkeypatch, "check", str(repository)) == 1
        assert capsys.readouterr() == first
    file = repository / _FILE
    file.write_text(file.read_text().replace("name: fleet", "name: flux-system"))
    assert _status(monkeypatch, "check", str(repository)) == 0


def test_several_formats_at_once(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sarif = tmp_path / "out.sarif"
    assert _status(monkeypatch, "check", str(repository), "-o", f"sarif={sarif}", "-o", "json") == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["rule"] == "missing-source"
    assert json.loads(sarif.read_text())["runs"][0]["results"][0]["ruleId"] == "missing-source"


def test_explain_says_why(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert _status(monkeypatch, "explain", "missing-source") == 0
    assert capsys.readouterr().out.startswith("missing-source (error): ")
    assert _status(monkeypatch, "explain") == 0
    assert "crd-order" in capsys.readouterr().out
    assert _status(monkeypatch, "explain", "missing-sorce") == 2
    assert "is it missing-source?" in capsys.readouterr().err


def test_a_source_that_nothing_names_is_told(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "local").mkdir()
    url = "https://nowhere.example.org/web"
    assert _status(monkeypatch, "check", str(repository), "--source", f"{url}={tmp_path / 'local'}") == 1
    assert capsys.readouterr().err.count(f"--source {url}: nothing here names this URL") == 1


def test_a_source_that_something_names_is_not_told(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "local").mkdir()
    url = "https://charts.example.org/stable"
    text = f"""apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {{name: stable, namespace: flux-system}}
spec: {{interval: 1h, url: {url}}}
"""
    (repository / "clusters/prod/charts.yaml").write_text(text)
    assert _status(monkeypatch, "check", str(repository), "--source", f"{url}={tmp_path / 'local'}") == 1
    assert "names this URL" not in capsys.readouterr().err
    typo = "https://chart.example.org/stable"
    assert _status(monkeypatch, "check", str(repository), "--source", f"{typo}={tmp_path / 'local'}") == 1
    assert f"--source {typo}: nothing here names this URL: did you mean {url}?" in capsys.readouterr().err
