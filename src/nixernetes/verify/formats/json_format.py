"""``-o json``: everything that is known of each finding; the keys are stable and documented."""

from __future__ import annotations

import json

from nixernetes.objects.manifest import Json
from nixernetes.verify.findings import Finding, Place
from nixernetes.verify.places import path_text
from nixernetes.verify.report import CheckReport

__all__ = ["finding_data", "to_baseline", "to_json"]


def to_json(report: CheckReport) -> str:
    """Return a report as JSON."""
    data = {
        "findings": [finding_data(each) for each in report.findings],
        "notVerified": [{"subject": each.subject, "reason": each.reason} for each in report.unverified],
        "summary": {
            "clusters": list(report.clusters),
            "deliveries": report.deliveries,
            "objects": report.objects,
            "suppressed": report.suppressed,
        },
    }
    return json.dumps(data, indent=2) + "\n"


def to_baseline(report: CheckReport) -> str:
    """Return the findings of a report as a baseline: what each is, and the fingerprint by which it is known again."""
    rows = [{"rule": each.rule, "object": each.object, "fingerprint": each.fingerprint} for each in report.findings]
    return json.dumps({"findings": rows}, indent=2) + "\n"


def finding_data(finding: Finding) -> dict[str, Json]:
    """Return a finding as data."""
    found: dict[str, Json] = {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "topic": finding.topic,
        "message": finding.message,
        "object": finding.object,
        "delivery": finding.delivery,
        "clusters": list(finding.clusters),
        **_place(finding.place),
        "field": path_text(finding.path),
        "fingerprint": finding.fingerprint,
    }
    if finding.related:
        found["related"] = [{**_place(place), "message": text} for place, text in finding.related]
    return found


def _place(place: Place) -> dict[str, Json]:
    found: dict[str, Json] = {"file": place.file}
    if place.line:
        found["line"] = place.line
    if place.column:
        found["column"] = place.column
    return found
