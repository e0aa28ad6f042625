"""Parts that every kind whose rules are CEL shares."""

from __future__ import annotations

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Text
from nixernetes.kyverno.vocabulary.rules.matching import ObjectSelector

__all__ = ["AuditAnnotation", "CELExpression", "MatchCondition", "ParamKind", "ParamRef", "PolicyVariable"]


class AuditAnnotation(Spec):
    """A note for the audit log."""

    key: Text
    """The key."""
    value_expression: Text
    """An expression in CEL that gives the value."""


class CELExpression(Spec):
    """A demand in CEL, and the message if it does not hold."""

    expression: Text
    """An expression in CEL."""
    message: Text | None = None
    """The message if it does not hold."""
    message_expression: Text | None = None
    """A CEL expression for the message if it does not hold."""
    reason: Text | None = None
    """The reason of the refusal in the API's answer."""


class MatchCondition(Spec):
    """A condition in CEL that must hold before a policy applies."""

    expression: Text
    """An expression in CEL."""
    name: Text
    """Its name."""


class ParamKind(Spec):
    """The kind whose objects are parameters."""

    api_version: Text | None = None
    """The API version."""
    kind: Text | None = None
    """The kind."""


class ParamRef(Spec):
    """Which objects are parameters."""

    name: Text | None = None
    """Its name."""
    namespace: Text | None = None
    """Its namespace."""
    parameter_not_found_action: Text | None = None
    """What happens if there are no parameters: `Allow` or `Deny`."""
    selector: ObjectSelector | None = None
    """Labels that objects must have."""


class PolicyVariable(Spec):
    """A named expression."""

    expression: Text
    """An expression in CEL."""
    name: Text
    """Its name."""
