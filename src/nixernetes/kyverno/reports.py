"""What policies say as reports that clusters keep, one an object, as Kyverno writes them.

Fields and sources are those of Kyverno (``pkg/utils/report/results.go``). No time is written: equal input gives equal
output.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from nixernetes.kyverno.engine.evaluation import Judgement
from nixernetes.objects.api_groups import KYVERNO
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest, digest
from nixernetes.objects.well_known import APP_MANAGED_BY

__all__ = ["UNKNOWN", "policy_reports", "verdict"]

UNKNOWN: Final = "unknown"  # the result where a policy asked for what was not given
_NOTES: Final = f"policies.{KYVERNO}/"  # annotations by which a policy tells of itself
_RESULTS: Final = ("pass", "fail", "warn", "error", "skip")
_SEVERITIES: Final = ("critical", "high", "medium", "low", "info")
_NAME: Final = 16  # hex digits


def verdict(judgement: Judgement) -> tuple[str, str]:
    """Return a result and its message; ``unknown`` where the policy asked for what was not given."""
    row = judgement.row
    if not row.not_given:
        return row.result, row.message
    asked = f"it asks for {', '.join(row.not_given)}, which was not given"
    return UNKNOWN, f"{row.message} ({asked})" if row.message else asked


def policy_reports(judgements: Sequence[Judgement], api_version: str) -> list[Json]:
    """Return a PolicyReport for each object in a namespace, and a ClusterPolicyReport for each other.

    JSON documents are no objects, and left out. What is unknown is an error.

    Args:
        judgements: what the policies say.
        api_version: the version of the reports.

    """
    found: dict[tuple[str, ...], list[Judgement]] = {}
    for each in judgements:
        if not each.payload:
            key = key_of(each.subject)
            found.setdefault((each.namespace, key.group, key.kind, key.name), []).append(each)
    return [_report(where, found[where], api_version) for where in sorted(found)]


def _report(where: tuple[str, ...], judgements: Sequence[Judgement], api_version: str) -> Json:
    space, _, kind, name = where
    api = text_at(judgements[0].subject, "apiVersion")
    scope: dict[str, Json] = {"apiVersion": api, "kind": kind, "name": name}
    results = [_result(each) for each in judgements]
    counts = Counter(text_at(each, "result") for each in results)
    meta: dict[str, Json] = {"name": digest(list(where))[:_NAME]}
    if space:
        scope["namespace"] = meta["namespace"] = space
    meta["labels"] = {APP_MANAGED_BY: "nixernetes"}
    return {
        "apiVersion": api_version,
        "kind": "PolicyReport" if space else "ClusterPolicyReport",
        "metadata": meta,
        "scope": scope,
        "summary": {result: counts[result] for result in _RESULTS},
        "results": results,
    }


def _result(judgement: Judgement) -> dict[str, Json]:
    policy = judgement.policy
    notes = mapping_at(policy, "metadata", "annotations")
    scored = text_at(notes, f"{_NOTES}scored") != "false"
    result, message = verdict(judgement)
    result = {"fail": "fail" if scored else "warn", UNKNOWN: "error"}.get(result, result)
    severity = text_at(notes, f"{_NOTES}severity")
    told: dict[str, Json] = {
        "source": _source(policy),
        "policy": "/".join(filter(None, (text_at(policy, "metadata", "namespace"), key_of(policy).name))),
        "rule": judgement.row.rule,
        "category": text_at(notes, f"{_NOTES}category"),
        "severity": severity if severity in _SEVERITIES else "",
        "message": message,
    }
    properties = {
        key: value if isinstance(value, str) else str(value) for key, value in judgement.row.properties.items()
    }
    kept = {key: value for key, value in told.items() if value}
    return {**kept, "result": result, "scored": scored, "properties": {"process": "background scan", **properties}}


def _source(policy: Manifest) -> str:
    kind = text_at(policy, "kind")
    if kind in ("ClusterPolicy", "Policy"):
        return "kyverno"
    return kind if kind.endswith("AdmissionPolicy") else f"Kyverno{kind.removeprefix('Namespaced')}"
