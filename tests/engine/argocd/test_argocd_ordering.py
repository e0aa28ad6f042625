"""Sync tasks run by phase, wave, kind and name; prunes run the other way round."""

from __future__ import annotations

import json

from tests.shared import SHARED, needs_shared

from nixernetes.engine.argocd.sync.hooks import delete_policies, hook_types, is_ignored, wave_of
from nixernetes.engine.argocd.sync.ordering import Phase, Task, mirror_prune_waves, prune_last, sort_tasks
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest


def _task(entry: Json) -> Task:
    target = entry["targetObj"].get("Object") or {}
    return Task(phase=Phase(entry.get("phase", "Sync")), key=key_of(target), target=target, wave=wave_of(target))


@needs_shared
def test_tasks_are_sorted_as_argo_cd_sorts_them() -> None:
    case = json.loads((SHARED / "conformance/argo_sync_tasks.json").read_text())
    tasks = [_task(entry) for entry in case["unsortedTasks"].values()]
    assert sort_tasks(tasks) == [_task(entry) for entry in case["sortedTasks"].values()]


def _object(kind: str, name: str, *, namespace: str = "", wave: int = 0, api: str = "v1", spec: Json = None) -> Task:
    target: Manifest = {"apiVersion": api, "kind": kind, "metadata": {"name": name}, "spec": spec or {}}
    return Task(key=ObjectKey("", kind, namespace, name), target=target, wave=wave)


def test_a_namespace_comes_before_the_first_object_in_it() -> None:
    tasks = [_object("Namespace", "shop", wave=3), _object("ConfigMap", "early", namespace="shop", wave=-1)]
    first, second = sort_tasks(tasks)
    assert (first.key.kind, first.wave) == ("Namespace", -1)
    assert second.key.name == "early"


def test_a_definition_comes_before_the_first_object_of_its_kind() -> None:
    spec = {"group": "example.com", "names": {"kind": "Widget"}}
    tasks = [
        _object("CustomResourceDefinition", "widgets.example.com", wave=2, api="apiextensions.k8s.io/v1", spec=spec),
        _object("Widget", "w", wave=1, api="example.com/v1"),
    ]
    assert [task.key.kind for task in sort_tasks(tasks)] == ["CustomResourceDefinition", "Widget"]


def test_a_definition_that_cannot_be_read_defines_nothing() -> None:
    for spec in ("x", {"names": [None]}, {"group": 3, "names": {"kind": ["Widget"]}}):
        tasks = [
            _object("CustomResourceDefinition", "w.example.com", wave=2, api="apiextensions.k8s.io/v1", spec=spec),
            _object("Widget", "w", wave=1, api="example.com/v1"),
        ]
        assert [task.key.kind for task in sort_tasks(tasks)] == ["Widget", "CustomResourceDefinition"]


def _prune(name: str, wave: int) -> Task:
    return Task(key=ObjectKey("", "ConfigMap", "a", name), live={"kind": "ConfigMap"}, wave=wave)


def test_what_was_applied_last_is_pruned_first() -> None:
    mirrored = mirror_prune_waves([_prune("a", 0), _prune("b", 1), _prune("c", 5), _object("ConfigMap", "x", wave=3)])
    assert [(task.key.name, task.wave) for task in mirrored] == [("a", 5), ("b", 1), ("c", 0), ("x", 3)]


def test_prune_last_comes_after_every_wave() -> None:
    tasks = prune_last([_object("ConfigMap", "x", wave=7), _prune("a", 0)], lambda _: True)
    assert tasks[1].wave == 8


def test_helm_hooks_are_argo_cd_hooks() -> None:
    obj = {"metadata": {"annotations": {"helm.sh/hook": "pre-install,post-upgrade", "helm.sh/hook-weight": "-5"}}}
    assert hook_types(obj) == ("PreSync", "PostSync")
    assert wave_of(obj) == -5
    assert delete_policies(obj) == ("BeforeHookCreation",)


def test_only_unsupported_helm_hooks_are_ignored() -> None:
    assert is_ignored({"metadata": {"annotations": {"helm.sh/hook": "test"}}})
    assert not is_ignored({"metadata": {"annotations": {"helm.sh/hook": "crd-install"}}})
    assert not is_ignored({"metadata": {"annotations": {"helm.sh/hook": "test,pre-install"}}})


def test_a_wave_that_is_no_integer_is_zero() -> None:
    assert wave_of({"metadata": {"annotations": {"argocd.argoproj.io/sync-wave": "soon"}}}) == 0
