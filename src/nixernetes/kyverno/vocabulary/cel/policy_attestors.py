"""Who must have signed an image, in an ImageValidatingPolicy."""

from __future__ import annotations

from pydantic import Field

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Many, StringMap, Text

__all__ = [
    "CosignAttestor",
    "CosignCertificate",
    "CosignIdentity",
    "CosignKey",
    "CosignKeyless",
    "CosignLog",
    "CosignSource",
    "NotaryAttestor",
    "PolicyAttestor",
    "PullSecret",
    "TextOrExpression",
    "UpdateFramework",
    "UpdateFrameworkRoot",
]


class TextOrExpression(Spec):
    """A text, or an expression that gives it."""

    expression: Text | None = None
    """An expression in CEL."""
    value: Text | None = None
    """The value."""


class CosignCertificate(Spec):
    """A certificate and the chain above it."""

    cert: TextOrExpression | None = None
    """The certificate."""
    cert_chain: TextOrExpression | None = None
    """The chain of certificates above it."""


class CosignLog(Spec):
    """The logs of certificates and signatures."""

    ct_log_pub_key: Text | None = None
    """The public key of the log of certificates."""
    insecure_ignore_sct: Bool | None = Field(default=None, alias="insecureIgnoreSCT")
    """Whether no timestamp of the log of certificates is asked for."""
    insecure_ignore_tlog: Bool | None = None
    """Whether the log of signatures is not asked."""
    rekor_pub_key: Text | None = None
    """The public key of the log of signatures."""
    tsa_cert_chain: Text | None = None
    """Certificates of the timestamp authority."""
    url: Text | None = None
    """The URL."""


class CosignKey(Spec):
    """A public key."""

    data_: Text | None = None
    """The public key, in PEM."""
    expression: Text | None = None
    """An expression in CEL."""
    hash_algorithm: Text | None = None
    """The algorithm of the digest."""
    kms: Text | None = None
    """A key in a key service, by its URI."""


class CosignIdentity(Spec):
    """An issuer and a subject."""

    issuer: Text | None = None
    """The issuer of the identity."""
    issuer_reg_exp: Text | None = None
    """A regular expression for the issuer."""
    subject: Text | None = None
    """The subject of the identity."""
    subject_expression: Text | None = None
    """An expression in CEL that the subject must satisfy."""
    subject_reg_exp: Text | None = None
    """A regular expression for the subject."""


class CosignKeyless(Spec):
    """Identities that sign without a key."""

    additional_extensions: StringMap | None = None
    """Further extensions that the certificate must have, by name."""
    identities: Many[CosignIdentity]
    """Who may sign."""
    roots: Text | None = None
    """Root certificates, in PEM."""


class PullSecret(Spec):
    """A Secret with a login."""

    name: Text | None = None
    """Its name."""


class CosignSource(Spec):
    """Where signatures are kept."""

    pull_secrets: Many[PullSecret] | None = Field(default=None, alias="PullSecrets")
    """Secrets with the logins for the repository."""
    repository: Text | None = None
    """Another repository where signatures are kept."""
    tag_prefix: Text | None = None
    """What the tags of signatures begin with."""


class UpdateFrameworkRoot(Spec):
    """The first root of trust."""

    data_: Text | None = None
    """The root of trust, in base64."""
    path: Text | None = None
    """The path."""


class UpdateFramework(Spec):
    """A repository of The Update Framework with the roots of trust."""

    mirror: Text | None = None
    """Where the repository is."""
    root: UpdateFrameworkRoot | None = None
    """The first root of trust."""


class CosignAttestor(Spec):
    """One whose signatures Cosign checks."""

    annotations: StringMap | None = None
    """Annotations that must be there."""
    certificate: CosignCertificate | None = None
    """A certificate that signs."""
    ctlog: CosignLog | None = None
    """The log of certificates."""
    key: CosignKey | None = None
    """A public key that signs."""
    keyless: CosignKeyless | None = None
    """Identities that sign without a key."""
    source: CosignSource | None = None
    """Where signatures are kept."""
    trusted_root: TextOrExpression | None = None
    """The trusted root of Sigstore."""
    tuf: UpdateFramework | None = None
    """A repository of The Update Framework."""


class NotaryAttestor(Spec):
    """One whose signatures Notary checks."""

    certs: TextOrExpression | None = None
    """Certificates that are trusted."""
    tsa_certs: TextOrExpression | None = None
    """Certificates of the timestamp authority."""


class PolicyAttestor(Spec):
    """One who signs, by the name that expressions use."""

    cosign: CosignAttestor | None = None
    """Signatures of Cosign."""
    name: Text
    """Its name."""
    notary: NotaryAttestor | None = None
    """Signatures of Notary."""
