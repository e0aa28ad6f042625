"""Hooks, waves, differences, retries and automated syncs are judged as Argo CD's own code judged them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.adapters.sandbox.jq import JqProcess
from nixernetes.engine.argocd import status
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison import diff
from nixernetes.engine.argocd.comparison.compare import ComparedResource, Comparison
from nixernetes.engine.argocd.comparison.tracking import INSTANCE_LABEL, Tracking
from nixernetes.engine.argocd.statuses import OperationState
from nixernetes.engine.argocd.sync import autosync, hooks
from nixernetes.engine.argocd.sync.ordering import Phase, Task, mirror_prune_waves, prune_last, sort_tasks
from nixernetes.engine.argocd.sync.retries import Retry
from nixernetes.errors import InputError
from nixernetes.gitops.argocd.applications.validation import validate_application
from nixernetes.health.argocd import Assessor
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, labels_of
from nixernetes.objects.well_known import IN_CLUSTER
from nixernetes.render.argocd.applicationsets.clusters import TargetCluster
from nixernetes.render.argocd.applicationsets.templates import Templating

_FILE = SHARED / "conformance" / "sync_rules.json"
_CASES: list[Json] = json.loads(_FILE.read_text())["cases"] if _FILE.is_file() else []
_NOW = datetime.fromisoformat("2026-01-01T00:00:00Z")


@pytest.fixture(scope="module")
def jq() -> Iterator[JqProcess]:
    process = JqProcess()
    yield process
    process.close()


def _at(obj: Json, path: list[str]) -> Json:
    for step in path:
        if step not in obj:
            return {"absent": True}
        obj = obj[step]
    return {"value": obj}


def _task(entry: Json) -> Task:
    obj = entry["object"]
    return Task(
        phase=Phase(entry.get("phase") or "Sync"),
        key=key_of(obj),
        target=obj if entry.get("target", True) else None,
        live=obj if entry.get("live") else None,
        wave=entry["wave"],
    )


def _waves(case: Json) -> list[Task]:
    tasks = mirror_prune_waves([_task(entry) for entry in case["tasks"]])
    everything = case["prune_last"]
    return prune_last(tasks, lambda task: everything or hooks.has_annotation_option(task.live, "PruneLast=true"))


def _order(case: Json) -> Json:
    found = sort_tasks([_task(entry) for entry in case["tasks"]])
    shown = {
        "kind": lambda task: task.key.kind,
        "name": lambda task: task.key.name,
        "phase": lambda task: str(task.phase),
        "wave": lambda task: task.wave,
    }
    return [[shown[name](task) for name in case["show"]] for task in found]


def _application(spec: Json, **more: Json) -> tuple[Json, ReadApplication]:
    app = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "app", "namespace": "argocd"},
    }
    app |= {"spec": spec, **more}
    return app, ReadApplication.decode(app)


def _health(case: Json) -> str:
    _, app = _application(
        {"project": "default", "destination": {"server": IN_CLUSTER}, "source": {"repoURL": "r", "path": "p"}}
    )
    rows = [
        ComparedResource(
            key=key_of(item["live"] or item["target"]),
            version="v1",
            target=item["target"],
            live=item["live"],
            status="Synced",
        )
        for item in case["resources"]
    ]
    found = status.healths(rows, app, Assessor.from_settings(case.get("settings") or {}))
    return str(status.app_health(rows, found))


def _healed(case: Json) -> float:
    state = {"phase": "Succeeded", "operation": {"sync": {"autoHealAttemptsCount": case["attempts"]}}}
    if case["finished"]:
        state["finishedAt"] = case["finished"]
    found = OperationState.of({"status": {"operationState": state}})
    return autosync.heal_wait(found, datetime.fromisoformat(case["now"])).total_seconds()


def _attempted(case: Json) -> bool:
    _, app = _application(case["spec"])
    return autosync.attempted(OperationState.of({"status": {"operationState": case["state"]}}), app, case["revisions"])


def _autosync(case: Json) -> Json:
    policy = {} if case["automated"] is None else {"syncPolicy": {"automated": case["automated"]}}
    spec = {"project": "default", "destination": {"server": IN_CLUSTER}, "source": case["source"], **policy}
    app, read = _application(spec, status={"operationState": case["state"]})
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    rows = tuple(
        ComparedResource(
            key=key_of(obj),
            version="v1",
            target=None if row["requires_pruning"] else obj,
            live=obj,
            status=row["status"],
            requires_pruning=row["requires_pruning"],
        )
        for row in case["resources"]
    )
    found = autosync.decide(
        app, read, Comparison(status=case["status"], resources=rows, revisions=(case["revision"],)), _NOW
    )
    operation = None if found.operation is None else {"prune": found.operation["sync"]["prune"]}
    return {"operation": operation, "condition": found.condition is not None}


def _permissions(case: Json) -> Json:
    app = {"metadata": {"name": "app", "namespace": "argocd"}, "spec": case["spec"]}
    known = [TargetCluster(name=each["name"], server=each["server"]) for each in case["clusters"]]
    messages = [message for _, message in validate_application(app, {"spec": case["project"]}, known)]
    return case["expected"] if [*map(_contains, messages, case["expected"])] == [True] * len(messages) else messages


def _contains(message: str, part: str) -> bool:
    return part in message


def _patched(case: Json) -> Json:
    try:
        return Templating(go=True).patch(case["application"], case["patch"], case["params"])
    except InputError:
        return "error"


def _label(case: Json) -> str:
    obj = case["object"]
    return labels_of(Tracking(method="label").mark(obj, case["application"], key_of(obj), ""))[INSTANCE_LABEL]


_ANSWERS: Mapping[str, Callable[[Json], Json]] = {
    "phases": lambda case: sorted(hooks.phases(case["object"])),
    "ignored": lambda case: hooks.is_ignored(case["object"]),
    "delete_policies": lambda case: sorted(hooks.delete_policies(case["object"])),
    "wave": lambda case: hooks.wave_of(case["object"]),
    "option": lambda case: hooks.annotation_option(case["object"], case["option"]),
    "waves": lambda case: {task.key.name: task.wave for task in _waves(case)},
    "highest_wave": lambda case: max(task.wave for task in _waves(case)),
    "order": _order,
    "template_patch": _patched,
    "tracking_label": _label,
    "tracking_owner": lambda case: Tracking().owner(case["object"]),
    "self_referenced": lambda case: Tracking().is_self_referenced(case["object"]),
    "health": _health,
    "retry_after": lambda case: (Retry.decode(case["retry"]).at(_NOW, case["attempt"]) - _NOW) / timedelta(seconds=1),
    "self_heal_wait": _healed,
    "attempted": _attempted,
    "autosync": _autosync,
    "permissions": _permissions,
}


@needs_shared
@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["id"])
def test_argo_cd_judges_the_same(case: Json, jq: JqProcess) -> None:
    if case["op"] == "normalised":
        rules = diff.rules_for(case["rules"], key_of(case["object"]))
        found = _at(diff.normalise(case["object"], rules, case["object"], jq), case["path"])
    elif case["op"] == "kept":
        rules = diff.rules_for(case["rules"], key_of(case["target"]))
        found = _at(diff.keep_ignored(case["target"], case["live"], rules, jq), case["path"])
    else:
        found = _ANSWERS[case["op"]](case)
    assert found == case["expected"]
