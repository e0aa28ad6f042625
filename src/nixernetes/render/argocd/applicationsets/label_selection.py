"""Label selectors of ApplicationSets, refused where Argo CD refuses them, whatever there is to select.

A cluster generator's is apimachinery's (``LabelSelectorAsSelector`` of ``apis/meta/v1/helpers.go``, 0.36); the one that
keeps what a generator gives is Argo CD's own copy (``applicationset/utils/selector.go``, 3.5), whose values may be any
text, and which is never filled in with the parameters of another generator.
"""

from __future__ import annotations

from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.go_quoting import go_quoted
from nixernetes.languages.labels.selectors import LabelOperator, LabelRequirement, LabelRequirements, requirement
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.shapes import misfit
from nixernetes.render.argocd.applicationsets.clusters import CLUSTER_LABEL

__all__ = ["cluster_selection", "parameter_selection"]

_SHAPE: Final = {
    "matchLabels": {"*": object},
    "matchExpressions": [{"key!": str, "operator!": str, "values": [object]}],
}
_OPERATORS: Final = {
    "In": LabelOperator.IN,
    "NotIn": LabelOperator.NOT_IN,
    "Exists": LabelOperator.EXISTS,
    "DoesNotExist": LabelOperator.DOES_NOT_EXIST,
}
_SETS: Final = (LabelOperator.IN, LabelOperator.NOT_IN)


def cluster_selection(selector: Json) -> LabelRequirements:
    """Return what the Secret of a cluster has to fulfil, beside being one, whatever a selector says of that label.

    Raises:
        InputError: a key, operator or value that no label selector has.

    """
    try:
        asked = {key: value for key, value in mapping_at(selector, "matchLabels").items() if key not in CLUSTER_LABEL}
        return _selection({**(selector or {}), "matchLabels": asked}, "label", any_value=False)
    except InputError as error:
        told = f"error getting cluster secrets: error converting label selector: {error.message}"
        raise InputError(told) from error


def parameter_selection(selector: Json) -> LabelRequirements:
    """Return what parameters have to fulfil to be kept.

    Raises:
        InputError: a key or operator that no label selector has.

    """
    try:
        return _selection(selector, "pod", any_value=True)
    except InputError as error:
        raise InputError(f"error parsing label selector: {error.message}") from error


def _selection(selector: Json, what: str, *, any_value: bool) -> LabelRequirements:
    problem = misfit(_SHAPE, selector or {})
    if problem:
        raise InputError(problem)
    found = [
        _requirement(key, LabelOperator.EQUALS, (value,), any_value=any_value)
        for key, value in sorted(mapping_at(selector, "matchLabels").items())
    ]
    for rule in items_at(selector, "matchExpressions"):
        operator = _OPERATORS.get(text_at(rule, "operator"))
        if operator is None:
            raise InputError(f"{go_quoted(text_at(rule, 'operator'))} is not a valid {what} selector operator")
        values = tuple(items_at(rule, "values"))
        found.append(_requirement(text_at(rule, "key"), operator, values, any_value=any_value))
    return LabelRequirements(found)


def _requirement(key: str, operator: LabelOperator, values: tuple[Json, ...], *, any_value: bool) -> LabelRequirement:
    """Return a requirement; where values may be any text, the key and their number are looked at alone."""
    if operator in _SETS and not values:
        raise InputError("values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty")
    if not any_value:
        return requirement(key, operator, tuple(map(str, values)))
    requirement(key, LabelOperator.EXISTS, ())
    if operator in (LabelOperator.EXISTS, LabelOperator.DOES_NOT_EXIST) and values:
        shown = "[" + ",".join(go_quoted(str(value)) for value in values) + "]"
        raise InputError(f"values: Invalid value: {shown}: values set must be empty for exists and does not exist")
    return LabelRequirement(key, operator, values)
