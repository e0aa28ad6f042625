"""Policies of Kyverno over everything rendered: what is told, how much it matters, and what is not known."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.repositories import repository_of
from tests.verify.case_files import read_case
from typer.testing import CliRunner

from nixernetes.app.check import CheckOptions, CheckOutcome, checked
from nixernetes.app.policies.readiness import readiness
from nixernetes.cli.commands import app
from nixernetes.errors import InputError
from nixernetes.verify.findings import Finding, Severity

CASES = Path(__file__).parent / "cases/rules"


def policies_of(outcome: CheckOutcome) -> list[Finding]:
    return [each for each in outcome.report.findings if each.rule == "kyverno-policy"]


def test_enforced_is_an_error_audited_a_warning_and_each_names_the_policy(tmp_path: Path) -> None:
    found = policies_of(read_case(CASES / "kyverno-policy-failing.txt").checked(tmp_path))
    assert [(each.severity, each.object) for each in found] == [
        (Severity.WARNING, "Deployment/shop/web"),
        (Severity.ERROR, "Deployment/shop/web"),
        (Severity.ERROR, "Secret/shop/token"),
    ]
    assert found[0].message == (
        "does not keep (audited) ClusterPolicy 'labels', rule 'tier': validation error: rule tier failed at path "
        "/metadata/labels/tier/"
    )
    assert found[1].message.startswith("refused by ClusterPolicy 'images', rule 'autogen-registry': validation error: ")
    assert [place.file for place, _ in found[1].related] == ["shop/policies.yaml"]


def test_what_nobody_here_can_know_is_said_once(tmp_path: Path) -> None:
    outcome = read_case(CASES / "kyverno-policy-clean.txt").checked(tmp_path)
    (told,) = [each for each in outcome.report.unverified if "rule" in each.subject]
    assert told.subject == "ClusterPolicy 'labels', rule 'allowed' on 1 object"
    assert told.reason == "it asks for configmaps elsewhere/teams, which is not in the repository"


def with_policy(tmp_path: Path, settings: str, web: str, policy: str) -> CheckOutcome:
    files = {
        "nixernetes.yaml": settings,
        "policies/p.yaml": policy,
        "clusters/prod/app.yaml": APP,
        "clusters/prod/web.yaml": web,
    }
    return checked(CheckOptions(target=repository_of(files, tmp_path, "repo")))


APP = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: app, namespace: flux-system}
spec:
  interval: 10m
  path: ./app
  prune: true
  sourceRef: {kind: GitRepository, name: fleet}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {interval: 1m, ref: {branch: main}, url: https://github.com/acme/fleet}
"""
SETTINGS = "policies: [policies]\nclusters: {prod: {folder: clusters/prod}}\n"
POLICY = """\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: no-password}
spec:
  rules:
    - name: r
      match: {any: [{resources: {kinds: [Secret, ConfigMap]}}]}
      validate:
        failureAction: Enforce
        message: "not {{ request.object.data.password }}"
        deny: {conditions: {any: [{key: "{{ request.object.data.password || '' }}", operator: NotEquals, value: ''}]}}
"""


@pytest.mark.parametrize("namespace", ["shop", "kube-system"])
def test_policies_of_the_settings_judge_and_secrets_stay_secret(tmp_path: Path, namespace: str) -> None:
    web = "".join(
        f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: a, namespace: {namespace}}}\n"
        "data: {password: aHVudGVyMg==}\n---\n"
        for kind in ("Secret", "ConfigMap")
    )
    found = {each.object: each for each in policies_of(with_policy(tmp_path, SETTINGS, web, POLICY))}
    config, secret = found[f"ConfigMap/{namespace}/a"], found[f"Secret/{namespace}/a"]
    assert "not aHVudGVyMg==" in config.message
    assert "aHVudGVyMg" not in secret.message
    assert "its message quotes the Secret" in secret.message
    expected = Severity.ERROR if namespace == "shop" else Severity.INFO
    assert config.severity is expected
    assert ("by default Kyverno ignores" in config.message) == (namespace == "kube-system")


def test_settings_that_name_no_policy_say_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no policy of Kyverno"):
        with_policy(tmp_path, SETTINGS, "kind: ConfigMap\n", "kind: ConfigMap\napiVersion: v1\n")


def test_readiness_counts_what_an_audited_policy_would_refuse(tmp_path: Path) -> None:
    read_case(CASES / "kyverno-policy-failing.txt").checked(tmp_path)
    repo = next(path.parent for path in tmp_path.rglob(".git"))
    found = readiness(CheckOptions(target=repo))
    assert [(each.policy, each.cluster, each.is_ready) for each in found] == [("ClusterPolicy/labels", "prod", False)]
    (refused,) = found[0].document()["refused"]
    assert (refused["object"], refused["file"]) == ("Deployment/shop/web", "shop/web.yaml")
    assert "rule tier failed" in refused["message"]
    shown = CliRunner().invoke(app, ["policy", "readiness", str(repo)])
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[1].split() == ["ClusterPolicy/labels", "prod", "1", "no"]
