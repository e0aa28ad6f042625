"""ClusterCleanupPolicy and CleanupPolicy, kyverno.io/v2: objects that are deleted on a schedule."""

from __future__ import annotations

from typing import ClassVar, Literal

from nixernetes.gitops.resource import Resource
from nixernetes.gitops.values import Many, Text
from nixernetes.kyverno.vocabulary.rules.conditions import CleanupConditions
from nixernetes.kyverno.vocabulary.rules.contexts import ContextEntry
from nixernetes.kyverno.vocabulary.rules.matching import CleanupMatch
from nixernetes.objects.api_groups import KYVERNO_V2

__all__ = ["CleanupPolicy", "ClusterCleanupPolicy"]


class CleanupPolicy(Resource):
    """Deletes objects of its namespace on a schedule."""

    API_VERSION: ClassVar[str] = KYVERNO_V2
    KIND: ClassVar[str] = "CleanupPolicy"
    PLURAL: ClassVar[str] = "cleanuppolicies"

    conditions: CleanupConditions | None = None
    """Conditions that must hold."""
    context: Many[ContextEntry] | None = None
    """Variables, and where they come from."""
    deletion_propagation_policy: Literal["Foreground", "Background", "Orphan"] | None = None
    """What becomes of dependents: `Foreground`, `Background` or `Orphan`."""
    exclude: CleanupMatch | None = None
    """Objects that are left out."""
    match: CleanupMatch
    """Which objects it is about."""
    schedule: Text
    """When, as cron writes it."""


class ClusterCleanupPolicy(CleanupPolicy):
    """Deletes objects of the whole cluster on a schedule."""

    KIND: ClassVar[str] = "ClusterCleanupPolicy"
    PLURAL: ClassVar[str] = "clustercleanuppolicies"
