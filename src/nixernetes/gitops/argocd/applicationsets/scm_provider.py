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
    api: Text | None = None
    token_ref: SecretKey | None = None
    app_secret_name: Text | None = None
    all_branches: Bool | None = None
    exclude_archived_repos: Bool | None = None


class ScmGitlab(Spec):
    """A group of GitLab."""

    group: Text
    include_subgroups: Bool | None = None
    include_shared_projects: Bool | None = None
    include_archived_repos: Bool | None = None
    topic: Text | None = None
    api: Text | None = None
    token_ref: SecretKey | None = None
    ca_ref: ConfigMapKey | None = None
    insecure: Bool | None = None
    all_branches: Bool | None = None


class ScmGitea(Spec):
    """An owner of Gitea."""

    owner: Text
    api: Text
    token_ref: SecretKey | None = None
    insecure: Bool | None = None
    all_branches: Bool | None = None
    exclude_archived_repos: Bool | None = None


class ScmBitbucket(Spec):
    """An owner of Bitbucket Cloud."""

    owner: Text
    user: Text
    app_password_ref: SecretKey
    all_branches: Bool | None = None


class ScmBitbucketServer(Spec):
    """A project of Bitbucket Server."""

    project: Text
    api: Text
    basic_auth: BasicAuth | None = None
    bearer_token: BearerToken | None = None
    ca_ref: ConfigMapKey | None = None
    insecure: Bool | None = None
    all_branches: Bool | None = None


class ScmAzureDevOps(Spec):
    """A team project of Azure DevOps."""

    organization: Text
    team_project: Text
    access_token_ref: SecretKey
    api: Text | None = None
    all_branches: Bool | None = None


class AwsTagFilter(Spec):
    """A tag of AWS."""

    key: Text
    value: Text | None = None


class ScmAwsCodeCommit(Spec):
    """The repositories of an AWS account."""

    region: Text | None = None
    role: Text | None = None
    tag_filters: Many[AwsTagFilter] | None = None
    all_branches: Bool | None = None


class ScmFilter(Spec):
    """Which repositories and branches count; all of its rules must hold."""

    repository_match: Text | None = None
    branch_match: Text | None = None
    label_match: Text | None = None
    paths_exist: Many[Text] | None = None
    paths_do_not_exist: Many[Text] | None = None


_PROVIDERS = ("github", "gitlab", "gitea", "bitbucket", "bitbucket_server", "azure_dev_ops", "aws_code_commit")


class ScmProviderGenerator(Spec):
    """A set of parameters for each repository; one of the filters must fit."""

    github: ScmGithub | None = None
    gitlab: ScmGitlab | None = None
    gitea: ScmGitea | None = None
    bitbucket: ScmBitbucket | None = None
    bitbucket_server: ScmBitbucketServer | None = None
    azure_dev_ops: ScmAzureDevOps | None = Field(default=None, alias="azureDevOps")
    aws_code_commit: ScmAwsCodeCommit | None = None
    filters: Many[ScmFilter] | None = None
    clone_protocol: Literal["ssh", "https", "https-fips", ""] | None = None
    requeue_after_seconds: Int | None = None
    template: ApplicationSetTemplate | None = None
    values: StringMap | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in _PROVIDERS if self.__dict__[name] is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(_PROVIDERS)}, not {' and '.join(given) or 'none'}")
        return self
