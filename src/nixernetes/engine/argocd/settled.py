"""Whether an Application moves no more by itself; and what a view shows of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.operation_phases import OperationPhase
from nixernetes.engine.argocd.refresh import Level, level_due
from nixernetes.engine.argocd.statuses import ApplicationStatus, OperationState, deletion_time, revisions_in
from nixernetes.engine.argocd.sync.operations import is_running
from nixernetes.errors import InputError
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import ARGOCD_SKIP_RECONCILE

__all__ = ["ApplicationView", "is_settled", "view"]

# An Application whose health has been Progressing or Degraded for so long, with nothing running, will not get better
# by itself: it is the default of a Deployment's progressDeadlineSeconds, and a margin.
PATIENCE = timedelta(seconds=660)
# A sync whose waves have waited so long for health waits for ever.
ENDURANCE = timedelta(minutes=30)
_NEVER = timedelta()
_HEALS = 5  # the waits between them have grown from seconds to minutes by then


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
    status = ApplicationStatus.of(app)
    return ApplicationView(
        key=key_of(app),
        sync=status.sync or "Unknown",
        health=status.health or "Unknown",
        revision=", ".join(status.revisions),
        message=OperationState.of(app).message,
        conditions=tuple((item["type"], item["message"]) for item in status.conditions),
    )


def is_settled(app: Manifest, clock: Clock, is_blocked: Callable[[ReadApplication], bool] = lambda _: False) -> bool:
    """Tell whether an Application is well, or can make no further progress by itself.

    Args:
        app: the Application.
        clock: tells how long something has lasted.
        is_blocked: tells whether a sync window forbids automated syncs now.

    """
    if annotations_of(app).get(ARGOCD_SKIP_RECONCILE) == "true":
        return True
    if is_running(app):
        return _is_stuck(app, clock)
    status = ApplicationStatus.of(app)
    if deletion_time(app):
        return any(item["type"] == "DeletionError" for item in status.conditions)
    try:
        decoded = ReadApplication.decode(app)
    except InputError:
        return bool(status.conditions)
    if level_due(app, decoded, clock.now(), _NEVER) is not Level.NONE:
        return False
    state = OperationState.of(app)
    if status.sync == "OutOfSync" and _will_sync(status, state, decoded) and not is_blocked(decoded):
        return False
    return _health_is_final(status, clock)


def _is_stuck(app: Manifest, clock: Clock) -> bool:
    """Tell whether a running operation waits for a person, a sync window, or a health that does not come."""
    state = OperationState.of(app)
    if app.get("operation") and state.phase != OperationPhase.RUNNING:
        return False
    if "blocked by sync window" in state.message or "confirmation of" in state.message:
        return True
    since = state.started_at
    return not state.finished and since is not None and clock.now() - since >= ENDURANCE


def _will_sync(status: ApplicationStatus, state: OperationState, app: ReadApplication) -> bool:
    if app.automated is None or any(item["type"] == "SyncError" for item in status.conditions):
        return False
    drifted = [row for row in status.resources if row.get("status") not in (None, "Synced")]
    if not app.automated.prune and all(row.get("requiresPruning") for row in drifted):
        return False
    # A sync to this revision has succeeded, and yet something differs: only self-heal goes on from there, and what it
    # did not heal so often, it will not heal.
    same = revisions_in(state.result) == status.revisions and state.phase == OperationPhase.SUCCEEDED
    return not same or (bool(app.automated.self_heal) and state.heals < _HEALS)


def _health_is_final(status: ApplicationStatus, clock: Clock) -> bool:
    if status.health not in ("Progressing", "Degraded"):
        return True
    return status.health_since is not None and clock.now() - status.health_since >= PATIENCE
