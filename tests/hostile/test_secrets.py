"""Values of Secrets reach no error line, and no file that is kept but encrypted."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable
from pathlib import Path

import pygit2
import pytest
from tests.repositories import repository_of
from typer.testing import CliRunner

from nixernetes.cli.commands import app
from nixernetes.cli.render import main

MARKER = "hunter2-hunter2"
NUMBER = 87654321
ENCODED = base64.b64encode(MARKER.encode()).decode()
SECRET = (
    f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s, namespace: default}}\nstringData: {{password: {MARKER}}}\n"
)
DATA = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: d, namespace: default}}\ndata: {{password: {ENCODED}}}\n"
START = """apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "https://example.com/x.git", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, prune: true, path: ./clusters/prod, sourceRef: {kind: GitRepository, name: flux-system}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef: {kind: GitRepository, name: flux-system}
  postBuild: {substituteFrom: [{kind: Secret, name: given, optional: true}]}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: flux-system}
spec:
  interval: 10m
  chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: flux-system}}}
  valuesFrom: [{kind: Secret, name: values, optional: true}]
"""
CHART = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: c}}\nstringData: {{a: {MARKER}, b: '{{{{ .Values.b }}}}'}}\n"
FILES = {
    "clusters/prod/start.yaml": START,
    "apps/kustomization.yaml": "resources: [s.yaml, d.yaml, v.yaml]\n"
    f"secretGenerator: [{{name: g, literals: [a={MARKER}]}}]\n",
    "apps/s.yaml": SECRET,
    "apps/d.yaml": DATA,
    "apps/v.yaml": 'apiVersion: v1\nkind: Secret\nmetadata: {name: v}\nstringData: {v: "${given:=none}"}\n',
    "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "chart/values.yaml": f"b: {MARKER}\n",
    "chart/templates/s.yaml": CHART,
}
GIVEN = f"""apiVersion: v1
kind: Secret
metadata: {{name: given, namespace: flux-system}}
stringData: {{given: {MARKER}}}
---
apiVersion: v1
kind: Secret
metadata: {{name: values, namespace: flux-system}}
stringData: {{values.yaml: "b: {MARKER}"}}
"""


def _repository(folder: Path, files: dict[str, str]) -> Path:
    repository = repository_of(files, folder, "repository")
    pygit2.Repository(str(repository)).remotes.create("origin", "https://example.com/x.git")
    return repository


def _up(repository: Path, *arguments: str) -> None:
    CliRunner().invoke(app, ["up", "--once", str(repository), *arguments])


def _render(repository: Path, *arguments: str) -> None:
    main(["--all", "--repo", str(repository), *arguments])


def _folder(repository: Path, *arguments: str) -> None:
    del arguments
    main([str(repository / "apps"), "--show-secrets"])


@pytest.mark.slow
@pytest.mark.parametrize("run", [_up, _render, _folder])
def test_no_cache_holds_the_value_of_a_secret_in_plain_text(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    run: Callable[..., None],
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    given = tmp_path / "given.yaml"
    given.write_text(GIVEN)
    repository = _repository(tmp_path, FILES)
    for arguments in ((), ("--values", str(given))):
        run(repository, *arguments)
    kept = [path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert len(kept) >= 1
    assert not [data for data in kept if MARKER.encode() in data or ENCODED.encode() in data]
    assert "not rendered" not in capsys.readouterr().err


_INLINE = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  password: "
BROKEN: dict[str, dict[str, str]] = {
    "a patch that is no YAML": {
        "apps/kustomization.yaml": f"""resources: [s.yaml]
patches: [{{target: {{kind: Secret}}, patch: '{{stringData: {{password: "{MARKER}'}}]
"""
    },
    "a patch and a path": {
        "apps/kustomization.yaml": f"""resources: [s.yaml]
patches: [{{path: p.yaml, patch: '{{stringData: {{password: {MARKER}}}}}'}}]
"""
    },
    "several patches with a target": {
        "apps/kustomization.yaml": f"""resources: [s.yaml]
patches:
- target: {{kind: Secret}}
  patch: |
    {{apiVersion: v1, kind: Secret, metadata: {{name: s}}, stringData: {{a: {MARKER}}}}}
    ---
    {{apiVersion: v1, kind: Secret, metadata: {{name: t}}, stringData: {{a: {MARKER}}}}}
"""
    },
    "a merge that is no YAML": {
        "apps/kustomization.yaml": f"""resources: [s.yaml]
patchesStrategicMerge:
- |
  stringData:
    password: "{MARKER}
"""
    },
    "a JSON patch of an unknown operation": {
        "apps/kustomization.yaml": f"""resources: [s.yaml]
patchesJson6902:
- target: {{version: v1, kind: Secret, name: s}}
  patch: '[{{"op": "put", "path": "/stringData/password", "value": "{MARKER}"}}]'
"""
    },
    "a JSON patch whose test fails": {
        "apps/kustomization.yaml": f"""resources: [s.yaml]
patches:
- target: {{kind: Secret}}
  patch: '[{{"op": "test", "path": "/metadata/name", "value": "{MARKER}"}}]'
"""
    },
    **{
        f"a value that is no YAML: {text}": {"apps/s.yaml": _INLINE + text}
        for text in (f"*{MARKER}", f"&{MARKER} &{MARKER} x", f"!{MARKER} x", f"@{MARKER}", f"`{MARKER}`", f"%{MARKER}")
    },
    **{
        f"a value that does not end: {text}": {"apps/s.yaml": _INLINE + text}
        for text in (f'"{MARKER}', f"'{MARKER}", f"[{MARKER}", f"{{{MARKER}: [", f'"{MARKER}" {MARKER}', f"{MARKER}: x")
    },
    **{
        f"a value of another type: {text}": {"apps/s.yaml": SECRET.partition("stringData")[0] + text}
        for text in (
            f"stringData: {MARKER}\n",
            f"stringData: {{a: [{MARKER}]}}\n",
            f"stringData: {{a: {{b: {MARKER}}}}}\n",
            f"data: [{MARKER}]\n",
            f"data: {{a: {MARKER}}}\n",
            f"data: {{a: {{b: {MARKER}}}}}\n",
            f"type: [{MARKER}]\n",
            f"stringData: {{a: {NUMBER}}}\n",
        )
    },
}


@pytest.mark.parametrize("files", BROKEN.values(), ids=BROKEN)
def test_no_error_line_holds_the_value_of_a_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str]
) -> None:
    changed = {**FILES, "apps/p.yaml": SECRET, "apps/kustomization.yaml": "resources: [s.yaml]\n", **files}
    repository = _repository(tmp_path, {path: text for path, text in changed.items() if "chart" not in path})
    result = CliRunner().invoke(app, ["up", "--once", str(repository)])
    assert "Kustomization/flux-system/apps" in result.output
    assert MARKER not in result.output
    assert str(NUMBER) not in result.output
    with contextlib.suppress(SystemExit):
        main(["--all", "--repo", str(repository)])
    told = capsys.readouterr().err
    assert MARKER not in told
