"""``nixernetes policy test``: suites of ``kyverno-test.yaml``, what they print, and how they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

from nixernetes.cli.commands import app

POLICY = """apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: require-team}
spec:
  rules:
  - name: team
    match: {any: [{resources: {kinds: [Pod]}}]}
    exclude: {any: [{resources: {names: [free]}}]}
    validate:
      message: the label team is required
      pattern: {metadata: {labels: {team: "?*"}}}
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: add-tier}
spec:
  rules:
  - name: tier
    match: {any: [{resources: {kinds: [Pod], names: [good]}}]}
    mutate: {patchStrategicMerge: {metadata: {labels: {tier: web}}}}
  - name: secret
    match: {any: [{resources: {kinds: [Namespace]}}]}
    generate:
      apiVersion: v1
      kind: ConfigMap
      name: made
      namespace: "{{request.object.metadata.name}}"
      data: {data: {key: hidden-value}}
"""
PODS = """apiVersion: v1
kind: Pod
metadata: {name: good, namespace: shop, labels: {team: a}}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: v1
kind: Pod
metadata: {name: bad}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: v1
kind: Pod
metadata: {name: free}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: space}
"""
PATCHED = """apiVersion: v1
kind: Pod
metadata: {name: good, namespace: shop, labels: {team: a, tier: TIER}}
spec: {containers: [{name: a, image: a}], volumes: []}
"""
MADE = "{apiVersion: v1, kind: ConfigMap, metadata: {name: made, namespace: space}, data: {key: VALUE}}"


def suite(folder: Path, *results: str, more: str = "", pods: str = PODS) -> Result:
    """Run a suite of the policies above with some results."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = "".join(f"- {{{each}}}\n" for each in results)
    head = "apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\nmetadata: {name: suite}\npolicies: [policy.yaml]\n"
    (folder / "policy.yaml").write_text(POLICY)
    (folder / "pods.yaml").write_text(pods)
    (folder / "kyverno-test.yaml").write_text(f"{head}resources: [pods.yaml]\n{more}results:\n{listed}")
    return command(folder)


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["policy", "test", *map(str, arguments)], catch_exceptions=False)


def rows(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(command(folder, "-o", "json").stdout)
    return found


TEAM = "policy: require-team, rule: team, kind: Pod"


def test_results_that_are_as_expected_pass(tmp_path: Path) -> None:
    told = suite(
        tmp_path,
        f"{TEAM}, resources: [shop/good], result: pass",
        f"{TEAM}, resources: [bad], result: fail",
        f"{TEAM}, resources: [free], result: skip",
    )
    assert told.exit_code == 0
    assert "Test Summary: 3 tests passed and 0 tests failed" in told.stdout
    assert [each["reason"] for each in rows(tmp_path)] == ["Ok", "Ok", "Excluded"]


@pytest.mark.parametrize("field", ["resource: good", "namespace: shop", "resultt: pass"])
def test_a_field_that_kyverno_does_not_know_is_refused_and_not_passed_over(tmp_path: Path, field: str) -> None:
    told = suite(tmp_path, f"{TEAM}, resources: [good], {field}, result: pass")
    assert told.exit_code == 1
    assert f"unknown field '{field.partition(':')[0]}'" in told.stdout


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (f"{TEAM}, resources: [good], result: fail", "Want fail, got pass"),
        (f"{TEAM}, resources: [bad], result: pass", "Want pass, got fail"),
        (f"{TEAM}, resources: [gone], result: pass", "Not found"),
        (f"{TEAM}, resources: [default/good], result: pass", "Not found"),
        ("policy: gone, rule: team, kind: Pod, resources: [good], result: pass", "Not found: there is no such policy"),
        (
            "policy: shop/require-team, rule: team, resources: [good], result: pass",
            "Not found: there is no such policy",
        ),
    ],
)
def test_a_result_that_is_not_as_expected_fails(tmp_path: Path, result: str, reason: str) -> None:
    told = suite(tmp_path, result)
    assert told.exit_code == 1
    assert [each["reason"] for each in rows(tmp_path)] == [reason]


def test_objects_can_be_named_by_their_parts(tmp_path: Path) -> None:
    spec = "resourceSpecs: [{version: v1, kind: Pod, namespace: shop, name: good}]"
    assert suite(tmp_path, f"{TEAM}, {spec}, result: pass").exit_code == 0


def test_a_result_without_objects_is_about_all_of_its_kind(tmp_path: Path) -> None:
    suite(tmp_path, f"{TEAM}, result: pass")
    found = {each["resource"]: each["reason"] for each in rows(tmp_path)}
    assert found == {
        "Pod/shop/good": "Ok",
        "Pod/bad": "Want pass, got fail",
        "Pod/free": "Excluded",
    }


def test_the_object_after_the_mutation_is_compared(tmp_path: Path) -> None:
    """What is empty makes no difference; a value that differs is named by its path alone."""
    result = "policy: add-tier, rule: tier, resources: [good], patchedResources: patched.yaml, result: pass"
    (tmp_path / "patched.yaml").write_text(PATCHED.replace("TIER", "web"))
    assert suite(tmp_path, result).exit_code == 0
    (tmp_path / "patched.yaml").write_text(PATCHED.replace("TIER", "other"))
    assert suite(tmp_path, result).exit_code == 1
    assert rows(tmp_path)[0]["reason"] == "Resource diff: metadata.labels.tier differs (patched.yaml)"


def test_what_is_generated_is_compared_and_not_shown(tmp_path: Path) -> None:
    result = "policy: add-tier, rule: secret, resources: [space], generatedResource: made.yaml, result: pass"
    (tmp_path / "made.yaml").write_text(MADE.replace("VALUE", "hidden-value"))
    assert suite(tmp_path, result).exit_code == 0
    (tmp_path / "made.yaml").write_text(MADE.replace("VALUE", "other"))
    told = suite(tmp_path, result)
    assert told.exit_code == 1
    assert "ConfigMap/space/made: data.key differs (made.yaml)" in told.stdout
    assert "hidden-value" not in told.stdout


def test_an_operation_counts_for_its_result_alone(tmp_path: Path) -> None:
    """A pattern is not asked when an object is deleted."""
    suite(
        tmp_path,
        f"{TEAM}, resources: [bad], result: fail",
        f"{TEAM}, resources: [bad], operation: DELETE, result: fail",
    )
    assert [each["reason"] for each in rows(tmp_path)] == ["Ok", "Excluded"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("exceptions: [gone.yaml]\n", "no such file or folder"),
        ("exceptions: ['https://example.com/e.yaml']\n", "is not fetched"),
        ("exceptions: 3\n", "a list of paths is expected"),
        ("checks: []\n", "not evaluated: checks"),
    ],
)
def test_a_suite_that_cannot_be_run_fails_and_the_others_go_on(tmp_path: Path, more: str, words: str) -> None:
    suite(tmp_path / "a", f"{TEAM}, resources: [good], result: pass", more=more)
    suite(tmp_path / "b", f"{TEAM}, resources: [good], result: pass")
    told = command(tmp_path)
    assert told.exit_code == 1
    assert words in told.stdout
    assert "Test Summary: 1 tests passed and 1 tests failed" in told.stdout


def test_junit_has_a_case_for_each_check(tmp_path: Path) -> None:
    suite(tmp_path, f"{TEAM}, resources: [good, bad], result: pass")
    told = ET.fromstring(command(tmp_path, "-o", "junit").stdout)  # noqa: S314  # our own output
    assert (told.get("tests"), told.get("failures")) == ("2", "1")
    assert [each.get("name") for each in told.iter("testcase")] == ["Pod/shop/good", "Pod/bad"]


def test_a_folder_without_suites_is_told(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["policy", "test", str(tmp_path)])
    assert "holds no kyverno-test.yaml" in str(told.exception)
