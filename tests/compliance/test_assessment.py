"""Statuses, deltas and what is never claimed; hostile objects end nothing."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import Any

import pytest
from tests.compliance.objects import deployment, network_policy, obj, role
from tests.compliance.test_checks import FAILING, PASSING

from nixernetes import compliance
from nixernetes.compliance.assessment import outcomes_of
from nixernetes.compliance.checks.catalog import CHECK_IDS
from nixernetes.compliance.level_controls import level_framework, level_frameworks
from nixernetes.compliance.options import AssessmentOptions
from nixernetes.compliance.results import ControlStatus
from nixernetes.errors import InputError
from nixernetes.objects.provenance import Origin
from nixernetes.render.rendered import Rendered

PRIVILEGED = deployment("web", {"privileged": True})


def test_what_could_not_be_rendered_makes_nothing_pass() -> None:
    cluster = compliance.AssessedCluster(
        name="prod",
        objects=[compliance.AssessedObject.of(deployment("web", {}))],
        unrendered=["HelmRelease/apps/db"],
    )
    report = compliance.assess([cluster], "PSS")
    assert report.result("baseline/privileged").status is ControlStatus.NOT_ASSESSABLE
    assert report.result("baseline/privileged").reason == "not rendered: HelmRelease/apps/db on prod"
    assert report.result("restricted/privilege-escalation").status is ControlStatus.NOT_SATISFIED
    assert report.counts[ControlStatus.SATISFIED] == 0


def test_what_no_manifest_says_is_not_assessable_with_its_reason() -> None:
    mapping = b"framework: A\ncontrols: [{id: R, checks: [pod.image-registry]}, {id: P, assessable: process}]"
    report = compliance.assess([deployment("web", {})], compliance.read_mapping(mapping))
    assert [each.status for each in report.controls] == [ControlStatus.NOT_ASSESSABLE] * 2
    assert "compliance.registries" in report.controls[0].reason


def test_a_percentage_is_never_told() -> None:
    assert "%" not in compliance.assess([PRIVILEGED], "SOC2").summary


def test_a_finding_stays_the_same_when_lines_move() -> None:
    one = compliance.AssessedObject.of(PRIVILEGED, file="a.yaml", line=1)
    other = compliance.AssessedObject.of(PRIVILEGED, file="b.yaml", line=9)
    reports = [
        compliance.assess([compliance.AssessedCluster(name="prod", objects=[each])], "PSS") for each in (one, other)
    ]
    assert [each.identity for each in reports[0].findings] == [each.identity for each in reports[1].findings]


def test_a_change_is_told_as_new_and_fixed() -> None:
    before = compliance.assess([PRIVILEGED], "PSS")
    after = compliance.assess([deployment("web", {}, hostPID=True)], "PSS")
    delta = compliance.compare(before, after, "main")
    assert [each.check for each in delta.fixed] == ["psa.privileged"]
    assert [each.check for each in delta.new] == ["psa.host-namespaces"]
    assert ("baseline/privileged", ControlStatus.NOT_SATISFIED, ControlStatus.SATISFIED) in delta.controls
    assert delta.summary == f"since main: 1 new, 1 fixed, {delta.unchanged} unchanged"


def test_waivers_match_by_glob_and_cluster_and_those_that_cover_nothing_are_told() -> None:
    clusters = {"prod": [PRIVILEGED], "dev": [PRIVILEGED]}
    said: dict[str, Any] = {"owner": "team-a", "reason": "a probe"}
    here = compliance.Waiver(control="psa.privileged", match="Deployment/*", cluster="dev", **said)
    nothing = compliance.Waiver(control="psa.privileged", match="DaemonSet/*", **said)
    report = compliance.assess(clusters, "PSS", waivers=[here, nothing])
    result = report.result("baseline/privileged")
    assert [each.cluster for each in result.evidence] == ["prod"]
    assert [each.evidence.cluster for each in result.waived] == ["dev"]
    assert report.unused == (nothing,)


def test_of_two_objects_with_one_identity_the_first_counts() -> None:
    report = compliance.assess([deployment("web", {}), PRIVILEGED], "PSS")
    assert report.result("baseline/privileged").status is ControlStatus.SATISFIED


def test_an_older_cluster_is_held_to_the_rules_of_its_version() -> None:
    manifest = deployment("web", {}, securityContext={"sysctls": [{"name": "net.ipv4.tcp_rmem", "value": "1"}]})
    new = compliance.assess({"prod": [manifest]}, "PSS")
    old = compliance.assess({"prod": [manifest]}, "PSS", options=AssessmentOptions(minor_versions={"prod": 30}))
    assert new.result("baseline/sysctls").status is ControlStatus.SATISFIED
    assert old.result("baseline/sysctls").status is ControlStatus.NOT_SATISFIED


def test_an_unknown_control_is_refused() -> None:
    with pytest.raises(InputError, match="PSS has no control 1"):
        compliance.assess([], "PSS").result("1")


ODD: tuple[Any, ...] = (None, True, 0, -1, "x", "", [], {}, [None], [[]], [{}], {"a": None}, [{"name": 1}], 1.5)
WHOLE = [
    deployment("a", {"capabilities": {"add": ["A"], "drop": ["B"]}}, volumes=[{"name": "v", "hostPath": {}}]),
    network_policy(podSelector={"matchLabels": {"a": "b"}}, policyTypes=["Egress"], egress=[{}]),
    role({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}),
    obj("v1", "Secret", data={"a": "b"}),
    *(each for _, manifests in PASSING for each in manifests),
    *(each for _, manifests, _ in FAILING for each in manifests),
]


def _spoilt(value: Any, dice: random.Random) -> Any:
    """Return data in which about one part of twelve is of another type."""
    if dice.random() < 1 / 12:
        return dice.choice(ODD)
    if isinstance(value, dict):
        return {key: _spoilt(each, dice) for key, each in value.items()}
    return [_spoilt(each, dice) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("seed", range(12))
def test_no_check_fails_on_values_of_another_type(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # a test that repeats
    spoilt = [_spoilt(each, dice) for each in WHOLE for _ in range(4)]
    manifests = [each for each in spoilt if isinstance(each, dict)]
    cluster = compliance.AssessedCluster(
        name="prod", objects=[compliance.AssessedObject.of(each) for each in manifests]
    )
    problems = [each.problem for each in outcomes_of([cluster], CHECK_IDS, AssessmentOptions()) if each.problem]
    assert problems == []


def test_exceptions_of_kyverno_are_listed_with_their_end() -> None:
    classic = obj("kyverno.io/v2", "PolicyException", spec={"exceptions": [{"policyName": "p", "ruleNames": ["r"]}]})
    ending = obj(
        "policies.kyverno.io/v1",
        "PolicyException",
        "y",
        metadata={"labels": {"cleanup.kyverno.io/ttl": "2027-01-31"}},
        spec={"policyRefs": [{"name": "q", "kind": "ValidatingPolicy"}]},
    )
    report = compliance.assess({"dev": [classic], "prod": [ending, classic]}, "PSS")
    assert [str(each) for each in report.exceptions] == [
        "PolicyException/app/x on dev, prod exempts from p without an end (no label cleanup.kyverno.io/ttl)",
        "PolicyException/app/y on prod exempts from q until 2027-01-31",
    ]


def test_a_level_is_a_framework_of_its_rows() -> None:
    high = level_framework(compliance.ComplianceLevel.HIGH, without=("storage.encrypted",))
    assert [each.id for each in high.controls] == [
        *("pod-security", "rbac", "audit-id", "labels", "network", "tls", "secrets", "mutual-tls"),
    ]
    report = compliance.assess([deployment("web", {})], high)
    assert (
        report.summary == "level high: 0 satisfied, 5 not satisfied, 3 not applicable; 0 of 8 not assessable from files"
    )
    every = {check for each in level_frameworks() for control in each.controls for check in control.checks}
    assert every == {*compliance.ComplianceLevel.RESTRICTED.requirements}
    assert compliance.framework("Level: strict", level_frameworks()).id == "level-high"


def test_what_is_missing_is_no_failure_where_something_unseen_may_bring_it() -> None:
    web, shop = deployment("web", {}), deployment("web", {}, namespace="shop")
    cluster = compliance.AssessedCluster(
        name="prod",
        objects=[compliance.AssessedObject.of(each) for each in (web, shop)],
        unrendered=["HelmRelease/app/policies"],
        may_bring=lambda namespace: namespace == "app",
    )
    report = compliance.assess([cluster], "NSA-CISA")
    assert {each.object for each in report.result("net/policies").evidence} == {"Deployment/shop/web"}
    assert {each.object for each in report.result("res/limits").evidence} == {
        "Deployment/app/web",
        "Deployment/shop/web",
    }
    assert report.passing_checks[0] == 0


def test_what_rendering_gives_is_assessed_with_its_places() -> None:
    item = Rendered(manifest=PRIVILEGED, origin=Origin(file="app/web.yaml", line=3))
    for given in ([item], {"prod": [item]}):
        (evidence,) = compliance.assess(given, "PSS").result("baseline/privileged").evidence
        assert evidence.place == "app/web.yaml:3"


def test_importing_it_costs_nothing() -> None:
    code = "import sys; from nixernetes import compliance; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
