"""What a commit says: the first line of its message, and when it was made."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pygit2

from nixernetes.adapters.repositories.git import open_repository
from nixernetes.errors import NixernetesError

__all__ = ["commit_line"]

_COMMIT: Final = re.compile(r"\b[0-9a-f]{40}\b")


def commit_line(path: Path, revision: str) -> str:
    """Return a commit as ``git log --oneline`` does; ``""`` where the repository has none of this revision.

    Args:
        path: the repository.
        revision: a revision of Flux or Argo CD, with the whole hash in it.

    """
    found = _COMMIT.search(revision)
    if found is None:
        return ""
    try:
        commit = open_repository(path).get(found[0])
    except (NixernetesError, pygit2.GitError, ValueError):
        return ""
    if not isinstance(commit, pygit2.Commit):
        return ""
    title = commit.message.strip().partition("\n")[0]
    return f"{found[0][:7]} {title}"
