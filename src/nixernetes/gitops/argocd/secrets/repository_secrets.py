"""Repositories, and credentials for all repositories under a URL, as Secrets (section 16)."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from nixernetes.gitops.argocd.secrets.secret_resource import Count, Flag, SecretResource, SecretText
from nixernetes.gitops.values import Text
from nixernetes.objects.well_known import ARGOCD_SECRET_TYPE

__all__ = ["RepositoryCredentials", "RepositorySecret"]

_SECRET = (
    *("password", "bearer_token", "ssh_private_key", "tls_client_cert_key", "github_app_private_key"),
    *("gcp_service_account_key", "azure_service_principal_client_secret", "proxy"),
)


class _Credentials(SecretResource):
    """The keys that both kinds of Secret have."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset((*_SECRET, "url"))

    url: Text
    """The URL of the repository, or what the URLs of several begin with."""
    type_: Literal["git", "helm", "oci"] | None = Field(default=None, alias="repositoryType")
    """What the repository is; written as `type`."""
    username: Text | None = None
    """The user to log in as."""
    password: SecretText | None = None
    """The user's password or access token; never shown."""
    bearer_token: SecretText | None = None
    """The token of Bitbucket Server; never shown."""
    ssh_private_key: SecretText | None = None
    """The SSH key; never shown."""
    tls_client_cert_data: Text | None = None
    """The client certificate."""
    tls_client_cert_key: SecretText | None = None
    """The key of the client certificate; never shown."""
    insecure: Flag | None = None
    """Whether any certificate or host key is accepted. Argo CD's default: False."""
    enable_oci: Flag | None = Field(default=None, alias="enableOCI")
    """Whether a Helm repository is a registry. Argo CD's default: False."""
    force_http_basic_auth: Flag | None = None
    """Whether user and password are sent before the server asks. Argo CD's default: False."""
    proxy: SecretText | None = None
    """The URL of a proxy; never shown, as it may hold a password."""
    no_proxy: Text | None = None
    """The hosts that are reached without the proxy."""
    github_app_id: Count | None = Field(default=None, alias="githubAppID")
    """The id of the GitHub App."""
    github_app_installation_id: Count | None = Field(default=None, alias="githubAppInstallationID")
    """The id of its installation. Argo CD finds it out by the organisation when left out."""
    github_app_private_key: SecretText | None = None
    """The key of the GitHub App; never shown."""
    github_app_enterprise_base_url: Text | None = Field(default=None, alias="githubAppEnterpriseBaseUrl")
    """The URL of GitHub Enterprise's API. Argo CD's default: github.com."""
    gcp_service_account_key: SecretText | None = None
    """The key of a Google service account; never shown."""
    use_azure_workload_identity: Flag | None = None
    """Whether to log in with a workload identity of Azure. Argo CD's default: False."""
    azure_service_principal_client_id: Text | None = None
    """The client id of an Azure service principal."""
    azure_service_principal_client_secret: SecretText | None = None
    """The client secret of an Azure service principal; never shown."""
    azure_service_principal_tenant_id: Text | None = None
    """The tenant of an Azure service principal."""

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields; ``type="helm"`` is the type of the repository, ``for_writing`` the hydrator's own."""
        found = dict(fields)
        if "type" in found:
            found["type_"] = found.pop("type")
        writing = found.pop("for_writing", found.pop("forWriting", False))
        found = super().shorthand(found, info)
        return {**found, "labels": {**found["labels"], **cls._label(writing=bool(writing))}}

    @classmethod
    def _label(cls, *, writing: bool) -> dict[str, str]:
        return {ARGOCD_SECRET_TYPE: cls.TYPES[1]} if writing else {}

    @model_validator(mode="after")
    def _ways_in(self) -> Self:
        if self.password is not None and self.bearer_token is not None:
            raise ValueError("password and bearer_token: give one of them")
        if (self.tls_client_cert_data is None) != (self.tls_client_cert_key is None):
            raise ValueError("tls_client_cert_data and tls_client_cert_key: give both or neither")
        app = (self.github_app_id, self.github_app_private_key)
        if any(app) != all(app):
            raise ValueError("github_app_id and github_app_private_key: give both or neither")
        return self


class RepositorySecret(_Credentials):
    """A repository that Argo CD knows, with how to get in.

    ``type`` is ``git`` (the default), ``helm`` or ``oci``. With ``project`` it is for one project. ``for_writing=True``
    makes it the one that the source hydrator pushes with.
    """

    TYPES: ClassVar[tuple[str, ...]] = ("repository", "repository-write")
    KEYS: ClassVar[dict[str, str]] = {"type_": "type", "display_name": "name"}

    display_name: Text | None = None
    """The name that Argo CD shows. The URL when left out."""
    project: Text | None = None
    """The AppProject that the repository is registered for. For all when left out."""
    insecure_ignore_host_key: Flag | None = None
    """Whether any host key of an SSH server is accepted. Deprecated: use `insecure`."""
    enable_lfs: Flag | None = None
    """Whether Git LFS files are fetched. Argo CD's default: False."""
    depth: Count | None = None
    """How many commits are fetched. All when left out."""


class RepositoryCredentials(_Credentials):
    """How to get into all repositories whose URL starts with ``url``; the longest one counts."""

    TYPES: ClassVar[tuple[str, ...]] = ("repo-creds", "repo-write-creds")
    KEYS: ClassVar[dict[str, str]] = {"type_": "type"}
