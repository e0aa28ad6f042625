"""Targets of a MutatingPolicy: existing objects that it changes when another one is admitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.mutation.steps import Read
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["meant_targets"]


def meant_targets(
    spec: Mapping[str, Json], see: Read, request: Request, around: PolicySurroundings
) -> Iterator[Manifest]:
    """Yield the objects that ``targetMatchConstraints`` mean and ``targetMatchConditions`` let through.

    Args:
        spec: of the policy.
        see: gives the expressions that see an object.
        request: its admission.
        around: with the objects that may be changed.

    Raises:
        InputError: an expression has no value.

    """
    constraints = mapping_at(spec, "targetMatchConstraints")
    text = text_at(constraints, "expression")
    named = {key: value for key, value in constraints.items() if key != "expression"}
    if text:
        found = [
            each
            for each in _listed(see(request.manifest).value(text))
            if not named or _admits(named, each, request, around)
        ]
    else:
        found = [each for each in around.targets if _admits(named, each, request, around)]
    for each in found:
        if all(see(each).holds(text_at(one, "expression")) for one in objects_at(spec, "targetMatchConditions")):
            yield each


def _listed(value: Json) -> list[Manifest]:
    """Return the objects that an expression gives: one, a list of them, or a list object."""
    if isinstance(value, dict):
        return objects_at(value, "items") if isinstance(value.get("items"), list) else [value]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _admits(constraints: Mapping[str, Json], target: Manifest, request: Request, around: PolicySurroundings) -> bool:
    rules = [
        {key: value for key, value in each.items() if key != "operations"}
        for each in items_at(constraints, "resourceRules")
    ]
    space = text_at(target, "metadata", "namespace")
    asked = replace(request, manifest=target, namespace=space, parent=("", ""))
    return admits({**constraints, "resourceRules": rules}, asked, around.namespace_labels, sees_old=False)
