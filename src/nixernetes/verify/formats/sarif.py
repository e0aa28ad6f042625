"""``-o sarif``: SARIF 2.1.0, as code hosts read it."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import quote

from nixernetes.objects.manifest import Json
from nixernetes.verify.explanations import explanation
from nixernetes.verify.findings import Finding, Place, Severity
from nixernetes.verify.report import CheckReport
from nixernetes.verify.rule import Rule

__all__ = ["to_sarif"]

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_NOWHERE: Final = Place("nixernetes.yaml", 1)  # code hosts refuse a result without a location
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(report: CheckReport, rules: tuple[Rule, ...], version: str) -> str:
    """Return a report as SARIF.

    Args:
        report: the report.
        rules: all rules.
        version: the version of the tool.

    """
    names = sorted({*(rule.name for rule in rules), *(each.rule for each in report.findings)})
    known = {rule.name: rule for rule in rules}
    driver = {
        "name": "nixernetes",
        "version": version,
        "semanticVersion": version,
        "rules": [_rule(known[name]) if name in known else {"id": name} for name in names],
    }
    results = [_result(each, names.index(each.rule)) for each in report.findings]
    told = dict.fromkeys(f"not verified: {each.subject}: {each.reason}" for each in report.unverified)
    notes = [{"level": "note", "message": {"text": text}} for text in told]
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": not report.broken, "toolExecutionNotifications": notes}],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Json]:
    told = explanation(rule)
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.sentence},
        "fullDescription": {"text": told.reason},
        "help": {"text": told.text(), "markdown": told.section()},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"topic": rule.topic},
    }


def _result(finding: Finding, index: int) -> dict[str, Json]:
    about = f"{finding.object}: " if finding.object else ""
    found: dict[str, Json] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{about}{finding.message}"},
        "locations": [_location(finding.place if finding.place.file else _NOWHERE)],
        "partialFingerprints": {"nixernetes/v1": finding.fingerprint},
        "properties": {"clusters": list(finding.clusters), "topic": finding.topic},
    }
    related = [{**_location(place), "message": {"text": text}} for place, text in finding.related if place.file]
    if related:
        found["relatedLocations"] = related
    return found


def _location(place: Place) -> dict[str, Json]:
    physical: dict[str, Json] = {"artifactLocation": {"uri": quote(place.file), "uriBaseId": "%SRCROOT%"}}
    if place.line:
        physical["region"] = {"startLine": place.line, **({"startColumn": place.column} if place.column else {})}
    return {"physicalLocation": physical}
