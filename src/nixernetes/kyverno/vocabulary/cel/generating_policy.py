"""GeneratingPolicy and its namespaced form: which objects are made for others, in CEL."""

from __future__ import annotations

from typing import ClassVar, Literal

from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Many, Text
from nixernetes.kyverno.vocabulary.cel.constraints import MatchConstraints
from nixernetes.kyverno.vocabulary.cel.policy_parts import EvaluationSwitch, OptionalSwitch, PolicyWebhook
from nixernetes.kyverno.vocabulary.cel_parts import AuditAnnotation, MatchCondition, PolicyVariable
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1

__all__ = [
    "CELGeneration",
    "GeneratingEvaluation",
    "GeneratingPolicy",
    "GenerationTemplate",
    "NamespacedGeneratingPolicy",
]


class GenerationTemplate(Spec):
    """Objects in YAML, with expressions in them."""

    interpolate: Literal["none", "cel"] | None = None
    """How expressions in the template are filled in."""
    value: Text
    """The value."""


class CELGeneration(Spec):
    """What is generated."""

    expression: Text | None = None
    """An expression in CEL."""
    template: GenerationTemplate | None = None
    """Objects in YAML, with expressions in them."""


class GeneratingEvaluation(Spec):
    """When the policy is evaluated, and what becomes of what it made."""

    admission: EvaluationSwitch | None = None
    """Whether it is evaluated at admission. Default: true."""
    generate_existing: OptionalSwitch | None = None
    """Whether objects are made for what exists already."""
    orphan_downstream_on_policy_delete: OptionalSwitch | None = None
    """Whether generated objects stay when the policy goes."""
    skip_background_requests: Bool | None = None
    """Whether requests of Kyverno's own background controller are left out. Default: true."""
    synchronize: OptionalSwitch | None = None
    """Whether what was generated is kept equal to its source."""


class GeneratingPolicy(Resource):
    """Which objects are made for others, in CEL."""

    API_VERSION: ClassVar[str] = KYVERNO_POLICIES_V1
    KIND: ClassVar[str] = "GeneratingPolicy"
    PLURAL: ClassVar[str] = "generatingpolicies"

    audit_annotations: Many[AuditAnnotation] | None = None
    """Notes for the audit log."""
    evaluation: GeneratingEvaluation | None = None
    """When and how the policy is evaluated."""
    generate: Many[CELGeneration]
    """What is generated."""
    match_conditions: Many[MatchCondition] | None = None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: MatchConstraints | None = None
    """Which requests it is about."""
    use_server_side_apply: Bool | None = None
    """Whether objects are written with server-side apply."""
    variables: Many[PolicyVariable] | None = None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: PolicyWebhook | None = None
    """Settings of the webhook."""


class NamespacedGeneratingPolicy(GeneratingPolicy):
    """The same as GeneratingPolicy, for objects of its own namespace."""

    KIND: ClassVar[str] = "NamespacedGeneratingPolicy"
    PLURAL: ClassVar[str] = "namespacedgeneratingpolicies"
