"""ValidatingPolicy and its namespaced form: what objects must be, in CEL."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import ValidationInfo

from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Many, Text
from nixernetes.kyverno.vocabulary.cel.constraints import MatchConstraints
from nixernetes.kyverno.vocabulary.cel.policy_parts import (
    AdmissionPolicyGeneration,
    EvaluationSwitch,
    PodControllers,
    PolicyWebhook,
)
from nixernetes.kyverno.vocabulary.cel_parts import AuditAnnotation, CELExpression, MatchCondition, PolicyVariable
from nixernetes.kyverno.vocabulary.enforcement import validation_actions
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1

__all__ = ["NamespacedValidatingPolicy", "ValidatingAutogen", "ValidatingEvaluation", "ValidatingPolicy"]


class ValidatingAutogen(Spec):
    """What is generated from the policy."""

    pod_controllers: PodControllers | None = None
    """Controllers of pods that the policy is also made for."""
    validating_admission_policy: AdmissionPolicyGeneration | None = None
    """Whether a ValidatingAdmissionPolicy is made."""


class ValidatingEvaluation(Spec):
    """When and how the policy is evaluated."""

    admission: EvaluationSwitch | None = None
    """Whether it is evaluated at admission. Default: true."""
    background: EvaluationSwitch | None = None
    """Whether existing objects are judged too. Default: true."""
    mode: Text | None = None
    """What it evaluates: `Kubernetes` objects or any `JSON`."""


class ValidatingPolicy(Resource):
    """What objects of the whole cluster must be, in CEL.

    ``enforcement="audit"`` is ``validation_actions=["Audit"]``, ``"enforce"`` is ``["Deny"]``.
    """

    API_VERSION: ClassVar[str] = KYVERNO_POLICIES_V1
    KIND: ClassVar[str] = "ValidatingPolicy"
    PLURAL: ClassVar[str] = "validatingpolicies"
    SHORT: ClassVar[dict[str, str]] = {"enforcement": "validation_actions"}

    audit_annotations: Many[AuditAnnotation] | None = None
    """Notes for the audit log."""
    autogen: ValidatingAutogen | None = None
    """What Kyverno generates from the policy."""
    evaluation: ValidatingEvaluation | None = None
    """When and how the policy is evaluated."""
    failure_policy: Literal["Ignore", "Fail"] | None = None
    """What happens where the policy cannot be evaluated: `Fail` refuses the request, `Ignore` lets it pass."""
    match_conditions: Many[MatchCondition] | None = None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: MatchConstraints | None = None
    """Which requests it is about."""
    validation_actions: Many[Literal["Deny", "Audit", "Warn"]] | None = None
    """What happens where a demand fails: `Deny`, `Audit`, `Warn`."""
    validations: Many[CELExpression] | None = None
    """Demands in CEL."""
    variables: Many[PolicyVariable] | None = None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: PolicyWebhook | None = None
    """Settings of the webhook."""

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields with ``enforcement`` written out as ``validationActions``."""
        del info
        return validation_actions(fields)


class NamespacedValidatingPolicy(ValidatingPolicy):
    """The same as ValidatingPolicy, for objects of its own namespace."""

    KIND: ClassVar[str] = "NamespacedValidatingPolicy"
    PLURAL: ClassVar[str] = "namespacedvalidatingpolicies"
