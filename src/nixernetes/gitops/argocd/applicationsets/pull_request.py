"""The pull request generator: a set of parameters for each open pull request of a repository (section 14.2)."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

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
    "PullRequestAzureDevOps",
    "PullRequestBitbucket",
    "PullRequestBitbucketServer",
    "PullRequestFilter",
    "PullRequestGenerator",
    "PullRequestGitea",
    "PullRequestGithub",
    "PullRequestGitlab",
]


class PullRequestGithub(Spec):
    """A repository of GitHub."""

    owner: Text
    repo: Text
    api: Text | None = None
    token_ref: SecretKey | None = None
    app_secret_name: Text | None = None
    labels: Many[Text] | None = None


class PullRequestGitlab(Spec):
    """A project of GitLab."""

    project: Text
    api: Text | None = None
    token_ref: SecretKey | None = None
    labels: Many[Text] | None = None
    pull_request_state: Text | None = None
    insecure: Bool | None = None
    ca_ref: ConfigMapKey | None = None


class PullRequestGitea(Spec):
    """A repository of Gitea."""

    owner: Text
    repo: Text
    api: Text
    token_ref: SecretKey | None = None
    insecure: Bool | None = None
    labels: Many[Text] | None = None


class PullRequestBitbucketServer(Spec):
    """A repository of Bitbucket Server."""

    project: Text
    repo: Text
    api: Text
    basic_auth: BasicAuth | None = None
    bearer_token: BearerToken | None = None
    insecure: Bool | None = None
    ca_ref: ConfigMapKey | None = None


class PullRequestBitbucket(Spec):
    """A repository of Bitbucket Cloud."""

    owner: Text
    repo: Text
    api: Text | None = None
    basic_auth: BasicAuth | None = None
    bearer_token: BearerToken | None = None


class PullRequestAzureDevOps(Spec):
    """A repository of Azure DevOps."""

    organization: Text
    project: Text
    repo: Text
    api: Text | None = None
    token_ref: SecretKey | None = None
    labels: Many[Text] | None = None


class PullRequestFilter(Spec):
    """Which pull requests count; regular expressions, all of which must fit."""

    branch_match: Text | None = None
    target_branch_match: Text | None = None
    title_match: Text | None = None


_PROVIDERS = ("github", "gitlab", "gitea", "bitbucket_server", "bitbucket", "azuredevops")


class PullRequestGenerator(Spec):
    """A set of parameters for each open pull request; one of the filters must fit."""

    github: PullRequestGithub | None = None
    gitlab: PullRequestGitlab | None = None
    gitea: PullRequestGitea | None = None
    bitbucket_server: PullRequestBitbucketServer | None = None
    bitbucket: PullRequestBitbucket | None = None
    azuredevops: PullRequestAzureDevOps | None = None
    filters: Many[PullRequestFilter] | None = None
    continue_on_repo_not_found_error: Bool | None = None
    requeue_after_seconds: Int | None = None
    template: ApplicationSetTemplate | None = None
    values: StringMap | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in _PROVIDERS if self.__dict__[name] is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(_PROVIDERS)}, not {' and '.join(given) or 'none'}")
        return self
