"""Bucket: files in S3-compatible, Google or Azure storage; flux-behaviour.md 1.5."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from nixernetes.gitops.flux.flux_references import SecretReference
from nixernetes.gitops.flux.flux_resource import FluxSource
from nixernetes.gitops.flux.scalars import Duration, HttpUrl, ShortDuration
from nixernetes.gitops.spec import Spec, guide
from nixernetes.gitops.values import Bool, Text
from nixernetes.objects.api_groups import FLUX_SOURCE

__all__ = ["Bucket", "BucketSTS"]

# Which security token service goes with which provider of buckets.
_STS = {"aws": "aws", "generic": "ldap"}


class BucketSTS(Spec):
    """A security token service that gives short-lived credentials."""

    provider: Literal["aws", "ldap"]
    """The kind of service. `aws` goes with provider `aws` of the Bucket, `ldap` with `generic`."""
    endpoint: HttpUrl
    """The URL of the service."""
    secret_ref: SecretReference | None = None
    """The Secret with `username` and `password` for the service. Not for `aws`."""
    cert_secret_ref: SecretReference | None = None
    """The Secret with the CA (`ca.crt`) and the client certificate. Not for `aws`."""

    @model_validator(mode="after")
    def _rules(self) -> Self:
        for name in ("secret_ref", "cert_secret_ref"):
            if self.provider == "aws" and self.__dict__[name] is not None:
                raise ValueError(f"{name}: is not for provider aws: leave it out")
        return self


class Bucket(FluxSource):
    """A bucket that Flux polls."""

    API_VERSION: ClassVar[str] = f"{FLUX_SOURCE}/v1"
    KIND: ClassVar[str] = "Bucket"
    PLURAL: ClassVar[str] = "buckets"

    interval: Duration = guide("10m")
    """How often to look for changes. Default: `10m`."""
    provider: Literal["generic", "aws", "gcp", "azure"] | None = None
    """Whose storage it is, which decides how Flux logs in. Flux's default: `generic`, anything that speaks S3."""
    bucket_name: Text
    """The bucket's name."""
    endpoint: Text
    """The host of the storage, without a scheme: `minio.example.com`."""
    region: Text | None = None
    """The region of the bucket."""
    prefix: Text | None = None
    """Only files whose name begins so are fetched."""
    sts: BucketSTS | None = None
    """A service that gives short-lived credentials."""
    secret_ref: SecretReference | None = None
    """The Secret with `accesskey` and `secretkey`."""
    cert_secret_ref: SecretReference | None = None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    proxy_secret_ref: SecretReference | None = None
    """The Secret with the proxy: `address`, `username`, `password`."""
    service_account_name: Text | None = None
    """The service account whose workload identity logs in. Not for provider `generic`."""
    timeout: ShortDuration | None = None
    """How long a fetch may take; Flux takes no hours here. Flux's default: `60s`."""
    ignore: Text | None = None
    """Files to leave out, as a .gitignore says it. Flux leaves out pictures, archives and CI files by itself until you
    say something."""
    insecure: Bool | None = None
    """Whether to use plain HTTP. Flux's default: False."""
    suspend: Bool | None = None
    """Whether Flux stops reconciling it. Flux's default: False."""

    @model_validator(mode="after")
    def _rules(self) -> Self:
        provider = self.provider or "generic"
        if self.sts is not None and provider not in _STS:
            raise ValueError(f"sts: is only for the providers aws and generic, not for {provider}")
        if self.sts is not None and self.sts.provider != _STS[provider]:
            raise ValueError(f"sts.provider: {self.sts.provider!r}: must be {_STS[provider]} for provider {provider}")
        if self.service_account_name is not None and provider == "generic":
            raise ValueError("service_account_name: is not for provider generic: give another provider or a secret_ref")
        if self.service_account_name is not None and self.secret_ref is not None:
            raise ValueError("secret_ref and service_account_name: give only one of them")
        return self
