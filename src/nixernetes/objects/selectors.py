"""Label selectors, as Kubernetes matches them."""

from __future__ import annotations

from collections.abc import Mapping

from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["matches"]


def matches(selector: Json, labels: Mapping[str, str]) -> bool:
    """Tell whether labels satisfy a ``LabelSelector`` (``matchLabels`` and ``matchExpressions``; empty matches all).

    Raises:
        ValueError: an operator that is not In, NotIn, Exists or DoesNotExist.

    """
    wanted = mapping_at(selector, "matchLabels")
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_expression(rule, labels) for rule in items_at(selector, "matchExpressions"))


def _expression(rule: Json, labels: Mapping[str, str]) -> bool:
    key, operator, values = text_at(rule, "key"), text_at(rule, "operator"), items_at(rule, "values")
    match operator:
        case "In":
            return key in labels and labels[key] in values
        case "NotIn":
            return key not in labels or labels[key] not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
        case _:
            raise ValueError(f"label selector operator {operator!r}: use In, NotIn, Exists or DoesNotExist")
