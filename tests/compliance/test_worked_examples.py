"""The worked examples of compliance: statuses, waivers, sums, and what each check says of one object."""

from datetime import date
from typing import Any

import pytest
from tests.compliance.objects import deployment, network_policy, role

from nixernetes import compliance
from nixernetes.compliance.checks.check import CheckScene
from nixernetes.compliance.checks.registry import CHECKS
from nixernetes.compliance.objects import AssessedCluster, AssessedObject, ClusterIndex
from nixernetes.compliance.options import AssessmentOptions

SAFE, UNSAFE = {"allowPrivilegeEscalation": False}, {"allowPrivilegeEscalation": True}
THREE = [deployment("a", SAFE), deployment("b", {}), deployment("c", SAFE, UNSAFE)]
WAIVER = compliance.Waiver(
    control="5.2.6", match="Deployment/app/c", owner="team-sre", reason="a debugger", until=date(2027, 1, 31)
)


def failures(check: str, *manifests: Any, **options: Any) -> list[Any]:
    cluster = AssessedCluster(name="prod", objects=[AssessedObject.of(each) for each in manifests])
    scene = CheckScene(ClusterIndex(cluster), AssessmentOptions(**options))
    found = CHECKS[check]
    return [fault for item in found.subjects(scene.index) for fault in found.judge(item, scene)]


def test_an_unset_field_fails_the_restricted_standard_and_evidence_names_the_container() -> None:
    result = compliance.assess(THREE, framework="cis-kubernetes-5").result("5.2.6")
    assert result.status is compliance.ControlStatus.NOT_SATISFIED
    assert (result.failing, result.looked_at) == (2, 3)
    assert [(each.object, each.pointer, each.found) for each in result.evidence] == [
        ("Deployment/app/b", "/spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation", "unset"),
        ("Deployment/app/c", "/spec/template/spec/containers/1/securityContext/allowPrivilegeEscalation", True),
    ]


def test_a_waiver_holds_until_its_day_and_covers_its_object_alone() -> None:
    report = compliance.assess(THREE, "CIS", waivers=[WAIVER], assessed_at=date(2026, 12, 1))
    result = report.result("5.2.6")
    assert (result.status.value, result.failing, len(result.waived)) == ("not-satisfied", 1, 1)
    fixed = [THREE[0], deployment("b", SAFE), THREE[2]]
    excepted = compliance.assess(fixed, "CIS", waivers=[WAIVER], assessed_at=date(2027, 1, 31))
    assert excepted.result("5.2.6").status.value == "excepted"
    over = compliance.assess(fixed, "CIS", waivers=[WAIVER], assessed_at=date(2027, 2, 1))
    assert over.result("5.2.6").status.value == "not-satisfied"
    assert over.expired == (WAIVER,)


def test_a_waiver_with_an_end_needs_a_day() -> None:
    with pytest.raises(Exception, match=r"say which day it is, assessed_at=date"):
        compliance.assess(THREE, "CIS", waivers=[WAIVER])


def test_the_summary_always_says_out_of_how_many() -> None:
    framework = compliance.framework("NSA-CISA")
    statuses = ["satisfied"] * 14 + ["not-satisfied"] * 3 + ["excepted"] + ["not-applicable"] * 2
    controls = [
        compliance.ControlResult(control=control, status=compliance.ControlStatus(status))
        for control, status in zip(framework.controls, [*statuses, *["not-assessable"] * 6], strict=True)
    ]
    report = compliance.ComplianceReport(framework=framework, controls=tuple(controls), clusters=("prod",))
    assert report.summary == (
        "NSA-CISA: 14 satisfied, 3 not satisfied, 1 excepted, 2 not applicable; 6 of 26 not assessable from files"
    )


def test_the_container_wins_over_the_pod() -> None:
    against = deployment("a", {"runAsNonRoot": False}, securityContext={"runAsNonRoot": True})
    assert len(failures("psa.run-as-non-root", against)) == 1
    assert failures("psa.run-as-non-root", deployment("a", {"runAsNonRoot": True}, {"runAsNonRoot": True})) == []


@pytest.mark.parametrize("check", ["psa.capabilities-restricted", "psa.seccomp-restricted", "psa.privilege-escalation"])
def test_windows_pods_are_not_asked_for_what_linux_has(check: str) -> None:
    assert failures(check, deployment("a", {}, os={"name": "windows"})) == []
    assert failures(check, deployment("a", {})) != []


@pytest.mark.parametrize(
    ("spec", "open_to"),
    [
        ({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}, []),
        ({"podSelector": {}, "policyTypes": ["Ingress"]}, ["egress is open"]),
        ({"podSelector": {}}, ["egress is open"]),
        ({"podSelector": {"matchLabels": {"a": "b"}}}, ["ingress is open", "egress is open"]),
        ({"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "ingress": [{}]}, ["ingress is open"]),
    ],
)
def test_default_deny_needs_both_directions(spec: dict[str, Any], open_to: list[str]) -> None:
    found = failures("net.default-deny", deployment("a", {}), network_policy(**spec))
    assert [each.found for each in found] == open_to


def test_a_wildcard_is_pointed_at() -> None:
    found = failures("rbac.wildcards", role({"apiGroups": [""], "resources": ["configmaps"], "verbs": ["*"]}))
    assert [each.path for each in found] == [("rules", 0, "verbs", 0)]


def test_nothing_to_assess_is_said_and_nothing_is_divided() -> None:
    report = compliance.assess([], "SOC2")
    assert report.summary == "SOC2: nothing to assess"
    assert report.counts[compliance.ControlStatus.SATISFIED] == 0


def test_the_call_of_the_guide_gives_four_labels() -> None:
    assert compliance.labels(framework="SOC2", level="strict").labels("team-a") == {
        "nixernetes.io/framework": "SOC2",
        "nixernetes.io/compliance-level": "high",
        "nixernetes.io/owner": "team-a",
        "nixernetes.io/data-classification": "internal",
    }
