"""ImageRepository: the tags of a container image, scanned; flux-behaviour.md 12."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from nixernetes.gitops.flux.flux_references import SecretReference
from nixernetes.gitops.flux.flux_resource import FluxSource
from nixernetes.gitops.flux.scalars import Duration, ShortDuration
from nixernetes.gitops.flux.sources.access import AccessFrom
from nixernetes.gitops.spec import guide
from nixernetes.gitops.values import Bool, Many, Text
from nixernetes.objects.api_groups import FLUX_IMAGE

__all__ = ["ImageRepository"]


class ImageRepository(FluxSource):
    """A container image whose tags Flux scans."""

    API_VERSION: ClassVar[str] = f"{FLUX_IMAGE}/v1"
    KIND: ClassVar[str] = "ImageRepository"
    PLURAL: ClassVar[str] = "imagerepositories"

    image: Text
    interval: Duration = guide("10m")
    timeout: ShortDuration | None = None
    secret_ref: SecretReference | None = None
    cert_secret_ref: SecretReference | None = None
    proxy_secret_ref: SecretReference | None = None
    service_account_name: Annotated[StrictStr, Field(max_length=253)] | None = None
    provider: Literal["generic", "aws", "azure", "gcp"] | None = None
    exclusion_list: Annotated[Many[Text], Field(max_length=25)] | None = None
    access_from: AccessFrom | None = None
    insecure: Bool | None = None
    suspend: Bool | None = None
