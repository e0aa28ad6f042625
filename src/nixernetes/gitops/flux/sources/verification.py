"""Signatures of OCI artifacts and charts."""

from __future__ import annotations

from typing import Literal

from nixernetes.gitops.flux.flux_references import SecretReference
from nixernetes.gitops.spec import Spec, guide
from nixernetes.gitops.values import Many, Text

__all__ = ["ChartVerification", "OCIVerification", "OIDCIdentity", "ReleaseChartVerification"]


class OIDCIdentity(Spec):
    """Regular expressions for the issuer and the subject of a keyless signature."""

    issuer: Text
    """A regular expression for who issued the signer's token."""
    subject: Text
    """A regular expression for who the signer is."""


class ReleaseChartVerification(Spec):
    """The tool that signed the chart of a HelmRelease, and the public keys."""

    provider: Literal["cosign", "notation"] | None = guide("cosign", required=False)
    """The tool that signed. Default: `cosign`."""
    secret_ref: SecretReference | None = None
    """The Secret with the public keys. Left out, `cosign` verifies without keys."""


class ChartVerification(ReleaseChartVerification):
    """The tool that signed a chart, and the public keys or identities."""

    match_oidc_identity: Many[OIDCIdentity] | None = None
    """Who may have signed without keys; one of them must match."""


class OCIVerification(ChartVerification):
    """The tool that signed an artifact, and the public keys, identities or trusted root."""

    trusted_root_secret_ref: SecretReference | None = None
    """The Secret with a trusted root of your own Sigstore (`trusted_root.json`)."""
