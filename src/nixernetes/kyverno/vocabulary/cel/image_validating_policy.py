"""ImageValidatingPolicy and its namespaced form: which images may run, in CEL."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import ValidationInfo

from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Many, Text
from nixernetes.kyverno.vocabulary.cel.constraints import MatchConstraints
from nixernetes.kyverno.vocabulary.cel.policy_attestors import PolicyAttestor
from nixernetes.kyverno.vocabulary.cel.policy_parts import PodControllers, PolicyWebhook
from nixernetes.kyverno.vocabulary.cel.validating_policy import ValidatingEvaluation
from nixernetes.kyverno.vocabulary.cel_parts import AuditAnnotation, CELExpression, MatchCondition, PolicyVariable
from nixernetes.kyverno.vocabulary.enforcement import validation_actions
from nixernetes.kyverno.vocabulary.rules.contexts import ImageRegistryCredentials
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1

__all__ = [
    "AttestationType",
    "ImageAutogen",
    "ImageMatch",
    "ImageRequirements",
    "ImageValidatingPolicy",
    "NamespacedImageValidatingPolicy",
    "PolicyAttestation",
]


class AttestationType(Spec):
    """The type of a statement."""

    type: Text
    """The type."""


class ImageAutogen(Spec):
    """What is generated from the policy."""

    pod_controllers: PodControllers | None = None
    """Controllers of pods that the policy is also made for."""


class ImageMatch(Spec):
    """Images by a pattern or an expression."""

    expression: Text | None = None
    """An expression in CEL."""
    glob: Text | None = None
    """A pattern of images with wildcards."""


class ImageRequirements(Spec):
    """What is asked of images besides signatures."""

    mutate_digest: Bool | None = None
    """Whether tags are replaced by digests. Default: true."""
    required: Bool | None = None
    """Whether images must be verified. Default: true."""
    verify_digest: Bool | None = None
    """Whether images must have digests. Default: true."""


class PolicyAttestation(Spec):
    """A statement about an image, by the name that expressions use."""

    intoto: AttestationType | None = None
    """A statement in the in-toto format."""
    name: Text
    """Its name."""
    referrer: AttestationType | None = None
    """A statement as an OCI referrer."""


class ImageValidatingPolicy(Resource):
    """Which images may run, by signatures, attestations and CEL.

    ``enforcement="audit"`` is ``validation_actions=["Audit"]``, ``"enforce"`` is ``["Deny"]``.
    """

    API_VERSION: ClassVar[str] = KYVERNO_POLICIES_V1
    KIND: ClassVar[str] = "ImageValidatingPolicy"
    PLURAL: ClassVar[str] = "imagevalidatingpolicies"
    SHORT: ClassVar[dict[str, str]] = {"enforcement": "validation_actions"}

    attestations: Many[PolicyAttestation] | None = None
    """Statements about the image that must be signed."""
    attestors: Many[PolicyAttestor]
    """Who must have signed."""
    audit_annotations: Many[AuditAnnotation] | None = None
    """Notes for the audit log."""
    autogen: ImageAutogen | None = None
    """What Kyverno generates from the policy."""
    credentials: ImageRegistryCredentials | None = None
    """How to log in to registries."""
    evaluation: ValidatingEvaluation | None = None
    """When and how the policy is evaluated."""
    failure_policy: Literal["Ignore", "Fail"] | None = None
    """What happens where the policy cannot be evaluated: `Fail` refuses the request, `Ignore` lets it pass."""
    images: Many[MatchCondition] | None = None
    """Where other kinds have their images."""
    match_conditions: Many[MatchCondition] | None = None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: MatchConstraints | None = None
    """Which requests it is about."""
    match_image_references: Many[ImageMatch] | None = None
    """Which images it is about."""
    validation_actions: Many[Literal["Deny", "Audit", "Warn"]] | None = None
    """What happens where a demand fails: `Deny`, `Audit`, `Warn`."""
    validation_configurations: ImageRequirements | None = None
    """What is asked of images besides signatures."""
    validations: Many[CELExpression]
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


class NamespacedImageValidatingPolicy(ImageValidatingPolicy):
    """The same as ImageValidatingPolicy, for objects of its own namespace."""

    KIND: ClassVar[str] = "NamespacedImageValidatingPolicy"
    PLURAL: ClassVar[str] = "namespacedimagevalidatingpolicies"
