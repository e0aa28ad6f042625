"""One pass of a running sync: looks at what runs, waits, or does the next wave (section 8.5).

Everything that is known of earlier passes stands in ``status.operationState.syncResult.resources``; a pass reads it,
does at most one (phase, wave), and writes it back. So a restart continues where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nixernetes.cluster.api import ApiError
from nixernetes.engine.argocd.comparison.compare import MANAGER, Comparison, Scene
from nixernetes.engine.argocd.sync import hooks
from nixernetes.engine.argocd.sync.apply import TaskResult, apply_task, prune_task
from nixernetes.engine.argocd.sync.ordering import Phase, Task
from nixernetes.engine.argocd.sync.tasks import Results, SyncRequest, build_tasks, invalid_tasks, result_key
from nixernetes.health.argocd import HealthStatus
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import NAMESPACE
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["SyncPass", "SyncProgress"]

_RUNNING, _SUCCEEDED, _FAILED = "Running", "Succeeded", "Failed"
_PHASE_OF = {"Synced": _RUNNING, "SyncFailed": _FAILED, "Pruned": _SUCCEEDED, "PruneSkipped": _SUCCEEDED}


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """Where a sync stands after a pass: its phase, its message, and whether a wave was just done before another."""

    phase: str
    message: str
    wave_done: bool = False


@dataclass(slots=True, kw_only=True)
class SyncPass:
    """One pass.

    Attributes:
        scene: where.
        comparison: what differs now.
        request: what was asked for.
        results: what is known of each task; changed in place.
        hook_stamp: see :func:`build_tasks`.
        approved: whether a person has confirmed what waits for a confirmation.

    """

    scene: Scene
    comparison: Comparison
    request: SyncRequest
    results: Results
    hook_stamp: str
    approved: bool = False
    _tasks: list[Task] = field(default_factory=list)

    def run(self) -> SyncProgress:
        """Do one pass."""
        started = bool(self.results)
        self._tasks = build_tasks(self.comparison, self.request, self.hook_stamp)
        refused = self._refused()
        if refused:
            return refused
        namespace = self._create_namespace()
        if namespace is not None and namespace.failed:
            return SyncProgress(_FAILED, f"one or more objects failed to apply, reason: {namespace.message}")
        if not started and self._dry_run():
            return SyncProgress(_FAILED, "one or more objects failed to apply (dry run)")
        if self.request.dry_run:
            return SyncProgress(_SUCCEEDED, "successfully synced (dry run)")
        return self._advance()

    def _refused(self) -> SyncProgress | None:
        """Refuse the whole sync when one task may not or cannot run."""
        reasons = invalid_tasks(self.scene, self._tasks, self.request)
        for task in self._tasks:
            if result_key(task) in reasons:
                self._note(task, TaskResult("SyncFailed", reasons[result_key(task)]))
        words = set(reasons.values())
        if self._namespace() is not None and not self.scene.project.permits_kind(
            NAMESPACE, self.scene.app.namespace, namespaced=False
        ):
            words.add(f"resource :Namespace is not permitted in project {self.scene.app.project}")
        if not words:
            return None
        return SyncProgress(_FAILED, f"one or more synchronization tasks are not valid: {'; '.join(sorted(words))}")

    def _advance(self) -> SyncProgress:
        self._refresh_running()
        steps = {task.slot for task in self._tasks}
        running = [t for t in self._tasks if self._phase(t) == _RUNNING and (len(steps) > 1 or t.hook)]
        if running:
            return SyncProgress(_RUNNING, _waiting(running, "healthy state of", "completion of hook"))
        leaving = [t for t in self._tasks if self._status(t) == "Pruned" and t.live is not None]
        if leaving:
            return SyncProgress(_RUNNING, _waiting(leaving, "deletion of", "deletion of hook"))
        on_failure = [task for task in self._tasks if task.phase is Phase.SYNC_FAIL]
        regular = [task for task in self._tasks if task.phase is not Phase.SYNC_FAIL]
        if any(self._phase(task) in (_FAILED, "Error") for task in regular):
            return self._fail(on_failure, "one or more synchronization tasks completed unsuccessfully")
        pending = [task for task in regular if not self._phase(task)]
        if hooks.has_option(self.request.options, "ApplyOutOfSyncOnly", "true"):
            pending = [task for task in pending if task.hook or not self._in_sync(task)]
        if not pending:
            self._delete_hooks("HookSucceeded")
            return SyncProgress(_SUCCEEDED, "successfully synced (no more tasks)")
        return self._next_wave(pending, on_failure)

    def _next_wave(self, pending: Sequence[Task], on_failure: Sequence[Task]) -> SyncProgress:
        slot = pending[0].slot
        remaining = [task for task in pending if task.slot != slot or task.hook]
        wave = [task for task in pending if task.slot == slot]
        unconfirmed = [task for task in wave if self._needs_confirmation(task)]
        if unconfirmed:
            return SyncProgress(_RUNNING, _waiting(unconfirmed, "pruning confirmation of", "pruning confirmation of"))
        leaving = self._make_room(wave)
        if leaving:
            return SyncProgress(_RUNNING, _waiting(leaving, "deletion of", "deletion of hook"))
        failed = False
        for task in [task for task in wave if task.prune] + [task for task in wave if not task.prune]:
            done = self._do(task)
            self._note(task, done)
            failed = failed or done.failed
        if failed:
            return self._fail(on_failure, "one or more objects failed to apply")
        if not remaining:
            self._delete_hooks("HookSucceeded")
            return SyncProgress(_SUCCEEDED, "successfully synced (all tasks run)")
        last = not any(task.slot != slot for task in pending)
        message = _waiting(remaining, "healthy state of", "completion of hook")
        return SyncProgress(_RUNNING, message, wave_done=not last)

    def _needs_confirmation(self, task: Task) -> bool:
        return task.prune and self.request.prune and not self.approved and self.request.has(task, "Prune", "confirm")

    def _do(self, task: Task) -> TaskResult:
        if task.prune:
            return prune_task(self.scene, task, self.request, dry_run=False)
        return apply_task(self.scene, task, self.request, dry_run=False)

    def _dry_run(self) -> bool:
        """Try everything without doing it; note and tell what fails."""
        failed = False
        for task in self._tasks:
            if hooks.has_option(self.request.options, "ApplyOutOfSyncOnly", "true") and self._in_sync(task):
                continue
            if task.prune:
                done = prune_task(self.scene, task, self.request, dry_run=True)
            else:
                done = apply_task(self.scene, task, self.request, dry_run=True)
            failed = failed or done.failed
            if done.failed or self.request.dry_run:
                self._note(task, done, phase=_FAILED if done.failed else _SUCCEEDED)
        return failed

    def _in_sync(self, task: Task) -> bool:
        return any(row.key == task.key and row.status == "Synced" for row in self.comparison.resources)

    def _fail(self, on_failure: Sequence[Task], message: str) -> SyncProgress:
        self._delete_hooks("HookFailed")
        reasons = [
            str(result["message"])
            for task in self._tasks
            if task.phase is not Phase.SYNC_FAIL
            and (result := self.results.get(result_key(task))) is not None
            and result.get("status") == "SyncFailed"
        ]
        text = f"{message}, reason: {','.join(reasons)}" if reasons else message
        waiting = [task for task in on_failure if not self._phase(task)]
        if not waiting:
            return SyncProgress(_FAILED, text)
        for task in waiting:
            self._note(task, self._do(task))
        return SyncProgress(_RUNNING, _waiting(waiting, "healthy state of", "completion of hook"))

    def _refresh_running(self) -> None:
        for task in self._tasks:
            if self._phase(task) != _RUNNING or task.prune:
                continue
            live = self.scene.api.get(task.key)
            result = self.results[result_key(task)]
            if live is None:
                text = (
                    f"Resource {task.key.group}/{task.key.kind}/{task.key.name} is missing, it might have been deleted"
                )
                result.update(status="SyncFailed", hookPhase=_FAILED, message=text)
                continue
            health = self.scene.settings.assessor.assess(live)
            if health is None:
                result["hookPhase"] = _SUCCEEDED
            elif health.status in (HealthStatus.HEALTHY, HealthStatus.DEGRADED):
                result["hookPhase"] = _SUCCEEDED if health.status is HealthStatus.HEALTHY else _FAILED
                result["message"] = health.message or result["message"]

    def _make_room(self, wave: Sequence[Task]) -> list[Task]:
        """Delete the hooks of earlier syncs that are to be made again; return those that are not gone yet."""
        leaving = []
        for task in wave:
            stale = task.hook and self.scene.api.get(task.key) is not None
            if stale and "BeforeHookCreation" in hooks.delete_policies(task.obj) and not self._delete(task.key):
                leaving.append(task)
        return leaving

    def _delete_hooks(self, policy: str) -> None:
        for task in self._tasks:
            if task.hook and self._phase(task) and policy in hooks.delete_policies(task.obj):
                self._delete(task.key)

    def _delete(self, key: ObjectKey) -> bool:
        try:
            self.scene.api.delete(key)
        except ApiError:
            return self.scene.api.get(key) is None
        return self.scene.api.get(key) is None

    def _namespace(self) -> Manifest | None:
        """Return the destination namespace as ``CreateNamespace=true`` wants it, when it must be made or changed."""
        name = self.scene.app.namespace
        key = ObjectKey("", "Namespace", "", name)
        if not name or not hooks.has_option(self.request.options, "CreateNamespace", "true"):
            return None
        wanted = self.scene.app.namespace_metadata or {}
        live = self.scene.api.get(key)
        if any(task.key == key for task in self._tasks) or (live is not None and not wanted):
            return None
        meta = {part: wanted[part] for part in ("labels", "annotations") if wanted.get(part)}
        return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, **meta}}

    def _create_namespace(self) -> TaskResult | None:
        target = self._namespace()
        if target is None:
            return None
        try:
            self.scene.api.apply(target, manager=MANAGER, force=True, dry_run=self.request.dry_run)
        except ApiError as error:
            return TaskResult("SyncFailed", str(error))
        return TaskResult("Synced", f"namespace/{target['metadata']['name']} created")

    def _phase(self, task: Task) -> str:
        return str((self.results.get(result_key(task)) or {}).get("hookPhase") or "")

    def _status(self, task: Task) -> str:
        return str((self.results.get(result_key(task)) or {}).get("status") or "")

    def _note(self, task: Task, done: TaskResult, *, phase: str = "") -> None:
        group, kind, namespace, name, sync_phase = result_key(task)
        entry: Json = {
            "group": group,
            "version": (task.obj.get("apiVersion") or "").rpartition("/")[2],
            "kind": kind,
            "namespace": namespace,
            "name": name,
            "status": done.status,
            "message": done.message,
            "hookPhase": phase or _PHASE_OF[done.status],
            "syncPhase": sync_phase,
        }
        if task.hook:
            entry["hookType"] = sync_phase
        self.results[result_key(task)] = entry


def _waiting(tasks: Sequence[Task], resource: str, hook: str) -> str:
    first = tasks[0]
    words, more = (hook, "hooks") if first.hook else (resource, "resources")
    text = f"waiting for {words} {first.key.group}/{first.key.kind}/{first.key.name}"
    return f"{text} and {len(tasks) - 1} more {more}" if len(tasks) > 1 else text
