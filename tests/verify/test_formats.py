"""Each format is what its readers take: schemas, escapes, places, and nothing that a hostile name could break."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from nixernetes.verify.checks import all_rules
from nixernetes.verify.findings import Finding, Place, Severity
from nixernetes.verify.formats.gitlab import to_gitlab
from nixernetes.verify.formats.json_format import to_json
from nixernetes.verify.formats.junit import to_junit
from nixernetes.verify.formats.lines import to_github, to_lines
from nixernetes.verify.formats.pages import MARKER, to_html, to_markdown
from nixernetes.verify.formats.sarif import to_sarif
from nixernetes.verify.report import CheckReport, Unverified

PLAIN = Finding(
    rule="missing-source",
    topic="source-missing",
    severity=Severity.ERROR,
    message="its source is not declared",
    object="Kustomization/flux-system/apps",
    clusters=("prod", "staging"),
    place=Place("clusters/prod/apps.yaml", 12, 5),
    related=((Place("clusters/prod/fleet.yaml", 3, 1), "declared here"),),
    path=("spec", "sourceRef", "name"),
)
ODD = Finding(
    rule="invalid-object",
    topic="k8s-schema",
    severity=Severity.WARNING,
    message="100% | <script>alert(1)</script>\n::error::x \x1b[31m\x07 & \"quoted\" 'too' `code`",
    object="ConfigMap/a|b/<img src=x onerror=y>",
    place=Place("apps/a b,c:d%.yaml", 1, 1),
)
NOWHERE = Finding(rule="not-started", topic="kustomize-build", severity=Severity.INFO, message="it says nothing")
REPORT = CheckReport(
    findings=(PLAIN, ODD, NOWHERE),
    unverified=(Unverified(subject="HelmRelease/a/<b>", reason="charts.example.com cannot be reached"),),
    clusters=("prod",),
    deliveries=2,
    objects=3,
)
REPORTS = (REPORT, CheckReport(findings=()))

_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
_MESSAGE = {
    **_TEXT,
    "properties": {**_TEXT["properties"], "markdown": {"type": "string"}},
    "additionalProperties": False,
}
_COUNT = {"type": "integer", "minimum": 1}
_LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "message": _MESSAGE,
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "additionalProperties": False,
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "uri": {"type": "string", "format": "uri-reference"},
                        "uriBaseId": {"type": "string"},
                    },
                },
                "region": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"startLine": _COUNT, "startColumn": _COUNT},
                },
            },
        },
    },
}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
# what the schema of SARIF 2.1.0 (OASIS, errata 01) says of the properties that are written, each closed as it is there
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"enum": ["2.1.0"]},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {
                        "type": "array",
                        "uniqueItems": True,
                        "items": {
                            "type": "object",
                            "required": ["executionSuccessful"],
                            "additionalProperties": False,
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": {
                                    "type": "array",
                                    "uniqueItems": True,
                                    "items": {
                                        "type": "object",
                                        "required": ["message"],
                                        "additionalProperties": False,
                                        "properties": {"level": _LEVEL, "message": _MESSAGE},
                                    },
                                },
                            },
                        },
                    },
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "additionalProperties": False,
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "additionalProperties": False,
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "semanticVersion": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "additionalProperties": False,
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": _MESSAGE,
                                                "fullDescription": _MESSAGE,
                                                "help": _MESSAGE,
                                                "properties": {"type": "object"},
                                                "defaultConfiguration": {
                                                    "type": "object",
                                                    "additionalProperties": False,
                                                    "properties": {"level": _LEVEL},
                                                },
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": -1},
                                "level": _LEVEL,
                                "message": _MESSAGE,
                                "locations": {"type": "array", "items": _LOCATION},
                                "relatedLocations": {"type": "array", "uniqueItems": True, "items": _LOCATION},
                                "partialFingerprints": {
                                    "type": "object",
                                    "additionalProperties": {"type": "string"},
                                },
                                "properties": {"type": "object"},
                            },
                        },
                    },
                },
            },
        },
    },
}


@pytest.mark.parametrize("report", REPORTS, ids=["findings", "none"])
def test_sarif_is_valid(report: CheckReport) -> None:
    data = json.loads(to_sarif(report, all_rules(), "1.0.0"))
    validator = jsonschema_rs.Draft7Validator(SARIF, validate_formats=True)
    assert [str(error) for error in validator.iter_errors(data)] == []
    run = data["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_has_the_line_to_edit_the_fingerprint_and_what_is_related() -> None:
    result = json.loads(to_sarif(REPORT, all_rules(), "1.0.0"))["runs"][0]["results"][0]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "clusters/prod/apps.yaml", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 12, "startColumn": 5}
    assert result["partialFingerprints"] == {"nixernetes/v1": PLAIN.fingerprint}
    assert result["relatedLocations"][0]["message"] == {"text": "declared here"}


def test_gitlab_takes_every_row_and_tells_them_apart() -> None:
    twin = CheckReport(findings=(PLAIN, PLAIN, ODD, NOWHERE))
    rows = json.loads(to_gitlab(twin))
    assert {row["severity"] for row in rows} <= {"info", "minor", "major", "critical", "blocker"}
    assert len({row["fingerprint"] for row in rows}) == len(rows) == 4
    for row in rows:
        assert row["description"]
        assert row["check_name"]
        assert row["location"]["path"]
        assert row["location"]["lines"]["begin"] >= 1
    assert json.loads(to_gitlab(CheckReport(findings=()))) == []


def test_junit_counts_failures_and_has_a_case_when_all_is_well() -> None:
    suite = ET.fromstring(to_junit(REPORT))  # noqa: S314  # our own text
    assert (suite.tag, suite.get("tests"), suite.get("failures")) == ("testsuite", "3", "2")
    cases = suite.findall("testcase")
    assert [case.find("failure") is not None for case in cases] == [True, True, False]
    assert (cases[0].get("classname"), cases[0].get("file"), cases[0].get("line")) == (
        "missing-source",
        "clusters/prod/apps.yaml",
        "12",
    )
    clean = ET.fromstring(to_junit(CheckReport(findings=())))  # noqa: S314  # same
    assert (clean.get("tests"), clean.get("failures"), len(clean.findall("testcase"))) == ("1", "0", 1)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


def test_html_asks_for_nothing_and_runs_nothing() -> None:
    text = to_html(REPORT)
    page = _Page()
    page.feed(text)
    assert not {"script", "img", "link", "iframe", "object"} & set(page.tags)
    assert not {"src", "href", "onerror", "onload"} & set(page.attributes)
    assert "url(" not in text
    assert "&lt;script&gt;" in text
    assert page.tags.count("article") == 3


def test_markdown_has_a_marker_and_no_markup_of_others() -> None:
    text = to_markdown(REPORT)
    assert text.startswith(MARKER)
    assert "<script" not in text
    assert "<img" not in text
    rows = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(rows) == 3
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)


def test_lines_are_what_editors_jump_by() -> None:
    lines = to_lines(REPORT).splitlines()
    assert lines[0] == (
        "clusters/prod/apps.yaml:12:5: error missing-source: Kustomization/flux-system/apps: its source is not declared"
    )
    assert len(lines) == 3
    assert all("\x1b" not in line and "\x07" not in line for line in lines)


def test_github_gets_one_command_a_finding_whatever_the_names() -> None:
    lines = to_github(REPORT).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("::error file=clusters/prod/apps.yaml,line=12,col=5,title=missing-source::")
    assert "file=apps/a b%2Cc%3Ad%25.yaml" in lines[1]
    assert "%0A" in lines[1]


def test_json_says_all_that_is_known() -> None:
    data = json.loads(to_json(REPORT))
    first = data["findings"][0]
    assert (first["rule"], first["topic"], first["severity"], first["object"]) == (
        "missing-source",
        "source-missing",
        "error",
        "Kustomization/flux-system/apps",
    )
    assert (first["file"], first["line"], first["clusters"]) == ("clusters/prod/apps.yaml", 12, ["prod", "staging"])
    assert data["notVerified"] == [{"subject": "HelmRelease/a/<b>", "reason": "charts.example.com cannot be reached"}]
