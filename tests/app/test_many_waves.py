"""A sync of many waves looks again only at what moved since the last one."""

from pathlib import Path

import pytest
from tests.repositories import repository_of
from typer.testing import CliRunner

from nixernetes.cli.commands import app
from nixernetes.engine.argocd.comparison.compare import Comparer

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: default}
  source: {repoURL: https://git.example/fleet, path: app}
  syncPolicy: {automated: {}}
"""
WAVES = 30


def test_each_wave_compares_what_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    row = Comparer._row  # what it counts
    monkeypatch.setattr(Comparer, "_row", lambda *given: (asked.append(given[2].name), row(*given))[1])
    objects = (
        "apiVersion: v1\nkind: ConfigMap\n"
        f'metadata: {{name: c{wave}, annotations: {{argocd.argoproj.io/sync-wave: "{wave}"}}}}\n'
        for wave in range(WAVES)
    )
    fleet = repository_of({"argocd/web.yaml": APPLICATION, "app/all.yaml": "---\n".join(objects)}, tmp_path)
    result = CliRunner().invoke(app, ["up", str(fleet), "--once"])
    assert result.exit_code == 0, result.stdout
    assert max(map(asked.count, asked)) <= 4
