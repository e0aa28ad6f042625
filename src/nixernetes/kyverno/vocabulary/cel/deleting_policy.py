"""DeletingPolicy and its namespaced form: what is deleted on a schedule, in CEL."""

from __future__ import annotations

from typing import ClassVar, Literal

from nixernetes.gitops.resource import Resource
from nixernetes.gitops.values import Many, Text
from nixernetes.kyverno.vocabulary.cel.constraints import MatchConstraints
from nixernetes.kyverno.vocabulary.cel_parts import MatchCondition, PolicyVariable
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1

__all__ = ["DeletingPolicy", "NamespacedDeletingPolicy"]


class DeletingPolicy(Resource):
    """What is deleted on a schedule, in CEL."""

    API_VERSION: ClassVar[str] = KYVERNO_POLICIES_V1
    KIND: ClassVar[str] = "DeletingPolicy"
    PLURAL: ClassVar[str] = "deletingpolicies"

    conditions: Many[MatchCondition] | None = None
    """Conditions that must hold."""
    deletion_propagation_policy: Literal["Foreground", "Background", "Orphan"] | None = None
    """What becomes of dependents: `Foreground`, `Background` or `Orphan`."""
    match_constraints: MatchConstraints | None = None
    """Which requests it is about."""
    schedule: Text
    """When, as cron writes it."""
    variables: Many[PolicyVariable] | None = None
    """Named expressions, which others use as `variables.<name>`."""


class NamespacedDeletingPolicy(DeletingPolicy):
    """The same as DeletingPolicy, for objects of its own namespace."""

    KIND: ClassVar[str] = "NamespacedDeletingPolicy"
    PLURAL: ClassVar[str] = "namespaceddeletingpolicies"
