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
    endpoint: HttpUrl
    secret_ref: SecretReference | None = None
    cert_secret_ref: SecretReference | None = None

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
    provider: Literal["generic", "aws", "gcp", "azure"] | None = None
    bucket_name: Text
    endpoint: Text
    region: Text | None = None
    prefix: Text | None = None
    sts: BucketSTS | None = None
    secret_ref: SecretReference | None = None
    cert_secret_ref: SecretReference | None = None
    proxy_secret_ref: SecretReference | None = None
    service_account_name: Text | None = None
    timeout: ShortDuration | None = None
    ignore: Text | None = None
    insecure: Bool | None = None
    suspend: Bool | None = None

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
