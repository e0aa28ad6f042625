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
    """The digest to pull: `sha256:...`."""
    semver: Text | None = None
    """The range of versions whose highest tag is pulled: `>=1.2.0 <2.0.0`."""
    semver_filter: Text | None = None
    """A regular expression for the tags that `semver` looks at."""
    tag: Text | None = None
    """The tag to pull. Flux takes `latest` when nothing at all is given."""


class OCILayerSelector(Spec):
    """Which layer, and whether to extract or to copy it."""

    media_type: Text | None = None
    """The media type of the layer to take. Flux takes the first layer for none."""
    operation: Literal["extract", "copy"] | None = None
    """Whether to unpack the layer (`extract`, Flux's default) or keep it as it is (`copy`)."""


class OCIRepository(FluxSource):
    """An OCI artifact that Flux polls."""

    API_VERSION: ClassVar[str] = f"{FLUX_SOURCE}/v1"
    KIND: ClassVar[str] = "OCIRepository"
    PLURAL: ClassVar[str] = "ocirepositories"

    interval: Duration = guide("10m")
    """How often to look for a new artifact. Default: `10m`."""
    url: OciUrl
    """The URL, without a tag: `oci://ghcr.io/myorg/config`."""
    ref: OCIRef | None = None
    """What to pull. Flux takes the tag `latest` for none."""
    layer_selector: OCILayerSelector | None = None
    """Which layer of the artifact to take. Flux takes the first for none."""
    provider: Literal["generic", "aws", "azure", "gcp"] | None = None
    """Whose registry it is, which decides how Flux logs in. Flux's default: `generic`, by the Secret."""
    secret_ref: SecretReference | None = None
    """The Secret with a docker config to log in with."""
    verify: OCIVerification | None = None
    """The signature that the artifact must have."""
    service_account_name: Text | None = None
    """The service account whose image pull secrets or workload identity logs in."""
    cert_secret_ref: SecretReference | None = None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    proxy_secret_ref: SecretReference | None = None
    """The Secret with the proxy: `address`, `username`, `password`."""
    timeout: ShortDuration | None = None
    """How long a pull may take; Flux takes no hours here. Flux's default: `60s`."""
    ignore: Text | None = None
    """Files to leave out, as a .gitignore says it. Flux leaves out pictures, archives and CI files by itself until you
    say something."""
    insecure: Bool | None = None
    """Whether to use plain HTTP. Flux's default: False."""
    suspend: Bool | None = None
    """Whether Flux stops reconciling it. Flux's default: False."""
