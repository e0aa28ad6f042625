"""ClusterPolicy and Policy, kyverno.io/v1: rules in patterns and JMESPath."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import ValidationInfo

from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Int, JsonValue, Many, StringMap, Text
from nixernetes.kyverno.vocabulary.cel_parts import MatchCondition
from nixernetes.kyverno.vocabulary.enforcement import enforced_rules
from nixernetes.kyverno.vocabulary.rules.contexts import ContextEntry
from nixernetes.kyverno.vocabulary.rules.generations import Generation
from nixernetes.kyverno.vocabulary.rules.image_verifications import ImageExtractor, ImageVerification
from nixernetes.kyverno.vocabulary.rules.matching import MatchResources
from nixernetes.kyverno.vocabulary.rules.mutations import Mutation
from nixernetes.kyverno.vocabulary.rules.validations import FailureActionOverride, RuleValidation
from nixernetes.objects.api_groups import KYVERNO_V1

__all__ = ["ClusterPolicy", "Policy", "PolicyRule", "RuleWebhook"]


class PolicyRule(Spec):
    """One rule: what it is about, and what it validates, mutates, generates or verifies."""

    cel_preconditions: Many[MatchCondition] | None = None
    """Conditions in CEL that must hold before the rule applies."""
    context: Many[ContextEntry] | None = None
    """Variables, and where they come from."""
    exclude: MatchResources | None = None
    """Objects that are left out."""
    generate: Generation | None = None
    """What is generated."""
    image_extractors: dict[str, Many[ImageExtractor]] | None = None
    """Where other kinds have their images, by kind."""
    match: MatchResources
    """Which objects it is about."""
    mutate: Mutation | None = None
    """How objects are changed."""
    name: Text
    """Its name."""
    preconditions: JsonValue | None = None
    """Conditions that must hold before it applies."""
    report_properties: StringMap | None = None
    """Additional values for reports, as expressions."""
    skip_background_requests: Bool | None = None
    """Whether requests of Kyverno's own background controller are left out. Default: true."""
    validate_: RuleValidation | None = None
    """What it demands."""
    verify_images: Many[ImageVerification] | None = None
    """Signatures and attestations that images must have."""


class RuleWebhook(Spec):
    """Settings of the webhook."""

    failure_policy: Literal["Ignore", "Fail"] | None = None
    """What happens where the policy cannot be evaluated: `Fail` refuses the request, `Ignore` lets it pass."""
    match_conditions: Many[MatchCondition] | None = None
    """Conditions in CEL that must hold before it applies."""
    timeout_seconds: Int | None = None
    """Seconds that the webhook may take."""


class ClusterPolicy(Resource):
    """Rules for objects of the whole cluster, in patterns and JMESPath.

    ``enforcement="audit"`` or ``"enforce"`` is the ``failureAction`` of each rule that validates and says none.
    """

    API_VERSION: ClassVar[str] = KYVERNO_V1
    KIND: ClassVar[str] = "ClusterPolicy"
    PLURAL: ClassVar[str] = "clusterpolicies"

    admission: Bool | None = None
    """Whether it is evaluated at admission. Default: true."""
    apply_rules: Literal["All", "One"] | None = None
    """Whether `All` rules are applied, or only the first `One` that matches. Default: `All`."""
    background: Bool | None = None
    """Whether existing objects are judged too. Default: true."""
    emit_warning: Bool | None = None
    """Whether a failure in audit mode also warns whoever makes the request."""
    failure_policy: Literal["Ignore", "Fail"] | None = None
    """What happens where the policy cannot be evaluated: `Fail` refuses the request, `Ignore` lets it pass."""
    generate_existing: Bool | None = None
    """Whether objects are made for what exists already."""
    generate_existing_on_policy_update: Bool | None = None
    """Deprecated: write `generateExisting` in the rule."""
    mutate_existing_on_policy_update: Bool | None = None
    """Whether existing objects are changed when the policy is."""
    rules: Many[PolicyRule] | None = None
    """The rules, in order."""
    schema_validation: Bool | None = None
    """Deprecated; it does nothing."""
    use_server_side_apply: Bool | None = None
    """Whether objects are written with server-side apply."""
    validation_failure_action: Literal["audit", "enforce", "Audit", "Enforce"] | None = None
    """Deprecated: write `failureAction` in the rule."""
    validation_failure_action_overrides: Many[FailureActionOverride] | None = None
    """Deprecated: write `failureActionOverrides` in the rule."""
    webhook_configuration: RuleWebhook | None = None
    """Settings of the webhook."""
    webhook_timeout_seconds: Int | None = None
    """Deprecated: write `webhookConfiguration.timeoutSeconds`."""

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields with ``enforcement`` written out as the ``failureAction`` of each rule that validates."""
        del info
        return enforced_rules(fields)


class Policy(ClusterPolicy):
    """Rules for objects of its own namespace, in patterns and JMESPath."""

    KIND: ClassVar[str] = "Policy"
    PLURAL: ClassVar[str] = "policies"
