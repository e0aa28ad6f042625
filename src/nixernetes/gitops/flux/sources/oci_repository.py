"""OCIRepository: an artifact in a container registry; flux-behaviour.md 1.5."""

from __future__ import annotations

from typing import ClassVar, Literal

from nixernetes.gitops.flux.flux_references import SecretReference
from nixernetes.gitops.flux.flux_resource import FluxSource
from nixernetes.gitops.flux.scalars import Duration, OciUrl, ShortDuration
from nixernetes.gitops.flux.sources.verification import OCIVerification
from nixernetes.gitops.spec import Spec, guide
from nixernetes.gitops.values import Bool, Text
from nixernetes.objects.api_groups import FLUX_SOURCE

__all__ = ["OCILayerSelector", "OCIRef", "OCIRepository"]


class OCIRef(Spec):
    """What to pull; digest wins over semver, and semver over tag."""

    digest: Text | None = None
    semver: Text | None = None
    semver_filter: Text | None = None
    tag: Text | None = None


class OCILayerSelector(Spec):
    """Which layer, and whether to extract or to copy it."""

    media_type: Text | None = None
    operation: Literal["extract", "copy"] | None = None


class OCIRepository(FluxSource):
    """An OCI artifact that Flux polls."""

    API_VERSION: ClassVar[str] = f"{FLUX_SOURCE}/v1"
    KIND: ClassVar[str] = "OCIRepository"
    PLURAL: ClassVar[str] = "ocirepositories"

    interval: Duration = guide("10m")
    url: OciUrl
    ref: OCIRef | None = None
    layer_selector: OCILayerSelector | None = None
    provider: Literal["generic", "aws", "azure", "gcp"] | None = None
    secret_ref: SecretReference | None = None
    verify: OCIVerification | None = None
    service_account_name: Text | None = None
    cert_secret_ref: SecretReference | None = None
    proxy_secret_ref: SecretReference | None = None
    timeout: ShortDuration | None = None
    ignore: Text | None = None
    insecure: Bool | None = None
    suspend: Bool | None = None
