"""The revisions of a repository that people name: branches, tags, and the latest commits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pygit2
from pygit2.enums import SortMode

from nixernetes.adapters.repositories.git import is_repository, open_repository
from nixernetes.adapters.repositories.own_repository import repository_around
from nixernetes.errors import NixernetesError

__all__ = ["NamedRevision", "named_revisions"]

_MOST_NAMES: Final = 200
_MOST_COMMITS: Final = 50
_SHORT: Final = 7
_PREFIXES: Final = (("refs/heads/", "branch"), ("refs/remotes/", "branch"), ("refs/tags/", "tag"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRevision:
    """A revision, and what its commit says.

    Attributes:
        name: how it is named: a branch, a tag, or a commit of seven digits.
        kind: ``branch``, ``tag`` or ``commit``.
        commit: the full hash.
        subject: the first line of its message.
        author: who wrote it.
        when: when.

    """

    name: str
    kind: str
    commit: str
    subject: str
    author: str
    when: datetime


def named_revisions(folder: Path) -> list[NamedRevision]:
    """Return branches and tags, the latest first, and then the latest commits of HEAD.

    At most two hundred names and fifty commits; none where the folder is in no Git repository, or it has no commit.
    """
    root = folder if is_repository(folder) else repository_around(folder)
    if root is None:
        return []
    try:
        repository = open_repository(root)
    except NixernetesError:
        return []
    try:
        names = sorted(_names(repository), key=lambda each: (each.when, each.name), reverse=True)[:_MOST_NAMES]
        return [*names, *_latest(repository)]
    except (pygit2.GitError, ValueError):
        return []
    finally:
        repository.free()


def _names(repository: pygit2.Repository) -> Iterator[NamedRevision]:
    for reference in repository.references:
        for prefix, kind in _PREFIXES:
            if reference.startswith(prefix) and not reference.endswith("/HEAD"):
                try:
                    commit = repository.lookup_reference(reference).peel(pygit2.Commit)
                except (KeyError, ValueError, pygit2.GitError):  # a tag of a file, a name that leads nowhere
                    continue
                yield _named(reference.removeprefix(prefix), kind, commit)


def _latest(repository: pygit2.Repository) -> Iterator[NamedRevision]:
    try:
        head = repository.revparse_single("HEAD").peel(pygit2.Commit)
    except KeyError:  # no commit yet
        return
    for _, commit in zip(range(_MOST_COMMITS), repository.walk(head.id, SortMode.TIME), strict=False):
        yield _named(str(commit.id)[:_SHORT], "commit", commit)


def _named(name: str, kind: str, commit: pygit2.Commit) -> NamedRevision:
    return NamedRevision(
        name=name,
        kind=kind,
        commit=str(commit.id),
        subject=commit.message.strip().partition("\n")[0],
        author=commit.author.name,
        when=datetime.fromtimestamp(commit.commit_time, UTC),
    )
