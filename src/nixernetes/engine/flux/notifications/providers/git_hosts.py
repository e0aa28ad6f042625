"""Git hosts: where a repository is by its address, and who logs in (``parseGitAddress`` of ``util.go``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from nixernetes.engine.flux.notifications.providers.dispatches import Dispatch, ProviderError
from nixernetes.engine.notices.github_apps import ACCEPT, Asking, installation_of, installation_token
from nixernetes.engine.notices.requests import Exchange, WebRequest, accepted

__all__ = [
    "JSON",
    "GitHubRepository",
    "git_place",
    "gitea_version",
    "github_repository",
    "github_token",
    "owner_and_name",
]

JSON: Final = "application/json"
_SCP: Final = re.compile(r"(?:[a-zA-Z0-9._~-]+@)?([a-zA-Z0-9._-]+):([a-zA-Z0-9./._-]+)")
_TRANSPORTS: Final = ("ssh", "git", "git+ssh", "http", "https", "ftp", "ftps", "rsync", "file")


@dataclass(frozen=True, slots=True)
class GitHubRepository:
    """A repository of GitHub: the base of the API, and ``<owner>/<name>``."""

    api: str
    name: str

    def url(self, path: str) -> str:
        """Return the URL of a part of the repository's API."""
        return f"{self.api}repos/{self.name}/{path}"

    @staticmethod
    def headers(token: str, *, writes: bool = False) -> dict[str, str]:
        """Return the headers of a request."""
        found = {"Accept": ACCEPT, "Authorization": f"Bearer {token}", "X-Github-Api-Version": "2022-11-28"}
        return {**found, "Content-Type": JSON} if writes else found


def git_place(address: str) -> tuple[str, str]:
    """Return the host with its scheme, and the path of a repository without ``.git``.

    Raises:
        ProviderError: the address is none.

    """
    try:
        parts = urlsplit(address)
        scheme, host, path = parts.scheme, parts.netloc.rpartition("@")[2], parts.path
    except ValueError:
        raise ProviderError("failed parsing URL: the provider's address is not a URL") from None
    if scheme not in _TRANSPORTS:
        found = _SCP.match(address)
        scheme, host, path = ("ssh", found[1], found[2]) if found else ("file", "", address)
    scheme = "https" if scheme == "ssh" else scheme
    return f"{scheme}://{host}", path.lstrip("/").removesuffix(".git")


def owner_and_name(identifier: str) -> str:
    """Return ``<owner>/<name>``, if it is that.

    Raises:
        ProviderError: it is not.

    """
    if len(identifier.split("/")) != 2:  # an owner and a name
        raise ProviderError(f"invalid repository id: '{identifier}'")
    return identifier


def gitea_version(host: str, headers: Mapping[str, str]) -> Exchange:
    """Ask for the version of Gitea, as its library does before anything else; it takes what has an API like it.

    Raises:
        RemoteError: there is none.

    """
    url = f"{host}/api/v1/version"
    accepted((yield WebRequest(method="GET", url=url, headers=headers, reads=True)))


def github_repository(dispatch: Dispatch) -> GitHubRepository:
    """Return the repository that a Provider's address names.

    Raises:
        ProviderError: it names none.

    """
    host, identifier = git_place(dispatch.address)
    name = owner_and_name(identifier)
    return GitHubRepository("https://api.github.com/" if host.endswith("//github.com") else f"{host}/api/v3/", name)


def github_token(dispatch: Dispatch) -> Asking:
    """Return the token of the Secret, or ask for one as the GitHub App that it names.

    Raises:
        ProviderError: there is neither.

    """
    if dispatch.api_token:
        return dispatch.api_token
    data = dispatch.login.data
    if "githubAppID" not in data:
        raise ProviderError("github token or github app details must be specified")
    key = data.get("githubAppPrivateKey", "")
    if not key or ("githubAppInstallationID" in data) == ("githubAppInstallationOwner" in data):
        raise ProviderError(
            "the Secret of a GitHub App needs githubAppPrivateKey, and githubAppInstallationID or "
            "githubAppInstallationOwner"
        )
    app, api = data["githubAppID"], data.get("githubAppBaseURL") or "https://api.github.com"
    installation = data.get("githubAppInstallationID", "")
    if not installation:
        installation = yield from installation_of(api, app, key, data["githubAppInstallationOwner"])
    return (yield from installation_token(api, app, key, installation))
