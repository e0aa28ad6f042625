"""Who must have signed an image or a manifest, in a ClusterPolicy."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Int, JsonValue, Many, StringMap, Text

__all__ = [
    "AttestorSet",
    "CertificateAttestor",
    "KeyAttestor",
    "KeySecret",
    "KeylessAttestor",
    "Rekor",
    "RuleAttestor",
    "TransparencyLog",
]


class TransparencyLog(Spec):
    """The log of certificates."""

    ignore_sct: Bool | None = Field(default=None, alias="ignoreSCT")
    """Whether no timestamp of the log of certificates is asked for."""
    pubkey: Text | None = None
    """The public key of the log."""
    tsa_cert_chain: Text | None = None
    """Certificates of the timestamp authority."""


class Rekor(Spec):
    """The log of signatures."""

    ignore_tlog: Bool | None = None
    """Whether the log of signatures is not asked."""
    pubkey: Text | None = None
    """The public key of the log."""
    url: Text | None = None
    """The URL."""


class CertificateAttestor(Spec):
    """One who signs with a certificate."""

    cert: Text | None = None
    """The certificate."""
    cert_chain: Text | None = None
    """The chain of certificates above it."""
    ctlog: TransparencyLog | None = None
    """The log of certificates."""
    rekor: Rekor | None = None
    """The log of signatures."""


class KeylessAttestor(Spec):
    """One who signs with an identity and without a key."""

    additional_extensions: StringMap | None = None
    """Further extensions that the certificate must have, by name."""
    ctlog: TransparencyLog | None = None
    """The log of certificates."""
    issuer: Text | None = None
    """The issuer of the identity."""
    issuer_reg_exp: Text | None = None
    """A regular expression for the issuer."""
    rekor: Rekor | None = None
    """The log of signatures."""
    roots: Text | None = None
    """Root certificates, in PEM."""
    subject: Text | None = None
    """The subject of the identity."""
    subject_reg_exp: Text | None = None
    """A regular expression for the subject."""


class KeySecret(Spec):
    """The Secret with a public key."""

    name: Text
    """Its name."""
    namespace: Text
    """Its namespace."""


class KeyAttestor(Spec):
    """One who signs with a key."""

    ctlog: TransparencyLog | None = None
    """The log of certificates."""
    kms: Text | None = None
    """A key in a key service, by its URI."""
    public_keys: Text | None = None
    """Public keys, in PEM."""
    rekor: Rekor | None = None
    """The log of signatures."""
    secret: KeySecret | None = None
    """A Secret with the public key."""
    signature_algorithm: Text | None = None
    """The algorithm of the digest. Default: `sha256`."""


class RuleAttestor(Spec):
    """One who signs: by key, certificate, identity, or a set of others."""

    annotations: StringMap | None = None
    """Annotations that must be there."""
    attestor: JsonValue | None = None
    """A nested set of attestors."""
    certificates: CertificateAttestor | None = None
    """A certificate that signs."""
    keyless: KeylessAttestor | None = None
    """Identities that sign without a key."""
    keys: KeyAttestor | None = None
    """A public key that signs."""
    repository: Text | None = None
    """Another repository where signatures are kept."""
    signature_algorithm: Text | None = None
    """The algorithm of the digest. Default: `sha256`."""


class AttestorSet(Spec):
    """Attestors, of which some number must have signed."""

    count: Annotated[Int, Field(ge=1)] | None = None
    """How many of the entries must have signed. Default: all."""
    entries: Many[RuleAttestor] | None = None
    """Who may sign."""
