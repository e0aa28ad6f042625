"""Signatures and attestations of images, in a ClusterPolicy."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Many, StringMap, Text
from nixernetes.kyverno.vocabulary.rules.attestors import AttestorSet
from nixernetes.kyverno.vocabulary.rules.conditions import AttestationConditions, Denial
from nixernetes.kyverno.vocabulary.rules.contexts import ImageRegistryCredentials

__all__ = ["AttestationValidation", "ImageAttestation", "ImageExtractor", "ImageVerification"]


class AttestationValidation(Spec):
    """Conditions over all that was verified."""

    deny: Denial | None = None
    """Conditions under which an object is refused."""
    message: Text | None = None
    """The message if it does not hold."""


class ImageAttestation(Spec):
    """A statement about an image that must be signed."""

    attestors: Many[AttestorSet] | None = None
    """Who must have signed."""
    conditions: Many[AttestationConditions] | None = None
    """Conditions that must hold."""
    name: Text | None = None
    """Its name."""
    predicate_type: Text | None = None
    """Deprecated: write `type`."""
    type: Text | None = None
    """The type."""


class ImageExtractor(Spec):
    """Where a kind has its images."""

    jmes_path: Text | None = None
    """A JMESPath expression that picks a part of what was read."""
    key: Text | None = None
    """The key."""
    name: Text | None = None
    """Its name."""
    path: Text
    """The path to the images; `*` stands for each element."""
    value: Text | None = None
    """The value."""


class ImageVerification(Spec):
    """Signatures and attestations that images must have."""

    additional_extensions: StringMap | None = None
    """Further extensions that the certificate must have, by name."""
    annotations: StringMap | None = None
    """Annotations that must be there."""
    attestations: Many[ImageAttestation] | None = None
    """Statements about the image that must be signed."""
    attestors: Many[AttestorSet] | None = None
    """Who must have signed."""
    cosign_oci11: Bool | None = Field(default=None, alias="cosignOCI11")
    """Whether signatures are stored as OCI 1.1 referrers."""
    failure_action: Literal["Audit", "Enforce"] | None = None
    """What happens where it fails: `Audit` reports it, `Enforce` refuses the request."""
    image: Text | None = None
    """Deprecated: write `imageReferences`."""
    image_references: Many[Text] | None = None
    """Patterns of images."""
    image_registry_credentials: ImageRegistryCredentials | None = None
    """How to log in to registries."""
    issuer: Text | None = None
    """The issuer of the identity."""
    key: Text | None = None
    """The key."""
    mutate_digest: Bool | None = None
    """Whether tags are replaced by digests. Default: true."""
    repository: Text | None = None
    """Another repository where signatures are kept."""
    required: Bool | None = None
    """Whether images must be verified. Default: true."""
    roots: Text | None = None
    """Root certificates, in PEM."""
    skip_image_references: Many[Text] | None = None
    """Patterns of images that are not verified."""
    subject: Text | None = None
    """The subject of the identity."""
    type: Literal["Cosign", "SigstoreBundle", "Notary"] | None = None
    """The type."""
    use_cache: Bool | None = None
    """Whether answers of verification are kept. Default: true."""
    validate_: AttestationValidation | None = None
    """What it demands."""
    verify_digest: Bool | None = None
    """Whether images must have digests. Default: true."""
