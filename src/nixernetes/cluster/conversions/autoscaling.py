"""HorizontalPodAutoscalers of ``autoscaling/v1`` and ``v2``: what v1 has no field for stands in annotations.

After Kubernetes 1.34.4, ``pkg/apis/autoscaling/v1/conversion.go``.
"""

from __future__ import annotations

import json
from typing import Final

from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["V1", "V2", "from_v1", "to_v1"]

V1: Final = "autoscaling/v1"
V2: Final = "autoscaling/v2"
_METRICS: Final = "autoscaling.alpha.kubernetes.io/metrics"
_CURRENT: Final = "autoscaling.alpha.kubernetes.io/current-metrics"
_BEHAVIOR: Final = "autoscaling.alpha.kubernetes.io/behavior"
_CONDITIONS: Final = "autoscaling.alpha.kubernetes.io/conditions"
_SOURCES: Final = ("object", "pods", "resource", "containerResource", "external")
_RULES: Final = {"scaleUp": "ScaleUp", "scaleDown": "ScaleDown"}
_IN_GO: Final = {  # the fields of internal structs, in their order
    "StabilizationWindowSeconds": "stabilizationWindowSeconds",
    "SelectPolicy": "selectPolicy",
    "Policies": "policies",
    "Tolerance": "tolerance",
}
_POLICY_IN_GO: Final = {"Type": "type", "Value": "value", "PeriodSeconds": "periodSeconds"}
_OF_TARGETS: Final = (
    ("targetAverageUtilization", "averageUtilization"),
    ("targetAverageValue", "averageValue"),
    ("targetValue", "value"),
)


def to_v1(autoscaler: Manifest) -> Manifest:
    """Return an autoscaler of v2 as one of v1."""
    spec, status = mapping_at(autoscaler, "spec"), mapping_at(autoscaler, "status")
    notes = {name: text for name, text in annotations_of(autoscaler).items() if name not in _ALL}
    others = [_old_metric(each) for each in objects_at(spec, "metrics") if _share(each) is None]
    if others:
        notes[_METRICS] = _json(others)
    if objects_at(status, "currentMetrics"):
        notes[_CURRENT] = _json([_old_status(each) for each in objects_at(status, "currentMetrics")])
    if spec.get("behavior") is not None:
        notes[_BEHAVIOR] = _json(_behavior_in_go(mapping_at(spec, "behavior")))
    if objects_at(status, "conditions"):
        notes[_CONDITIONS] = _json(objects_at(status, "conditions"))
    kept = {name: value for name, value in spec.items() if name not in ("metrics", "behavior")}
    share = next((found for each in objects_at(spec, "metrics") if (found := _share(each)) is not None), None)
    if share is not None:
        kept["targetCPUUtilizationPercentage"] = share
    told = {name: value for name, value in status.items() if name not in ("currentMetrics", "conditions")}
    now = next(
        (found for each in objects_at(status, "currentMetrics") if (found := _share_now(each)) is not None), None
    )
    if now is not None:
        told["currentCPUUtilizationPercentage"] = now
    told = {"currentReplicas": 0, "desiredReplicas": 0, **told}
    return {**_with_notes(autoscaler, notes), "spec": kept, "status": told}


def from_v1(autoscaler: Manifest) -> Manifest:
    """Return an autoscaler of v1 as one of v2; annotations that nobody could have written here are let be."""
    spec, status, notes = mapping_at(autoscaler, "spec"), mapping_at(autoscaler, "status"), annotations_of(autoscaler)
    kept = {name: value for name, value in spec.items() if name != "targetCPUUtilizationPercentage"}
    metrics = [_new_metric(each) for each in _read(notes.get(_METRICS)) or () if isinstance(each, dict)]
    share = spec.get("targetCPUUtilizationPercentage")
    if share is not None:
        target = {"type": "Utilization", "averageUtilization": share}
        metrics.append({"type": "Resource", "resource": {"name": "cpu", "target": target}})
    if metrics:
        kept["metrics"] = metrics
    behavior = _read(notes.get(_BEHAVIOR))
    if isinstance(behavior, dict):
        kept["behavior"] = _behavior_of_go(behavior)
    told = {name: value for name, value in status.items() if name != "currentCPUUtilizationPercentage"}
    conditions = _read(notes.get(_CONDITIONS))
    if conditions:
        told["conditions"] = conditions
    if not told.get("currentReplicas"):
        told.pop("currentReplicas", None)
    told = {"desiredReplicas": 0, "currentMetrics": None, **told}
    left = {name: text for name, text in notes.items() if name not in _ALL}
    return {**_with_notes(autoscaler, left), "spec": kept, "status": told}


_ALL: Final = (_METRICS, _CURRENT, _BEHAVIOR, _CONDITIONS)


def _with_notes(autoscaler: Manifest, notes: dict[str, str]) -> Manifest:
    meta = {name: value for name, value in autoscaler["metadata"].items() if name != "annotations"}
    return {**autoscaler, "metadata": {**meta, **({"annotations": notes} if notes else {})}}


def _share(metric: Manifest) -> Json:
    """Return the percentage of the CPU that a metric aims at; None for another metric."""
    if text_at(metric, "type") != "Resource" or text_at(metric, "resource", "name") != "cpu":
        return None
    return mapping_at(metric, "resource", "target").get("averageUtilization")


def _share_now(metric: Manifest) -> Json:
    if text_at(metric, "type") != "Resource" or text_at(metric, "resource", "name") != "cpu":
        return None
    return mapping_at(metric, "resource", "current").get("averageUtilization")


def _old_metric(metric: Manifest) -> Json:
    """Return a metric as v1 has it, whose targets stand beside the names."""
    found: dict[str, Json] = {"type": text_at(metric, "type")}
    for name in _SOURCES:
        if name in metric:
            found[name] = _old_source(name, mapping_at(metric, name))
    return found


def _old_source(kind: str, source: Manifest) -> Json:
    target, named = mapping_at(source, "target"), mapping_at(source, "metric")
    amounts = {old: target[new] for old, new in _OF_TARGETS if target.get(new) is not None}
    if kind in ("resource", "containerResource"):
        rest = {"container": source["container"]} if "container" in source else {}
        return {"name": source.get("name"), **amounts, **rest}
    selector = {"selector": named["selector"]} if "selector" in named else {}
    if kind == "object":
        amount = {"targetValue": amounts.get("targetValue", "0")}
        average = {"averageValue": amounts["targetAverageValue"]} if "targetAverageValue" in amounts else {}
        about = mapping_at(source, "describedObject")
        return {"target": about, "metricName": text_at(named, "name"), **amount, **selector, **average}
    if kind == "pods":
        amount = {"targetAverageValue": amounts.get("targetAverageValue", "0")}
        return {"metricName": text_at(named, "name"), **amount, **selector}
    chosen = {"metricSelector": named["selector"]} if "selector" in named else {}
    return {"metricName": text_at(named, "name"), **chosen, **amounts}


def _new_metric(metric: Manifest) -> Json:
    found: dict[str, Json] = {"type": text_at(metric, "type")}
    for name in _SOURCES:
        if name in metric:
            found[name] = _new_source(name, mapping_at(metric, name))
    return found


def _new_source(kind: str, source: Manifest) -> Json:
    target = {new: source[old] for old, new in _OF_TARGETS if source.get(old) is not None}
    if "averageValue" in source:
        target["averageValue"] = source["averageValue"]
    aims = (("averageUtilization", "Utilization"), ("averageValue", "AverageValue"), ("value", "Value"))
    target = {"type": next((word for name, word in aims if name in target), "AverageValue"), **target}
    if kind in ("resource", "containerResource"):
        return {**{name: source[name] for name in ("name", "container") if name in source}, "target": target}
    selector = source.get("selector") or source.get("metricSelector")
    named: dict[str, Json] = {"name": text_at(source, "metricName"), **({"selector": selector} if selector else {})}
    about = {"describedObject": mapping_at(source, "target")} if kind == "object" else {}
    return {**about, "metric": named, "target": target}


def _old_status(metric: Manifest) -> Json:
    """Return what was measured, as v1 has it."""
    found: dict[str, Json] = {"type": text_at(metric, "type")}
    for name in _SOURCES:
        if name in metric:
            part, current = mapping_at(metric, name), mapping_at(metric, name, "current")
            words = (("currentAverageUtilization", "averageUtilization"), ("currentAverageValue", "averageValue"))
            amounts = {old: current[new] for old, new in words if current.get(new) is not None}
            found[name] = {"name": text_at(part, "name") or text_at(part, "metric", "name"), **amounts}
    return found


def _behavior_in_go(behavior: Manifest) -> Json:
    return {
        go: {
            word: [_policy_in_go(each) for each in objects_at(rules, name)] if name == "policies" else rules.get(name)
            for word, name in _IN_GO.items()
        }
        if (rules := mapping_at(behavior, part))
        else None
        for part, go in _RULES.items()
    }


def _policy_in_go(policy: Manifest) -> Json:
    return {word: policy.get(name) for word, name in _POLICY_IN_GO.items()}


def _behavior_of_go(behavior: Manifest) -> Json:
    found: dict[str, Json] = {}
    for part, go in _RULES.items():
        rules = mapping_at(behavior, go)
        if rules:
            kept = {name: rules[word] for word, name in _IN_GO.items() if rules.get(word) is not None}
            policies = [
                {name: each[word] for word, name in _POLICY_IN_GO.items() if word in each}
                for each in objects_at(rules, "Policies")
            ]
            found[part] = {**kept, "policies": policies}
    return found


def _json(value: Json) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _read(text: str | None) -> Json:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None
