"""Fields and operators of policies with rules that Kyverno reads and calls deprecated, with what to write instead.

The table follows ``api/kyverno/v1`` of Kyverno 1.17.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.kyverno.linting.problems import FieldPath, PolicyProblem
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["deprecations"]

_OF_SPEC: Final = {
    "failurePolicy": "webhookConfiguration.failurePolicy",
    "generateExisting": "generate.generateExisting of the rules",
    "generateExistingOnPolicyUpdate": "generate.generateExisting of the rules",
    "mutateExistingOnPolicyUpdate": "mutate.mutateExistingOnPolicyUpdate of the rules",
    "schemaValidation": "nothing: schemas are always held",
    "validationFailureAction": "validate.failureAction of the rules",
    "validationFailureActionOverrides": "validate.failureActionOverrides of the rules",
    "webhookTimeoutSeconds": "webhookConfiguration.timeoutSeconds",
}
_OPERATORS: Final = {
    "In": "AllIn",
    "NotIn": "AnyNotIn",
    "DurationGreaterThan": "GreaterThan",
    "DurationGreaterThanOrEquals": "GreaterThanOrEquals",
    "DurationLessThan": "LessThan",
    "DurationLessThanOrEquals": "LessThanOrEquals",
}
_PARTS: Final = ("preconditions", "validate", "mutate", "generate", "foreach", "deny", "conditions", "any", "all")


def deprecations(policy: Manifest) -> Iterator[PolicyProblem]:
    """Yield what is deprecated in a ClusterPolicy or a Policy; nothing of other kinds."""
    if text_at(policy, "kind") not in ("ClusterPolicy", "Policy"):
        return
    spec = mapping_at(policy, "spec")
    for name, instead in _OF_SPEC.items():
        if name in spec:
            yield _deprecated(("spec", name), name, instead)
    for index, rule in enumerate(objects_at(spec, "rules")):
        where: FieldPath = ("spec", "rules", index)
        yield from _filters(rule, where)
        yield from _operators(rule, where)


def _filters(rule: Mapping[str, Json], where: FieldPath) -> Iterator[PolicyProblem]:
    for block in ("match", "exclude"):
        found = mapping_at(rule, block)
        if mapping_at(found, "resources"):
            yield _deprecated((*where, block, "resources"), f"{block}.resources", f"{block}.any")
        for name in ("any", "all"):
            for index, each in enumerate(objects_at(found, name)):
                if text_at(each, "resources", "name"):
                    yield _deprecated((*where, block, name, index, "resources", "name"), "name", "names")


def _operators(data: Json, where: FieldPath) -> Iterator[PolicyProblem]:
    """Yield the operators of conditions, found by their form wherever they stand."""
    if isinstance(data, dict):
        operator = text_at(data, "operator")
        if "key" in data and operator in _OPERATORS:
            yield _deprecated((*where, "operator"), f"operator {operator}", _OPERATORS[operator])
        for part in _PARTS:
            if part in data:
                yield from _operators(data[part], (*where, part))
    elif isinstance(data, list):
        for index, each in enumerate(data):
            yield from _operators(each, (*where, index))


def _deprecated(path: FieldPath, what: str, instead: str) -> PolicyProblem:
    return PolicyProblem(path=path, message=f"{what} is deprecated: use {instead}", is_refused=False)
