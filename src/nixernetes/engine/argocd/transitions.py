"""Tells what changed in an Application, in the words of Argo CD's events (section 8.7)."""

from __future__ import annotations

from nixernetes.engine.argocd.operation_phases import ENDED, OperationPhase
from nixernetes.engine.argocd.statuses import ApplicationStatus, OperationState
from nixernetes.engine.events import EventKind, Recorder
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest

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

    def undeleted(self, app: Manifest, problem: str) -> None:
        """Tell why what an Application brought cannot be deleted."""
        message = f"Unable to delete application resources: {problem}"
        self._emit(app, "Warning", "StatusRefreshed", message)

    def log(self, app: Manifest, message: str) -> None:
        """Write a line into the log of the controller."""
        fields = {"project": text_at(app, "spec", "project")}
        self._recorder.logs.write(self._cluster, _CONTROLLER, message, key=key_of(app), fields=fields)

    def tell(self, before: Manifest, after: Manifest) -> None:
        """Tell what a tick changed: sync status, health, the end of an operation."""
        old, new = ApplicationStatus.of(before), ApplicationStatus.of(after)
        for words, was, now in (("sync status", old.sync, new.sync), ("health status", old.health, new.health)):
            if now and was != now:
                self._tell(after, "ResourceUpdated", f"Updated {words}: {was} -> {now}")
        self._tell_end(after, OperationState.of(before), OperationState.of(after))

    def _tell_end(self, app: Manifest, old: OperationState, new: OperationState) -> None:
        if new.phase not in ENDED:
            return
        if (old.phase, old.started, old.finished) == (new.phase, new.started, new.finished):
            return
        head = "Partial sync operation" if items_at(new.sync, "resources") else "Sync operation"
        if new.result:
            head += f" to {text_at(new.result, 'revision')}"  # of several sources none is told
        if new.phase == OperationPhase.SUCCEEDED:
            self._tell(app, "OperationCompleted", f"{head} succeeded")
        else:
            message = f"{head} failed: {new.message}"
            self._emit(app, "Warning", "OperationCompleted", message)

    def _tell(self, app: Manifest, reason: str, message: str) -> None:
        self._emit(app, "Normal", reason, message)

    def _emit(self, app: Manifest, kind: EventKind, reason: str, message: str) -> None:
        """Write into the audit log, which names the destination (``LogAppEvent`` of ``util/argo/audit_logger.go``)."""
        to = mapping_at(app, "spec", "destination")
        where = {"dest-server": text_at(to, "server"), "dest-namespace": text_at(to, "namespace")}
        self._recorder.event(app, kind, reason, message, where, controller=_CONTROLLER, cluster=self._cluster)
