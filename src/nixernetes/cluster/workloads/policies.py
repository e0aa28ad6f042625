"""Objects that look at others: disruption budgets count pods, autoscalers see the workload that they scale.

Nothing is measured here, so an autoscaler only keeps its workload between its bounds, and says that it can.
"""

from __future__ import annotations

import math
from datetime import datetime

from nixernetes.cluster.workloads import pods
from nixernetes.cluster.workloads.store import Store, transition
from nixernetes.objects.identity import GroupKind, ObjectKey, split_api_version
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.selectors import matches

__all__ = ["LOOKS_AT", "reconcile_autoscaler", "reconcile_disruption_budget"]

_POD = GroupKind("", "Pod")
BUDGET = GroupKind("policy", "PodDisruptionBudget")
AUTOSCALER = GroupKind("autoscaling", "HorizontalPodAutoscaler")

# A change of one of these kinds makes those of the first look again, in the same namespace.
LOOKS_AT: dict[GroupKind, frozenset[GroupKind]] = {
    BUDGET: frozenset((_POD,)),
    AUTOSCALER: frozenset((GroupKind("apps", "Deployment"), GroupKind("apps", "StatefulSet"))),
}


def reconcile_disruption_budget(store: Store, item: Manifest) -> datetime | None:
    """Count the pods of a budget, and how many of them may go."""
    spec, meta = item.get("spec") or {}, item["metadata"]
    found = [pod for pod in store.list(_POD, meta["namespace"]) if matches(spec.get("selector"), labels_of(pod))]
    healthy = sum(pods.is_ready(pod) for pod in found)
    desired = _desired_healthy(spec, len(found))
    allowed = max(healthy - desired, 0) if found else 0
    reason = "SufficientPods" if allowed else "InsufficientPods"
    condition = {
        "type": "DisruptionAllowed",
        "status": str(allowed > 0),
        "reason": reason,
        "message": "",
        "observedGeneration": meta["generation"],
    }
    store.set_status(
        item,
        {
            "observedGeneration": meta["generation"],
            "expectedPods": len(found),
            "currentHealthy": healthy,
            "desiredHealthy": desired,
            "disruptionsAllowed": allowed,
            "conditions": transition((item.get("status") or {}).get("conditions") or [], [condition], store.stamp()),
        },
    )
    return None


def reconcile_autoscaler(store: Store, item: Manifest) -> datetime | None:
    """Keep the workload of an autoscaler between its bounds."""
    spec, meta = item.get("spec") or {}, item["metadata"]
    target = spec.get("scaleTargetRef") or {}
    group, _ = split_api_version(target.get("apiVersion", ""))
    workload = store.get(ObjectKey(group, target.get("kind", ""), meta["namespace"], target.get("name", "")))
    old = (item.get("status") or {}).get("conditions") or []
    if workload is None or "replicas" not in (workload.get("spec") or {}):
        why = f'the HPA controller was unable to get the target\'s current scale: "{target.get("name", "")}" not found'
        failed = {"type": "AbleToScale", "status": "False", "reason": "FailedGetScale", "message": why}
        store.set_status(item, {"conditions": transition(old, [failed], store.stamp())})
        return None
    present = workload["spec"]["replicas"]
    wanted = min(max(present, spec.get("minReplicas", 1)), spec.get("maxReplicas", present))
    store.scale(workload, wanted)
    store.set_status(
        item,
        {
            "observedGeneration": meta["generation"],
            "currentReplicas": (workload.get("status") or {}).get("replicas", 0),
            "desiredReplicas": wanted,
            "conditions": transition(old, _able(), store.stamp()),
        },
    )
    return None


def _able() -> list[Json]:
    rows = (
        ("AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size"),
        ("ScalingActive", "True", "ValidMetricFound", "the HPA was able to successfully calculate a replica count"),
        ("ScalingLimited", "False", "DesiredWithinRange", "the desired count is within the acceptable range"),
    )
    return [dict(zip(("type", "status", "reason", "message"), row, strict=True)) for row in rows]


def _desired_healthy(spec: Json, expected: int) -> int:
    if "maxUnavailable" in spec:
        return max(expected - _count(spec["maxUnavailable"], expected), 0)
    return _count(spec.get("minAvailable", 1), expected)


def _count(value: Json, whole: int) -> int:
    """Read a number or a percentage; percentages are rounded up, as the disruption controller does."""
    text = str(value)
    if text.endswith("%") and text[:-1].isdigit():
        return math.ceil(whole * int(text[:-1]) / 100)
    return int(text) if text.isdigit() else 0
