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
    """The user or organisation."""
    repo: Text
    """The repository."""
    api: Text | None = None
    """The URL of GitHub Enterprise's API. Argo CD's default: github.com."""
    token_ref: SecretKey | None = None
    """The Secret with an access token. Only public repositories are seen without one."""
    app_secret_name: Text | None = None
    """The Secret of a GitHub App. Instead of `token_ref`."""
    labels: Many[Text] | None = None
    """Labels that a pull request must have; all of them."""


class PullRequestGitlab(Spec):
    """A project of GitLab."""

    project: Text
    """The project's id or path."""
    api: Text | None = None
    """The URL of GitLab's API. Argo CD's default: gitlab.com."""
    token_ref: SecretKey | None = None
    """The Secret with an access token. Only public projects are seen without one."""
    labels: Many[Text] | None = None
    """Labels that a merge request must have; all of them."""
    pull_request_state: Text | None = None
    """The state of the merge requests: `opened`, `closed`, `merged`. All when left out."""
    insecure: Bool | None = None
    """Whether any TLS certificate is accepted. Argo CD's default: False."""
    ca_ref: ConfigMapKey | None = None
    """The ConfigMap with the CA of the server."""


class PullRequestGitea(Spec):
    """A repository of Gitea."""

    owner: Text
    """The user or organisation."""
    repo: Text
    """The repository."""
    api: Text
    """The URL of Gitea's API."""
    token_ref: SecretKey | None = None
    """The Secret with an access token. Only public repositories are seen without one."""
    insecure: Bool | None = None
    """Whether any TLS certificate is accepted. Argo CD's default: False."""
    labels: Many[Text] | None = None
    """Labels that a pull request must have; all of them."""


class PullRequestBitbucketServer(Spec):
    """A repository of Bitbucket Server."""

    project: Text
    """The project's key."""
    repo: Text
    """The repository."""
    api: Text
    """The URL of Bitbucket's API."""
    basic_auth: BasicAuth | None = None
    """A user and a password to log in with."""
    bearer_token: BearerToken | None = None
    """A token to log in with."""
    insecure: Bool | None = None
    """Whether any TLS certificate is accepted. Argo CD's default: False."""
    ca_ref: ConfigMapKey | None = None
    """The ConfigMap with the CA of the server."""


class PullRequestBitbucket(Spec):
    """A repository of Bitbucket Cloud."""

    owner: Text
    """The workspace."""
    repo: Text
    """The repository."""
    api: Text | None = None
    """The URL of Bitbucket's API. Argo CD's default: `https://api.bitbucket.org/2.0`."""
    basic_auth: BasicAuth | None = None
    """A user and a password to log in with."""
    bearer_token: BearerToken | None = None
    """A token to log in with."""


class PullRequestAzureDevOps(Spec):
    """A repository of Azure DevOps."""

    organization: Text
    """The organisation."""
    project: Text
    """The project."""
    repo: Text
    """The repository."""
    api: Text | None = None
    """The URL of Azure DevOps. Argo CD's default: `https://dev.azure.com`."""
    token_ref: SecretKey | None = None
    """The Secret with an access token."""
    labels: Many[Text] | None = None
    """Labels that a pull request must have; all of them."""


class PullRequestFilter(Spec):
    """Which pull requests count; regular expressions, all of which must fit."""

    branch_match: Text | None = None
    """A regular expression for the branch."""
    target_branch_match: Text | None = None
    """A regular expression for the branch that it goes to."""
    title_match: Text | None = None
    """A regular expression for the title."""


_PROVIDERS = ("github", "gitlab", "gitea", "bitbucket_server", "bitbucket", "azuredevops")


class PullRequestGenerator(Spec):
    """A set of parameters for each open pull request; one of the filters must fit."""

    github: PullRequestGithub | None = None
    """The repository, on GitHub."""
    gitlab: PullRequestGitlab | None = None
    """The project, on GitLab."""
    gitea: PullRequestGitea | None = None
    """The repository, on Gitea."""
    bitbucket_server: PullRequestBitbucketServer | None = None
    """The repository, on Bitbucket Server."""
    bitbucket: PullRequestBitbucket | None = None
    """The repository, on Bitbucket Cloud."""
    azuredevops: PullRequestAzureDevOps | None = None
    """The repository, on Azure DevOps."""
    filters: Many[PullRequestFilter] | None = None
    """Which pull requests count; one of the filters must fit. All when left out."""
    continue_on_repo_not_found_error: Bool | None = None
    """Whether a repository that is not found has no pull requests, and is no error. Argo CD's default: False."""
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
