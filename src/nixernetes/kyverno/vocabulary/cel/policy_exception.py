"""PolicyException of policies.kyverno.io: what policies in CEL do not judge."""

from __future__ import annotations

from typing import ClassVar, Literal

from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Many, StringMap, Text
from nixernetes.kyverno.vocabulary.cel_parts import MatchCondition
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1

__all__ = ["ExceptedPolicy", "PolicyException"]


class ExceptedPolicy(Spec):
    """A policy that does not judge."""

    kind: Text
    """The kind."""
    name: Text
    """Its name."""


class PolicyException(Resource):
    """Exempts objects from policies in CEL."""

    API_VERSION: ClassVar[str] = KYVERNO_POLICIES_V1
    KIND: ClassVar[str] = "PolicyException"
    PLURAL: ClassVar[str] = "policyexceptions"

    allowed_values: Many[Text] | None = None
    """Values that expressions may allow, as `exceptions.allowedValues`."""
    evaluation_mode: Text | None = None
    """How exceptions with this one are evaluated."""
    expires_at: Text | None = None
    """When the exception ends, as RFC 3339."""
    images: Many[Text] | None = None
    """Images, by pattern."""
    match_conditions: Many[MatchCondition] | None = None
    """Conditions in CEL that must hold before it applies."""
    policy_refs: Many[ExceptedPolicy]
    """Policies that do not judge."""
    properties: StringMap | None = None
    """Additional values for reports."""
    report_result: Literal["skip", "pass"] | None = None
    """What reports say of what is excepted: `skip` or `pass`."""
