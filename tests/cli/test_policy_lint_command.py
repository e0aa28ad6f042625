"""``nixernetes policy lint``: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from nixernetes.cli.commands import app

POLICY = """# a list
apiVersion: v1
kind: List
items:
- apiVersion: kyverno.io/v1
  kind: ClusterPolicy
  metadata: {name: a}
  spec:
    rules:
    - name: rule
      match: {any: [{resources: {kinds: [Pod]}}]}
      validate:
        failureAction: ACTION
        deny: {}
"""


def lint(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["policy", "lint", *map(str, arguments)])


def test_a_problem_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY.replace("ACTION", "Refuse"))
    told = lint(file)
    assert told.exit_code == 1
    assert f"error: {file}:13: ClusterPolicy/a: spec.rules[0].validate.failureAction: 'Refuse' is not" in told.stdout
    assert "policies: 1, errors: 1, warnings: 0" in told.stdout
    found = json.loads(lint(tmp_path, "-o", "json").stdout)
    assert [(each["line"], each["severity"]) for each in found] == [(13, "error")]


def test_a_sound_policy_passes(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY.replace("ACTION", "Audit"))
    told = lint(tmp_path)
    assert told.exit_code == 0
    assert told.stdout == "policies: 1, errors: 0, warnings: 0\n"


def test_files_without_policies_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    assert "there is no policy in the files" in str(lint(tmp_path).exception)
