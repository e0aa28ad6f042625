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
    """How often to fetch the index. Default: `10m`. A repository of type `oci` has no index."""
    url: HelmUrl
    """The URL: `https://` or `http://`, or `oci://` with type `oci`."""
    type: Literal["default", "oci"] | None = None
    """`default`, with an index over HTTP, or `oci`, a registry. Flux's default: `default`."""
    secret_ref: SecretReference | None = None
    """The Secret with `username` and `password`; for `oci` also a docker config."""
    cert_secret_ref: SecretReference | None = None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    pass_credentials: Bool | None = None
    """Whether credentials are also sent to other hosts that the index names. Flux's default: False."""
    insecure: Bool | None = None
    """Whether to use plain HTTP. Only for `oci`. Flux's default: False."""
    provider: Literal["generic", "aws", "azure", "gcp"] | None = None
    """Whose registry it is, which decides how Flux logs in. Only for `oci`. Flux's default: `generic`, by the
    Secret."""
    timeout: ShortDuration | None = None
    """How long a fetch may take; Flux takes no hours here. Flux's default: `60s`."""
    suspend: Bool | None = None
    """Whether Flux stops reconciling it. Flux's default: False."""
    access_from: AccessFrom | None = None
    """Which namespaces may use it. Flux does not enforce it."""
