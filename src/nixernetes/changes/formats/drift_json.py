"""``nixernetes diff --drift -o json``: stable and documented in ``docs/real-clusters.md``."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nixernetes.changes.fields import ABSENT
from nixernetes.changes.live.drift import Drift, DriftedField, DriftReport, Unclaimed
from nixernetes.changes.live.field_writers import FieldWriter
from nixernetes.objects.manifest import Json

__all__ = ["drift_json"]


def drift_json(report: DriftReport) -> str:
    """Return drift as JSON."""
    data: Json = {
        "version": 1,
        "context": report.context,
        "cluster": report.cluster,
        "revision": report.revision,
        "applied": report.is_applied,
        "drift": [_drift(each) for each in report.drifts],
        "additions": [_addition(each) for each in report.additions],
        "beside": [_beside(each) for each in report.beside],
        "behind": [{"delivery": str(key), "revision": revision} for key, revision in report.behind],
        "failed": [{"delivery": str(key), "message": message} for key, message in report.failed],
        "unverified": [
            {"subject": each.subject, "cluster": each.cluster, "owner": each.owner, "reason": each.reason}
            for each in report.unverified
        ],
        "counts": {
            **{str(deviation): number for deviation, number in report.counts.items()},
            "additions": len(report.additions),
            "beside": len(report.beside),
            "unverified": len(report.unverified),
        },
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _drift(drift: Drift) -> Json:
    return {
        "object": str(drift.key),
        "group": drift.key.group,
        "owner": drift.owner,
        "state": str(drift.deviation),
        "mended": not drift.kept,
        "reason": drift.kept,
        "file": drift.place.file,
        "line": drift.place.line,
        "fields": [_field(each) for each in drift.fields],
        "writers": _writers(drift.writers),
    }


def _addition(drift: Drift) -> Json:
    return {
        "object": str(drift.key),
        "group": drift.key.group,
        "owner": drift.owner,
        "fields": [_field(each) for each in drift.fields],
    }


def _beside(item: Unclaimed) -> Json:
    return {
        "object": str(item.key),
        "group": item.key.group,
        "created": item.created,
        "left_by": item.left_by,
        "writers": _writers(item.writers),
    }


def _field(field: DriftedField) -> Json:
    found: dict[str, Json] = {"path": field.change.path}
    if field.change.before is not ABSENT:
        found["git"] = field.change.before
    if field.change.after is not ABSENT:
        found["live"] = field.change.after
    found["writers"] = _writers(field.writers)
    return found


def _writers(writers: Sequence[FieldWriter]) -> Json:
    return [
        {
            "manager": each.manager,
            "operation": each.operation,
            "subresource": each.subresource,
            "time": each.time,
        }
        for each in writers
    ]
