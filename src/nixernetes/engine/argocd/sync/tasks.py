"""From a comparison to the tasks of a sync, with what is known of each from earlier passes (sections 8.3 to 8.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nixernetes.cluster.api import Reader
from nixernetes.engine.argocd.comparison.compare import ComparedResource, Comparison, Scene, is_namespaced
from nixernetes.engine.argocd.comparison.index import Telling
from nixernetes.engine.argocd.comparison.managed_namespace import managed_namespace
from nixernetes.engine.argocd.sync import hooks
from nixernetes.engine.argocd.sync.ordering import Phase, Task, mirror_prune_waves, prune_last, sort_tasks
from nixernetes.objects import schema
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Results", "SyncRequest", "build_tasks", "invalid_tasks", "result_key", "undiscovered"]


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
    def decode(cls, operation: Json) -> SyncRequest:
        """Read an operation; it has its own options, and none of the Application's."""
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
            options=tuple(items_at(sync, "syncOptions")),
        )

    def selects(self, key: ObjectKey) -> bool:
        """Tell whether an object takes part."""
        return not self.selected or any(
            tuple(text_at(entry, part) for part in ("group", "kind", "name")) == (key.group, key.kind, key.name)
            and text_at(entry, "namespace") in ("", key.namespace)
            for entry in self.selected
        )

    def has(self, text: str) -> bool:
        """Tell whether the operation has an option, as ``name=value``."""
        return text in self.options

    def asks(self, task: Task, text: str) -> bool:
        """Tell whether the operation or the target of a task has an option."""
        return self.has(text) or hooks.has_annotation_option(task.target, text)

    def prune_option(self, task: Task) -> str:
        """Return the word on pruning a live object: Helm's ``keep``, its own, else the operation's, or ``""``."""
        if hooks.is_kept(task.live or {}):
            return "false"
        return hooks.annotation_option(task.live or {}, "Prune") or hooks.option(self.options, "Prune")


def result_key(task: Task) -> ResultKey:
    """Return under which key the result of a task stands."""
    return (task.key.group, task.key.kind, task.place or task.key.namespace, task.key.name, str(task.phase))


def build_tasks(scene: Scene, comparison: Comparison, request: SyncRequest, hook_stamp: str) -> list[Task]:
    """Return all tasks in the order of execution.

    Args:
        scene: where.
        comparison: what differs.
        request: what was asked for.
        hook_stamp: the end of the name of a hook that has only ``generateName``, per phase ``{phase}``.

    """
    place = scene.app.namespace
    rows = [row for row in comparison.resources if request.selects(row.key) and row.own]
    tasks = [task for row in rows for task in _resource_tasks(row, place)]
    if not request.skip_hooks:
        live = {row.key: row.live for row in comparison.resources if row.live is not None}
        made = [task for row in comparison.hooks for task in _hook_tasks(row, hook_stamp, place)]
        tasks += [replace(task, live=live.get(task.key)) for task in made]
    if request.has("CreateNamespace=true"):
        tasks += _namespace_tasks(scene, comparison)
    tasks = mirror_prune_waves(tasks)
    tasks = prune_last(tasks, lambda task: _is_last(task, request))
    return sort_tasks(tasks)


def _is_last(task: Task, request: SyncRequest) -> bool:
    return request.has("PruneLast=true") or hooks.has_annotation_option(task.live, "PruneLast=true")


def _resource_tasks(row: ComparedResource, place: str) -> list[Task]:
    if hooks.is_hook(row.obj) or not hooks.phases(row.obj):
        return []
    shown = row.key.namespace or (place if row.target is not None else "")
    return [Task(key=row.key, place=shown, target=row.target, live=row.live, wave=hooks.wave_of(row.obj))]


def _hook_tasks(row: ComparedResource, stamp: str, place: str) -> list[Task]:
    target = row.target
    if target is None:
        return []
    return [_hook_task(row, target, Phase(phase), stamp, place) for phase in hooks.phases(target)]


def _hook_task(row: ComparedResource, target: Manifest, phase: Phase, stamp: str, place: str) -> Task:
    meta, key = target["metadata"], row.key
    if not key.name:
        name = f"{meta.get('generateName') or ''}{stamp.format(phase=phase.lower())}"
        meta, key = {**meta, "name": name}, key._replace(name=name)
    held = items_at(meta, "finalizers")
    if hooks.FINALIZER not in held:
        meta = {**meta, "finalizers": [*held, hooks.FINALIZER]}
    return Task(
        phase=phase,
        key=key,
        place=key.namespace or place,
        target={**target, "metadata": meta},
        hook=True,
        wave=hooks.wave_of(target),
    )


def _namespace_tasks(scene: Scene, comparison: Comparison) -> list[Task]:
    """Return the task that makes the destination's namespace, or gives it what the Application wants for it.

    The rule is ``controller/sync_namespace.go`` of Argo CD 3.5: its metadata is applied on the server, so that what
    others wrote stays.
    """
    key = ObjectKey("", "Namespace", "", scene.app.namespace)
    if not key.name or any(row.key == key and row.target is not None for row in comparison.resources):
        return []
    wanted, live = scene.app.namespace_metadata, scene.api.get(key)
    if wanted is None and live is not None:
        return []
    return [Task(phase=Phase.PRE_SYNC, key=key, target=managed_namespace(key.name, wanted), live=live)]


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
    if scene.api.is_namespaced(key.group_kind) is None:
        if key.group_kind in defined or request.asks(task, "SkipDryRunOnMissingResource=true"):
            return ""
        return undiscovered(scene.api, task)
    namespaced = is_namespaced(scene.api, key.group_kind)
    if not scene.project.permits_kind(key.group_kind, key.name, namespaced=namespaced):
        return f"resource {key.group}:{key.kind} is not permitted in project {scene.app.project}"
    if namespaced and not scene.project.permits_namespace(scene.cluster, key.namespace):
        return f"namespace {key.namespace} is not permitted in project '{scene.app.project}'"
    return ""


def undiscovered(api: Reader, task: Task) -> str:
    """Say that a cluster does not know a kind (``ServerResourceForGroupVersionKind`` of gitops-engine)."""
    group, version = task.key.group, text_at(task.obj, "apiVersion")
    if _serves_group(api, group):
        return f'{task.key.kind}{f".{group}" if group else ""} "" not found'
    return (
        f"failed to discover server resources for group version {version}: "
        "the server could not find the requested resource"
    )


def _serves_group(api: Reader, group: str) -> bool:
    shipped = any(
        api.is_namespaced(GroupKind(known, kind)) is not None
        for known, _, kind in schema.known_kinds()
        if known == group
    )
    # What is told of is what was written: definitions that are there all the time are not made only to be counted.
    written = api.written() if isinstance(api, Telling) else api.list(CUSTOM_RESOURCE_DEFINITION)
    return shipped or any(
        group_kind(obj) == CUSTOM_RESOURCE_DEFINITION and text_at(obj, "spec", "group") == group for obj in written
    )


def _defines(task: Task) -> GroupKind | None:
    if task.target is None or group_kind(task.target) != CUSTOM_RESOURCE_DEFINITION:
        return None
    return GroupKind(text_at(task.target, "spec", "group"), text_at(task.target, "spec", "names", "kind"))
