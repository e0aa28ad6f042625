"""Whether a refresh ends in an automated sync, and which.

The rules are ``autoSync``, ``alreadyAttemptedSync`` and ``selfHealRemainingBackoff`` of ``controller/appcontroller.go``
in Argo CD 3.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison.compare import ComparedResource, Comparison
from nixernetes.engine.argocd.conditions import ApplicationCondition, ConditionType
from nixernetes.engine.argocd.operation_phases import ENDED, OperationPhase
from nixernetes.engine.argocd.statuses import OperationState, revisions_in
from nixernetes.engine.argocd.sync.retries import AUTOMATED_LIMIT
from nixernetes.objects.fields import at, items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Decision", "attempted", "decide", "heal_wait"]

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
    if not policy.prune and all(row.status == "Synced" or row.requires_pruning for row in comparison.resources):
        return Decision()
    state = OperationState.of(manifest)
    operation = _operation(manifest, app, comparison)
    if attempted(state, app, comparison.revisions):
        if state.phase != OperationPhase.SUCCEEDED:
            tried = " ".join(revisions_in(state.result))
            message = f"Failed last sync attempt to [{tried}]: {state.message}"
            return Decision(condition=ApplicationCondition(ConditionType.SYNC, message))
        if not policy.self_heal:
            return Decision()
        wait = heal_wait(state, now)
        if wait > timedelta():
            return Decision(wait=wait)
        _heal(operation, state, comparison.resources)
    if policy.prune and not policy.allow_empty and all(row.requires_pruning for row in comparison.resources):
        message = f"Skipping sync attempt to [{_revisions(comparison)}]: auto-sync will wipe out all resources"
        return Decision(condition=ApplicationCondition(ConditionType.SYNC, message))
    return Decision(operation=operation)


def _revisions(comparison: Comparison) -> str:
    return " ".join(comparison.revisions)


def _operation(manifest: Manifest, app: ReadApplication, comparison: Comparison) -> Json:
    sync: Json = {"prune": app.automated is not None and bool(app.automated.prune)}
    if app.multi:
        sync.update(revisions=list(comparison.revisions), sources=list(app.sources))
    else:
        sync.update(revision=comparison.revisions[0] if comparison.revisions else "", source=app.sources[0])
    if app.options:
        sync["syncOptions"] = list(app.options)
    retry = mapping_at(manifest, "spec", "syncPolicy", "retry") or {"limit": AUTOMATED_LIMIT}
    return {"sync": sync, "initiatedBy": {"automated": True}, "retry": retry}


def attempted(state: OperationState, app: ReadApplication, revisions: Sequence[str]) -> bool:
    """Tell whether the sources were synced to these revisions, or an operation ended without saying to which."""
    if not state.result:
        return state.phase in ENDED
    if app.multi:
        tried = (items_at(state.result, "revisions"), items_at(state.result, "sources"))
        return tried == (list(revisions), list(app.sources))
    if len(revisions) != 1 or text_at(state.result, "revision") != revisions[0]:
        return False
    return bool(at(state.result, "source") == app.sources[0])


def heal_wait(state: OperationState, now: datetime) -> timedelta:
    """Return how long to wait before the same drift is healed again."""
    if not state.heals:
        return timedelta()
    wait = _FIRST
    for _ in range(state.heals - 1):
        wait = min(wait * _FACTOR, _CAP)
    return wait - (now - state.finished_at) if state.finished_at is not None else wait


def _heal(operation: Json, state: OperationState, rows: Sequence[ComparedResource]) -> None:
    operation["sync"]["autoHealAttemptsCount"] = state.heals + 1
    drifted = [row.key for row in rows if row.status != "Synced"]
    named = [{"group": key.group, "kind": key.kind, "name": key.name} for key in drifted]
    if named:
        operation["sync"]["resources"] = [{part: text for part, text in each.items() if text} for each in named]
