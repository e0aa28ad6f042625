"""Objects that look at others: disruption budgets count pods, autoscalers see the workload that they scale.

Nothing is measured here, so an autoscaler only keeps its workload between its bounds, and says that it can. It looks
every 15 seconds (``--horizontal-pod-autoscaler-sync-period``), so that two of one workload scale it in turns.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from nixernetes.cluster.workloads.profile import WorkloadProfile
from nixernetes.cluster.workloads.store import WorkloadStore, moment, transition
from nixernetes.objects.api_groups import APIREGISTRATION
from nixernetes.objects.fields import at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, split_api_version
from nixernetes.objects.kinds import (
    API_SERVICE,
    DEPLOYMENT,
    HORIZONTAL_POD_AUTOSCALER,
    POD,
    POD_DISRUPTION_BUDGET,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.selectors import matches

__all__ = ["LOOKS_AT", "reconcile_autoscaler", "reconcile_disruption_budget"]


_METRICS_API: Final = ObjectKey(APIREGISTRATION, API_SERVICE.kind, "", "v1beta1.metrics.k8s.io")
_NO_METRICS: Final = (
    "unable to get metrics for resource {name}: unable to fetch metrics from resource metrics API: "
    "the server could not find the requested resource (get pods.metrics.k8s.io)"
)
_DISABLED: Final = "scaling is disabled since the replica count of the target is zero"
_TOLD_SCALE: Final = {
    "type": "AbleToScale",
    "status": "True",
    "reason": "SucceededGetScale",
    "message": "the HPA controller was able to get the target's current scale",
}
_SYNC_PERIOD: Final = timedelta(seconds=15)
# A change of one of these kinds makes those of the first look again, in the same namespace.
LOOKS_AT: dict[GroupKind, frozenset[GroupKind]] = {
    POD_DISRUPTION_BUDGET: frozenset((POD,)),
    HORIZONTAL_POD_AUTOSCALER: frozenset((DEPLOYMENT, STATEFUL_SET)),
}


def reconcile_disruption_budget(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Count the pods of a budget, and how many of them may go."""
    meta, selector = item["metadata"], at(item, "spec", "selector")
    found = [pod for pod in store.list(POD, meta["namespace"]) if _is_selected(selector, pod)]
    healthy = store.ready(found)
    desired = _desired_healthy(mapping_at(item, "spec"), len(found))
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
            "conditions": transition(objects_at(item, "status", "conditions"), [condition], store.stamp()),
        },
    )
    return None


def reconcile_autoscaler(store: WorkloadStore, item: Manifest, profile: WorkloadProfile) -> datetime | None:
    """Keep the workload of an autoscaler between its bounds."""
    meta, target = item["metadata"], mapping_at(item, "spec", "scaleTargetRef")
    group, _ = split_api_version(text_at(target, "apiVersion"))
    kind, name = text_at(target, "kind"), text_at(target, "name")
    workload = store.get(ObjectKey(group, kind, meta["namespace"], name))
    old = objects_at(item, "status", "conditions")
    if workload is None or at(workload, "spec", "replicas") is None:
        why = f'the HPA controller was unable to get the target\'s current scale: "{name}" not found'
        failed = {"type": "AbleToScale", "status": "False", "reason": "FailedGetScale", "message": why}
        store.set_status(item, {"conditions": transition(old, [failed], store.stamp())})
        return None
    present, most = number_at(workload, "spec", "replicas"), mapping_at(item, "spec").get("maxReplicas")
    least = number_at(item, "spec", "minReplicas", default=1)
    if present == 0 and least:
        off = {"type": "ScalingActive", "status": "False", "reason": "ScalingDisabled", "message": _DISABLED}
        conditions = transition(old, [_TOLD_SCALE, off], store.stamp())
        store.set_status(item, {"currentReplicas": 0, "desiredReplicas": 0, "conditions": conditions})
        return None
    if present < least or (isinstance(most, int) and present > most):
        return _into_bounds(store, item, workload, least if present < least else number_at(item, "spec", "maxReplicas"))
    unmeasured = "" if profile.metrics or store.get(_METRICS_API) is not None else _unmeasured(item)
    if unmeasured:
        store.set_status(item, {"conditions": transition(old, _unable(unmeasured), store.stamp())})
        return None
    status: Json = {
        "currentReplicas": number_at(workload, "status", "replicas"),
        "desiredReplicas": present,
        "conditions": transition(old, _able(), store.stamp()),
    }
    store.set_status(item, status)
    return None


def _into_bounds(store: WorkloadStore, item: Manifest, workload: Manifest, wanted: int) -> datetime | None:
    """Scale a workload to the bound that it is beyond, at most once in a period; nothing has to be measured for it."""
    scaled = text_at(item, "status", "lastScaleTime")
    if scaled and store.now < moment(scaled) + _SYNC_PERIOD:
        return moment(scaled) + _SYNC_PERIOD
    is_less = wanted > number_at(workload, "spec", "replicas")
    store.scale(workload, wanted)
    reason = f"Current number of replicas {'below' if is_less else 'above'} Spec.{'Min' if is_less else 'Max'}Replicas"
    store.event(item, "Normal", "SuccessfulRescale", f"New size: {wanted}; reason: {reason}")
    told = f"the HPA controller was able to update the target scale to {wanted}"
    able = {"type": "AbleToScale", "status": "True", "reason": "SucceededRescale", "message": told}
    store.set_status(
        item,
        {
            "currentReplicas": number_at(workload, "status", "replicas"),
            "desiredReplicas": wanted,
            "lastScaleTime": store.stamp(),
            "conditions": transition(objects_at(item, "status", "conditions"), [able], store.stamp()),
        },
    )
    return store.now + _SYNC_PERIOD


def _able() -> list[Json]:
    rows = (
        ("AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size"),
        ("ScalingActive", "True", "ValidMetricFound", "the HPA was able to successfully calculate a replica count"),
        ("ScalingLimited", "False", "DesiredWithinRange", "the desired count is within the acceptable range"),
    )
    return [dict(zip(("type", "status", "reason", "message"), row, strict=True)) for row in rows]


def _unmeasured(item: Manifest) -> str:
    """Return what of the resources of pods cannot be had where nobody measures them, ``""`` where none is asked for."""
    for metric in objects_at(item, "spec", "metrics"):
        name = text_at(metric, "resource", "name")
        if name:
            is_share = text_at(metric, "resource", "target", "type") == "Utilization"
            return f"failed to get {name} {'utilization' if is_share else 'usage'}: {_NO_METRICS.format(name=name)}"
    return ""


def _unable(what: str) -> list[Json]:
    why = f"the HPA was unable to compute the replica count: {what}"
    unable = {"type": "ScalingActive", "status": "False", "reason": "FailedGetResourceMetric", "message": why}
    return [_TOLD_SCALE, unable]


def _is_selected(selector: Json, pod: Manifest) -> bool:
    """Tell whether a budget counts a pod; one whose selector is none counts none."""
    try:
        return matches(selector, labels_of(pod))
    except ValueError:
        return False


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
