"""Receiver: a webhook that makes Flux reconcile at once; flux-behaviour.md 11.5."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StrictStr, model_validator

from nixernetes.gitops.flux.flux_references import EventSource, SecretReference
from nixernetes.gitops.flux.flux_resource import FluxResource
from nixernetes.gitops.flux.scalars import Duration
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Many, Text, matching
from nixernetes.objects.api_groups import FLUX_NOTIFICATION

__all__ = ["OIDCProvider", "OIDCValidation", "OIDCVariable", "Receiver", "ReceiverResource"]


class ReceiverResource(EventSource):
    """What to reconcile; ``filter`` is a CEL expression about the request and the object."""

    filter: Text | None = None


class OIDCValidation(Spec):
    """A CEL expression that must be true of the token's claims, and what to say when it is not."""

    expression: Text
    message: Text


class OIDCVariable(Spec):
    """A CEL expression with a name."""

    name: Text
    expression: Text


class OIDCProvider(Spec):
    """An issuer of tokens, and what their claims must say."""

    issuer_url: Annotated[StrictStr, matching(r"^https?://", "must start with https:// or http://")]
    audience: Text | None = None
    variables: Many[OIDCVariable] | None = None
    validations: Annotated[Many[OIDCValidation], Field(min_length=1)]


class Receiver(FluxResource):
    """A webhook; what it lists is reconciled when a request comes."""

    API_VERSION: ClassVar[str] = f"{FLUX_NOTIFICATION}/v1"
    KIND: ClassVar[str] = "Receiver"
    PLURAL: ClassVar[str] = "receivers"

    type: Literal[
        "generic",
        "generic-hmac",
        "generic-oidc",
        "github",
        "gitlab",
        "bitbucket",
        "harbor",
        "dockerhub",
        "quay",
        "gcr",
        "nexus",
        "acr",
        "cdevents",
    ]
    interval: Duration | None = None
    events: Many[Text] | None = None
    resources: Many[ReceiverResource]
    resource_filter: Text | None = None
    secret_ref: SecretReference | None = None
    oidc_providers: Many[OIDCProvider] | None = None
    suspend: Bool | None = None

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if self.type == "generic-oidc":
            if not self.oidc_providers:
                raise ValueError("oidc_providers: type generic-oidc needs at least one")
            if self.secret_ref is not None:
                raise ValueError("secret_ref: cannot be set when type is generic-oidc: leave it out")
        else:
            if self.oidc_providers:
                raise ValueError(f"oidc_providers: can only be set when type is generic-oidc, not {self.type}")
            if self.secret_ref is None:
                raise ValueError(f"secret_ref is missing: type {self.type} needs the Secret with the key token")
        return self

    @model_validator(mode="after")
    def _issuers_differ(self) -> Self:
        issuers = [provider.issuer_url for provider in self.oidc_providers or ()]
        twice = sorted({issuer for issuer in issuers if issuers.count(issuer) > 1})
        if twice:
            raise ValueError(f"oidc_providers: {twice[0]!r} stands there twice: each issuer_url must differ")
        return self
