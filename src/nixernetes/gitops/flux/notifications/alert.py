"""Alert: which events go to a Provider; flux-behaviour.md 11.2."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from nixernetes.gitops.flux.flux_references import EventSource
from nixernetes.gitops.flux.flux_resource import FluxResource
from nixernetes.gitops.flux.scalars import NonEmpty
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.values import Bool, Many, StringMap, Text
from nixernetes.objects.api_groups import FLUX_NOTIFICATION
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import PROVIDER

__all__ = ["Alert", "ProviderReference"]


class ProviderReference(ObjectReference):
    """A Provider in the same namespace."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = (PROVIDER,)
    BY_NAME: ClassVar[bool] = True

    name: NonEmpty
    """The Provider's name."""


class Alert(FluxResource):
    """Events of some objects, sent to a Provider. Severity ``info`` (the default) sends errors too."""

    API_VERSION: ClassVar[str] = f"{FLUX_NOTIFICATION}/v1beta3"
    KIND: ClassVar[str] = "Alert"
    PLURAL: ClassVar[str] = "alerts"

    provider_ref: ProviderReference
    """The Provider that sends, in the same namespace."""
    event_severity: Literal["info", "error"] | None = None
    """What is sent: everything (`info`, Flux's default) or only errors."""
    event_sources: Many[EventSource]
    """The objects whose events are sent."""
    inclusion_list: Many[Text] | None = None
    """Regular expressions for the message; one must match. Every message counts when left out."""
    exclusion_list: Many[Text] | None = None
    """Regular expressions for messages to leave out."""
    event_metadata: StringMap | None = None
    """Facts that are added to every event, such as the cluster's name."""
    summary: Annotated[Text, Field(max_length=255)] | None = None
    """Text that is added to every event. Deprecated: use `event_metadata`."""
    suspend: Bool | None = None
    """Whether to send nothing. Flux's default: False."""
