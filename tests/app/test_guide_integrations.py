"""The guide's three examples of "Integration with Nixernetes" run as they stand there, each name as ours is."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes import compliance, cost, gitops, kyverno
from nixernetes.app.check import CheckOptions, checked

NAMES = {
    "gitops.mkApplication": "gitops.Application",
    "compliance.mkComplianceLabels": "compliance.labels",
    "kyverno.policyLibrary.securityBaseline": "kyverno.library.security_baseline",
    "costAnalysis.mkCostSummary": "cost.summary",
}


@needs_shared
def test_the_guide_still_calls_these_and_no_others() -> None:
    guide = (SHARED / "guide/GITOPS.md").read_text()
    section = guide.partition("## Integration with Nixernetes")[2].partition("\n## ")[0]
    assert set(re.findall(r"\b(?:gitops|compliance|kyverno|costAnalysis)\.\w+(?:\.\w+)*(?=[ ;])", section)) - {
        "gitops.nix",
        "kyverno.nix",
        "compliance.nix",
    } == set(NAMES)


def test_with_compliance() -> None:
    application = gitops.Application(name="app", source={"repo_url": "...", "path": "./apps/app"})
    labels = compliance.labels(framework="SOC2", level="strict")
    assert application.manifest()["spec"]["source"] == {"repoURL": "...", "path": "./apps/app"}
    assert labels.marks("shop", "team-a").labels["nixernetes.io/framework"] == "SOC2"


def test_with_kyverno_policies() -> None:
    policies = gitops.Application(name="security-policies", source={"repo_url": "...", "path": "./policies"})
    policy_library = kyverno.library.security_baseline()
    assert policies.manifest()["metadata"]["name"] == "security-policies"
    assert {policy.key.kind for policy in policy_library} == {"ValidatingPolicy"}


def test_with_cost_analysis() -> None:
    application = gitops.Application(name="app", source={"repo_url": "...", "path": "./apps/app"})
    costs = cost.summary(
        deployments={
            "web": {
                "replicas": 3,
                "containers": [{"name": "web", "resources": {"requests": {"cpu": "500m", "memory": "512Mi"}}}],
            }
        }
    )
    assert application.name == "app"
    assert costs.total.monthly > Decimal(0)


PLATFORM = """\
from nixernetes import compliance, gitops, kyverno

BAD = {{
    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {{"name": "app"}},
    "spec": {{
        "selector": {{"matchLabels": {{"app": "app"}}}},
        "template": {{
            "metadata": {{"labels": {{"app": "app"}}}},
            "spec": {{"containers": [
                {{"name": "app", "image": "nginx:1.27", "securityContext": {{"privileged": True}}}}]}},
        }},
    }},
}}
platform = gitops.Platform(
    name="shop", owner="team-a", engine="{engine}",
    repository=gitops.GitOpsRepository(name="fleet", url="https://github.com/acme/fleet", environments=["prod"]),
    compliance=compliance.labels(framework="SOC2"),
    policies=kyverno.library.security_baseline(enforcement="enforce"),
    apps=[gitops.App(name="app", namespace="shop", manifests=[BAD])],
)
"""


@pytest.mark.parametrize("engine", ["flux", "argocd", "both"])
def test_the_baseline_of_a_platform_judges_what_it_delivers(engine: str, tmp_path: Path) -> None:
    (tmp_path / "gitops.py").write_text(PLATFORM.format(engine=engine))
    found = [each for each in checked(CheckOptions(target=tmp_path)).report.findings if each.rule == "kyverno-policy"]
    assert any("disallow-privileged-containers" in each.message for each in found)
    assert {str(each.severity) for each in found} == {"error"}
    assert {each.place.file for each in found} == {"repos/prod/manifests/app/deployment-app.yaml"}
