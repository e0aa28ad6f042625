"""Clusters that Argo CD deploys to, as Secrets (section 16)."""

from __future__ import annotations

import json
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, model_validator

from nixernetes.errors import InputError
from nixernetes.gitops.argocd.secrets.secret_resource import Count, Flag, SecretResource, SecretText
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Many, StringMap, Text, matching

__all__ = ["AwsAuthConfig", "ClusterConfig", "ClusterSecret", "ExecProviderConfig", "TlsClientConfig"]


class TlsClientConfig(Spec):
    """TLS to the API server; the data are base64."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"key_data"})

    insecure: Bool | None = None
    """Whether any certificate of the server is accepted. Argo CD's default: False."""
    server_name: Text | None = None
    """The name that the server's certificate must have. The host of the URL when left out."""
    ca_data: Text | None = None
    """The CA of the server, in base64."""
    cert_data: Text | None = None
    """The client certificate, in base64."""
    key_data: Text | None = None
    """The key of the client certificate, in base64."""

    @model_validator(mode="after")
    def _verified(self) -> Self:
        if self.insecure and self.ca_data:
            raise ValueError("insecure and ca_data: an unverified connection has no use for a CA: give one of them")
        if bool(self.cert_data) != bool(self.key_data):
            raise ValueError("cert_data and key_data: give both or neither")
        return self


class AwsAuthConfig(Spec):
    """Authentication to EKS."""

    cluster_name: Text | None = None
    """The name of the EKS cluster."""
    role_arn: Text | None = Field(default=None, alias="roleARN")
    """The ARN of the role to act as."""
    profile: Text | None = None
    """The profile of AWS's settings to use."""


class ExecProviderConfig(Spec):
    """A program that prints credentials."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"env"})

    command: Text
    """The program."""
    args: Many[Text] | None = None
    """The program's arguments."""
    env: StringMap | None = None
    """Variables for the program."""
    api_version: Text | None = None
    """The version of the API that it answers in: `client.authentication.k8s.io/v1beta1`."""
    install_hint: Text | None = None
    """What to tell when the program is not there."""


class ClusterConfig(Spec):
    """How to reach a cluster and who to be there."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"password", "bearer_token"})

    username: Text | None = None
    """The user to log in as."""
    password: Text | None = None
    """The user's password."""
    bearer_token: Text | None = None
    """The token of a service account. Instead of a user."""
    aws_auth_config: AwsAuthConfig | None = None
    """How to log in to EKS."""
    exec_provider_config: ExecProviderConfig | None = None
    """A program that prints credentials."""
    tls_client_config: TlsClientConfig | None = None
    """How the connection is secured."""
    proxy_url: Text | None = Field(default=None, alias="proxyUrl")
    """The URL of a proxy."""
    disable_compression: Bool | None = None
    """Whether answers are sent without compression. Argo CD's default: False."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.aws_auth_config is not None and self.exec_provider_config is not None:
            raise ValueError("aws_auth_config and exec_provider_config: give one of them")
        if self.bearer_token is not None and self.username is not None:
            raise ValueError("bearer_token and username: give one of them")
        return self


def _config(value: SecretStr) -> SecretStr:
    try:
        ClusterConfig.from_data(dict(json.loads(value.get_secret_value())))
    except (ValueError, TypeError, RecursionError):
        raise ValueError("must be a mapping, or a ClusterConfig, or its JSON") from None
    except InputError as error:
        raise ValueError(error.message) from None
    return value


class ClusterSecret(SecretResource):
    """A cluster that Argo CD deploys to. Its labels and annotations are parameters of the clusters generator.

    ``cluster_name`` is the name that destinations use; left out, it is the name of the Secret. ``config`` is a dict or
    a :class:`ClusterConfig`, and is hidden like every secret.
    """

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"config"})
    TYPES: ClassVar[tuple[str, ...]] = ("cluster",)
    KEYS: ClassVar[dict[str, str]] = {"cluster_name": "name"}

    cluster_name: Text | None = None
    """The name that destinations use. Default: the name of the Secret."""
    server: Annotated[Text, matching(r"^https?://.+", "must be the URL of the API server, https://...")]
    """The URL of the API server."""
    config: Annotated[SecretText, AfterValidator(_config)] | None = None
    """How to reach the cluster and who to be there; never shown."""
    namespaces: Text | None = None
    """The only namespaces to look at. All when left out."""
    cluster_resources: Flag | None = None
    """Whether kinds without a namespace count too, when `namespaces` is given. Argo CD's default: False."""
    project: Text | None = None
    """The AppProject that the cluster is registered for. For all when left out."""
    shard: Count | None = None
    """The number of the controller that looks after the cluster. Argo CD decides when left out."""

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields with names, namespaces and config as the Secret holds them."""
        found = super().shorthand(fields, info)
        if isinstance(found.get("name"), str):
            found.setdefault("cluster_name", found["name"])
        if isinstance(found.get("namespaces"), list | tuple):
            found["namespaces"] = ",".join(map(str, found["namespaces"]))
        config = found.get("config")
        if isinstance(config, dict):
            try:
                config = ClusterConfig(**config)
            except InputError as error:
                raise ValueError(f"config: {error.message}") from None
        if isinstance(config, ClusterConfig):
            found["config"] = json.dumps(config.data(), sort_keys=True)
        return found

    @model_validator(mode="after")
    def _scope(self) -> Self:
        if self.cluster_resources is not None and not self.namespaces:
            raise ValueError("cluster_resources: is about what comes besides namespaces: give those too")
        return self
