"""From a comparison to the tasks of a sync, with what is known of each from earlier passes (sections 8.3 to 8.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nixernetes.engine.argocd.comparison.compare import ComparedResource, Comparison, Scene, is_namespaced
from nixernetes.engine.argocd.sync import hooks
from nixernetes.engine.argocd.sync.ordering import Phase, Task, mirror_prune_waves, prune_last, sort_tasks
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Json

__all__ = ["Results", "SyncRequest", "build_tasks", "invalid_tasks", "result_key"]


ResultKey = tuple[str, str, str, str, str]
Results = dict[ResultKey, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRequest:
    """What an operation asks for.

    Attributes:
        prune: whether objects that are no longer wanted are deleted.
        dry_run: whether nothing is really done.
        force: whether an object that cannot be changed is deleted and made again.
        skip_hooks: whether hooks are left out (the apply strategy, and partial syncs).
        selected: the only objects to sync; empty means all.
        options: the sync options.

    """

    prune: bool = False
    dry_run: bool = False
    force: bool = False
    skip_hooks: bool = False
    selected: tuple[Json, ...] = ()
    options: tuple[str, ...] = ()

    @classmethod
    def decode(cls, operation: Json, options: Iterable[str]) -> SyncRequest:
        """Read an operation; its own options come instead of the Application's."""
        sync = mapping_at(operation, "sync")
        strategy = mapping_at(sync, "syncStrategy")
        chosen = mapping_at(strategy, "apply") or mapping_at(strategy, "hook")
        selected = tuple(objects_at(sync, "resources"))
        return cls(
            prune=flag_at(sync, "prune"),
            dry_run=flag_at(sync, "dryRun"),
            force=flag_at(chosen, "force"),
            skip_hooks=bool(selected) or at(strategy, "apply") is not None,
            selected=selected,
            options=tuple(items_at(sync, "syncOptions") or options),
        )

    def selects(self, key: ObjectKey) -> bool:
        """Tell whether an object takes part."""
        return not self.selected or any(
            tuple(text_at(entry, part) for part in ("group", "kind", "name")) == (key.group, key.kind, key.name)
            and text_at(entry, "namespace") in ("", key.namespace)
            for entry in self.selected
        )

    def has(self, task: Task, name: str, value: str) -> bool:
        """Tell whether an option holds for a task; the object's own word counts more than the Application's."""
        own = hooks.option(hooks.resource_options(task.obj), name)
        return (own or hooks.option(self.options, name)) == value


def result_key(task: Task) -> ResultKey:
    """Return under which key the result of a task stands."""
    return (task.key.group, task.key.kind, task.key.namespace, task.key.name, str(task.phase))


def build_tasks(comparison: Comparison, request: SyncRequest, hook_stamp: str) -> list[Task]:
    """Return all tasks in the order of execution.

    Args:
        comparison: what differs.
        request: what was asked for.
        hook_stamp: the end of the name of a hook that has only ``generateName``, per phase ``{phase}``.

    """
    tasks = [task for row in comparison.resources if request.selects(row.key) for task in _resource_tasks(row)]
    if not request.skip_hooks:
        tasks += [task for row in comparison.hooks for task in _hook_tasks(row, hook_stamp)]
    tasks = mirror_prune_waves(tasks)
    tasks = prune_last(tasks, lambda task: request.has(task, "PruneLast", "true"))
    return sort_tasks(tasks)


def _resource_tasks(row: ComparedResource) -> list[Task]:
    if row.hook or not row.status:
        return []
    wave = hooks.wave_of(row.obj)
    return [Task(key=row.key, target=row.target, live=row.live, wave=wave)]


def _hook_tasks(row: ComparedResource, stamp: str) -> list[Task]:
    target = row.target
    if target is None:
        return []
    tasks = []
    for phase in Phase:
        if str(phase) not in hooks.hook_types(target):
            continue
        task = Task(phase=phase, key=row.key, target=target, live=row.live, hook=True, wave=hooks.wave_of(target))
        prefix = target["metadata"].get("generateName")
        if not row.key.name and prefix:
            name = f"{prefix}{stamp.format(phase=phase.lower())}"
            meta = {**{k: v for k, v in target["metadata"].items() if k != "generateName"}, "name": name}
            task = replace(task, key=row.key._replace(name=name), target={**target, "metadata": meta})
        tasks.append(task)
    return tasks


def invalid_tasks(scene: Scene, tasks: Sequence[Task], request: SyncRequest) -> Mapping[ResultKey, str]:
    """Return the tasks that must not or cannot run, with the reason."""
    defined = {_defines(task) for task in tasks}
    found = {}
    for task in tasks:
        reason = _refusal(scene, task, request, defined)
        if reason:
            found[result_key(task)] = reason
    return found


def _refusal(scene: Scene, task: Task, request: SyncRequest, defined: set[GroupKind | None]) -> str:
    key = task.key
    if task.prune:
        return ""
    unknown = scene.api.is_namespaced(key.group_kind) is None and key.group_kind not in defined
    if unknown and not request.has(task, "SkipDryRunOnMissingResource", "true"):
        return (
            f"The Kubernetes API could not find {key.group}/{key.kind} for requested resource "
            f'{key.namespace}/{key.name}. Make sure the "{key.kind}" CRD is installed on the destination cluster.'
        )
    namespaced = is_namespaced(scene.api, key.group_kind)
    if not scene.project.permits_kind(key.group_kind, key.name, namespaced=namespaced):
        return f"resource {key.group}:{key.kind} is not permitted in project {scene.app.project}"
    if namespaced and not scene.project.permits_namespace(scene.cluster, key.namespace):
        return f"namespace {key.namespace} is not permitted in project '{scene.app.project}'"
    return ""


def _defines(task: Task) -> GroupKind | None:
    if task.target is None or group_kind(task.target) != CUSTOM_RESOURCE_DEFINITION:
        return None
    return GroupKind(text_at(task.target, "spec", "group"), text_at(task.target, "spec", "names", "kind"))
