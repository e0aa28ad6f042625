"""Which revisions of a repository are meant: by name, by range, and where a branch left the main one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pygit2

from nixernetes.adapters.repositories.git import is_repository, open_repository
from nixernetes.errors import InputError

__all__ = ["merge_base"]

_MAIN: Final = (
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/heads/main",
    "refs/remotes/origin/master",
    "refs/heads/master",
)


def merge_base(repo: Path, head: str = "", main: str = "") -> str:
    """Return the commit at which a revision left the main branch, as a full hash.

    Args:
        repo: the repository.
        head: the revision; ``""`` is HEAD.
        main: the main branch; ``""`` finds it: what ``origin`` calls its HEAD, else ``main``, else ``master``, else
            HEAD itself, so that only what is not committed counts.

    Raises:
        InputError: there is no Git repository, no such revision, or none that both have in common.

    """
    if not is_repository(repo):
        raise InputError("not a Git repository, so it has no revisions to compare", subject=str(repo))
    repository = open_repository(repo)
    try:
        tip = _commit(repository, head or "HEAD", repo)
        other = _commit(repository, main, repo) if main else _main(repository) or tip
        found = repository.merge_base(tip, other)
    except pygit2.GitError as error:
        raise InputError(str(error), subject=str(repo)) from error
    finally:
        repository.free()
    if found is None:
        raise InputError(f"{head or 'HEAD'} and {main or 'the main branch'} have no commit in common: name BASE")
    return str(found)


def _main(repository: pygit2.Repository) -> pygit2.Oid | None:
    for name in _MAIN:
        try:
            return repository.lookup_reference(name).peel(pygit2.Commit).id
        except (KeyError, ValueError, pygit2.GitError):
            continue
    return None


def _commit(repository: pygit2.Repository, name: str, repo: Path) -> pygit2.Oid:
    try:
        return repository.revparse_single(name).peel(pygit2.Commit).id
    except (KeyError, ValueError, pygit2.GitError) as error:
        raise InputError(f"no such revision: {name}", subject=str(repo)) from error
