"""``nixernetes policy migrate``: policies in CEL, where they say the same; the reason where they do not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from nixernetes.cli.commands import app
from nixernetes.errors import InputError

POLICY = """apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: require-team, annotations: {policies.kyverno.io/title: Team}}
spec:
  rules:
  - name: team
    match: {any: [{resources: {kinds: [ConfigMap]}}]}
    validate: {message: a team, pattern: {metadata: {labels: {team: "?*"}}}}
"""
SIGNED = """  - name: signed
    match: {any: [{resources: {kinds: [Pod]}}]}
    verifyImages: [{imageReferences: ["*"]}]
"""
OBJECTS = """apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop, labels: {team: a}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: api, namespace: shop}
"""
SUITE = """apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: team}
policies: [policy.yaml]
resources: [objects.yaml]
results:
- {policy: require-team, rule: team, kind: ConfigMap, resources: [shop/web], result: pass}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with a policy and its suite of tests."""
    for path, text in {"policy.yaml": POLICY, "objects.yaml": OBJECTS, "kyverno-test.yaml": SUITE}.items():
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["policy", "migrate", *arguments], catch_exceptions=False)


@pytest.mark.usefixtures("folder")
def test_a_policy_is_proved_on_the_suite_that_names_it() -> None:
    said = told("policy.yaml")
    assert said.exit_code == 0
    assert re.search(r"team -> ValidatingPolicy/require-team: the same of \d+ objects made for it", said.stdout)
    assert "says the same of 2 objects" in said.stdout
    assert said.stdout.endswith("policies: 1, proved: 1, differing: 0; rules carried over: 1, not: 0\n")


def test_the_policies_are_written_and_judge_alike(folder: Path) -> None:
    assert told("policy.yaml", "--output-dir", "new", "-o", "yaml").exit_code == 0
    made = yaml.safe_load((folder / "new/validatingpolicy-require-team.yaml").read_text())
    assert made["metadata"] == {"name": "require-team", "annotations": {"policies.kyverno.io/title": "Team"}}
    rows = CliRunner().invoke(app, ["policy", "apply", "new", "-r", "objects.yaml", "-o", "json"])
    assert [each["result"] for each in json.loads(rows.stdout)] == ["pass", "fail"]


def test_what_is_lost_is_told_and_the_exit_says_so(folder: Path) -> None:
    (folder / "policy.yaml").write_text(POLICY + SIGNED)
    said = told("policy.yaml", "-o", "json")
    assert said.exit_code == 1
    (one,) = json.loads(said.stdout)
    assert one["lost"] == [{"rule": "signed", "reason": "a rule that does verifyImages"}]
    assert one["carried"][0]["policy"]["metadata"]["name"] == "require-team-team"
    assert one["proof"]["compared"] == 2


def test_without_a_suite_the_objects_made_for_it_prove_it(folder: Path) -> None:
    (folder / "kyverno-test.yaml").unlink()
    alone = told("policy.yaml").stdout
    assert "objects made for it" in alone
    assert "says the same of" not in alone
    assert "says the same of 2 objects" in told("policy.yaml", "-r", "objects.yaml").stdout


def test_files_without_policies_with_rules_are_refused(folder: Path) -> None:
    (folder / "policy.yaml").write_text(OBJECTS)
    with pytest.raises(InputError, match="there is no ClusterPolicy and no Policy in the files"):
        told("policy.yaml")
