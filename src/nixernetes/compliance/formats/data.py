"""A report as JSON, for programs."""

from __future__ import annotations

import json

from nixernetes.compliance.deltas import ReportDelta
from nixernetes.compliance.exceptions import PlacedException
from nixernetes.compliance.formats.document import ReportDocument
from nixernetes.compliance.labelling import build_of
from nixernetes.compliance.results import ComplianceReport, ControlResult, ControlStatus, Evidence, WaivedEvidence
from nixernetes.compliance.waivers import ComplianceWaiver
from nixernetes.objects.manifest import Json

__all__ = ["evidence_data", "report_data", "to_json"]


def to_json(document: ReportDocument) -> str:
    """Return a report as JSON; ``docs/compliance.md`` documents the fields."""
    return json.dumps(report_data(document), indent=2) + "\n"


def report_data(document: ReportDocument) -> dict[str, Json]:
    """Return a report as data."""
    report = document.report
    data: dict[str, Json] = {
        "framework": report.framework.id,
        "version": report.framework.version,
        "mapping": {"source": report.framework.source, "provisional": report.framework.provisional},
        "revision": report.revision,
        "clusters": list(report.clusters),
        "tool": {"name": "nixernetes", "version": document.version},
        "assessed_at": report.assessed_at.isoformat() if report.assessed_at is not None else None,
        "summary": _summary(report),
        "controls": [_control(each) for each in report.controls],
        "expired_waivers": [_waiver(each) for each in report.expired],
        "unused_waivers": [_waiver(each) for each in report.unused],
        "unrendered": list(report.unrendered),
        "policy_exceptions": [_exception(each) for each in report.exceptions],
    }
    return data if document.delta is None else {**data, "delta": _delta(document.delta)}


def _summary(report: ComplianceReport) -> dict[str, Json]:
    counts = {status.value.replace("-", "_"): report.counts[status] for status in ControlStatus}
    passing, mapped = report.passing_checks
    checks = {"checks_passing": passing, "checks_mapped": mapped}
    return {**counts, "assessable": report.assessable, "total": report.total, **checks, "text": report.summary}


def _control(result: ControlResult) -> dict[str, Json]:
    control = result.control
    return {
        "id": control.id,
        "title": control.title,
        "status": result.status.value,
        "severity": control.severity,
        "checks": list(control.checks),
        "objects": result.looked_at,
        "failing": result.failing,
        "reason": result.reason,
        "evidence": [evidence_data(each) for each in result.evidence],
        "waivers": [_waived(each) for each in result.waived],
    }


def evidence_data(each: Evidence) -> dict[str, Json]:
    """Return one failure as data."""
    key = each.subject.key
    return {
        "id": each.identity,
        "check": each.check,
        "cluster": each.cluster,
        "object": {
            "apiVersion": str(each.subject.manifest.get("apiVersion", "")),
            "kind": key.kind,
            "namespace": key.namespace,
            "name": key.name,
        },
        "pointer": each.pointer,
        "found": each.found,
        "expected": each.expected,
        "file": each.file,
        "line": each.line,
        "build": build_of(each.subject.manifest),
    }


def _waived(each: WaivedEvidence) -> dict[str, Json]:
    return {"waiver": _waiver(each.waiver), "evidence": evidence_data(each.evidence)}


def _waiver(each: ComplianceWaiver) -> dict[str, Json]:
    return {
        "control": each.control,
        "match": each.match,
        "cluster": each.cluster,
        "owner": each.owner,
        "reason": each.reason,
        "until": each.until.isoformat() if each.until is not None else None,
        "source": each.place,
    }


def _exception(each: PlacedException) -> dict[str, Json]:
    return {
        "object": each.object,
        "clusters": list(each.clusters),
        "policies": list(each.policies),
        "ttl": each.ttl or None,
        "file": each.file,
        "line": each.line,
    }


def _delta(delta: ReportDelta) -> dict[str, Json]:
    return {
        "base": delta.base,
        "new": [evidence_data(each) for each in delta.new],
        "fixed": [evidence_data(each) for each in delta.fixed],
        "unchanged": delta.unchanged,
        "controls": [{"id": name, "before": before.value, "now": now.value} for name, before, now in delta.controls],
    }
