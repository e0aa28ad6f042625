"""The commits of a repository that changed certain paths, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pygit2
from pygit2.enums import SortMode

from nixernetes.adapters.repositories.git import open_repository
from nixernetes.errors import InputError, RemoteError

__all__ = ["Revision", "revisions"]

_MOST = 100_000  # commits that are looked at; the histories of the largest public GitOps repositories have a third


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A commit that changed one of the paths.

    Attributes:
        commit: its full hash.
        author: who wrote it.
        when: when.
        subject: the first line of its message.
        before: path to content before it, for those paths that it changed and that are files; None where there is none.
        after: the same, after it.

    """

    commit: str
    author: str
    when: datetime
    subject: str
    before: dict[str, bytes | None]
    after: dict[str, bytes | None]


def revisions(repo: Path, paths: Sequence[str]) -> Iterator[Revision]:
    """Yield the commits that changed one of the paths, from HEAD on, newest first.

    A merge counts when it differs from each of its parents.

    Args:
        repo: the repository, at its root.
        paths: files or folders, from the root.

    Raises:
        InputError: it has no commit yet.
        RemoteError: it cannot be read.

    """
    repository = open_repository(repo)
    try:
        head = repository.revparse_single("HEAD").peel(pygit2.Commit)
        walk = repository.walk(head.id, SortMode.TOPOLOGICAL | SortMode.TIME)
        for _, commit in zip(range(_MOST), walk, strict=False):
            now = _ids(commit, paths)
            parents = [(parent, _ids(parent, paths)) for parent in commit.parents]
            if any(ids == now for _, ids in parents) or (not parents and not any(now.values())):
                continue
            then = parents[0] if parents else (None, dict.fromkeys(paths))
            changed = [path for path in paths if now[path] != then[1][path]]
            yield Revision(
                commit=str(commit.id),
                author=commit.author.name,
                when=_time(commit.author.time, commit.author.offset),
                subject=(commit.message.splitlines() or [""])[0],
                before={path: _content(then[0], path) for path in changed},
                after={path: _content(commit, path) for path in changed},
            )
    except KeyError as error:
        raise InputError("the repository has no commit yet", subject=str(repo)) from error
    except pygit2.GitError as error:
        raise RemoteError(f"its history cannot be read: {error}", subject=str(repo)) from error


def _ids(commit: pygit2.Commit, paths: Sequence[str]) -> dict[str, str | None]:
    return {path: _entry(commit, path) for path in paths}


def _entry(commit: pygit2.Commit, path: str) -> str | None:
    try:
        return str(commit.tree[path].id) if path else str(commit.tree.id)
    except KeyError:
        return None


def _content(commit: pygit2.Commit | None, path: str) -> bytes | None:
    if commit is None or not path:
        return None
    try:
        found = commit.tree[path]
    except KeyError:
        return None
    return found.data if isinstance(found, pygit2.Blob) else None


def _time(seconds: int, offset_minutes: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(timezone(timedelta(minutes=offset_minutes)))
