"""ExternalArtifact: an artifact that a third party's controller publishes; flux-behaviour.md 1.5."""

from __future__ import annotations

from typing import Any, ClassVar

from nixernetes.gitops.flux.flux_resource import FluxResource
from nixernetes.gitops.flux.scalars import NonEmpty
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.values import Text
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.identity import GroupKind

__all__ = ["ArtifactOrigin", "ExternalArtifact"]


class ArtifactOrigin(ObjectReference):
    """The object that the artifact is made from: of any kind, made by anybody."""

    REQUIRED: ClassVar[bool] = False

    api_version: Text | None = None
    """The API version of the object."""
    kind: NonEmpty
    """The kind of the object."""
    name: NonEmpty
    """The object's name."""
    namespace: NonEmpty | None = None
    """The object's namespace. The ExternalArtifact's own when left out."""

    @classmethod
    def allowed(cls, context: dict[str, Any]) -> tuple[GroupKind, ...]:
        """Everything may be meant."""
        del context
        return ()


class ExternalArtifact(FluxResource):
    """A source whose artifact is written by another controller."""

    API_VERSION: ClassVar[str] = f"{FLUX_SOURCE}/v1"
    KIND: ClassVar[str] = "ExternalArtifact"
    PLURAL: ClassVar[str] = "externalartifacts"

    source_ref: ArtifactOrigin | None = None
    """The object that the artifact is made from, for the controller that makes it."""
