"""In which order a sync works: by phase, wave, kind, name; with namespaces and CRDs before what needs them.

The rules are those of the behaviour specification, section 8.4. Everything here is a value; nothing is applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from nixernetes.engine.argocd.sync.hooks import wave_of
from nixernetes.objects.api_groups import APIEXTENSIONS
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import ObjectKey, group_kind
from nixernetes.objects.manifest import Manifest

__all__ = ["KIND_ORDER", "Phase", "Task", "mirror_prune_waves", "prune_last", "sort_tasks", "task_for"]

KIND_ORDER: dict[str, int] = {
    kind: index
    for index, kind in enumerate(
        [
            "Namespace",
            "NetworkPolicy",
            "ResourceQuota",
            "LimitRange",
            "PodSecurityPolicy",
            "PodDisruptionBudget",
            "ServiceAccount",
            "Secret",
            "SecretList",
            "ConfigMap",
            "StorageClass",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "CustomResourceDefinition",
            "ClusterRole",
            "ClusterRoleList",
            "ClusterRoleBinding",
            "ClusterRoleBindingList",
            "Role",
            "RoleList",
            "RoleBinding",
            "RoleBindingList",
            "Service",
            "DaemonSet",
            "Pod",
            "ReplicationController",
            "ReplicaSet",
            "Deployment",
            "HorizontalPodAutoscaler",
            "StatefulSet",
            "Job",
            "CronJob",
            "IngressClass",
            "Ingress",
            "APIService",
        ]
    )
}


class Phase(StrEnum):
    """The phases of a sync, in order."""

    PRE_SYNC = "PreSync"
    SYNC = "Sync"
    POST_SYNC = "PostSync"
    SYNC_FAIL = "SyncFail"


_PHASES = {phase: index for index, phase in enumerate(Phase)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do.

    Attributes:
        phase: when.
        key: to which object (``name`` is final, also for a hook that has only ``generateName``).
        place: the namespace that results show: the destination's, even for a cluster-scoped object.
        target: what is wanted; None means that the live object is pruned.
        live: what is there; None means nothing.
        hook: whether the target is a hook.
        wave: the wave inside the phase.

    """

    phase: Phase = Phase.SYNC
    key: ObjectKey
    place: str = ""
    target: Manifest | None = None
    live: Manifest | None = None
    hook: bool = False
    wave: int = 0

    @property
    def prune(self) -> bool:
        """Whether this task deletes a live object that is no longer wanted."""
        return self.target is None

    @property
    def obj(self) -> Manifest:
        """The target, or the live object of a prune."""
        return self.target or self.live or {}

    @property
    def slot(self) -> tuple[int, int]:
        """What runs together: (phase, wave)."""
        return (_PHASES[self.phase], self.wave)


_Test: TypeAlias = Callable[[Task], bool]
_Relation: TypeAlias = Callable[[Task, Task], bool]


def task_for(target: Manifest, key: ObjectKey, live: Manifest | None, *, phase: Phase, hook: bool) -> Task:
    """Return the task that applies a target."""
    return Task(phase=phase, key=key, target=target, live=live, hook=hook, wave=wave_of(target))


def sort_tasks(tasks: Iterable[Task]) -> list[Task]:
    """Return the tasks in the order of execution.

    Among equals everything else decides nothing: the order of input is kept. A Namespace is pulled before the first
    task in that namespace, a CustomResourceDefinition before the first object of its kind; they take over its phase
    and wave when those are earlier.
    """
    ordered = sorted(tasks, key=_rank)
    ordered = _pull_up(ordered, _is_namespace, _lives_in)
    return _pull_up(ordered, _is_definition, _is_defined_by)


def _rank(task: Task) -> tuple[tuple[int, int], int, str]:
    return (task.slot, KIND_ORDER.get(task.obj.get("kind") or "", len(KIND_ORDER)), task.key.name)


def _pull_up(tasks: Sequence[Task], is_base: _Test, needs: _Relation) -> list[Task]:
    ordered = list(tasks)
    for base in [task for task in tasks if is_base(task)]:
        position = ordered.index(base)
        first = next((i for i, task in enumerate(ordered[:position]) if needs(task, base)), None)
        if first is not None:
            user = ordered[first]
            del ordered[position]
            ordered.insert(first, replace(base, phase=user.phase, wave=user.wave))
    return ordered


def _is_namespace(task: Task) -> bool:
    return task.target is not None and group_kind(task.target) == ("", "Namespace")


def _lives_in(task: Task, namespace: Task) -> bool:
    return task.target is not None and (task.place or task.key.namespace) == namespace.key.name


def _is_definition(task: Task) -> bool:
    return task.target is not None and group_kind(task.target) == (APIEXTENSIONS, "CustomResourceDefinition")


def _is_defined_by(task: Task, definition: Task) -> bool:
    spec = mapping_at(definition.target, "spec")
    return task.target is not None and group_kind(task.obj) == (text_at(spec, "group"), text_at(spec, "names", "kind"))


def mirror_prune_waves(tasks: Sequence[Task]) -> list[Task]:
    """Turn the waves of prune tasks round: what was applied last is pruned first."""
    waves = sorted({task.wave for task in tasks if task.prune})
    mirrored = dict(zip(waves, reversed(waves), strict=True))
    return [replace(task, wave=mirrored[task.wave]) if task.prune else task for task in tasks]


def prune_last(tasks: Sequence[Task], is_last: _Test) -> list[Task]:
    """Move the prune tasks that say PruneLast one wave behind the last of the Sync phase."""
    last = max((task.wave for task in tasks if task.phase is Phase.SYNC), default=0) + 1
    return [replace(task, phase=Phase.SYNC, wave=last) if task.prune and is_last(task) else task for task in tasks]
