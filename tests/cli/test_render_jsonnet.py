"""``nixernetes render`` of an Application whose directory holds Jsonnet."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixernetes.cli.render import main

APPLICATION = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: web}
  source:
    repoURL: https://example.org/own.git
    path: web
    directory:
      jsonnet:
        libs: [/lib]
        extVars: [{name: app, value: $ARGOCD_APP_NAME}, {name: count, value: 1 + 1, code: true}]
"""
LIBRARY = "{map(name, n): {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: name}, data: {count: '%d' % n}}}"
PROGRAM = "[(import 'maps.libsonnet').map(std.extVar('app'), std.extVar('count')), null]"


@pytest.fixture(name="repository")
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "own"
    files = {"apps/web.yaml": APPLICATION, "lib/maps.libsonnet": LIBRARY, "web/maps.jsonnet": PROGRAM}
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def _render(repository: Path) -> None:
    source = f"https://example.org/own.git={repository}"
    main(["Application/argocd/web", "--repo", str(repository), "--source", source])


def test_programs_have_libraries_and_variables(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _render(repository)
    captured = capsys.readouterr()
    assert not captured.err
    assert "name: web\n" in captured.out
    assert 'count: "2"' in captured.out


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("web/maps.jsonnet", ".map(", ".map(error 'no', ", r"web/maps.jsonnet:1: "),
        ("web/maps.jsonnet", "maps.libsonnet", "../../own", "leads out of the repository"),
        ("apps/web.yaml", "name: app", "name: [app]", "extVars[0].name: must be a string"),
        ("apps/web.yaml", "[/lib]", "[{a: b}]", "libs[0]: must be a string"),
    ],
)
def test_what_is_wrong_is_told_with_the_application(
    file: str, old: str, new: str, message: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = repository / file
    changed.write_text(changed.read_text().replace(old, new))
    with pytest.raises(SystemExit):
        _render(repository)
    told = capsys.readouterr().err
    assert "Application/argocd/web" in told
    assert message in told
