"""Does one task of a sync: applies, replaces, recreates or prunes one object (section 8.5), and says what it did."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.cluster.api import Api, ApiError, Propagation
from nixernetes.engine.argocd.comparison import diff
from nixernetes.engine.argocd.comparison.compare import MANAGER, Scene
from nixernetes.engine.argocd.sync import hooks
from nixernetes.engine.argocd.sync.ordering import Task
from nixernetes.engine.argocd.sync.tasks import SyncRequest
from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest

__all__ = ["TaskResult", "apply_task", "prune_task"]

_IN_PLACE = ("CustomResourceDefinition", "Namespace")  # replaced by an update, for all that lives in them
_PROPAGATIONS = {
    "foreground": Propagation.FOREGROUND,
    "background": Propagation.BACKGROUND,
    "orphan": Propagation.ORPHAN,
}


@dataclass(frozen=True, slots=True)
class TaskResult:
    """How a task went: a result code (Synced, SyncFailed, Pruned, PruneSkipped) and a message."""

    status: str
    message: str

    @property
    def failed(self) -> bool:
        """Whether it failed."""
        return self.status == "SyncFailed"


def apply_task(scene: Scene, task: Task, request: SyncRequest, *, dry_run: bool) -> TaskResult:
    """Apply the target of a task."""
    target = _prepared(scene, task, request)
    try:
        return TaskResult("Synced", _apply(scene.api, task, target, request, dry_run=dry_run))
    except ApiError as error:
        if dry_run and error.reason in ("NotFound", "NoMatch"):
            # kubectl's client-side dry run does not ask whether the namespace or the kind is there already.
            return TaskResult("Synced", f"{_named(task.key)} created (dry run)")
        return TaskResult("SyncFailed", str(error))


def _prepared(scene: Scene, task: Task, request: SyncRequest) -> Manifest:
    target: Manifest = manifests.copy(task.target or {})
    if task.live is not None and hooks.has_option(request.options, "RespectIgnoreDifferences", "true"):
        return diff.keep_ignored(target, task.live, diff.rules_for(scene.rules, task.key), scene.jq)
    return target


def _apply(api: Api, task: Task, target: Manifest, request: SyncRequest, *, dry_run: bool) -> str:
    name = _named(task.key)
    force = request.force or request.has(task, "Force", "true")
    if request.has(task, "Replace", "true") and task.live is not None:
        if dry_run:
            return f"{name} replaced (dry run)"
        return _replace(api, task, target, force=force)
    before = api.get(task.key)
    try:
        after = api.apply(target, manager=MANAGER, force=True, dry_run=dry_run)
    except ApiError as error:
        if error.reason != "Invalid" or not force or before is None:
            raise
        if not dry_run:
            _recreate(api, task, target)
        return f"{name} configured"
    if request.has(task, "ServerSideApply", "true"):
        return f"{name} serverside-applied"
    if before is None:
        return f"{name} created"
    same = diff.normalise(before) == diff.normalise(after)
    return f"{name} unchanged" if same else f"{name} configured"


def _replace(api: Api, task: Task, target: Manifest, *, force: bool) -> str:
    if force and task.key.kind not in _IN_PLACE:
        _recreate(api, task, target)
    else:
        api.update(target, manager=MANAGER)
    return f"{_named(task.key)} replaced"


def _recreate(api: Api, task: Task, target: Manifest) -> None:
    api.delete(task.key, propagation=Propagation.BACKGROUND)
    api.apply(target, manager=MANAGER, force=True)


def prune_task(scene: Scene, task: Task, request: SyncRequest, *, dry_run: bool) -> TaskResult:
    """Delete the live object of a task, if that is asked for."""
    if not request.prune:
        return TaskResult("PruneSkipped", "ignored (requires pruning)")
    if request.has(task, "Prune", "false"):
        return TaskResult("PruneSkipped", "ignored (no prune)")
    if dry_run:
        return TaskResult("Pruned", "pruned (dry run)")
    word = hooks.option(request.options, "PrunePropagationPolicy")
    try:
        scene.api.delete(task.key, propagation=_PROPAGATIONS.get(word, Propagation.FOREGROUND))
    except ApiError as error:
        if error.reason != "NotFound":
            return TaskResult("SyncFailed", str(error))
    return TaskResult("Pruned", "pruned")


def _named(key: ObjectKey) -> str:
    kind = key.kind.lower()
    return f"{kind}.{key.group}/{key.name}" if key.group else f"{kind}/{key.name}"
