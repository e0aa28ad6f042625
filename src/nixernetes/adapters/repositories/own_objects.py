"""Whose objects a folder shows: a folder that somebody else packed must not make another repository of yours appear.

Git follows a ``.git`` that is a file or a link, a ``commondir``, and links in it wherever they lead. Honest ones are
known by the other end: a linked work tree is named by its repository, and a submodule's or a separate ``.git`` names
its work tree. Others are followed only inside the folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pygit2

from nixernetes.errors import RemoteError

__all__ = ["own_objects"]

_LONGEST = 4096  # bytes of a path
_INSIDE = ("HEAD", "config", "packed-refs", "refs", "objects")


def own_objects(path: Path) -> Path:
    """Return the ``objects`` of the repository at a path.

    Args:
        path: its work tree, or a bare repository.

    Raises:
        RemoteError: it is another folder's.
        OSError: it cannot be read.

    """
    named = path / ".git"
    inner = named if os.path.lexists(named) else path
    git = Path(os.path.realpath(path / _named(inner, b"gitdir: ") if inner.is_file() else inner))
    root = Path(os.path.realpath(path))
    common = git
    if (git / "commondir").is_file():
        common = Path(os.path.realpath(git / _named(git / "commondir")))
    if not (git.is_relative_to(root) and common.is_relative_to(root)) and not _is_known(git, common, named):
        fact = f"its .git leads to {git}, which is another folder's and does not name this one"
        raise RemoteError(f"{fact}: clone it, or set core.worktree there", subject=str(path))
    for place in _links(common):
        if not Path(os.path.realpath(place)).is_relative_to(common):
            inside = os.path.relpath(place, common)
            raise RemoteError(f"{inside} of its .git links out of it: clone the repository", subject=str(path))
    return common / "objects"


def _links(git: Path) -> Iterator[str]:
    """Yield the links that decide which commits and objects are read."""
    yield from (place for name in _INSIDE if os.path.islink(place := f"{git}/{name}"))  # noqa: PTH114 - each time a ref is asked for
    waiting = [f"{git}/objects", f"{git}/refs"]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_symlink():
                        yield entry.path
                    elif entry.is_dir(follow_symlinks=False) and "/refs" in entry.path[len(str(git)) :]:
                        waiting.append(entry.path)
        except OSError:  # there is none, or nobody can read it
            continue


def _named(file: Path, before: bytes = b"") -> str:
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as opened:
        data = opened.read(_LONGEST)
    return os.fsdecode(data.removeprefix(before).split(b"\n")[0].strip())


def _is_known(git: Path, common: Path, named: Path) -> bool:
    """Tell whether a repository elsewhere names this work tree."""
    if git != common:  # a linked work tree: its folder in the repository says where its .git stands
        back = git / "gitdir"
        return git.is_relative_to(common) and back.is_file() and _same(git / _named(back), named)
    config = git / "config"
    if not config.is_file():
        return False
    try:
        tree = str(pygit2.Config(str(config))["core.worktree"])
    except (KeyError, pygit2.GitError):
        return False
    return _same(git / tree / ".git", named)


def _same(one: Path, other: Path) -> bool:
    """Compare where two files stand, links on the way resolved, but not themselves."""
    return os.path.realpath(one.parent) == os.path.realpath(other.parent) and one.name == other.name
