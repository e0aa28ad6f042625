"""Each format says the same, in its own terms, and equal input gives equal bytes."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests.compliance.objects import deployment, obj

from nixernetes import compliance
from nixernetes.compliance.formats.data import to_json
from nixernetes.compliance.formats.document import ReportDocument
from nixernetes.compliance.formats.machines import to_junit, to_sarif
from nixernetes.compliance.formats.oscal import to_oscal
from nixernetes.compliance.formats.pages import MARKER, to_html, to_markdown
from nixernetes.compliance.formats.policy_reports import OPENREPORTS, to_policy_reports
from nixernetes.compliance.formats.text import to_text
from nixernetes.objects import yamls

SAFE, UNSAFE = {"allowPrivilegeEscalation": False}, {"allowPrivilegeEscalation": True}
OBJECTS = [
    deployment("a", SAFE),
    deployment("b", {}),
    deployment("c", SAFE, UNSAFE),
    obj("v1", "Secret", "s", stringData={"password": "hunter2"}),
    obj("v1", "Namespace", "<b>|`", ""),
]
WAIVERS = [
    compliance.Waiver(
        control="psa.privilege-escalation",
        match="Deployment/app/c",
        owner="team-sre",
        reason="a debugger",
        until=date(2027, 1, 31),
        source="nixernetes.yaml:3",
    )
]
FORMATS: dict[str, Callable[[ReportDocument], str]] = {
    "text": to_text,
    "json": to_json,
    "markdown": to_markdown,
    "html": to_html,
    "oscal": to_oscal,
    "policyreport": to_policy_reports,
    "openreports": lambda document: to_policy_reports(document, OPENREPORTS),
    "sarif": to_sarif,
    "junit": to_junit,
}


def document(framework: str = "CIS", day: date = date(2026, 12, 1)) -> ReportDocument:
    objects = [compliance.AssessedObject.of(each, file="app/web.yaml", line=7) for each in OBJECTS]
    cluster = compliance.AssessedCluster(name="prod", objects=objects)
    report = compliance.assess([cluster], framework, waivers=WAIVERS, assessed_at=day, revision="abc")
    before = compliance.assess([], framework)
    return ReportDocument(report=report, version="1.0", delta=compliance.compare(before, report, "main"))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("framework", ["CIS", "SOC2", "HIPAA"])
def test_equal_input_gives_equal_bytes_and_no_secret(name: str, framework: str) -> None:
    text = FORMATS[name](document(framework))
    assert text == FORMATS[name](document(framework))
    assert text.endswith("\n")
    assert "hunter2" not in text


@pytest.mark.parametrize("name", ["text", "markdown", "html", "oscal"])
def test_a_provisional_mapping_says_so_and_nobody_is_called_compliant(name: str) -> None:
    text = FORMATS[name](document("SOC2"))
    assert "rovisional mapping" in text
    assert not re.search(r"\bcompliant\b", text)
    assert "mapped checks pass" in text or name == "oscal"


def test_text_has_sums_place_evidence_and_waivers() -> None:
    lines = to_text(document()).splitlines()
    assert lines[0].startswith("CIS: ")
    assert lines[0].endswith("2 of 35 not assessable from files")
    assert any(
        "app/web.yaml:7: Deployment/app/b on prod: psa.privilege-escalation: found unset" in each for each in lines
    )
    assert "    waived: Deployment/app/c: a debugger (team-sre, until 2027-01-31)" in lines
    over = to_text(document(day=date(2027, 2, 1)))
    assert "waiver expired 2027-01-31: psa.privilege-escalation for Deployment/app/c, team-sre" in over


def test_json_has_the_documented_members() -> None:
    data = json.loads(to_json(document()))
    assert list(data)[:9] == [
        *("framework", "version", "mapping", "revision", "clusters", "tool", "assessed_at", "summary", "controls"),
    ]
    assert data["summary"]["total"] == 35
    assert (
        sum(data["summary"][each] for each in ("satisfied", "not_satisfied", "excepted", "not_applicable"))
        == (data["summary"]["assessable"])
    )
    control = next(each for each in data["controls"] if each["id"] == "5.2.6")
    assert {"id", "title", "status", "severity", "checks", "evidence", "waivers"} <= control.keys()
    assert control["evidence"][0]["pointer"].endswith("/securityContext/allowPrivilegeEscalation")
    assert control["waivers"][0]["waiver"]["until"] == "2027-01-31"
    assert data["delta"]["base"] == "main"


def test_markdown_is_found_again_and_keeps_hostile_names_in_their_cell() -> None:
    text = to_markdown(document())
    assert text.startswith(f"{MARKER}\n")
    assert "<b>" not in text
    assert "<b>" not in to_html(document())


def test_sarif_names_rules_places_and_fingerprints() -> None:
    run = json.loads(to_sarif(document()))["runs"][0]
    rules = {each["id"] for each in run["tool"]["driver"]["rules"]}
    assert {each["ruleId"] for each in run["results"]} <= rules
    first = next(each for each in run["results"] if "locations" in each)
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 7}
    prints = [each["partialFingerprints"]["finding/v1"] for each in run["results"]]
    assert len(set(prints)) == len(prints)


def test_junit_has_a_case_a_control() -> None:
    suite = ET.fromstring(to_junit(document()))  # noqa: S314  # ours
    assert len(suite) == 35
    failed = [each for each in suite if each.find("failure") is not None]
    assert len(failed) == int(suite.attrib["failures"]) > 0


@pytest.mark.parametrize(
    ("api", "kinds", "text"),
    [
        ("wgpolicyk8s.io/v1alpha2", {"PolicyReport", "ClusterPolicyReport"}, FORMATS["policyreport"]),
        ("openreports.io/v1alpha1", {"Report", "ClusterReport"}, FORMATS["openreports"]),
    ],
)
def test_reports_for_clusters_have_a_scope_and_sums(api: str, kinds: set[str], text: Any) -> None:
    reports = [each.data for each in yamls.parse_all(text(document()).encode())]
    assert {each["kind"] for each in reports} == kinds
    assert {each["apiVersion"] for each in reports} == {api}
    assert all(("source" in each) == (api == OPENREPORTS) for each in reports)
    for each in reports:
        results = [row["result"] for row in each["results"]]
        assert each["summary"] == {name: results.count(name) for name in ("pass", "fail", "warn", "error", "skip")}
        assert all(row["severity"] in ("critical", "high", "medium", "low", "info") for row in each["results"])
        assert all("resources" not in row for row in each["results"])
    waived = next(each for each in reports if each.get("scope", {}).get("name") == "c")
    row = next(row for row in waived["results"] if row["policy"] == "psa.privilege-escalation")
    assert row["result"] == "skip"
    assert len({(each["metadata"].get("namespace"), each["metadata"]["name"]) for each in reports}) == len(reports)


ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00\Z")
TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")


def _uuids(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [each for name, each in value.items() if name == "uuid" or name.endswith("-uuid")]
        return own + [found for each in value.values() for found in _uuids(each)]
    return [found for each in value for found in _uuids(each)] if isinstance(value, list) else []


@pytest.mark.parametrize("framework", ["CIS", "SOC2", "HIPAA", "PCI-DSS", "NSA-CISA", "PSS"])
def test_oscal_has_the_required_members(framework: str) -> None:
    whole = json.loads(to_oscal(document(framework)))
    assert list(whole) == ["assessment-results"]
    results = whole["assessment-results"]
    assert {"uuid", "metadata", "import-ap", "results"} <= results.keys()
    assert {"title", "last-modified", "version", "oscal-version"} <= results["metadata"].keys()
    assert ZONED.match(results["metadata"]["last-modified"])
    assert {uuid.UUID(each).version for each in _uuids(results)} == {5}
    (result,) = results["results"]
    assert {"uuid", "title", "description", "start", "reviewed-controls"} <= result.keys()
    (selection,) = result["reviewed-controls"]["control-selections"]
    assert all(TOKEN.match(each["control-id"]) for each in selection["include-controls"])
    observed = {each["uuid"] for each in result["observations"]}
    for each in result["observations"]:
        assert {"uuid", "description", "methods", "collected"} <= each.keys()
        assert [prop["name"] for prop in each["props"]] == ["Rule_Id", "Check_Id"]
    for each in result["findings"]:
        assert {"uuid", "title", "description", "target"} <= each.keys()
        assert each["target"]["status"]["state"] in ("satisfied", "not-satisfied")
        assert {one["observation-uuid"] for one in each.get("related-observations", ())} <= observed
    assert not [each for each in _values(result) if "\n" in each]


def _values(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [each for name, each in value.items() if name in ("title", "value")]
        return own + [found for each in value.values() for found in _values(each)]
    return [found for each in value for found in _values(each)] if isinstance(value, list) else []


def test_oscal_tells_a_waiver_as_a_risk() -> None:
    objects = [deployment("c", UNSAFE)]
    report = compliance.assess(objects, "CIS", waivers=WAIVERS, assessed_at=date(2026, 12, 1))
    text = to_oscal(ReportDocument(report=report, version="1"), "1.2.1")
    result = json.loads(text)["assessment-results"]["results"][0]
    finding = next(each for each in result["findings"] if each["target"]["target-id"] == "cis-5.2.6")
    assert finding["target"]["status"]["state"] == "not-satisfied"
    assert finding["related-risks"] == [{"risk-uuid": result["risks"][0]["uuid"]}]
    assert result["risks"][0]["statement"] == "team-sre answers for it until 2027-01-31: a debugger"


@pytest.mark.parametrize(
    "framework", ["CIS", "SOC2", "HIPAA", "PCI-DSS", "NSA-CISA", "PSS", "ISO-27001", "NIST-800-53"]
)
def test_oscal_is_what_trestle_reads(framework: str, tmp_path: Path) -> None:
    """An independent reader of the schema, where it is installed."""
    trestle = pytest.importorskip("trestle.oscal.assessment_results")
    file = tmp_path / "results.json"
    file.write_text(to_oscal(document(framework), "1.1.3"), encoding="utf-8")
    assert trestle.AssessmentResults.oscal_read(file) is not None


@pytest.mark.parametrize("name", FORMATS)
def test_names_that_are_no_text_break_no_format(name: str) -> None:
    hostile = deployment("\ud800\x1b[31m\u202e<script>\n", UNSAFE)
    hostile["metadata"]["labels"] = {"\ud800": "\x7f"}
    objects = [compliance.AssessedObject.of(hostile, file="a\ud800\n.yaml", line=1)]
    report = compliance.assess([compliance.AssessedCluster(name="p\ud800", objects=objects)], "CIS")
    text = FORMATS[name](ReportDocument(report=report, version="1"))
    assert text.encode()
    assert "\x1b" not in text
    assert name == "json" or "<script>" not in text or name in ("text", "oscal", "sarif", "policyreport", "openreports")
    if name in ("json", "oscal", "sarif"):
        assert json.loads(text)
    if name == "junit":
        assert ET.fromstring(text) is not None  # noqa: S314  # ours


def test_a_comment_stays_below_what_code_hosts_take() -> None:
    objects = [deployment(f"name-of-a-workload-{number}", {"privileged": True}) for number in range(400)]
    for framework in compliance.frameworks():
        report = compliance.assess(objects, framework)
        assert len(to_markdown(ReportDocument(report=report, version="1"))) < 65_536
