"""SARIF 2.1.0 for code hosts, and JUnit for CI."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from nixernetes.compliance.checks.catalog import CATALOG
from nixernetes.compliance.formats.document import ReportDocument, objects_line
from nixernetes.compliance.formats.text import evidence_lines
from nixernetes.compliance.results import ControlResult, ControlStatus, Evidence
from nixernetes.errors import printable
from nixernetes.objects.manifest import Json

__all__ = ["to_junit", "to_sarif"]

_LEVELS: Final = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(document: ReportDocument) -> str:
    """Return the failures that nobody answers for as SARIF."""
    report = document.report
    checks = dict.fromkeys(check for each in report.controls for check in each.control.checks)
    driver = {
        "name": "nixernetes compliance",
        "version": document.version,
        "rules": [
            {
                "id": check,
                "shortDescription": {"text": CATALOG[check].demand},
                "defaultConfiguration": {"level": _LEVELS[CATALOG[check].severity]},
            }
            for check in checks
        ],
    }
    run = {
        "tool": {"driver": driver},
        "results": [_result(each) for each in report.findings],
        "properties": {"summary": report.summary},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(each: Evidence) -> dict[str, Json]:
    result: dict[str, Json] = {
        "ruleId": each.check,
        "level": _LEVELS[CATALOG[each.check].severity],
        "message": {"text": printable(f"{each.object} on {each.cluster}: {each.message}")},
        "partialFingerprints": {"finding/v1": each.identity},
    }
    if each.file:
        region = {"region": {"startLine": each.line}} if each.line else {}
        result["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": each.file}, **region}}]
    return result


def to_junit(document: ReportDocument) -> str:
    """Return a report as JUnit: one test case a control."""
    report = document.report
    failed = report.counts[ControlStatus.NOT_SATISFIED]
    skipped = report.counts[ControlStatus.NOT_ASSESSABLE] + report.counts[ControlStatus.NOT_APPLICABLE]
    head = f'name={quoteattr(report.framework.name)} tests="{report.total}" failures="{failed}" skipped="{skipped}"'
    cases = "\n".join(_case(each) for each in report.controls)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuite {head}>\n{cases}\n</testsuite>\n'


def _case(result: ControlResult) -> str:
    name = quoteattr(printable(f"{result.control.id} {result.control.title}"))
    inside = "".join(_inside(result))
    return f'  <testcase classname="compliance" name={name}>{inside}</testcase>'


def _inside(result: ControlResult) -> Iterator[str]:
    said = quoteattr(printable(objects_line(result)))
    if result.status is ControlStatus.NOT_SATISFIED:
        lines = "\n".join(evidence_lines(result.evidence))
        yield f"<failure message={said}>{escape(printable(lines))}</failure>"
    elif result.status in (ControlStatus.NOT_ASSESSABLE, ControlStatus.NOT_APPLICABLE):
        yield f"<skipped message={said}/>"
