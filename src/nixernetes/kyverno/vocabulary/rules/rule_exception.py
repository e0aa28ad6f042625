"""PolicyException of kyverno.io/v2: what rules do not judge."""

from __future__ import annotations

from typing import ClassVar

from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Many, Text
from nixernetes.kyverno.vocabulary.rules.conditions import CleanupConditions
from nixernetes.kyverno.vocabulary.rules.matching import CleanupMatch
from nixernetes.kyverno.vocabulary.rules.validations import PodSecurityException
from nixernetes.objects.api_groups import KYVERNO_V2

__all__ = ["ExceptedRules", "RuleException"]


class ExceptedRules(Spec):
    """Rules of a policy that do not judge."""

    policy_name: Text
    """The policy's name."""
    rule_names: Many[Text]
    """Names of rules, with wildcards."""


class RuleException(Resource):
    """Exempts objects from rules of ClusterPolicies and Policies; its kind is PolicyException."""

    API_VERSION: ClassVar[str] = KYVERNO_V2
    KIND: ClassVar[str] = "PolicyException"
    PLURAL: ClassVar[str] = "policyexceptions"

    background: Bool | None = None
    """Whether existing objects are judged too. Default: true."""
    conditions: CleanupConditions | None = None
    """Conditions that must hold."""
    exceptions: Many[ExceptedRules]
    """Policies and rules that do not judge."""
    match: CleanupMatch
    """Which objects it is about."""
    pod_security: Many[PodSecurityException] | None = None
    """A level of the Pod Security Standards."""
