"""MutatingPolicy and its namespaced form: how objects are changed, in CEL."""

from __future__ import annotations

from typing import ClassVar, Literal

from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Many, Text
from nixernetes.kyverno.vocabulary.cel.constraints import MatchConstraints, TargetConstraints
from nixernetes.kyverno.vocabulary.cel.policy_parts import (
    AdmissionPolicyGeneration,
    EvaluationSwitch,
    OptionalSwitch,
    PodControllers,
    PolicyWebhook,
)
from nixernetes.kyverno.vocabulary.cel_parts import AuditAnnotation, MatchCondition, PolicyVariable
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1

__all__ = [
    "CELMutation",
    "MutatingAutogen",
    "MutatingEvaluation",
    "MutatingPolicy",
    "MutationExpression",
    "NamespacedMutatingPolicy",
]


class MutationExpression(Spec):
    """An expression that gives a change."""

    expression: Text | None = None
    """An expression in CEL."""


class CELMutation(Spec):
    """One change."""

    apply_configuration: MutationExpression | None = None
    """An expression that gives what is merged into the object."""
    json_patch: MutationExpression | None = None
    """An expression that gives a JSON patch."""
    patch_type: Text
    """Which kind of patch the expression gives."""


class MutatingAutogen(Spec):
    """What is generated from the policy."""

    mutating_admission_policy: AdmissionPolicyGeneration | None = None
    """Whether a MutatingAdmissionPolicy is made."""
    pod_controllers: PodControllers | None = None
    """Controllers of pods that the policy is also made for."""


class MutatingEvaluation(Spec):
    """When and how the policy is evaluated."""

    admission: EvaluationSwitch | None = None
    """Whether it is evaluated at admission. Default: true."""
    background: EvaluationSwitch | None = None
    """Whether existing objects are judged too. Default: true."""
    mode: Text | None = None
    """What it evaluates: `Kubernetes` objects or any `JSON`."""
    mutate_existing: OptionalSwitch | None = None
    """Whether existing objects are changed."""
    skip_background_requests: Bool | None = None
    """Whether requests of Kyverno's own background controller are left out. Default: true."""
    use_server_side_apply: Bool | None = None
    """Whether objects are written with server-side apply."""


class MutatingPolicy(Resource):
    """How objects of the whole cluster are changed, in CEL."""

    API_VERSION: ClassVar[str] = KYVERNO_POLICIES_V1
    KIND: ClassVar[str] = "MutatingPolicy"
    PLURAL: ClassVar[str] = "mutatingpolicies"

    audit_annotations: Many[AuditAnnotation] | None = None
    """Notes for the audit log."""
    autogen: MutatingAutogen | None = None
    """What Kyverno generates from the policy."""
    evaluation: MutatingEvaluation | None = None
    """When and how the policy is evaluated."""
    failure_policy: Literal["Ignore", "Fail"] | None = None
    """What happens where the policy cannot be evaluated: `Fail` refuses the request, `Ignore` lets it pass."""
    match_conditions: Many[MatchCondition] | None = None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: MatchConstraints | None = None
    """Which requests it is about."""
    mutations: Many[CELMutation] | None = None
    """Changes, in order."""
    reinvocation_policy: Text | None = None
    """Whether the policy may be asked again after others have changed the object."""
    target_match_conditions: Many[MatchCondition] | None = None
    """Conditions in CEL on the objects that are changed."""
    target_match_constraints: TargetConstraints | None = None
    """Which existing objects are changed."""
    variables: Many[PolicyVariable] | None = None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: PolicyWebhook | None = None
    """Settings of the webhook."""


class NamespacedMutatingPolicy(MutatingPolicy):
    """The same as MutatingPolicy, for objects of its own namespace."""

    KIND: ClassVar[str] = "NamespacedMutatingPolicy"
    PLURAL: ClassVar[str] = "namespacedmutatingpolicies"
