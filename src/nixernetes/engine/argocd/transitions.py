"""Tells what changed in an Application, in the words of Argo CD's events (section 8.7)."""

from __future__ import annotations

from nixernetes.engine.events import Recorder
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Transitions"]

_CONTROLLER = "argocd-application-controller"


class Transitions:
    """Records events on Applications.

    Args:
        recorder: where to.
        cluster: the name of the control plane's cluster.

    """

    def __init__(self, recorder: Recorder, cluster: str) -> None:
        self._recorder = recorder
        self._cluster = cluster

    def started(self, app: Manifest, revision: str) -> None:
        """Tell that an automated sync was started."""
        self._tell(app, "OperationStarted", f"Initiated automated sync to '{revision}'")

    def tell(self, before: Manifest, after: Manifest) -> None:
        """Tell what a tick changed: sync status, health, the end of an operation."""
        old, new = before.get("status") or {}, after.get("status") or {}
        for block, words in (("sync", "sync status"), ("health", "health status")):
            was, now = _status(old, block), _status(new, block)
            if now and was != now:
                self._tell(after, "ResourceUpdated", f"Updated {words}: {was} -> {now}")
        self._tell_end(after, old.get("operationState") or {}, new.get("operationState") or {})

    def _tell_end(self, app: Manifest, old: Json, new: Json) -> None:
        phase = new.get("phase")
        if phase not in ("Succeeded", "Failed", "Error"):
            return
        if (old.get("phase"), old.get("startedAt"), old.get("finishedAt")) == (
            phase,
            new.get("startedAt"),
            new.get("finishedAt"),
        ):
            return
        sync = (new.get("operation") or {}).get("sync") or {}
        result = new.get("syncResult") or {}
        revision = result.get("revision") or " ".join(result.get("revisions") or []) or sync.get("revision") or ""
        head = "Partial sync operation" if sync.get("resources") else "Sync operation"
        if phase == "Succeeded":
            self._tell(app, "OperationCompleted", f"{head} to {revision} succeeded")
        else:
            message = f"{head} to {revision} failed: {new.get('message', '')}"
            self._recorder.event(
                app, "Warning", "OperationCompleted", message, controller=_CONTROLLER, cluster=self._cluster
            )

    def _tell(self, app: Manifest, reason: str, message: str) -> None:
        self._recorder.event(app, "Normal", reason, message, controller=_CONTROLLER, cluster=self._cluster)


def _status(block: Json, name: str) -> str:
    return str((block.get(name) or {}).get("status") or "")
