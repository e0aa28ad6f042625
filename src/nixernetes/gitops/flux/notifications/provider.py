"""Provider: where notifications go; flux-behaviour.md 11.4."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from nixernetes.gitops.flux.flux_references import SecretReference
from nixernetes.gitops.flux.flux_resource import FluxResource
from nixernetes.gitops.flux.scalars import Duration, HttpUrl, ShortDuration, Text2048
from nixernetes.gitops.values import Bool, Text
from nixernetes.objects.api_groups import FLUX_NOTIFICATION

__all__ = ["Provider", "ProviderType"]

ProviderType = Literal[
    "slack",
    "discord",
    "msteams",
    "rocket",
    "generic",
    "generic-hmac",
    "github",
    "gitlab",
    "gitea",
    "giteapullrequestcomment",
    "bitbucketserver",
    "bitbucket",
    "azuredevops",
    "googlechat",
    "googlepubsub",
    "webex",
    "sentry",
    "azureeventhub",
    "telegram",
    "lark",
    "matrix",
    "opsgenie",
    "alertmanager",
    "grafana",
    "githubdispatch",
    "githubpullrequestcomment",
    "gitlabmergerequestcomment",
    "pagerduty",
    "datadog",
    "nats",
    "zulip",
    "otel",
    "zoom",
    "incident.io",
]

_COMMIT_STATUS = ("github", "gitlab", "gitea", "bitbucketserver", "bitbucket", "azuredevops")


class Provider(FluxResource):
    """A service that Alerts send to. Its address may be a secret: keep it in ``secret_ref`` then."""

    API_VERSION: ClassVar[str] = f"{FLUX_NOTIFICATION}/v1beta3"
    KIND: ClassVar[str] = "Provider"
    PLURAL: ClassVar[str] = "providers"
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"address", "proxy"})

    type: ProviderType
    """The service."""
    address: Text2048 | None = None
    """The URL to send to, or what the service has in its place. A secret belongs in `secret_ref`, under `address`."""
    channel: Text2048 | None = None
    """The channel, room or project."""
    username: Text2048 | None = None
    """The name that messages are sent under. Flux's default: the name of its controller."""
    secret_ref: SecretReference | None = None
    """The Secret with what the service asks for: `address`, `token`, `username`, `password`, `headers`."""
    cert_secret_ref: SecretReference | None = None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    proxy_secret_ref: SecretReference | None = None
    """The Secret with the proxy: `address`, `username`, `password`."""
    proxy: Annotated[HttpUrl, Field(max_length=2048)] | None = None
    """The URL of a proxy. Deprecated: use `proxy_secret_ref`."""
    service_account_name: Text | None = None
    """The service account whose workload identity logs in."""
    commit_status_expr: Text | None = None
    """A CEL expression for the id of a commit status. Only for Git services."""
    interval: Duration | None = None
    """Does nothing any more. Deprecated."""
    timeout: ShortDuration | None = None
    """How long sending may take; Flux takes no hours here. Flux's default: `15s`."""
    suspend: Bool | None = None
    """Whether nothing is sent. Flux's default: False."""

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if self.commit_status_expr is not None and self.type not in _COMMIT_STATUS:
            raise ValueError(
                f"commit_status_expr: is only for the types {', '.join(_COMMIT_STATUS)}, not for {self.type}"
            )
        return self
