"""Remote bases: which repository, folder and revision a URL of ``resources`` or ``components`` names.

The rules are those of Kustomize 5 (``NewRepoSpecFromURL``): a scheme, ``git@host:`` or ``github.com``; the repository
ends at ``_git/<name>``, at ``//`` or at ``.git``, else after two segments; ``?ref=`` names the revision.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import parse_qs

from nixernetes.render.tree import Tree

__all__ = ["RemoteBase", "Remotes", "remote_base"]

_SCHEMES: Final = ("ssh://", "file://", "https://", "http://")
_USER: Final = re.compile(r"[A-Za-z0-9_.~-]+@")
_GITHUB: Final = re.compile(r"github\.com[:/]", re.IGNORECASE)
_AZURE: Final = "_git/"
_SEGMENTS: Final = 2


@dataclass(frozen=True, slots=True)
class RemoteBase:
    """A folder of a Git repository at a revision.

    Attributes:
        url: the repository's URL.
        path: the folder, ``""`` for the repository's own.
        ref: the branch, tag or commit; ``""`` is the default branch.

    """

    url: str
    path: str
    ref: str


class Remotes(Protocol):
    """What stands for remote files and repositories."""

    def file(self, url: str) -> bytes | None:
        """Return the bytes of the file at an HTTP URL, or None where it is not at hand.

        Raises:
            RemoteError: it should be at hand, and cannot be read.

        """
        ...

    def repository(self, url: str, ref: str) -> Tree | None:
        """Return a repository's files at a revision, or None where it is not at hand.

        Args:
            url: the repository's URL.
            ref: the branch, tag or commit; ``""`` is the default branch.

        Raises:
            RemoteError: it should be at hand, and has no such revision.

        """
        ...


def remote_base(text: str) -> RemoteBase | None:
    """Return what a path of ``resources`` names in a remote repository, or None for a path of this one."""
    if text.startswith("/"):
        return None
    rest, _, query = text.partition("?")
    scheme, user, rest = _scheme_and_user(rest)
    github = _GITHUB.match(rest) is not None
    scp = not scheme and (bool(user) or github)
    if not scheme and not scp:
        return None
    host = ""
    if scheme == "file://":
        rest = user + rest
    else:
        host, rest = _host(rest, scp=scp)
        if github:
            scheme, user, host = _github(scheme, user)
        if not host:
            return None
    repository, path = _split(rest, whole=scheme == "file://")
    if not repository or posixpath.normpath(path.lstrip("/") or ".").split("/")[0] == "..":
        return None
    given = parse_qs(query)
    ref = (given.get("ref") or given.get("version") or [""])[0]
    folder = posixpath.normpath(path.strip("/") or ".")
    return RemoteBase(scheme + user + host + repository, "" if folder == "." else folder, ref)


def _scheme_and_user(text: str) -> tuple[str, str, str]:
    rest = text[5:] if text[:5].lower() == "git::" else text
    scheme = next((each for each in _SCHEMES if rest.lower().startswith(each)), "")
    rest = rest[len(scheme) :]
    user = _USER.match(rest)
    return scheme, user[0] if user else "", rest[user.end() :] if user else rest


def _host(text: str, *, scp: bool) -> tuple[str, str]:
    """Split behind the separator of host and path; a colon is one where ``user@host:path`` may be written."""
    ends = [at for separator in ("/", ":")[: 2 if scp else 1] if (at := text.find(separator)) >= 0]
    end = min(ends) + 1 if ends else len(text)
    return text[:end], text[end:]


def _github(scheme: str, user: str) -> tuple[str, str, str]:
    """Return the one spelling of GitHub's host for each way to speak to it."""
    if scheme == "ssh://" or user:
        return "", user or "git@", "github.com:"
    return "https://", "", "github.com/"


def _split(text: str, *, whole: bool) -> tuple[str, str]:
    """Return the repository's path and the folder inside of it."""
    if _AZURE in text:
        before, _, after = text.partition(_AZURE)
        name, _, path = after.partition("/")
        return before + _AZURE + name, path
    if "//" in text:
        repository, _, path = text.partition("//")
        return repository, path
    if ".git" in text:
        end = text.index(".git") + len(".git")
        return text[:end], text[end:]
    if whole:
        return text, ""
    segments = text.split("/")
    return "/".join(segments[:_SEGMENTS]), "/".join(segments[_SEGMENTS:])
