"""Demands on pods, written once in CEL, and given as a ValidatingPolicy or a ClusterPolicy.

Both forms name pods alone, so that Kyverno makes the same demands of whatever makes pods (autogen). It does so by
replacing ``object.spec`` and ``object.metadata`` in the text, hence expressions spell these two out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.kyverno.library.notes import Enforcement, PolicyNote, in_rules
from nixernetes.kyverno.vocabulary.cel.validating_policy import ValidatingPolicy
from nixernetes.kyverno.vocabulary.rules.cluster_policy import ClusterPolicy

__all__ = ["PodDemand", "pod_policy", "quoted"]

_OPERATIONS: Final = ["CREATE", "UPDATE"]
_VARIABLES: Final = {
    "started": "object.spec.containers + object.spec.?initContainers.orValue([])",
    "containers": "object.spec.containers + object.spec.?initContainers.orValue([])"
    " + object.spec.?ephemeralContainers.orValue([])",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PodDemand:
    """An expression that must hold for a pod.

    Attributes:
        expression: CEL; ``variables.containers`` are all containers, ``variables.started`` all but the ephemeral ones.
        message: what is said where it does not hold.

    """

    expression: str
    message: str


def quoted(text: str) -> str:
    """Return a text as a literal of CEL, which reads the escapes of JSON."""
    return json.dumps(text)


def pod_policy(
    note: PolicyNote, demands: Sequence[PodDemand], api: str, enforcement: Enforcement
) -> ValidatingPolicy | ClusterPolicy:
    """Return a policy that demands something of every pod.

    Raises:
        ValueError: the API or the enforcement is not one of the library's.

    """
    variables = [
        {"name": name, "expression": expression}
        for name, expression in _VARIABLES.items()
        if any(f"variables.{name}" in demand.expression for demand in demands)
    ]
    validations = [{"expression": each.expression, "message": each.message} for each in demands]
    if in_rules(api):
        match = {"any": [{"resources": {"kinds": ["Pod"], "operations": _OPERATIONS}}]}
        cel = {"variables": variables, "expressions": validations}
        return ClusterPolicy.model_validate(
            {
                "name": note.name,
                "annotations": note.annotations(),
                "enforcement": enforcement,
                "rules": [{"name": note.name, "match": match, "validate": {"cel": cel}}],
            }
        )
    pods = {"apiGroups": [""], "apiVersions": ["v1"], "operations": _OPERATIONS, "resources": ["pods"]}
    return ValidatingPolicy.model_validate(
        {
            "name": note.name,
            "annotations": note.annotations(),
            "enforcement": enforcement,
            "matchConstraints": {"resourceRules": [pods]},
            "variables": variables,
            "validations": validations,
        }
    )
