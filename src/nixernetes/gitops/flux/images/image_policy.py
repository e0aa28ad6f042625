"""ImagePolicy: which tag of an image is the latest; flux-behaviour.md 12."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import ValidationInfo, model_validator

from nixernetes.gitops.flux.flux_resource import FluxResource
from nixernetes.gitops.flux.scalars import Duration, NonEmpty
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Text
from nixernetes.objects.api_groups import FLUX_IMAGE
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import IMAGE_REPOSITORY

__all__ = ["ImagePolicy", "ImagePolicyChoice", "ImageRepositoryReference", "Order", "SemverPolicy", "TagFilter"]


class ImageRepositoryReference(ObjectReference):
    """The image whose tags are compared."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = (IMAGE_REPOSITORY,)
    BY_NAME: ClassVar[bool] = True

    name: NonEmpty
    """The ImageRepository's name."""
    namespace: NonEmpty | None = None
    """The ImageRepository's namespace. Flux takes the ImagePolicy's own for none."""


class SemverPolicy(Spec):
    """The highest version in a range."""

    range: Text
    """The range of versions: `1.x`, `>=1.2.0 <2.0.0`."""


class Order(Spec):
    """The last tag in alphabetical or numerical order, ascending by default."""

    order: Literal["asc", "desc"] | None = None
    """Whether the last (`asc`, Flux's default) or the first (`desc`) of the sorted tags counts as the latest."""


class ImagePolicyChoice(Spec):
    """How tags are compared: exactly one way."""

    semver: SemverPolicy | None = None
    """By version."""
    alphabetical: Order | None = None
    """By the alphabet."""
    numerical: Order | None = None
    """By number."""

    @model_validator(mode="after")
    def _one(self, info: ValidationInfo) -> Self:
        count = sum(choice is not None for choice in (self.semver, self.alphabetical, self.numerical))
        # The API server admits several, and Flux takes the first of them; so reading a manifest must not lose them.
        if count == 0 or (count > 1 and not (info.context or {}).get("manifest")):
            raise ValueError("give exactly one of semver, alphabetical and numerical")
        return self


class TagFilter(Spec):
    """A regular expression for the tags, and what of it is compared: ``pattern="^(?P<n>.*)-rc$", extract="$n"``."""

    pattern: Text | None = None
    """The regular expression that a tag must match."""
    extract: Text | None = None
    """What is compared, from the groups of the pattern: `$n`. The whole tag when left out."""


class ImagePolicy(FluxResource):
    """Selects the latest tag of an image."""

    API_VERSION: ClassVar[str] = f"{FLUX_IMAGE}/v1"
    KIND: ClassVar[str] = "ImagePolicy"
    PLURAL: ClassVar[str] = "imagepolicies"

    image_repository_ref: ImageRepositoryReference
    """The ImageRepository whose tags are compared."""
    policy: ImagePolicyChoice
    """How the latest tag is found."""
    filter_tags: TagFilter | None = None
    """Which tags count."""
    digest_reflection_policy: Literal["Always", "IfNotPresent", "Never"] | None = None
    """Whether the digest of the latest tag is found out, and when. Flux's default: `Never`."""
    interval: Duration | None = None
    """How often to look up the digest. Only for `digest_reflection_policy="Always"`."""
    suspend: Bool | None = None
    """Whether Flux stops reconciling it. Flux's default: False."""

    @model_validator(mode="after")
    def _rules(self) -> Self:
        always = self.digest_reflection_policy == "Always"
        if self.interval is not None and not always:
            raise ValueError(f"interval: {self.interval!r}: is only accepted when digest_reflection_policy is Always")
        if self.interval is None and always:
            raise ValueError("interval is missing: it must be set when digest_reflection_policy is Always")
        return self
