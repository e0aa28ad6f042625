"""Health of the other kinds with built-in rules: storage, network, autoscaling, API services, workflows."""

from __future__ import annotations

import json

from nixernetes.health.argocd.status import Health, HealthStatus, Rule, degraded, healthy, progressing
from nixernetes.health.conditions import Condition, condition, conditions, conditions_in
from nixernetes.objects.fields import at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Manifest, annotations_of

__all__ = ["RULES"]

_CLAIM = {
    "Lost": HealthStatus.DEGRADED,
    "Pending": HealthStatus.PROGRESSING,
    "Bound": HealthStatus.HEALTHY,
}
_WORKFLOW = {
    "": HealthStatus.PROGRESSING,
    "Pending": HealthStatus.PROGRESSING,
    "Running": HealthStatus.PROGRESSING,
    "Succeeded": HealthStatus.HEALTHY,
    "Failed": HealthStatus.DEGRADED,
    "Error": HealthStatus.DEGRADED,
}
_NO_METRICS = (
    "FailedGetResourceMetric",
    "FailedGetObjectMetric",
    "FailedGetPodsMetric",
    "FailedGetExternalMetric",
    "FailedComputeMetricsReplicas",
    "InvalidSelector",
)
_V1_CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions"


def _claim(obj: Manifest) -> Health:
    return Health(_CLAIM.get(text_at(obj, "status", "phase"), HealthStatus.UNKNOWN))


def _has_address(obj: Manifest) -> bool:
    return bool(at(obj, "status", "loadBalancer", "ingress"))


def _service(obj: Manifest) -> Health:
    waits = text_at(obj, "spec", "type") == "LoadBalancer" and not _has_address(obj)
    return progressing() if waits else healthy()


def _ingress(obj: Manifest) -> Health:
    return healthy() if _has_address(obj) else progressing()


def _autoscaler(obj: Manifest) -> Health:
    found = _autoscaler_conditions(obj)
    for each in found:
        if _autoscaler_failed(each):
            return degraded(each.message)
    for each in found:
        if each.type in ("AbleToScale", "ScalingLimited") and each.is_true:
            return healthy(each.message)
    return progressing("Waiting to Autoscale")


def _autoscaler_conditions(obj: Manifest) -> list[Condition]:
    if text_at(obj, "apiVersion") != "autoscaling/v1":
        return conditions(obj)
    try:
        found = json.loads(annotations_of(obj).get(_V1_CONDITIONS, ""))
    except (ValueError, RecursionError):
        return []
    return conditions_in(found) if isinstance(found, list) else []


def _autoscaler_failed(found: Condition) -> bool:
    if found.type == "AbleToScale":
        return found.reason in ("FailedGetScale", "FailedUpdateScale")
    return found.type == "ScalingActive" and found.reason in _NO_METRICS


def _api_service(obj: Manifest) -> Health:
    available = condition(obj, "Available")
    if not available:
        return progressing("Waiting to be processed")
    message = f"{available.reason}: {available.message}"
    return healthy(message) if available.is_true else progressing(message)


def _workflow(obj: Manifest) -> Health:
    status = _WORKFLOW.get(text_at(obj, "status", "phase"), HealthStatus.UNKNOWN)
    return Health(status, text_at(obj, "status", "message"))


RULES: dict[GroupKind, Rule] = {
    GroupKind("", "PersistentVolumeClaim"): _claim,
    GroupKind("", "Service"): _service,
    GroupKind("apiregistration.k8s.io", "APIService"): _api_service,
    GroupKind("argoproj.io", "Workflow"): _workflow,
    GroupKind("autoscaling", "HorizontalPodAutoscaler"): _autoscaler,
    GroupKind("extensions", "Ingress"): _ingress,
    GroupKind("networking.k8s.io", "Ingress"): _ingress,
}
