"""What a commit says: the first line of its message, and who wrote it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pygit2

from nixernetes.adapters.repositories.git import open_repository
from nixernetes.errors import NixernetesError

__all__ = ["commit_author", "commit_line"]

_COMMIT: Final = re.compile(r"\b[0-9a-f]{40}\b")


def commit_line(path: Path, revision: str) -> str:
    """Return a commit as ``git log --oneline`` does; ``""`` where the repository has none of this revision.

    Args:
        path: the repository.
        revision: a revision of Flux or Argo CD, with the whole hash in it.

    """
    commit = _commit(path, revision)
    return f"{str(commit.id)[:7]} {commit.message.strip().partition(chr(10))[0]}" if commit is not None else ""


def commit_author(path: Path, revision: str) -> str:
    """Return who wrote a commit, by name; ``""`` where the repository has none of this revision."""
    commit = _commit(path, revision)
    return commit.author.name if commit is not None else ""


def _commit(path: Path, revision: str) -> pygit2.Commit | None:
    found = _COMMIT.search(revision)
    if found is None:
        return None
    try:
        commit = open_repository(path).get(found[0])
    except (NixernetesError, pygit2.GitError, ValueError):
        return None
    if not isinstance(commit, pygit2.Commit):
        return None
    return commit
