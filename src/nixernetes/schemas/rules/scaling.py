"""Autoscalers and disruption budgets (``pkg/apis/autoscaling/validation``, ``pkg/apis/policy/validation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas.problems import FieldPath, Problem, invalid, required
from nixernetes.schemas.rules.numbers import percent_or_number

__all__ = ["RULES"]

_SOURCES: Final = {
    "Resource": "resource",
    "Pods": "pods",
    "Object": "object",
    "External": "external",
    "ContainerResource": "containerResource",
}

_WHOLE: Final = 100  # percent
_BUDGET_IN_GO: Final = {
    "MinAvailable": "minAvailable",
    "Selector": "selector",
    "MaxUnavailable": "maxUnavailable",
    "UnhealthyPodEvictionPolicy": "unhealthyPodEvictionPolicy",
}


def _autoscaler(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    least, most = at(value, "minReplicas"), at(value, "maxReplicas")
    if isinstance(least, int) and least < 0:
        yield invalid((*path, "minReplicas"), least, "must be greater than or equal to 0")
    if isinstance(most, int) and most < 1:
        yield invalid((*path, "maxReplicas"), most, "must be greater than 0")
    if isinstance(least, int) and isinstance(most, int) and most < least:
        yield invalid((*path, "maxReplicas"), most, "must be greater than or equal to `minReplicas`")
    for part in ("kind", "name"):
        if "scaleTargetRef" in value and not text_at(value, "scaleTargetRef", part):
            yield required((*path, "scaleTargetRef", part))


def _metric(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    kind = text_at(value, "type")
    source = _SOURCES.get(kind)
    if not kind:
        yield required((*path, "type"), "must specify a metric source type")
    elif source is not None and at(value, source) is None:
        yield required((*path, source), "must populate information for the given metric source")


def _budget(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if at(value, "minAvailable") is not None and at(value, "maxUnavailable") is not None:
        shown = {go: value.get(name) for go, name in _BUDGET_IN_GO.items()}
        yield invalid(path, shown, "minAvailable and maxUnavailable cannot be both set")
    for name in ("minAvailable", "maxUnavailable"):
        amount = at(value, name)
        yield from percent_or_number(amount, (*path, name))
        if isinstance(amount, str) and amount[:-1].isdecimal() and amount.endswith("%") and int(amount[:-1]) > _WHOLE:
            yield invalid((*path, name), amount, "must not be greater than 100%")


RULES: Final = {
    "HorizontalPodAutoscalerSpec": (_autoscaler,),
    "MetricSpec": (_metric,),
    "PodDisruptionBudgetSpec": (_budget,),
}
