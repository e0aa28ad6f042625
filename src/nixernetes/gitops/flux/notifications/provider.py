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
    address: Text2048 | None = None
    channel: Text2048 | None = None
    username: Text2048 | None = None
    secret_ref: SecretReference | None = None
    cert_secret_ref: SecretReference | None = None
    proxy_secret_ref: SecretReference | None = None
    proxy: Annotated[HttpUrl, Field(max_length=2048)] | None = None
    service_account_name: Text | None = None
    commit_status_expr: Text | None = None
    interval: Duration | None = None
    timeout: ShortDuration | None = None
    suspend: Bool | None = None

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if self.commit_status_expr is not None and self.type not in _COMMIT_STATUS:
            raise ValueError(
                f"commit_status_expr: is only for the types {', '.join(_COMMIT_STATUS)}, not for {self.type}"
            )
        return self
