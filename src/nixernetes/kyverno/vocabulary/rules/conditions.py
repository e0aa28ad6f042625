"""Conditions of rules: keys, operators and values."""

from __future__ import annotations

from typing import Literal

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import JsonValue, Many, Text

__all__ = [
    "AnyAllConditions",
    "AttestationConditions",
    "CleanupCondition",
    "CleanupConditions",
    "Denial",
    "RuleCondition",
]


class RuleCondition(Spec):
    """One comparison."""

    key: JsonValue | None = None
    """The key."""
    message: Text | None = None
    """The message if it does not hold."""
    operator: (
        Literal[
            "Equals",
            "NotEquals",
            "In",
            "AnyIn",
            "AllIn",
            "NotIn",
            "AnyNotIn",
            "AllNotIn",
            "GreaterThanOrEquals",
            "GreaterThan",
            "LessThanOrEquals",
            "LessThan",
            "DurationGreaterThanOrEquals",
            "DurationGreaterThan",
            "DurationLessThanOrEquals",
            "DurationLessThan",
        ]
        | None
    ) = None
    """The comparison."""
    value: JsonValue | None = None
    """The value."""


class AnyAllConditions(Spec):
    """Conditions: one of ``any``, and each of ``all``."""

    all: Many[RuleCondition] | None = None
    """All of these must hold."""
    any: Many[RuleCondition] | None = None
    """One of these must hold."""


class AttestationConditions(Spec):
    """Conditions on a statement: one of ``any``, and each of ``all``."""

    all: Many[RuleCondition] | None = None
    """All of these must hold."""
    any: Many[RuleCondition] | None = None
    """One of these must hold."""


class CleanupCondition(Spec):
    """One comparison."""

    key: JsonValue | None = None
    """The key."""
    message: Text | None = None
    """The message if it does not hold."""
    operator: (
        Literal[
            "Equals",
            "NotEquals",
            "AnyIn",
            "AllIn",
            "AnyNotIn",
            "AllNotIn",
            "GreaterThanOrEquals",
            "GreaterThan",
            "LessThanOrEquals",
            "LessThan",
            "DurationGreaterThanOrEquals",
            "DurationGreaterThan",
            "DurationLessThanOrEquals",
            "DurationLessThan",
        ]
        | None
    ) = None
    """The comparison."""
    value: JsonValue | None = None
    """The value."""


class CleanupConditions(Spec):
    """Conditions: one of ``any``, and each of ``all``."""

    all: Many[CleanupCondition] | None = None
    """All of these must hold."""
    any: Many[CleanupCondition] | None = None
    """One of these must hold."""


class Denial(Spec):
    """Conditions under which an object is refused."""

    conditions: JsonValue | None = None
    """Conditions that must hold."""
