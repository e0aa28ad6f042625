"""A tree put together from files of other trees."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from nixernetes.errors import InputError
from nixernetes.render.tree import Tree, join

__all__ = ["CopiedTree"]


class CopiedTree(Tree):
    """Files of other trees, at paths of their own; nothing is read before it is asked for.

    Args:
        files: path to the tree and the path there.

    """

    def __init__(self, files: Mapping[str, tuple[Tree, str]]) -> None:
        self._files = dict(sorted((join("", path), place) for path, place in files.items()))
        folders: dict[str, dict[str, bool]] = {"": {}}
        for path in self._files:
            parts = path.split("/")
            for depth, name in enumerate(parts):
                folders.setdefault("/".join(parts[:depth]), {})[name] = depth < len(parts) - 1
        self._folders = {folder: dict(sorted(names.items())) for folder, names in folders.items()}
        self._ids: dict[str, str] = {}

    @cached_property
    def id(self) -> str:
        """The content id of the whole tree."""
        return self.content_id("")

    def began_as(self, path: str) -> str:
        """Return the path that a file has where it was copied from; the path itself where there is no such file."""
        place = self._files.get(path)
        if place is None:
            return path
        tree, found = place
        return tree.began_as(found) if isinstance(tree, CopiedTree) else found

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        place = self._files.get(path)
        if place is None:
            raise InputError("no such file", subject=path)
        return place[0].read(place[1])

    def entries(self, folder: str) -> Mapping[str, bool]:
        """Return a folder's direct entries."""
        return self._folders.get(folder, {})

    def is_file(self, path: str) -> bool:
        """Tell whether a file stands at the path."""
        return path in self._files

    def is_dir(self, path: str) -> bool:
        """Tell whether a folder stands at the path."""
        return path in self._folders

    def content_id(self, path: str) -> str:
        """Return the content id of one file or folder."""
        place = self._files.get(path)
        if place is not None:
            return place[0].content_id(place[1])
        if path not in self._folders:
            return ""
        if path not in self._ids:
            self._ids[path] = self._folder_id(path, self._folders[path])
        return self._ids[path]
