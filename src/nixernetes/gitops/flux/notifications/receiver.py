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
    """A CEL expression over `req` and `res` that tells whether the object is reconciled."""


class OIDCValidation(Spec):
    """A CEL expression that must be true of the token's claims, and what to say when it is not."""

    expression: Text
    """The CEL expression, over `claims`."""
    message: Text
    """The message when it is false."""


class OIDCVariable(Spec):
    """A CEL expression with a name."""

    name: Text
    """The name, for other expressions: `vars.<name>`."""
    expression: Text
    """The CEL expression, over `claims`."""


class OIDCProvider(Spec):
    """An issuer of tokens, and what their claims must say."""

    issuer_url: Annotated[StrictStr, matching(r"^https?://", "must start with https:// or http://")]
    """The URL of the issuer of the tokens."""
    audience: Text | None = None
    """Who the token must be for. Flux's default: `notification-controller`."""
    variables: Many[OIDCVariable] | None = None
    """Expressions with names, for the validations."""
    validations: Annotated[Many[OIDCValidation], Field(min_length=1)]
    """What the claims of a token must say; all of it."""


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
    """Who calls, which decides how a request is verified."""
    interval: Duration | None = None
    """How often the object itself is looked at again. Flux's default: `10m`."""
    events: Many[Text] | None = None
    """The events of the service that count. All when left out."""
    resources: Many[ReceiverResource]
    """The objects to reconcile."""
    resource_filter: Text | None = None
    """A CEL expression over `req` and `res` that tells whether an object is reconciled, for all of them."""
    secret_ref: SecretReference | None = None
    """The Secret with the `token` that requests are verified with. Not for `generic-oidc`."""
    oidc_providers: Many[OIDCProvider] | None = None
    """The issuers whose tokens are accepted. Only for `generic-oidc`."""
    suspend: Bool | None = None
    """Whether requests are refused. Flux's default: False."""

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
