"""URLs of Git repositories: what is one, and the name of the repository in it."""

from __future__ import annotations

import re

from nixernetes.errors import InputError
from nixernetes.gitops.declared import caller_place

__all__ = ["is_git_url", "repository_name"]

_HOST = r"(?:\[[0-9A-Fa-f:]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)"
_URL = re.compile(rf"(?:https?|ssh|git)://(?:[^\s/@]+@)?{_HOST}(?::\d+)?/+(?P<path>[^\s?#]+)(?:[?#]\S*)?")
# git reads host:path as SSH. Without a user, one letter before the colon is a Windows drive.
_SCP = re.compile(rf"(?:[^\s/@:]+@|(?=[^:]{{2}})){_HOST}:(?!//)(?P<path>[^\s?#]+)")


def is_git_url(url: str) -> bool:
    """Tell whether this is the URL of a remote Git repository: http, https, ssh, git, or ``user@host:path``.

    >>> [is_git_url(url) for url in ("https://github.com/myorg/config", "git@github.com:myorg/config.git", "config")]
    [True, True, False]
    """
    return _path(url) is not None


def repository_name(url: str) -> str:
    """Return the name of the repository: the last part of the path, without ``.git``.

    >>> repository_name("https://github.com/myorg/config.git")
    'config'

    Raises:
        InputError: this is not the URL of a Git repository.

    """
    path = _path(url)
    if path is None:
        raise InputError(
            f"{url!r} is not the URL of a Git repository: write https://host/path or ssh://git@host/path",
            place=caller_place(),
        )
    return path.rsplit("/", 1)[-1].removesuffix(".git")


def _path(url: object) -> str | None:
    found = (_URL.fullmatch(url) or _SCP.fullmatch(url)) if isinstance(url, str) else None
    if found is None:
        return None
    path = found["path"].strip("/")
    return path if path.rsplit("/", 1)[-1].removesuffix(".git") else None
