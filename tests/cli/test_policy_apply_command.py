"""``nixernetes policy apply``: policies as arguments, folders, and the formats that other tools read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from tests.repositories import MOMENT
from typer.testing import CliRunner, Result

from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.cli.commands import app
from nixernetes.errors import InputError

POLICY = """apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: require-team
  annotations: {policies.kyverno.io/category: Labels, policies.kyverno.io/severity: high}
spec:
  rules:
  - name: team
    match: {any: [{resources: {kinds: [ConfigMap, Namespace]}}]}
    validate:
      message: the label team is required
      pattern: {metadata: {labels: {team: "?*"}}}
---
apiVersion: policies.kyverno.io/v1
kind: NamespacedValidatingPolicy
metadata:
  name: no-data
  namespace: shop
  annotations: {policies.kyverno.io/scored: "false", policies.kyverno.io/severity: dreadful}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
  validations: [{expression: "!has(object.data)", message: no data}]
"""
OBJECTS = """# the objects
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop}
data: {key: value}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with policies in one folder and objects in another."""
    for path, text in {"policies/all.yaml": POLICY, "objects/all.yaml": OBJECTS}.items():
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def applied(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["policy", "apply", *arguments], catch_exceptions=False)


@pytest.mark.usefixtures("folder")
def test_policies_are_arguments_or_named_by_a_flag() -> None:
    as_arguments = applied("policies", "-r", "objects", "-o", "json")
    assert as_arguments.exit_code == 1
    assert len(json.loads(as_arguments.stdout)) == 3
    assert applied("--policies", "policies/all.yaml", "--resources", "objects/all.yaml", "-o", "json").stdout == (
        as_arguments.stdout
    )


@pytest.mark.usefixtures("folder")
def test_junit_has_a_case_for_each_row() -> None:
    told = ET.fromstring(applied("policies", "-r", "objects", "-o", "junit").stdout)  # noqa: S314  # our own output
    assert (told.get("tests"), told.get("failures")) == ("3", "2")
    failed = {each.get("name") for each in told.iter("testcase") if each.find("failure") is not None}
    assert failed == {"ConfigMap/shop/web"}


@pytest.mark.usefixtures("folder")
def test_sarif_names_the_line_of_the_object() -> None:
    run = json.loads(applied("policies", "-r", "objects", "-o", "sarif").stdout)["runs"][0]
    found = {each["ruleId"]: each["locations"][0]["physicalLocation"] for each in run["results"]}
    assert sorted(found) == ["no-data", "require-team/team"]
    assert found["no-data"]["artifactLocation"]["uri"] == "objects/all.yaml"
    assert found["no-data"]["region"] == {"startLine": 6}


@pytest.mark.usefixtures("folder")
def test_reports_are_one_an_object_with_what_the_policy_says_of_itself() -> None:
    told = applied("policies", "-r", "objects", "-o", "policyreport")
    reports: dict[str, Any] = {each["kind"]: each for each in yaml.safe_load_all(told.stdout)}
    assert reports["ClusterPolicyReport"]["scope"] == {"apiVersion": "v1", "kind": "Namespace", "name": "shop"}
    report = reports["PolicyReport"]
    assert report["metadata"]["namespace"] == "shop"
    assert report["summary"] == {"pass": 0, "fail": 1, "warn": 1, "error": 0, "skip": 0}
    legacy, cel = report["results"]
    assert (legacy["source"], legacy["policy"], legacy["severity"]) == ("kyverno", "require-team", "high")
    assert (cel["source"], cel["policy"]) == ("KyvernoValidatingPolicy", "shop/no-data")
    assert (cel["result"], cel["scored"]) == ("warn", False)
    assert "severity" not in cel


def test_a_file_that_is_not_there_is_told(folder: Path) -> None:
    told = CliRunner().invoke(app, ["policy", "apply", "gone.yaml", "-r", str(folder / "objects")])
    assert "gone.yaml: no such file or folder" in str(told.exception)


FLUX = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "https://github.com/myorg/fleet", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, path: ./clusters/CLUSTER, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
"""
SECRET = """apiVersion: v1
kind: Secret
metadata: {name: token, namespace: shop}
stringData: {password: abcdef}
"""
QUOTING = """apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: quoting}
spec:
  rules:
  - name: label
    match: {any: [{resources: {kinds: [Secret]}}]}
    mutate: {patchStrategicMerge: {metadata: {labels: {seen: "yes"}}}}
  - name: quote
    match: {any: [{resources: {kinds: [Secret]}}]}
    validate: {message: "it is {{ request.object.stringData.password }}", deny: {}}
"""


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a repository with two clusters, one of which is given a policy."""
    files = {f"clusters/{name}/flux-system/sync.yaml": FLUX.replace("CLUSTER", name) for name in ("one", "two")}
    files |= {f"clusters/{name}/all.yaml": OBJECTS for name in ("one", "two")}
    files |= {"clusters/one/policy.yaml": POLICY.partition("---")[0]}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    init_repository(tmp_path, branch="main")
    commit_folder(tmp_path, "first", "A <a@example.com>", MOMENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("fleet")
def test_everything_that_is_rendered_is_judged_by_what_its_cluster_is_given() -> None:
    said = applied("--repo", ".")
    assert said.exit_code == 1
    assert "fail: ConfigMap/shop/web (clusters/one/all.yaml:6, cluster one): require-team/team: " in said.stdout
    assert "cluster two" not in said.stdout


@pytest.mark.usefixtures("fleet")
def test_policies_that_are_named_judge_every_cluster() -> None:
    rows = json.loads(applied("clusters/one/policy.yaml", "--repo", ".", "-o", "json").stdout)
    failed = [(each["cluster"], each["file"], each["line"]) for each in rows if each["result"] == "fail"]
    assert failed == [("one", "clusters/one/all.yaml", 6), ("two", "clusters/two/all.yaml", 6)]


@pytest.mark.usefixtures("fleet")
def test_reports_are_of_one_cluster() -> None:
    with pytest.raises(InputError, match="reports are of one cluster: name one of one, two"):
        applied("clusters/one/policy.yaml", "--repo", ".", "-o", "policyreport")
    told = applied("clusters/one/policy.yaml", "--repo", ".", "--cluster", "two", "-o", "policyreport").stdout
    assert {each["kind"] for each in yaml.safe_load_all(told)} == {"ClusterPolicyReport", "PolicyReport"}


def test_what_is_secret_is_not_told(fleet: Path) -> None:
    (fleet / "clusters/one/all.yaml").write_text(f"{OBJECTS}---\n{SECRET}")
    (fleet / "quoting.yaml").write_text(QUOTING)
    said = applied("quoting.yaml", "--repo", ".", "-o", "json")
    assert "its message quotes the Secret" in said.stdout
    assert '"seen": "yes"' in said.stdout
    assert "abcdef" not in said.stdout


@pytest.mark.usefixtures("fleet")
def test_objects_are_those_of_files_or_those_of_a_repository() -> None:
    with pytest.raises(InputError, match="leave --resources and --payload out"):
        applied("--repo", ".", "-r", "clusters/one/all.yaml")


def test_a_repository_without_policies_is_told(fleet: Path) -> None:
    (fleet / "clusters/one/policy.yaml").unlink()
    with pytest.raises(InputError, match="there is no policy: none is deployed to a cluster"):
        applied("--repo", ".")
