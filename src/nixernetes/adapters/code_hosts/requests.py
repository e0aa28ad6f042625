"""Which pull or merge request a comment goes to: what the pipeline's own variables say, and what the user says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from nixernetes.errors import InputError
from nixernetes.objects.fields import at, mapping_at, number_at

__all__ = ["HOSTS", "ReviewRequest", "found_request"]

HOSTS: Final = ("github", "gitlab", "gitea")
_TOKENS: Final = {
    "github": ("GITHUB_TOKEN", "GH_TOKEN"),
    "gitlab": ("GITLAB_TOKEN",),
    "gitea": ("GITEA_TOKEN", "FORGEJO_TOKEN", "GITHUB_TOKEN"),
}
_DEFAULT_API: Final = {"github": "https://api.github.com", "gitlab": "https://gitlab.com/api/v4", "gitea": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """A pull or merge request on a host.

    Attributes:
        host: ``github``, ``gitlab`` or ``gitea``, which is Forgejo too.
        api: the URL of the host's API.
        repository: ``owner/name``; of GitLab a path or a number.
        number: the number of the request.
        token: who writes; never shown.

    """

    host: str
    api: str
    repository: str
    number: int
    token: str

    def __repr__(self) -> str:
        return f"ReviewRequest({self.host}, {self.repository}, {self.number})"

    @property
    def comments(self) -> str:
        """The address of its comments."""
        if self.host == "gitlab":
            return f"{self.api}/projects/{quote(self.repository, safe='')}/merge_requests/{self.number}/notes"
        return f"{self.api}/repos/{quote(self.repository)}/issues/{self.number}/comments"

    def comment(self, identifier: int) -> str:
        """Return the address of one comment."""
        if self.host == "gitlab":
            return f"{self.comments}/{identifier}"
        return f"{self.api}/repos/{quote(self.repository)}/issues/comments/{identifier}"


def found_request(
    environment: Mapping[str, str], *, host: str = "", api: str = "", repository: str = "", number: int = 0
) -> ReviewRequest:
    """Return the request that a comment goes to.

    Args:
        environment: the variables of the process: GitHub's and Gitea's Actions, GitLab's CI, and the token.
        host: ``github``, ``gitlab`` or ``gitea``; ``""`` is what the environment says.
        api: the URL of the API; ``""``: as the environment says, else the public one.
        repository: the repository; ``""``: as the environment says.
        number: the number of the request; 0: as the environment says.

    Raises:
        InputError: something is not said anywhere.

    """
    name = host or _host(environment)
    if name not in HOSTS:
        raise InputError(f"use {', '.join(HOSTS)}", subject=f"--host {name}")
    token = next((environment[each] for each in _TOKENS[name] if environment.get(each)), "")
    if not token:
        raise InputError(f"no token: set {' or '.join(_TOKENS[name])} in the environment", subject=name)
    is_gitlab = name == "gitlab"
    found_api = api or environment.get("CI_API_V4_URL" if is_gitlab else "GITHUB_API_URL", "") or _DEFAULT_API[name]
    if not found_api:
        raise InputError("give the URL of its API with --api https://HOST/api/v1", subject=name)
    found_repository = repository or environment.get("CI_PROJECT_ID" if is_gitlab else "GITHUB_REPOSITORY", "")
    if not found_repository:
        raise InputError("give the repository with --repository OWNER/NAME", subject=name)
    found_number = number or (_merge_request(environment) if is_gitlab else _pull_request(environment))
    if not found_number:
        raise InputError("this run belongs to no pull request: give its number with --number", subject=name)
    return ReviewRequest(
        host=name, api=found_api.rstrip("/"), repository=found_repository, number=found_number, token=token
    )


def _host(environment: Mapping[str, str]) -> str:
    if environment.get("GITLAB_CI"):
        return "gitlab"
    if environment.get("GITEA_ACTIONS") or environment.get("FORGEJO_ACTIONS"):
        return "gitea"
    if environment.get("GITHUB_ACTIONS"):
        return "github"
    raise InputError("outside of a pipeline, say where the comment goes: --host github, gitlab or gitea")


def _merge_request(environment: Mapping[str, str]) -> int:
    text = environment.get("CI_MERGE_REQUEST_IID", "")
    return int(text) if text.isdecimal() else 0


def _pull_request(environment: Mapping[str, str]) -> int:
    """Return the number that the event names, which the runner keeps in a file."""
    path = environment.get("GITHUB_EVENT_PATH", "")
    if not path:
        return 0
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0
    number = number_at(mapping_at(event, "pull_request"), "number") or number_at(event, "number")
    is_request = at(event, "pull_request") is not None or at(event, "issue", "pull_request") is not None
    return (number or number_at(event, "issue", "number")) if is_request else 0
