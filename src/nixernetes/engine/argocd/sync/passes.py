"""One pass of a running sync: looks at what runs, waits, or does the next wave.

Everything that is known of earlier passes stands in ``status.operationState.syncResult.resources``; a pass reads it,
does at most one (phase, wave), and writes it back. So a restart continues where it was. The order of the questions and
every text are those of ``pkg/sync/sync_context.go`` in Argo CD 3.5's gitops-engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from nixernetes.cluster.api import ApiError
from nixernetes.engine.argocd.comparison.compare import MANAGER, Comparison, Scene
from nixernetes.engine.argocd.operation_phases import ENDED, OperationPhase
from nixernetes.engine.argocd.sync import hooks
from nixernetes.engine.argocd.sync.apply import TaskResult, apply_task, delete_options, prune_task
from nixernetes.engine.argocd.sync.messages import augmented, waiting
from nixernetes.engine.argocd.sync.ordering import Phase, Task
from nixernetes.engine.argocd.sync.tasks import Results, SyncRequest, build_tasks, invalid_tasks, result_key
from nixernetes.health.argocd import HealthStatus
from nixernetes.objects import manifest as manifests
from nixernetes.objects.fields import items_at, text_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import NAMESPACE
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["SyncPass", "SyncProgress"]

_RUNNING, _SUCCEEDED, _FAILED = OperationPhase.RUNNING, OperationPhase.SUCCEEDED, OperationPhase.FAILED
_COMPLETED = ENDED
_PHASE_OF = {"Synced": _RUNNING, "SyncFailed": _FAILED, "Pruned": _SUCCEEDED, "PruneSkipped": _SUCCEEDED}
_HOOK_PHASES = {
    HealthStatus.UNKNOWN: _FAILED,
    HealthStatus.DEGRADED: _FAILED,
    HealthStatus.PROGRESSING: _RUNNING,
    HealthStatus.SUSPENDED: _RUNNING,
    HealthStatus.HEALTHY: _SUCCEEDED,
}


class _Run(IntEnum):
    """What came of running tasks; the worst counts."""

    DONE = 0
    PENDING = 1
    FAILED = 2


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """Where a sync stands after a pass: its phase, its message, and whether a wave was just done before another."""

    phase: OperationPhase
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
        self._tasks = build_tasks(self.scene, self.comparison, self.request, self.hook_stamp)
        progress = self._refused() or self._begun() or self._continued()
        for result in self.results.values():
            result["message"] = augmented(self.scene.api, result)
        return progress

    def terminate(self) -> SyncProgress:
        """End before the end: hooks that run are deleted, and the operation has failed."""
        self._tasks = build_tasks(self.scene, self.comparison, self.request, self.hook_stamp)
        for task in self._tasks:
            live = self.scene.api.get(task.key)
            if not task.hook or self._phase(task) != _RUNNING:
                continue
            phase, message = self._hook_state(live) if live is not None else ("", "")
            self._release(task)
            if live is not None and (phase == _RUNNING or "HookFailed" in hooks.delete_policies(task.obj)):
                self._delete(task)
            if phase in _COMPLETED:
                self._tell(task, phase, message)
            else:
                self._tell(task, _SUCCEEDED if live is None else _FAILED, "Terminated")
        return SyncProgress(_FAILED, "Operation terminated")

    # The beginning

    def _refused(self) -> SyncProgress | None:
        """Refuse the whole sync when one task may not or cannot run."""
        reasons = invalid_tasks(self.scene, self._tasks, self.request)
        for task in self._tasks:
            if result_key(task) in reasons:
                self._note(task, TaskResult("SyncFailed", reasons[result_key(task)]), phase="")
        if not reasons:
            return None
        failed = {str(entry["message"]) for entry in self.results.values() if entry["status"] == "SyncFailed"}
        words = "; ".join(sorted(failed - {""}))
        return SyncProgress(_FAILED, f"one or more synchronization tasks are not valid: {words}")

    def _begun(self) -> SyncProgress | None:
        """Make the destination's namespace and try everything, once an operation; tell what ends it at once."""
        if self.results:
            return None
        tasks = list(self._tasks)
        created = next((task for task in tasks if self._makes_destination(task)), None)
        if created is not None:
            if self._run([created]) is _Run.FAILED:
                return self._failed_phase([], [created], "the namespace failed to apply")
            tasks.remove(created)
        if self._run(self._out_of_sync(tasks), dry_run=True) is _Run.FAILED:
            return SyncProgress(_FAILED, "one or more objects failed to apply (dry run)")
        return None

    def _makes_destination(self, task: Task) -> bool:
        name = self.scene.app.namespace
        return (
            task.live is None
            and task.target is not None
            and ((group_kind(task.target), task.key.name) == (NAMESPACE, name))
        )

    def _out_of_sync(self, tasks: Sequence[Task]) -> list[Task]:
        """Leave out what is in sync, where ``ApplyOutOfSyncOnly`` asks for that."""
        if not self.request.has("ApplyOutOfSyncOnly=true"):
            return list(tasks)
        same = {row.key for row in self.comparison.resources if row.target is not None and row.same}
        return [task for task in tasks if task.hook or task.key not in same or task.live is None]

    # The middle

    def _continued(self) -> SyncProgress:
        self._refresh_running()
        steps = [task.slot for task in self._tasks]
        several = bool(steps) and steps[0] != steps[-1]
        running = [task for task in self._tasks if self._phase(task) == _RUNNING and (several or task.hook)]
        if running:
            return self._waiting_for(running)
        leaving = [task for task in self._tasks if self._status(task) == "Pruned" and self._is_leaving(task.live)]
        if leaving:
            return self._waiting_for(leaving, deletion=True)
        for task in self._tasks:
            if task.hook and self._phase(task) in _COMPLETED:
                self._release(task)
        on_failure = [task for task in self._tasks if task.phase is Phase.SYNC_FAIL]
        regular = [task for task in self._tasks if task.phase is not Phase.SYNC_FAIL]
        if any(self._phase(task) in (_FAILED, OperationPhase.ERROR) for task in regular):
            self._delete_hooks("HookFailed")
            failed = [task for task in regular if self._status(task) == "SyncFailed"]
            return self._failed_phase(on_failure, failed, "one or more synchronization tasks completed unsuccessfully")
        pending = self._out_of_sync([task for task in regular if not self._phase(task)])
        if not pending:
            self._delete_hooks("HookSucceeded")
            return SyncProgress(_SUCCEEDED, "successfully synced (no more tasks)")
        return self._next_wave(pending, on_failure)

    def _refresh_running(self) -> None:
        for task in self._tasks:
            if self._phase(task) != _RUNNING or task.live is None:
                continue
            if task.hook:
                self._tell(task, *self._hook_state(task.live))
                continue
            health = self.scene.settings.assessor.assess(task.live)
            if health is None:
                self._tell(task, _SUCCEEDED, "")
            elif health.status in (HealthStatus.HEALTHY, HealthStatus.DEGRADED):
                self._tell(task, _HOOK_PHASES[health.status], health.message)

    def _hook_state(self, live: Manifest) -> tuple[str, str]:
        health = self.scene.settings.assessor.assess(live)
        name = text_at(live, "metadata", "name")
        if health is None or health.status not in _HOOK_PHASES:
            return _SUCCEEDED, f"{name} created"
        return _HOOK_PHASES[health.status], health.message

    def _is_leaving(self, live: Manifest | None) -> bool:
        return live is not None and bool(text_at(live, "metadata", "deletionTimestamp"))

    def _next_wave(self, pending: Sequence[Task], on_failure: Sequence[Task]) -> SyncProgress:
        slot = pending[0].slot
        wave = [task for task in pending if task.slot == slot]
        last = pending[-1].slot == slot
        state = self._run(wave)
        if state is _Run.FAILED:
            return self._failed_wave(wave, on_failure)
        if state is _Run.PENDING:
            return self._waiting_for([task for task in wave if self._holds_up(task)], deletion=True, wave_done=not last)
        if last and not any(task.hook for task in wave):
            self._delete_hooks("HookSucceeded")
            return SyncProgress(_SUCCEEDED, "successfully synced (all tasks run)")
        return self._waiting_for(wave, wave_done=not last)

    def _failed_wave(self, wave: Sequence[Task], on_failure: Sequence[Task]) -> SyncProgress:
        failed = [task for task in wave if self._status(task) == "SyncFailed"]
        running = [task for task in wave if self._phase(task) == _RUNNING]
        text = "one or more objects failed to apply"
        if not running:
            progress = self._failed_phase(on_failure, failed, text)
            if progress.phase == _FAILED:
                self._delete_hooks("HookFailed")
            return progress
        if on_failure and self._failed_phase(on_failure, failed, text).phase != _FAILED:
            running += on_failure
        return self._waiting_for(running)

    def _failed_phase(self, on_failure: Sequence[Task], failed: Iterable[Task], message: str) -> SyncProgress:
        """Run the hooks that are for failures; the sync has failed when all of them are done."""
        text = self._with_reasons(message, failed)
        if all(self._phase(task) in _COMPLETED for task in on_failure):
            broken = [task for task in on_failure if self._status(task) == "SyncFailed"]
            if broken:
                text = f"{text}\n{self._with_reasons('one or more SyncFail hooks failed', broken)}"
            return SyncProgress(_FAILED, text)
        waits = [task for task in on_failure if not self._phase(task)]
        self._run(waits)
        return self._waiting_for(waits)

    def _with_reasons(self, message: str, failed: Iterable[Task]) -> str:
        reasons = dict.fromkeys(str(self.results[result_key(task)]["message"]) for task in failed)
        return f"{message}, reason: {','.join(reasons)}" if reasons else message

    def _waiting_for(self, tasks: Sequence[Task], *, deletion: bool = False, wave_done: bool = False) -> SyncProgress:
        unconfirmed = [] if self.approved else [task for task in tasks if self._needs_confirmation(task)]
        return SyncProgress(_RUNNING, waiting(tasks, unconfirmed, deletion=deletion), wave_done=wave_done)

    # What is done

    def _run(self, tasks: Sequence[Task], *, dry_run: bool = False) -> _Run:
        """Prune, make room for hooks, and apply, kind by kind."""
        trying = dry_run or self.request.dry_run
        prunes = [task for task in tasks if task.prune]
        if not trying:
            for task in tasks:
                if task.hook and not self._phase(task) and task.live is not None:
                    self._release(task)
        if not self.approved and any(self._needs_confirmation(task) for task in prunes):
            return _Run.PENDING
        done = [self._did(task, dry_run=dry_run) for task in prunes]
        if not any(done) and not trying:
            stale = [task for task in tasks if self._is_stale(task) and self._delete(task)]
            if stale:
                return _Run.PENDING
        if not any(done):
            done = [self._did(task, dry_run=dry_run) for task in tasks if not task.prune]
        return _Run.FAILED if any(done) else _Run.DONE

    def _did(self, task: Task, *, dry_run: bool) -> bool:
        """Do a task, note how it went, and tell whether it failed."""
        trying = dry_run or self.request.dry_run
        if trying and self._is_not_tried(task):
            return False
        act = prune_task if task.prune else apply_task
        done = act(self.scene, task, self.request, dry_run=trying)
        if not dry_run or self.request.dry_run or done.failed:
            phase = _PHASE_OF[done.status]
            self._note(task, done, phase=_SUCCEEDED if trying and phase == _RUNNING else phase)
        return done.failed

    def _is_not_tried(self, task: Task) -> bool:
        """Tell whether a task is of a kind that this sync itself defines; a dry run would not find it."""
        return not task.prune and self.scene.api.is_namespaced(task.key.group_kind) is None

    def _needs_confirmation(self, task: Task) -> bool:
        return task.prune and self.request.prune_option(task) == "confirm"

    def _holds_up(self, task: Task) -> bool:
        return self._is_stale(task) or (task.prune and not self._phase(task))

    def _is_stale(self, task: Task) -> bool:
        """Tell whether a hook of an earlier sync stands where one is to be made."""
        stands = task.hook and task.live is not None and not self._phase(task)
        return stands and "BeforeHookCreation" in hooks.delete_policies(task.obj)

    def _delete_hooks(self, policy: str) -> None:
        for task in self._tasks:
            if task.hook and task.live is not None and policy in hooks.delete_policies(task.obj):
                self._delete(task)

    def _delete(self, task: Task) -> bool:
        """Delete a hook; tell whether it was there."""
        try:
            self.scene.api.delete(task.key, propagation=delete_options(self.request))
        except ApiError:
            return False
        return True

    def _release(self, task: Task) -> None:
        """Take the finalizer off a hook, which kept it from being deleted while it ran."""
        live = self.scene.api.get(task.key)
        held = items_at(live or {}, "metadata", "finalizers")
        if live is None or hooks.FINALIZER not in held:
            return
        changed = manifests.copy(live)
        changed["metadata"]["finalizers"] = [name for name in held if name != hooks.FINALIZER]
        self.scene.api.update(changed, manager=MANAGER)

    # What is known

    def _phase(self, task: Task) -> str:
        return str((self.results.get(result_key(task)) or {}).get("hookPhase") or "")

    def _status(self, task: Task) -> str:
        return str((self.results.get(result_key(task)) or {}).get("status") or "")

    def _tell(self, task: Task, phase: str, message: str) -> None:
        """Note how a task goes on; a text that is empty changes nothing."""
        result = self.results[result_key(task)]
        result.update(hookPhase=str(phase), message=message or result["message"])

    def _note(self, task: Task, done: TaskResult, *, phase: str) -> None:
        group, kind, namespace, name, sync_phase = result_key(task)
        entry: Json = {
            "group": group,
            "version": text_at(task.obj, "apiVersion").rpartition("/")[2],
            "kind": kind,
            "namespace": namespace,
            "name": name,
            "status": done.status,
            "message": done.message,
            "hookPhase": str(phase),
            "syncPhase": sync_phase,
        }
        if task.hook:
            entry["hookType"] = sync_phase
        self.results[result_key(task)] = {**self.results.get(result_key(task), {}), **entry}
