"""``nixernetes diff -o json``: stable and documented in ``docs/diff.md``."""

from __future__ import annotations

import json

from nixernetes.changes.change import ObjectChange
from nixernetes.changes.fields import ABSENT, FieldChange
from nixernetes.changes.report import ChangeReport
from nixernetes.cost.formats.data import delta_data
from nixernetes.objects.manifest import Json
from nixernetes.verify.findings import Finding

__all__ = ["to_json"]


def to_json(report: ChangeReport) -> str:
    """Return a report as JSON."""
    comparison = report.comparison
    owners = sorted({(each.cluster, each.owner) for each in report.changes if each.owner})
    data: Json = {
        "version": 1,
        "base": report.base,
        "head": report.head,
        "changes": [_change(each) for each in report.changes],
        "findings": [_finding(each, "change") for each in report.dangers]
        + [_finding(each, "check") for each in report.new],
        "fixed": [_finding(each, "check") for each in report.fixed],
        "images": [
            {
                "object": str(each.key),
                "cluster": each.cluster,
                "container": each.container,
                "from": each.before,
                "to": each.after,
            }
            for each in report.images
        ],
        "not_applied": [
            {"object": str(each.key), "cluster": each.cluster, "owner": each.owner, "reason": each.reason}
            for cluster in comparison.clusters
            for each in cluster.held
        ],
        "failed": [
            {
                "side": each.side,
                "delivery": each.delivery,
                "cluster": each.cluster,
                "changed": each.is_changed,
                "message": each.message,
            }
            for each in comparison.failures
        ],
        "unverified": [
            {"subject": each.subject, "cluster": each.cluster, "owner": each.owner, "reason": each.reason}
            for each in report.unverified
        ],
        "affected": {
            "clusters": [each.name for each in report.clusters],
            "deliveries": list(dict.fromkeys(owner for _, owner in owners)),
        },
        "clusters": {"added": list(comparison.added), "removed": list(comparison.removed)},
        "cost": None if report.cost is None else dict(delta_data(report.cost)),
        "counts": {str(action): number for action, number in report.counts().items()},
    }
    return json.dumps(data, indent=2, sort_keys=False, ensure_ascii=False) + "\n"


def _change(change: ObjectChange) -> Json:
    found: dict[str, Json] = {
        "action": str(change.action),
        "object": str(change.key),
        "group": change.key.group,
        "cluster": change.cluster,
        "owner": change.owner,
    }
    if change.previous_owner:
        found["previous_owner"] = change.previous_owner
    if change.reason:
        found["reason"] = change.reason
    found |= {"file": change.place.file, "line": change.place.line}
    if change.fields:
        found["fields"] = [_field(each) for each in change.fields]
    return found


def _field(change: FieldChange) -> Json:
    found: dict[str, Json] = {"path": change.path}
    if change.before is not ABSENT:
        found["before"] = change.before
    if change.after is not ABSENT:
        found["after"] = change.after
    return found


def _finding(finding: Finding, source: str) -> Json:
    return {
        "severity": str(finding.severity),
        "topic": finding.topic,
        "rule": finding.rule,
        "source": source,
        "object": finding.object,
        "delivery": finding.delivery,
        "clusters": list(finding.clusters),
        "file": finding.place.file,
        "line": finding.place.line,
        "message": finding.message,
        "fingerprint": finding.fingerprint,
    }
