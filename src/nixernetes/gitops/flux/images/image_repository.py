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
    """The image without a tag: `ghcr.io/myorg/web`."""
    interval: Duration = guide("10m")
    """How often to scan the tags. Default: `10m`."""
    timeout: ShortDuration | None = None
    """How long a scan may take; Flux takes no hours here. Flux takes `interval` for none."""
    secret_ref: SecretReference | None = None
    """The Secret with a docker config to log in with."""
    cert_secret_ref: SecretReference | None = None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    proxy_secret_ref: SecretReference | None = None
    """The Secret with the proxy: `address`, `username`, `password`."""
    service_account_name: Annotated[StrictStr, Field(max_length=253)] | None = None
    """The service account whose image pull secrets or workload identity logs in."""
    provider: Literal["generic", "aws", "azure", "gcp"] | None = None
    """Whose registry it is, which decides how Flux logs in. Flux's default: `generic`, by the Secret."""
    exclusion_list: Annotated[Many[Text], Field(max_length=25)] | None = None
    """Regular expressions for tags to leave out, at most 25. Flux's default: `^.*\\.sig$`, signatures."""
    access_from: AccessFrom | None = None
    """Which other namespaces may have ImagePolicies for it."""
    insecure: Bool | None = None
    """Whether to use plain HTTP. Flux's default: False."""
    suspend: Bool | None = None
    """Whether Flux stops reconciling it. Flux's default: False."""
