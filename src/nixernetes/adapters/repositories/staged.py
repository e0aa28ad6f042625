"""A repository of its own with two commits, of which one after the other is what everybody fetches."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pygit2

from nixernetes.adapters.repositories.git import isolate_git
from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.adapters.repositories.revisions import write_tree
from nixernetes.errors import RemoteError
from nixernetes.render.tree import Tree

__all__ = ["StagedRepository"]

_AUTHOR: Final = "Nixernetes <nixernetes@localhost>"
_COMMITTED: Final = datetime(2026, 1, 1, tzinfo=UTC)  # equal files give equal commits


class StagedRepository:
    """A repository that stands for another one, and shows its files as they are put.

    Args:
        folder: where it is made; it must not be there yet.
        urls: the URLs of the one that it stands for.

    Raises:
        RemoteError: the disk refused.

    """

    def __init__(self, folder: Path, urls: tuple[str, ...]) -> None:
        self.folder = folder
        init_repository(folder)
        isolate_git()
        try:
            repository = pygit2.Repository(str(folder))
            for number, url in enumerate(urls):
                repository.config[f"remote.of{number}.url"] = url
        except pygit2.GitError as error:
            raise RemoteError(f"the copy of the repository cannot be made: {error}", subject=str(folder)) from error

    def show(self, tree: Tree, message: str) -> str:
        """Replace all files, commit them, and return the commit.

        Raises:
            InputError: there are more files, or more bytes, than a copy may have.
            RemoteError: the disk refused.

        """
        for place in self.folder.iterdir():
            if place.name == ".git":
                continue
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            else:
                place.unlink()
        write_tree(tree, self.folder)
        return commit_folder(self.folder, message, _AUTHOR, _COMMITTED)
