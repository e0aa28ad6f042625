"""Autoscalers, disruption budgets, priorities (``validation`` of ``autoscaling``, ``policy`` and ``scheduling``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from nixernetes.languages import quantities
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, forbidden, invalid, required, unsupported
from nixernetes.schemas.rules.numbers import percent_or_number

__all__ = ["RULES"]

_HIGHEST: Final = 1_000_000_000  # of priorities; what is above belongs to the system
_SOURCES: Final = {
    "Resource": "resource",
    "Pods": "pods",
    "Object": "object",
    "External": "external",
    "ContainerResource": "containerResource",
}

_IN_ORDER: Final = ("object", "external", "pods", "resource", "containerResource")  # the first that is given counts
_UTILIZATION: Final = (
    ("averageUtilization", "averageValue"),
    "must set either a target raw value or a target utilization",
)
_NEEDED: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "object": (("averageValue", "value"), "must set either a target value or averageValue"),
    "external": (("averageValue", "value"), "must set either a target value for metric or a per-pod target"),
    "pods": (("averageValue",), "must specify a positive target averageValue"),
    "resource": _UTILIZATION,
    "containerResource": _UTILIZATION,
}
_TARGETS: Final = ("Utilization", "Value", "AverageValue")
_EVICTIONS: Final = ("AlwaysAllow", "IfHealthyBudget")
_WHOLE: Final = 100  # percent
_BUDGET_IN_GO: Final = {
    "MinAvailable": "minAvailable",
    "Selector": "selector",
    "MaxUnavailable": "maxUnavailable",
    "UnhealthyPodEvictionPolicy": "unhealthyPodEvictionPolicy",
}


def _autoscaler(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    least, most = value.get("minReplicas", 1), value.get("maxReplicas", 0)
    kinds = {text_at(each, "type") for each in objects_at(value, "metrics")}
    scales_to_zero = least == 0 and bool(kinds & {"Object", "External"})  # with HPAScaleToZero, which some turn on
    if isinstance(least, int) and least < 1 and not scales_to_zero:
        yield invalid((*path, "minReplicas"), least, "must be greater than or equal to 1")
    if isinstance(most, int) and most < 1:
        yield invalid((*path, "maxReplicas"), most, "must be greater than 0")
    if isinstance(least, int) and isinstance(most, int) and most < least:
        yield invalid((*path, "maxReplicas"), most, "must be greater than or equal to `minReplicas`")
    target, here = mapping_at(value, "scaleTargetRef"), (*path, "scaleTargetRef")
    yield from _reference(target, here)
    version = text_at(target, "apiVersion")
    if "/" not in version or version.startswith("/"):
        yield invalid((*here, "apiVersion"), text_at(target, "apiVersion"), "apiVersion must specify API group")
    if least == 0 and not scales_to_zero:
        detail = "must specify at least one Object or External metric to support scaling to zero replicas"
        yield forbidden((*path, "metrics"), detail)


def _reference(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for part in ("kind", "name"):
        text = text_at(value, part)
        wrong = names.path_segment_problem(text)
        if not text:
            yield required((*path, part))
        elif wrong:
            yield invalid((*path, part), text, wrong)


def _metric(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    kind = text_at(value, "type")
    source = _SOURCES.get(kind)
    if not kind:
        yield required((*path, "type"), "must specify a metric source type")
        yield replace(unsupported((*path, "type"), kind, tuple(sorted(_SOURCES))), times=2)
    elif source is None:
        yield replace(unsupported((*path, "type"), kind, tuple(sorted(_SOURCES))), times=2)
    elif at(value, source) is None:
        yield required((*path, source), "must populate information for the given metric source")
    given = [name for name in _IN_ORDER if at(value, name) is not None]
    if given:
        yield from _source(given[0], mapping_at(value, given[0]), (*path, given[0]))
    for name in given[1:]:
        yield forbidden((*path, name), "may not specify more than one metric source type")


def _source(kind: str, value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if kind == "object":
        yield from _reference(mapping_at(value, "describedObject"), (*path, "describedObject"))
    yield from _measured(kind, value, path)
    target = mapping_at(value, "target")
    what = text_at(target, "type")
    if not what:
        yield required((*path, "target", "type"), "must specify a metric target type")
    if what not in _TARGETS:
        yield invalid((*path, "target", "type"), what, "must be either Utilization, Value, or AverageValue")
    given = {name for name in ("value", "averageValue", "averageUtilization") if target.get(name) is not None}
    for name in ("value", "averageValue"):
        amount = target.get(name)
        if amount is not None and quantities.parse(str(amount)).nano <= 0:
            yield invalid((*path, "target", name), str(amount), "must be positive")
    utilization = target.get("averageUtilization")
    if isinstance(utilization, int) and utilization < 1:
        yield invalid((*path, "target", "averageUtilization"), utilization, "must be greater than 0")
    needed, missing = _NEEDED[kind]
    if not given & set(needed):
        yield required((*path, "target", needed[0]), missing)
    if kind in ("resource", "containerResource") and given >= set(needed):
        detail = "may not set both a target raw value and a target utilization"
        yield forbidden((*path, "target", "averageValue"), detail)
    if kind == "external" and given >= set(needed):
        detail = "may not set both a target value for metric and a per-pod target"
        yield forbidden((*path, "target", "value"), detail)


def _measured(kind: str, value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with the name of what is measured."""
    if kind in ("resource", "containerResource"):
        for part, what in (("name", "a resource name"), ("container", "a container")):
            if not text_at(value, part) and (part == "name" or kind == "containerResource"):
                yield required((*path, part), f"must specify {what}")
        return
    name, here = text_at(value, "metric", "name"), (*path, "metric", "name")
    wrong = names.path_segment_problem(name)
    if not name:
        yield required(here, "must specify a metric name")
    elif wrong:
        yield invalid(here, name, wrong)


def _budget(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if at(value, "minAvailable") is not None and at(value, "maxUnavailable") is not None:
        shown = {go: value.get(name) for go, name in _BUDGET_IN_GO.items()}
        yield invalid(path, shown, "minAvailable and maxUnavailable cannot be both set")
    policy = value.get("unhealthyPodEvictionPolicy")
    if policy is not None and policy not in _EVICTIONS:
        yield unsupported((*path, "unhealthyPodEvictionPolicy"), policy, _EVICTIONS)
    for name in ("minAvailable", "maxUnavailable"):
        amount = at(value, name)
        yield from percent_or_number(amount, (*path, name))
        if isinstance(amount, str) and amount[:-1].isdecimal() and amount.endswith("%") and int(amount[:-1]) > _WHOLE:
            yield invalid((*path, name), amount, "must not be greater than 100%")


def _priority(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    number = value.get("value")
    is_of_system = text_at(value, "metadata", "name").startswith("system-")
    if isinstance(number, int) and number > _HIGHEST and not is_of_system:
        yield forbidden((*path, "value"), f"maximum allowed value of a user defined priority is {_HIGHEST}")


RULES: Final = {
    "PriorityClass": (_priority,),
    "HorizontalPodAutoscalerSpec": (_autoscaler,),
    "MetricSpec": (_metric,),
    "PodDisruptionBudgetSpec": (_budget,),
}
