"""Which revisions of a repository are meant: by name, by range, and where a branch left the main one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pygit2

from nixernetes.adapters.repositories.git import is_repository, open_repository, read_revision
from nixernetes.adapters.repositories.own_repository import repository_around
from nixernetes.errors import InputError
from nixernetes.render.tree import Tree

__all__ = ["commit_of", "merge_base", "tree_below", "write_tree"]

_MOST_FILES: Final = 50_000
_MOST_BYTES: Final = 1024 * 2**20
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
    root = _root(repo)
    if not is_repository(root):
        raise InputError("not a Git repository, so it has no revisions to compare", subject=str(repo))
    repository = open_repository(root)
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


def commit_of(folder: Path, rev: str) -> str:
    """Return the commit that a revision means, as a full hash.

    Args:
        folder: the repository, or a folder in it.
        rev: the revision.

    Raises:
        InputError: there is no Git repository, or no such revision.

    """
    root = _root(folder)
    if not is_repository(root):
        raise InputError("not a Git repository, so it has no revisions", subject=str(folder))
    repository = open_repository(root)
    try:
        return str(_commit(repository, rev, root))
    finally:
        repository.free()


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


def _root(folder: Path) -> Path:
    """Return the repository that a folder is, or is in."""
    return folder if is_repository(folder) else repository_around(folder) or folder


def tree_below(folder: Path, rev: str) -> Tree:
    """Return the files below a folder of a repository, as they were at a revision.

    Raises:
        InputError: there is no Git repository, or no such revision.

    """
    root = _root(folder)
    whole = read_revision(root, rev).tree
    below = folder.resolve().relative_to(root.resolve()).as_posix()
    return whole if below == "." else whole.below(below)


def write_tree(tree: Tree, folder: Path) -> None:
    """Write the files of a tree into an empty folder; links stay away, as they could lead out of it.

    Raises:
        InputError: it has more files, or more bytes, than a platform would.

    """
    size = 0
    for number, path in enumerate(tree.walk()):
        data = tree.read(path)
        size += len(data)
        if number >= _MOST_FILES or size > _MOST_BYTES:
            raise InputError(f"more than {_MOST_FILES} files or {_MOST_BYTES // 2**20} MiB beside a platform file")
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
