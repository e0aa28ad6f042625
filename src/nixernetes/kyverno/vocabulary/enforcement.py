"""One word for what a failed demand does: ``audit`` reports it, ``enforce`` refuses the request.

Kyverno has two words: ``failureAction`` of the rules of a ClusterPolicy, and ``validationActions`` of the kinds in CEL.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nixernetes.gitops.spec import Spec

__all__ = ["enforced_rules", "validation_actions"]

_FAILURE_ACTIONS: Final = {"audit": "Audit", "enforce": "Enforce"}
_VALIDATION_ACTIONS: Final = {"audit": "Audit", "enforce": "Deny"}


def validation_actions(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a policy in CEL with ``enforcement`` written out as ``validation_actions``.

    Raises:
        ValueError: another word, or both fields are given.

    """
    if "enforcement" not in fields:
        return fields
    if "validation_actions" in fields:
        raise ValueError("enforcement and validation_actions are one field: give it once")
    rest = {name: value for name, value in fields.items() if name != "enforcement"}
    return {**rest, "validation_actions": [_action(fields["enforcement"], _VALIDATION_ACTIONS)]}


def enforced_rules(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a ClusterPolicy with ``enforcement`` written into each rule that validates and says none.

    Raises:
        ValueError: another word.

    """
    if "enforcement" not in fields:
        return fields
    action = _action(fields["enforcement"], _FAILURE_ACTIONS)
    rest = {name: value for name, value in fields.items() if name != "enforcement"}
    rules = rest.get("rules")
    if isinstance(rules, list | tuple):
        rest["rules"] = [_enforced(rule, action) for rule in rules]
    return rest


def _action(word: object, actions: Mapping[str, str]) -> str:
    if not isinstance(word, str) or word not in actions:
        raise ValueError(f"enforcement must be one of {', '.join(actions)}")
    return actions[word]


def _enforced(rule: Any, action: str) -> Any:
    """Return a rule, an object or a dict in either spelling; what is neither is refused where rules are checked."""
    fields = rule.data() if isinstance(rule, Spec) else rule
    if not isinstance(fields, Mapping):
        return rule
    key = "validate_" if "validate_" in fields else "validate"
    demand = fields.get(key)
    demand = demand.data() if isinstance(demand, Spec) else demand
    if not isinstance(demand, Mapping) or demand.keys() & {"failureAction", "failure_action"}:
        return rule
    return {**fields, key: {**demand, "failureAction": action}}
