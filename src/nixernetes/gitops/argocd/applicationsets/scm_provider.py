"""The SCM provider generator: a set of parameters for each repository of an organisation (section 14.2)."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from nixernetes.gitops.argocd.applicationsets.generator_parts import (
    ApplicationSetTemplate,
    BasicAuth,
    BearerToken,
    ConfigMapKey,
    SecretKey,
)
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Int, Many, StringMap, Text

__all__ = [
    "AwsTagFilter",
    "ScmAwsCodeCommit",
    "ScmAzureDevOps",
    "ScmBitbucket",
    "ScmBitbucketServer",
    "ScmFilter",
    "ScmGitea",
    "ScmGithub",
    "ScmGitlab",
    "ScmProviderGenerator",
]


class ScmGithub(Spec):
    """An organisation of GitHub."""

    organization: Text
    """The organisation."""
    api: Text | None = None
    """The URL of GitHub Enterprise's API. Argo CD's default: github.com."""
    token_ref: SecretKey | None = None
    """The Secret with an access token. Only public repositories are seen without one."""
    app_secret_name: Text | None = None
    """The Secret of a GitHub App. Instead of `token_ref`."""
    all_branches: Bool | None = None
    """Whether every branch counts, not only the default branch. Argo CD's default: False."""
    exclude_archived_repos: Bool | None = None
    """Whether archived repositories are left out. Argo CD's default: False."""


class ScmGitlab(Spec):
    """A group of GitLab."""

    group: Text
    """The group's id or path."""
    include_subgroups: Bool | None = None
    """Whether groups below count too. Argo CD's default: False."""
    include_shared_projects: Bool | None = None
    """Whether projects that are shared with the group count too. Argo CD's default: True."""
    include_archived_repos: Bool | None = None
    """Whether archived projects count too. Argo CD's default: False."""
    topic: Text | None = None
    """A topic that the projects must have."""
    api: Text | None = None
    """The URL of GitLab's API. Argo CD's default: gitlab.com."""
    token_ref: SecretKey | None = None
    """The Secret with an access token."""
    ca_ref: ConfigMapKey | None = None
    """The ConfigMap with the CA of the server."""
    insecure: Bool | None = None
    """Whether any TLS certificate is accepted. Argo CD's default: False."""
    all_branches: Bool | None = None
    """Whether every branch counts, not only the default branch. Argo CD's default: False."""


class ScmGitea(Spec):
    """An owner of Gitea."""

    owner: Text
    """The user or organisation."""
    api: Text
    """The URL of Gitea's API."""
    token_ref: SecretKey | None = None
    """The Secret with an access token. Only public repositories are seen without one."""
    insecure: Bool | None = None
    """Whether any TLS certificate is accepted. Argo CD's default: False."""
    all_branches: Bool | None = None
    """Whether every branch counts, not only the default branch. Argo CD's default: False."""
    exclude_archived_repos: Bool | None = None
    """Whether archived repositories are left out. Argo CD's default: False."""


class ScmBitbucket(Spec):
    """An owner of Bitbucket Cloud."""

    owner: Text
    """The workspace."""
    user: Text
    """The user to log in as."""
    app_password_ref: SecretKey
    """The Secret with the user's app password."""
    all_branches: Bool | None = None
    """Whether every branch counts, not only the main branch. Argo CD's default: False."""


class ScmBitbucketServer(Spec):
    """A project of Bitbucket Server."""

    project: Text
    """The project's key."""
    api: Text
    """The URL of Bitbucket's API."""
    basic_auth: BasicAuth | None = None
    """A user and a password to log in with."""
    bearer_token: BearerToken | None = None
    """A token to log in with."""
    ca_ref: ConfigMapKey | None = None
    """The ConfigMap with the CA of the server."""
    insecure: Bool | None = None
    """Whether any TLS certificate is accepted. Argo CD's default: False."""
    all_branches: Bool | None = None
    """Whether every branch counts, not only the default branch. Argo CD's default: False."""


class ScmAzureDevOps(Spec):
    """A team project of Azure DevOps."""

    organization: Text
    """The organisation."""
    team_project: Text
    """The project."""
    access_token_ref: SecretKey
    """The Secret with an access token."""
    api: Text | None = None
    """The URL of Azure DevOps. Argo CD's default: `https://dev.azure.com`."""
    all_branches: Bool | None = None
    """Whether every branch counts, not only the default branch. Argo CD's default: False."""


class AwsTagFilter(Spec):
    """A tag of AWS."""

    key: Text
    """The tag's key."""
    value: Text | None = None
    """The tag's value. Any when left out."""


class ScmAwsCodeCommit(Spec):
    """The repositories of an AWS account."""

    region: Text | None = None
    """The region. Argo CD's own when left out."""
    role: Text | None = None
    """The ARN of the role to act as. Argo CD's own when left out."""
    tag_filters: Many[AwsTagFilter] | None = None
    """Tags that the repositories must have."""
    all_branches: Bool | None = None
    """Whether every branch counts, not only the default branch. Argo CD's default: False."""


class ScmFilter(Spec):
    """Which repositories and branches count; all of its rules must hold."""

    repository_match: Text | None = None
    """A regular expression for the repository's name."""
    branch_match: Text | None = None
    """A regular expression for the branch."""
    label_match: Text | None = None
    """A regular expression for labels of the repository; one must match."""
    paths_exist: Many[Text] | None = None
    """Paths that must exist."""
    paths_do_not_exist: Many[Text] | None = None
    """Paths that must not exist."""


_PROVIDERS = ("github", "gitlab", "gitea", "bitbucket", "bitbucket_server", "azure_dev_ops", "aws_code_commit")


class ScmProviderGenerator(Spec):
    """A set of parameters for each repository; one of the filters must fit."""

    github: ScmGithub | None = None
    """The organisation, on GitHub."""
    gitlab: ScmGitlab | None = None
    """The group, on GitLab."""
    gitea: ScmGitea | None = None
    """The owner, on Gitea."""
    bitbucket: ScmBitbucket | None = None
    """The workspace, on Bitbucket Cloud."""
    bitbucket_server: ScmBitbucketServer | None = None
    """The project, on Bitbucket Server."""
    azure_dev_ops: ScmAzureDevOps | None = Field(default=None, alias="azureDevOps")
    """The project, on Azure DevOps."""
    aws_code_commit: ScmAwsCodeCommit | None = None
    """The account, on AWS CodeCommit."""
    filters: Many[ScmFilter] | None = None
    """Which repositories and branches count; one of the filters must fit. All when left out."""
    clone_protocol: Literal["ssh", "https", "https-fips", ""] | None = None
    """The protocol of the `url` parameter. Argo CD's default is the provider's own, most often `ssh`."""
    requeue_after_seconds: Int | None = None
    """How often to look, in seconds. Argo CD's default: 1800."""
    template: ApplicationSetTemplate | None = None
    """What the Applications of this generator have in another way."""
    values: StringMap | None = None
    """More parameters: `values.<name>`."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in _PROVIDERS if self.__dict__[name] is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(_PROVIDERS)}, not {' and '.join(given) or 'none'}")
        return self
