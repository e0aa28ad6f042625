"""Whether a refresh ends in an automated sync, and which (section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison.compare import ComparedResource, Comparison
from nixernetes.engine.argocd.conditions import ApplicationCondition, ConditionType
from nixernetes.engine.argocd.statuses import OperationState
from nixernetes.engine.argocd.sync.retries import AUTOMATED_LIMIT
from nixernetes.objects.fields import at, items_at, mapping_at, text_at
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
    condition: ApplicationCondition | None = None


def decide(manifest: Manifest, app: ReadApplication, comparison: Comparison, now: datetime) -> Decision:
    """Decide for an Application with an automated policy, without a running operation, inside its sync windows."""
    policy = app.automated
    if policy is None or comparison.status != "OutOfSync":
        return Decision()
    drifted = [row for row in comparison.resources if row.status and row.status != "Synced"]
    if not policy.prune and drifted and all(row.requires_pruning for row in drifted):
        return Decision()
    state = OperationState.of(manifest)
    operation = _operation(manifest, app, comparison)
    if _attempted(state, app, comparison):
        if state.phase != "Succeeded":
            message = f"Failed last sync attempt to [{_revisions(comparison)}]: {state.message}"
            return Decision(condition=ApplicationCondition(ConditionType.SYNC, message))
        if not policy.self_heal:
            return Decision()
        wait = _backoff(state, now)
        if wait > timedelta():
            return Decision(wait=wait)
        _heal(operation, state, drifted)
    rows = [row for row in comparison.resources if row.status]
    if policy.prune and not policy.allow_empty and rows and all(row.requires_pruning for row in rows):
        message = f"Skipping sync attempt to [{_revisions(comparison)}]: auto-sync will wipe out all resources"
        return Decision(condition=ApplicationCondition(ConditionType.SYNC, message))
    return Decision(operation=operation)


def _revisions(comparison: Comparison) -> str:
    return " ".join(comparison.revisions)


def _operation(manifest: Manifest, app: ReadApplication, comparison: Comparison) -> Json:
    sync: Json = {"prune": app.automated is not None and app.automated.prune}
    if app.multi:
        sync.update(revisions=list(comparison.revisions), sources=list(app.sources))
    else:
        sync.update(revision=comparison.revisions[0] if comparison.revisions else "", source=app.sources[0])
    if app.options:
        sync["syncOptions"] = list(app.options)
    retry = mapping_at(manifest, "spec", "syncPolicy", "retry") or {"limit": AUTOMATED_LIMIT}
    return {"sync": sync, "initiatedBy": {"automated": True}, "retry": retry}


def _attempted(state: OperationState, app: ReadApplication, comparison: Comparison) -> bool:
    result = state.result
    if not result:
        return False
    if app.multi:
        tried = (items_at(result, "revisions"), items_at(result, "sources"))
        return tried == (list(comparison.revisions), list(app.sources))
    return (text_at(result, "revision"), at(result, "source")) == ((comparison.revisions or ("",))[0], app.sources[0])


def _backoff(state: OperationState, now: datetime) -> timedelta:
    if not state.heals:
        return timedelta()
    wait = _FIRST
    for _ in range(state.heals - 1):
        wait = min(wait * _FACTOR, _CAP)
    return wait - (now - state.finished_at) if state.finished_at is not None else wait


def _heal(operation: Json, state: OperationState, drifted: Sequence[ComparedResource]) -> None:
    operation["sync"]["autoHealAttemptsCount"] = state.heals + 1
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
