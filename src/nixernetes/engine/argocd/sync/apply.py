"""Does one task of a sync: applies, replaces, recreates or prunes one object, and says what it did.

What is done is ``applyObject`` and ``pruneObject`` of ``pkg/sync/sync_context.go`` in Argo CD 3.5's gitops-engine; the
words are those that kubectl prints, as ``pkg/utils/kube/resource_ops.go`` puts them together.
"""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.cluster.api import Api, ApiError, Propagation
from nixernetes.cluster.validation import resource_name
from nixernetes.engine.argocd.comparison import diff
from nixernetes.engine.argocd.comparison.compare import MANAGER, Scene
from nixernetes.engine.argocd.comparison.unkept import is_unkept, without_nulls
from nixernetes.engine.argocd.sync import hooks, rbac
from nixernetes.engine.argocd.sync.ordering import Task
from nixernetes.engine.argocd.sync.tasks import SyncRequest, undiscovered
from nixernetes.languages.go_quoting import go_quoted
from nixernetes.objects.fields import objects_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import KUBECTL_LAST_APPLIED

__all__ = ["TaskResult", "apply_task", "delete_options", "prune_task"]

_IN_PLACE = ("CustomResourceDefinition", "Namespace")  # replaced by an update, for all that lives in them
_PROPAGATIONS = {
    "background": Propagation.BACKGROUND,
    "foreground": Propagation.FOREGROUND,
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
    """Apply the target of a task; a dry run is kubectl's on the client, which asks the server for nothing."""
    try:
        if dry_run:
            return TaskResult("Synced", _tried(scene, task, request))
        return TaskResult("Synced", _applied(scene, task, request))
    except ApiError as error:
        return TaskResult("SyncFailed", str(error))


def _tried(scene: Scene, task: Task, request: SyncRequest) -> str:
    if scene.api.is_namespaced(task.key.group_kind) is None or not scene.api.is_served(task.target or {}):
        raise ApiError("NoMatch", undiscovered(scene.api, task))
    there = scene.api.get(task.key) is not None
    if there and _replaces(task, request) and task.key.kind in _IN_PLACE:
        return f"{task.key.kind}/{task.key.name} updated"
    verb = "replaced" if _replaces(task, request) and there else "configured" if there else "created"
    return f"{_named(task.key)} {verb} (dry run)"


def _asks(task: Task, request: SyncRequest, text: str) -> bool:
    return request.asks(task, text) or hooks.has_annotation_option(task.live, text)


def _replaces(task: Task, request: SyncRequest) -> bool:
    return _asks(task, request, "Replace=true")


def _prepared(scene: Scene, task: Task, request: SyncRequest) -> Manifest:
    target: Manifest = task.target or {}
    if task.live is not None and not task.hook and request.has("RespectIgnoreDifferences=true"):
        return diff.keep_ignored(target, task.live, diff.rules_for(scene.rules, task.key), scene.jq)
    return target


def _applied(scene: Scene, task: Task, request: SyncRequest) -> str:
    api, target = scene.api, _prepared(scene, task, request)
    force = request.force or hooks.has_annotation_option(task.target, "Force=true")
    force = force or hooks.has_annotation_option(task.live, "Force=true")
    if _replaces(task, request):
        return _replaced(api, task, target, force=force)
    if _on_server(task, request):
        api.apply(target, manager=MANAGER, force=True)
        return f"{_named(task.key)} serverside-applied"
    written, target = target, without_nulls(target)
    before = api.get(task.key)
    reconciled = rbac.reconciled(before, target, _named(task.key))
    try:
        after = api.apply(target, manager=MANAGER, force=True, lenient=True)
    except ApiError as error:
        if error.reason != "Invalid" or not force or before is None:
            raise
        _recreate(api, task, target)
        return f"{_named(task.key)} configured"
    same = scene.last_applied.takes(scene.cluster.server, task.key, target)
    if before is None and not reconciled:
        return f"{_named(task.key)} created"
    same = same and written is target and diff.normalise(before or {}) == diff.normalise(after)
    same = same and not is_unkept(target, after)
    said = f"{reconciled}{_named(task.key)} {'unchanged' if same else 'configured'}"
    return said if _was_applied(before) else f"{said}. {_adopted(task.key)}"


def _on_server(task: Task, request: SyncRequest) -> bool:
    if hooks.has_annotation_option(task.target, "ServerSideApply=false"):
        return False
    return request.asks(task, "ServerSideApply=true")


def _was_applied(live: Manifest | None) -> bool:
    """Tell whether an object was made by an apply: then it carries what kubectl compares with the next time."""
    if live is None:
        return False
    applies = (entry.get("operation") == "Apply" for entry in objects_at(live, "metadata", "managedFields"))
    return KUBECTL_LAST_APPLIED in annotations_of(live) or any(applies)


def _adopted(key: ObjectKey) -> str:
    resource = resource_name(key.group_kind).partition(".")[0]
    return (
        f"Warning: resource {resource}/{key.name} is missing the {KUBECTL_LAST_APPLIED} annotation which is "
        "required by  apply.  apply should only be used on resources created declaratively by either  create "
        "--save-config or  apply. The missing annotation will be patched automatically."
    )


def _replaced(api: Api, task: Task, target: Manifest, *, force: bool) -> str:
    if task.live is None:
        api.create(target, manager=MANAGER)
        return f"{_named(task.key)} created"
    if task.key.kind in _IN_PLACE:
        try:
            api.update(target, manager=MANAGER)
        except ApiError as error:
            raise ApiError(error.reason, f"error when updating: {error}") from error
        return f"{task.key.kind}/{task.key.name} updated"
    if not force:
        api.update(target, manager=MANAGER)
        return f"{_named(task.key)} replaced"
    api.delete(task.key, propagation=Propagation.BACKGROUND)
    api.create(target, manager=MANAGER)
    kind, _, name = _named(task.key).partition("/")
    place = f" from {task.key.namespace} namespace" if task.key.namespace else ""
    return f"{kind} {go_quoted(name)} deleted{place}\n{_named(task.key)} replaced"


def _recreate(api: Api, task: Task, target: Manifest) -> None:
    api.delete(task.key, propagation=Propagation.BACKGROUND)
    api.apply(target, manager=MANAGER, force=True, lenient=True)


def prune_task(scene: Scene, task: Task, request: SyncRequest, *, dry_run: bool) -> TaskResult:
    """Delete the live object of a task, if that is asked for."""
    if not request.prune:
        return TaskResult("PruneSkipped", "ignored (requires pruning)")
    if request.prune_option(task) == "false":
        return TaskResult("PruneSkipped", "ignored (no prune)")
    if dry_run:
        return TaskResult("Pruned", "pruned (dry run)")
    if not (task.live or {}).get("metadata", {}).get("deletionTimestamp"):
        try:
            scene.api.delete(task.key, propagation=delete_options(request))
        except ApiError as error:
            if error.reason != "NotFound":
                return TaskResult("SyncFailed", str(error))
    return TaskResult("Pruned", "pruned")


def delete_options(request: SyncRequest) -> Propagation:
    """Return how dependents go when a sync deletes an object."""
    asked = (way for word, way in _PROPAGATIONS.items() if request.has(f"PrunePropagationPolicy={word}"))
    return next(asked, Propagation.FOREGROUND)


def _named(key: ObjectKey) -> str:
    kind = key.kind.lower()
    return f"{kind}.{key.group}/{key.name}" if key.group else f"{kind}/{key.name}"
