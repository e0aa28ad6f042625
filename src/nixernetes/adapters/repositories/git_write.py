"""Commits made in process: the working tree as it stands; no hooks, filters, signing or configuration of the user."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pygit2
from pygit2.enums import FileMode, RepositoryOpenFlag

from nixernetes.adapters.repositories.git import isolate_git
from nixernetes.errors import InputError, RemoteError

__all__ = ["commit_folder", "init_repository", "tag_commit"]


_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def init_repository(path: Path, *, branch: str = "main") -> None:
    """Make a repository in a folder (made too when it is not there); one that stands already is left as it is.

    Raises:
        RemoteError: the disk refused.

    """
    isolate_git()
    with _translated(path):
        path.mkdir(parents=True, exist_ok=True)
        if not (path / ".git").exists():
            pygit2.init_repository(str(path), initial_head=branch)


def commit_folder(path: Path, message: str, author: str, when: datetime) -> str:
    """Commit all files of a repository's folder to its current branch; return the commit's hash.

    Equal files since the last commit make no new one: its hash is returned.

    Args:
        path: the repository's folder.
        message: the commit message.
        author: ``Name <mail>``, committer too.
        when: the time of the commit.

    Raises:
        InputError: the author is not ``Name <mail>``.
        RemoteError: there is no repository, or the disk refused.

    """
    name, _, mail = author.rstrip(">").partition(" <")
    if not name or not mail:
        raise InputError("an author is written as Name <mail>", subject=author)
    repository = _opened(path)
    with _translated(path):
        tree = _write(repository, path)
        parents = [] if repository.head_is_unborn else [repository.head.target]
        if parents and repository.head.peel(pygit2.Commit).tree_id == tree:
            return str(parents[0])
        offset = when.utcoffset()
        minutes = int(offset.total_seconds() // 60) if offset else 0
        signature = pygit2.Signature(name, mail, int(when.timestamp()), minutes)
        commit = repository.create_commit("HEAD", signature, signature, message, tree, parents)
        # So that `git status` in the folder shows what really differs.
        repository.index.read_tree(tree)
        repository.index.write()
        return str(commit)


def tag_commit(path: Path, name: str, commit: str) -> None:
    """Let a lightweight tag name a commit; one of that name is moved.

    Raises:
        RemoteError: there is no repository or no such commit.

    """
    repository = _opened(path)
    with _translated(path):
        repository.references.create(f"refs/tags/{name}", commit, force=True)


def _opened(path: Path) -> pygit2.Repository:
    isolate_git()
    try:
        return pygit2.Repository(str(path), RepositoryOpenFlag.NO_SEARCH)
    except pygit2.GitError as error:
        raise RemoteError(f"is not a Git repository: {error}", subject=str(path)) from error


def _write(repository: pygit2.Repository, folder: Path) -> pygit2.Oid:
    builder = repository.TreeBuilder()
    for entry in sorted(os.scandir(folder), key=lambda found: found.name):
        if entry.name == ".git":
            continue
        if entry.is_symlink():
            target = repository.create_blob(os.fsencode(Path(entry.path).readlink()))
            builder.insert(entry.name, target, FileMode.LINK)
        elif entry.is_dir():
            below = _write(repository, Path(entry.path))
            if str(below) != _EMPTY_TREE:  # Git has no empty folders
                builder.insert(entry.name, below, FileMode.TREE)
        elif entry.is_file():
            runs = entry.stat().st_mode & stat.S_IXUSR
            blob = repository.create_blob(Path(entry.path).read_bytes())
            builder.insert(entry.name, blob, FileMode.BLOB_EXECUTABLE if runs else FileMode.BLOB)
    return builder.write()


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (pygit2.GitError, KeyError, ValueError, OSError) as error:
        raise RemoteError(f"the repository cannot be written: {error}", subject=str(path)) from error
