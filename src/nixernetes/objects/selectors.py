"""Label selectors, as Kubernetes matches them."""

from __future__ import annotations

from collections.abc import Mapping

from nixernetes.objects.fields import items_at, mapping_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.shapes import misfit

__all__ = ["matches"]

_SELECTOR = {
    "matchLabels": {"*": object},
    "matchExpressions": [{"key!": str, "operator!": str, "values": [object]}],
}


def matches(selector: Json, labels: Mapping[str, str]) -> bool:
    """Tell whether labels satisfy a ``LabelSelector`` (``matchLabels`` and ``matchExpressions``; empty matches all).

    Raises:
        ValueError: an operator that is not In, NotIn, Exists or DoesNotExist, or a part of another form: what cannot
            be read must not match everything.

    """
    problem = misfit(_SELECTOR, selector or {})
    if problem:
        raise ValueError(f"label selector: {problem}")
    wanted = mapping_at(selector, "matchLabels").items()
    rules = items_at(selector, "matchExpressions")
    return all(labels.get(key) == value for key, value in wanted) and all(_expression(rule, labels) for rule in rules)


def _expression(rule: Json, labels: Mapping[str, str]) -> bool:
    key, values = rule["key"], items_at(rule, "values")
    match rule["operator"]:
        case "In":
            return key in labels and labels[key] in values
        case "NotIn":
            return key not in labels or labels[key] not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
        case other:
            raise ValueError(f"label selector operator {other!r}: use In, NotIn, Exists or DoesNotExist")
