"""Whether an Application moves no more by itself; and what a view shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from nixernetes.engine.argocd import moments
from nixernetes.engine.argocd.application import Application
from nixernetes.engine.argocd.operations import is_running
from nixernetes.engine.argocd.refresh import Level, level_due
from nixernetes.errors import InputError
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["ApplicationView", "is_settled", "view"]

# An Application whose health has been Progressing or Degraded for so long, with nothing running, will not get better
# by itself: it is the default of a Deployment's progressDeadlineSeconds, and a margin.
PATIENCE = timedelta(seconds=660)
# A sync whose waves have waited so long for health waits for ever.
ENDURANCE = timedelta(minutes=30)
_NEVER = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """What a view shows of an Application: its key, statuses, revision, operation message and conditions."""

    key: ObjectKey
    sync: str
    health: str
    revision: str
    message: str
    conditions: tuple[tuple[str, str], ...]


def view(app: Manifest) -> ApplicationView:
    """Return what a view shows."""
    status = app.get("status") or {}
    sync = status.get("sync") or {}
    return ApplicationView(
        key=key_of(app),
        sync=sync.get("status") or "Unknown",
        health=(status.get("health") or {}).get("status") or "Unknown",
        revision=sync.get("revision") or ", ".join(sync.get("revisions") or []),
        message=(status.get("operationState") or {}).get("message") or "",
        conditions=tuple((item["type"], item["message"]) for item in status.get("conditions") or []),
    )


def is_settled(app: Manifest, clock: Clock) -> bool:
    """Tell whether an Application is well, or can make no further progress by itself."""
    if annotations_of(app).get("argocd.argoproj.io/skip-reconcile") == "true":
        return True
    if is_running(app):
        return _is_stuck(app, clock)
    if (app.get("metadata") or {}).get("deletionTimestamp"):
        return False
    try:
        decoded = Application.decode(app)
    except InputError:
        return bool((app.get("status") or {}).get("conditions"))
    if level_due(app, decoded, clock.now(), _NEVER) is not Level.NONE:
        return False
    status = app.get("status") or {}
    if status["sync"].get("status") == "OutOfSync" and _will_sync(status, decoded):
        return False
    return _health_is_final(status.get("health") or {}, clock)


def _is_stuck(app: Manifest, clock: Clock) -> bool:
    """Tell whether a running operation waits for a person, a sync window, or a health that does not come."""
    state = (app.get("status") or {}).get("operationState") or {}
    message = state.get("message") or ""
    if app.get("operation") and state.get("phase") != "Running":
        return False
    if "blocked by sync window" in message or "confirmation of" in message:
        return True
    since = moments.parse(state.get("startedAt"))
    return not state.get("finishedAt") and since is not None and clock.now() - since >= ENDURANCE


def _will_sync(status: Json, app: Application) -> bool:
    if app.automated is None or any(item["type"] == "SyncError" for item in status.get("conditions") or []):
        return False
    drifted = [row for row in status.get("resources") or [] if row.get("status") not in (None, "Synced")]
    if not app.automated.prune and all(row.get("requiresPruning") for row in drifted):
        return False
    state = status.get("operationState") or {}
    result = state.get("syncResult") or {}
    same = (result.get("revision") or result.get("revisions")) == (
        status["sync"].get("revision") or status["sync"].get("revisions")
    )
    # A sync to this revision has succeeded, and yet something differs: only self-heal goes on from there.
    return not (same and state.get("phase") == "Succeeded" and not app.automated.self_heal)


def _health_is_final(health: Json, clock: Clock) -> bool:
    if health.get("status") not in ("Progressing", "Degraded"):
        return True
    since = moments.parse(health.get("lastTransitionTime"))
    return since is not None and clock.now() - since >= PATIENCE
