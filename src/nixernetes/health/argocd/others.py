"""Health of the other kinds with built-in rules: storage, network, autoscaling, API services, workflows."""

from __future__ import annotations

import json

from nixernetes.health.argocd.status import (
    Health,
    HealthStatus,
    Rule,
    condition,
    conditions,
    degraded,
    healthy,
    progressing,
)
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json, Manifest, annotations_of

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
_V1_CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions"


def _claim(obj: Manifest) -> Health:
    return Health(_CLAIM.get((obj.get("status") or {}).get("phase") or "", HealthStatus.UNKNOWN))


def _has_address(obj: Manifest) -> bool:
    return bool(((obj.get("status") or {}).get("loadBalancer") or {}).get("ingress"))


def _service(obj: Manifest) -> Health:
    if (obj.get("spec") or {}).get("type") == "LoadBalancer" and not _has_address(obj):
        return progressing()
    return healthy()


def _ingress(obj: Manifest) -> Health:
    return healthy() if _has_address(obj) else progressing()


def _autoscaler(obj: Manifest) -> Health:
    found = _autoscaler_conditions(obj)
    for item in found:
        if _autoscaler_failed(item.get("type"), item.get("reason") or ""):
            return degraded(item.get("message") or "")
    for item in found:
        if item.get("type") == "AbleToScale" and item.get("status") == "True":
            return healthy(item.get("message") or "")
    return progressing("Waiting to Autoscale")


def _autoscaler_conditions(obj: Manifest) -> list[Json]:
    if obj.get("apiVersion") != "autoscaling/v1":
        return conditions(obj)
    try:
        found = json.loads(annotations_of(obj).get(_V1_CONDITIONS) or "[]")
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def _autoscaler_failed(kind: str | None, reason: str) -> bool:
    if kind == "AbleToScale":
        return reason in ("FailedGetScale", "FailedUpdateScale")
    return kind == "ScalingActive" and reason.startswith(("FailedGet", "Invalid"))


def _api_service(obj: Manifest) -> Health:
    available = condition(obj, "Available")
    if available is None:
        return progressing("Waiting to be processed")
    message = f"{available.get('reason', '')}: {available.get('message', '')}"
    return healthy(message) if available.get("status") == "True" else progressing(message)


def _workflow(obj: Manifest) -> Health:
    status = obj.get("status") or {}
    return Health(_WORKFLOW.get(status.get("phase") or "", HealthStatus.UNKNOWN), status.get("message") or "")


RULES: dict[GroupKind, Rule] = {
    GroupKind("", "PersistentVolumeClaim"): _claim,
    GroupKind("", "Service"): _service,
    GroupKind("apiregistration.k8s.io", "APIService"): _api_service,
    GroupKind("argoproj.io", "Workflow"): _workflow,
    GroupKind("autoscaling", "HorizontalPodAutoscaler"): _autoscaler,
    GroupKind("extensions", "Ingress"): _ingress,
    GroupKind("networking.k8s.io", "Ingress"): _ingress,
}
