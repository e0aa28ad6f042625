"""Reports as objects that clusters keep: PolicyReport of wgpolicyk8s.io, and Report of openreports.io, its successor.

One report an object, as Kyverno writes them, named by a digest of the object's identity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from nixernetes.compliance.checks.catalog import CATALOG
from nixernetes.compliance.formats.document import ReportDocument
from nixernetes.compliance.objects import AssessedObject
from nixernetes.compliance.results import Evidence
from nixernetes.errors import printable
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import POLICY_REPORTS
from nixernetes.objects.manifest import Json, digest
from nixernetes.objects.well_known import APP_MANAGED_BY

__all__ = ["OPENREPORTS", "to_policy_reports"]

OPENREPORTS: Final = "openreports.io/v1alpha1"
_KINDS: Final = {
    POLICY_REPORTS: ("PolicyReport", "ClusterPolicyReport"),
    OPENREPORTS: ("Report", "ClusterReport"),
}
_SOURCE: Final = "nixernetes"
_NAME: Final = 16  # hex digits
_RESULTS: Final = ("pass", "fail", "warn", "error", "skip")


def to_policy_reports(document: ReportDocument, api_version: str = POLICY_REPORTS) -> str:
    """Return a report as YAML documents, sorted by the objects that they are about.

    Args:
        document: the report.
        api_version: of which API they are.

    """
    return yamls.dump_all([_written(each) for each in _reports(document, api_version)])


def _written(value: Json) -> Json:
    """Return data whose texts can be written: names in repositories may hold anything."""
    if isinstance(value, dict):
        return {key: _written(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_written(each) for each in value]
    return printable(value) if isinstance(value, str) else value


def _reports(document: ReportDocument, api_version: str) -> Iterator[Json]:
    report = document.report
    waived = {each.evidence.identity for control in report.controls for each in control.waived}
    several = len(report.clusters) > 1
    subjects: dict[tuple[str, int], AssessedObject] = {}
    rows: dict[tuple[str, int], list[Json]] = {}
    for outcome in report.outcomes:
        found: dict[int, list[Evidence]] = {}
        for each in (*outcome.failures, *outcome.undecided):
            found.setdefault(id(each.subject), []).append(each)
        undecided = {id(each.subject) for each in outcome.undecided}
        for item in outcome.subjects:
            where = (outcome.cluster, id(item))
            subjects[where] = item
            row = _row(document, outcome.check, found.get(id(item), []), waived, is_known=id(item) not in undecided)
            rows.setdefault(where, []).append(row)
    for where in sorted(subjects, key=lambda one: (one[0], subjects[one].key)):
        yield _report(subjects[where], where[0] if several else "", rows[where], api_version)


def _row(
    document: ReportDocument, check: str, evidence: list[Evidence], waived: set[str], *, is_known: bool
) -> dict[str, Json]:
    entry = CATALOG[check]
    open_ones = [each for each in evidence if each.identity not in waived]
    result = "pass" if not evidence else "skip" if not open_ones else "fail" if is_known else "error"
    message = "; ".join(each.message for each in evidence) or entry.demand
    row: dict[str, Json] = {
        "source": _SOURCE,
        "policy": check,
        "category": document.report.framework.name,
        "severity": entry.severity,
        "result": result,
        "scored": True,
        "message": message,
    }
    place = next((each.place for each in evidence if each.place), "")
    return {**row, "properties": {"place": place}} if place else row


def _report(item: AssessedObject, cluster: str, rows: list[Json], api_version: str) -> dict[str, Json]:
    key = item.key
    namespaced, whole = _KINDS[api_version]
    labels = {APP_MANAGED_BY: _SOURCE}
    name = digest([*key, cluster])[:_NAME]
    metadata: dict[str, Json] = {"name": name, "labels": labels}
    if cluster:
        metadata["annotations"] = {"nixernetes.io/cluster": cluster}
    if key.namespace:
        metadata["namespace"] = key.namespace
    scope = {"apiVersion": item.manifest.get("apiVersion", ""), "kind": key.kind, "name": key.name}
    scope |= {"namespace": key.namespace} if key.namespace else {}
    counts = Counter(row["result"] for row in rows)
    report: dict[str, Json] = {
        "apiVersion": api_version,
        "kind": namespaced if key.namespace else whole,
        "metadata": metadata,
        "summary": {name: counts[name] for name in _RESULTS},
        "results": rows,
    }
    if item.manifest:
        report["scope"] = scope
    return {**report, "source": _SOURCE} if api_version == OPENREPORTS else report
