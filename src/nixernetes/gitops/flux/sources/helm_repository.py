"""HelmRepository: a chart repository over HTTP, or a registry of charts; flux-behaviour.md 1.5."""

from __future__ import annotations

from typing import ClassVar, Literal

from nixernetes.gitops.flux.flux_references import SecretReference
from nixernetes.gitops.flux.flux_resource import FluxSource
from nixernetes.gitops.flux.scalars import Duration, HelmUrl, ShortDuration
from nixernetes.gitops.flux.sources.access import AccessFrom
from nixernetes.gitops.spec import guide
from nixernetes.gitops.values import Bool
from nixernetes.objects.api_groups import FLUX_SOURCE

__all__ = ["HelmRepository"]


class HelmRepository(FluxSource):
    """A repository of Helm charts."""

    API_VERSION: ClassVar[str] = f"{FLUX_SOURCE}/v1"
    KIND: ClassVar[str] = "HelmRepository"
    PLURAL: ClassVar[str] = "helmrepositories"

    interval: Duration | None = guide("10m", required=False)
    url: HelmUrl
    type: Literal["default", "oci"] | None = None
    secret_ref: SecretReference | None = None
    cert_secret_ref: SecretReference | None = None
    pass_credentials: Bool | None = None
    insecure: Bool | None = None
    provider: Literal["generic", "aws", "azure", "gcp"] | None = None
    timeout: ShortDuration | None = None
    suspend: Bool | None = None
    access_from: AccessFrom | None = None
