"""Whether a refresh ends in an automated sync, and which (section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nixernetes.engine.argocd import moments
from nixernetes.engine.argocd.application import Application
from nixernetes.engine.argocd.compare import ComparedResource, Comparison
from nixernetes.engine.argocd.conditions import Condition, ConditionType
from nixernetes.engine.argocd.retries import AUTOMATED_LIMIT
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Decision", "decide"]

# --self-heal-backoff-timeout-seconds, -factor and -cap-seconds
_FIRST = timedelta(seconds=2)
_FACTOR = 3
_CAP = timedelta(seconds=300)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do: start an operation, wait (a self-heal that comes too soon), or nothing; and what to tell."""

    operation: Json = None
    wait: timedelta | None = None
    condition: Condition | None = None


def decide(manifest: Manifest, app: Application, comparison: Comparison, now: datetime) -> Decision:
    """Decide for an Application with an automated policy, without a running operation, inside its sync windows."""
    policy = app.automated
    if policy is None or comparison.status != "OutOfSync":
        return Decision()
    drifted = [row for row in comparison.resources if row.status and row.status != "Synced"]
    if not policy.prune and drifted and all(row.requires_pruning for row in drifted):
        return Decision()
    state = (manifest.get("status") or {}).get("operationState") or {}
    operation = _operation(manifest, app, comparison)
    if _attempted(state, app, comparison):
        if state.get("phase") != "Succeeded":
            message = f"Failed last sync attempt to [{_revisions(comparison)}]: {state.get('message', '')}"
            return Decision(condition=Condition(ConditionType.SYNC, message))
        if not policy.self_heal:
            return Decision()
        wait = _backoff(state, now)
        if wait > timedelta():
            return Decision(wait=wait)
        _heal(operation, state, drifted)
    rows = [row for row in comparison.resources if row.status]
    if policy.prune and not policy.allow_empty and rows and all(row.requires_pruning for row in rows):
        message = f"Skipping sync attempt to [{_revisions(comparison)}]: auto-sync will wipe out all resources"
        return Decision(condition=Condition(ConditionType.SYNC, message))
    return Decision(operation=operation)


def _revisions(comparison: Comparison) -> str:
    return " ".join(comparison.revisions)


def _operation(manifest: Manifest, app: Application, comparison: Comparison) -> Json:
    spec = manifest.get("spec") or {}
    sync: Json = {"prune": app.automated is not None and app.automated.prune}
    if app.multi:
        sync.update(revisions=list(comparison.revisions), sources=list(app.sources))
    else:
        sync.update(revision=comparison.revisions[0] if comparison.revisions else "", source=app.sources[0])
    if app.options:
        sync["syncOptions"] = list(app.options)
    retry = (spec.get("syncPolicy") or {}).get("retry") or {"limit": AUTOMATED_LIMIT}
    return {"sync": sync, "initiatedBy": {"automated": True}, "retry": retry}


def _attempted(state: Json, app: Application, comparison: Comparison) -> bool:
    result = state.get("syncResult")
    if not result:
        return False
    if app.multi:
        same = result.get("revisions") == list(comparison.revisions) and result.get("sources") == list(app.sources)
        return bool(same)
    same = result.get("revision") == (comparison.revisions or ("",))[0] and result.get("source") == app.sources[0]
    return bool(same)


def _backoff(state: Json, now: datetime) -> timedelta:
    attempts = int(((state.get("operation") or {}).get("sync") or {}).get("autoHealAttemptsCount") or 0)
    finished = moments.parse(state.get("finishedAt"))
    if not attempts:
        return timedelta()
    wait = _FIRST
    for _ in range(attempts - 1):
        wait = min(wait * _FACTOR, _CAP)
    return wait - (now - finished) if finished is not None else wait


def _heal(operation: Json, state: Json, drifted: Sequence[ComparedResource]) -> None:
    before = int(((state.get("operation") or {}).get("sync") or {}).get("autoHealAttemptsCount") or 0)
    operation["sync"]["autoHealAttemptsCount"] = before + 1
    operation["sync"]["resources"] = [
        {
            name: value
            for name, value in (
                ("group", row.key.group),
                ("kind", row.key.kind),
                ("namespace", row.key.namespace),
                ("name", row.key.name),
            )
            if value
        }
        for row in drifted
    ]
