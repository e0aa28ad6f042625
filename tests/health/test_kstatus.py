"""kstatus agrees with its own test cases, and Jobs are read as Flux reads them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.health.kstatus import Jobs, Status, compute
from nixernetes.objects.manifest import Json

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_FILE = SHARED / "conformance" / "kstatus.json"


def _cases() -> list[Json]:
    return list(json.loads(_FILE.read_text())["compute"]) if _FILE.exists() else []


def _at(value: Json) -> Json:
    text = json.dumps(value).replace("NOW_PLACEHOLDER", _NOW.isoformat())
    return json.loads(text.replace("NOW_MINUS_1M", (_NOW - timedelta(minutes=1)).isoformat()))


@needs_shared
def test_the_cases_are_there() -> None:
    assert len(_cases()) == 38


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{i}-{case['name']}") for i, case in enumerate(_cases())])
def test_kstatus_case(case: Json) -> None:
    verdict = compute(_at(case["object"]), _NOW, jobs=Jobs.UPSTREAM)
    assert verdict.status == case["expected_status"]
    for wanted in case["expected_conditions"]:
        assert (verdict.condition, verdict.reason) == (wanted["type"], wanted["reason"])
    assert verdict.condition not in case["absent_conditions"]


@pytest.mark.parametrize(
    ("spec", "conditions", "status"),
    [
        ({}, [], Status.IN_PROGRESS),
        ({}, [{"type": "Complete", "status": "True"}], Status.CURRENT),
        ({}, [{"type": "Failed", "status": "True"}], Status.FAILED),
        ({"suspend": True}, [], Status.CURRENT),
    ],
)
def test_flux_waits_for_a_job_to_end(spec: Json, conditions: Json, status: Status) -> None:
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "a"},
        "spec": spec,
        "status": {"startTime": "2026-01-01T00:00:00Z", "active": 1, "conditions": conditions},
    }
    assert compute(job).status is status


def test_an_object_being_deleted_is_terminating() -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}
    assert compute(pod).status is Status.TERMINATING


def test_an_unschedulable_pod_fails_after_its_window() -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"creationTimestamp": _NOW.isoformat()},
        "status": {
            "phase": "Pending",
            "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}],
        },
    }
    assert compute(pod, _NOW).status is Status.IN_PROGRESS
    assert compute(pod, _NOW + timedelta(seconds=16)).status is Status.FAILED


def test_stalled_is_failed_and_reconciling_is_in_progress() -> None:
    def of(kind: str) -> Json:
        condition = {"type": kind, "status": "True", "reason": "Why", "message": "because"}
        return {"apiVersion": "x.io/v1", "kind": "X", "metadata": {}, "status": {"conditions": [condition]}}

    assert compute(of("Stalled")).status is Status.FAILED
    assert compute(of("Reconciling")).status is Status.IN_PROGRESS
