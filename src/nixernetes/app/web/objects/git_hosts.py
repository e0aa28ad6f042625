"""Where a Git host shows a line of a file: GitHub, GitLab, Gitea and Forgejo, Bitbucket, Azure DevOps.

A host is known by its name: that of the service, or one of which a label begins with it, as ``gitlab.example.com``. Of
any other host nothing is said. A link is made of checked parts, always ``https``, and never holds credentials.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

__all__ = ["GitLink", "file_link"]

_URL: Final = re.compile(r"^(?:https?|ssh|git)://(?:[^/@]*@)?([^/:@]+)(?::\d+)?/(.+)$", re.IGNORECASE)
_SCP: Final = re.compile(r"^[\w.-]+@([^/:@]+):(?!//)(.+)$")
_HOST: Final = re.compile(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")
_HASH: Final = re.compile(r"(?:^|[:@/])([0-9a-f]{40}|[0-9a-f]{64})$")
_MOST: Final = 2_000  # characters of a URL


@dataclass(frozen=True, slots=True, kw_only=True)
class GitLink:
    """A link to a line of a file, and what the host is called."""

    url: str
    host: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A file: host, path of the repository, revision (a hash, a branch, or ``""``), path and line."""

    host: str
    repository: str
    revision: str
    file: str
    line: int

    @property
    def is_hash(self) -> bool:
        """Whether the revision is a commit."""
        return _HASH.search(self.revision) is not None

    @property
    def head(self) -> str:
        """The revision, or what every host takes for the present."""
        return quote(self.revision or "HEAD")


def file_link(url: str, revision: str, file: str, line: int = 0) -> GitLink | None:
    """Return the link to a line of a file, or None where the host is not known.

    Args:
        url: the URL of the repository, over HTTP or SSH.
        revision: the commit, as ``main@sha1:…`` or alone, a branch or a tag; ``""`` for the present.
        file: the path of the file in the repository.
        line: the line, or 0.

    """
    found = _URL.match(url) or _SCP.match(url)
    if found is None or len(url) > _MOST or not file or file.startswith("/") or ".." in file.split("/"):
        return None
    host, path = found[1].lower(), unquote(found[2]).strip("/").removesuffix(".git")
    if not _HOST.match(host) or ".." in path.split("/"):
        return None
    place = _Place(host, quote(path), _commit(revision), quote(file), line)
    labels = host.split(".")
    if host in ("dev.azure.com", "ssh.dev.azure.com") or host.endswith(".visualstudio.com"):
        return _azure(place)
    if host == "bitbucket.org":
        return _bitbucket_cloud(place)
    for word, name, make in (
        ("github", "GitHub", _github),
        ("gitlab", "GitLab", _gitlab),
        ("gitea", "Gitea", _gitea),
        ("forgejo", "Forgejo", _gitea),
        ("codeberg", "Codeberg", _gitea),
        ("bitbucket", "Bitbucket", _bitbucket_server),
        ("stash", "Bitbucket", _bitbucket_server),
    ):
        if any(label.startswith(word) for label in labels):
            made = make(place)
            return GitLink(url=made, host=name) if made else None
    return None


def _commit(revision: str) -> str:
    """Return the commit of a revision of Flux; else what stands after the last ``/`` of a reference, or the whole."""
    found = _HASH.search(revision)
    if found is not None:
        return found[1]
    return (
        ""
        if revision in ("", "HEAD")
        else revision.partition("@")[0].removeprefix("refs/heads/").removeprefix("refs/tags/")
    )


def _github(place: _Place) -> str:
    anchor = f"#L{place.line}" if place.line else ""
    return f"https://{place.host}/{place.repository}/blob/{place.head}/{place.file}{anchor}"


def _gitlab(place: _Place) -> str:
    anchor = f"#L{place.line}" if place.line else ""
    return f"https://{place.host}/{place.repository}/-/blob/{place.head}/{place.file}{anchor}"


def _gitea(place: _Place) -> str:
    """Return the link of Gitea, which tells commits and branches apart and has no word for the present."""
    if not place.revision:
        return f"https://{place.host}/{place.repository}"
    kind = "commit" if place.is_hash else "branch"
    anchor = f"#L{place.line}" if place.line else ""
    return f"https://{place.host}/{place.repository}/src/{kind}/{place.head}/{place.file}{anchor}"


def _bitbucket_cloud(place: _Place) -> GitLink:
    anchor = f"#lines-{place.line}" if place.line else ""
    url = f"https://bitbucket.org/{place.repository}/src/{place.head}/{place.file}{anchor}"
    return GitLink(url=url, host="Bitbucket")


def _bitbucket_server(place: _Place) -> str:
    """Return the link of a server of one's own, which clones from ``/scm/PROJECT/REPOSITORY``."""
    parts = place.repository.removeprefix("scm/").split("/")
    if len(parts) != 2:
        return ""
    project, name = parts
    owner = f"users/{project[1:]}" if project.startswith(("~", "%7E")) else f"projects/{project}"
    at = f"?at={place.head}" if place.revision else ""
    anchor = f"#{place.line}" if place.line else ""
    return f"https://{place.host}/{owner}/repos/{name}/browse/{place.file}{at}{anchor}"


def _azure(place: _Place) -> GitLink | None:
    """Return the link of Azure DevOps: ``ORGANISATION/PROJECT/_git/NAME``, over SSH ``v3/...`` with the same parts."""
    parts = place.repository.split("/")
    if place.host.endswith(".visualstudio.com") and not place.host.startswith("vs-ssh."):
        parts = [place.host.partition(".")[0], *(each for each in parts if each != "DefaultCollection")]
    if parts[:1] == ["v3"] and len(parts) == 4:
        parts = [parts[1], parts[2], "_git", parts[3]]
    if len(parts) == 3 and parts[1] == "_git":  # a repository that is called as its project
        parts = [parts[0], parts[2], "_git", parts[2]]
    if len(parts) != 4 or parts[2] != "_git":
        return None
    version = "" if not place.revision else f"&version=G{'C' if place.is_hash else 'B'}{place.head}"
    lines = f"&line={place.line}&lineEnd={place.line + 1}&lineStartColumn=1&lineEndColumn=1" if place.line else ""
    url = f"https://dev.azure.com/{'/'.join(parts)}?path=/{place.file}{version}{lines}"
    return GitLink(url=url, host="Azure DevOps")
