"""Objects come from anywhere: whatever stands in one, there is a verdict on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given, settings, strategies as st

from nixernetes.health import kstatus
from nixernetes.health.argocd import Assessor, Health
from nixernetes.health.argocd.assess import RULES
from nixernetes.health.argocd.bundled import bundled_kinds
from nixernetes.health.argocd.scripts import HealthScript
from nixernetes.health.conditions import Condition, condition, counts
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json, Manifest

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_KINDS = sorted({*RULES, *bundled_kinds(), *kstatus.KINDS, GroupKind("example.com", "Example")})
_NAMES = """
    active annotations autoscaling.alpha.kubernetes.io/conditions availableReplicas blueGreen canary clusterIP
    conditions containerStatuses creationTimestamp currentReplicas deletionTimestamp exitCode finalizers
    generation health ingress initContainerStatuses lastScheduleTime lastState lastSuccessfulTime loadBalancer
    message name observedGeneration partition paused phase progressDeadlineSeconds readyReplicas reason replicas
    restartPolicy rollingUpdate startTime state status strategy suspend terminated type updateStrategy
    updatedReplicas verifyingPreview waiting workloadObservedGeneration workloadRef
"""
_FIELDS = st.sampled_from(_NAMES.split())
_TEXTS = """
    True False Unknown Ready Progressing Available Failed Complete Suspended Established NamesAccepted
    AbleToScale Running Pending RollingUpdate OnDelete LoadBalancer Always 1 [[ 2026-01-01 2026-01-01T00:00:00Z
    PodScheduled Unschedulable oci CrashLoopBackOff
"""
_WORDS = st.sampled_from(_TEXTS.split())
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _WORDS | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_FIELDS, inner, max_size=5),
    max_leaves=20,
)
_CONDITIONS = st.lists(st.dictionaries(st.sampled_from(["type", "status", "reason", "message"]), _VALUES), max_size=4)
_PARTS = st.dictionaries(_FIELDS, _VALUES, max_size=6) | _VALUES
_STATUS = st.builds(
    lambda fields, found: {**fields, "conditions": found}, st.dictionaries(_FIELDS, _VALUES), _CONDITIONS
)
_OBJECTS = st.builds(
    lambda kind, meta, spec, status: {
        "apiVersion": f"{kind.group}/v1".lstrip("/"),
        "kind": kind.kind,
        "metadata": meta,
        "spec": spec,
        "status": status,
    },
    st.sampled_from(_KINDS),
    _PARTS,
    _PARTS,
    _STATUS | _PARTS,
)
_SCRIPT = "return {status = obj.status.health.status, message = obj.status.message}"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(_OBJECTS, st.sampled_from(kstatus.Jobs), st.sampled_from([None, _NOW]))
def test_kstatus_says_something_of_every_object(obj: Manifest, jobs: kstatus.Jobs, now: datetime | None) -> None:
    found = kstatus.compute(obj, now, jobs=jobs)
    assert isinstance(found.status, kstatus.Status)
    assert {type(found.reason), type(found.message)} == {str}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(_OBJECTS, st.sampled_from([{}, {"*": HealthScript(_SCRIPT)}]))
def test_argo_cd_says_something_of_every_object(obj: Manifest, scripts: dict[str, HealthScript]) -> None:
    found = Assessor(scripts).assess(obj)
    assert isinstance(found, get_args(Health | None))
    assert found is None or type(found.message) is str


@pytest.mark.parametrize("created", ["yesterday", "2026-01-01T00:00:00", 5, None])
def test_a_pod_that_does_not_say_when_it_was_made_has_had_its_time(created: Json) -> None:
    why = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"creationTimestamp": created},
        "status": {"phase": "Pending", "conditions": [why]},
    }
    assert kstatus.compute(pod, _NOW).reason == "PodUnschedulable"


def test_what_is_not_a_condition_says_nothing() -> None:
    ready = {"type": "Ready", "status": "True", "reason": 5, "message": None}
    obj = {"status": {"conditions": ["Ready", None, {"type": ["Ready"]}, ready]}}
    assert condition(obj, "Ready") == Condition("Ready", "True")
    assert not condition(obj, "Stalled")
    assert not condition({"status": {"conditions": {"type": "Ready"}}}, "Ready")


def test_what_is_not_a_whole_number_counts_nothing() -> None:
    status = {"replicas": 3, "readyReplicas": "3", "updatedReplicas": True, "failed": float("nan")}
    assert counts({"status": status}, "replicas", "readyReplicas", "updatedReplicas", "failed", "active") == [
        3,
        0,
        0,
        0,
        0,
    ]
