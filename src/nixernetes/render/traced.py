"""A tree that notes what is read of it, so that a build is made again only when something it read has changed."""

from __future__ import annotations

from collections.abc import Mapping

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.render.tree import Tree

__all__ = ["Trace", "TracedTree", "holds"]

Trace = dict[tuple[str, str], Json]


class TracedTree(Tree):
    """Another tree, with a note of each answer it gave.

    Attributes:
        trace: (question, path) to the answer; for a file's bytes, their content id.

    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.trace: Trace = {}

    @property
    def id(self) -> str:
        """The content id of the whole tree."""
        return self.content_id("")

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        self.trace["content", path] = self._tree.content_id(path)
        return self._tree.read(path)

    def entries(self, folder: str) -> Mapping[str, bool]:
        """Return a folder's direct entries."""
        found = self.trace["entries", folder] = self._tree.entries(folder)
        return found

    def is_file(self, path: str) -> bool:
        """Tell whether a file stands at the path."""
        found = self.trace["file", path] = self._tree.is_file(path)
        return found

    def is_dir(self, path: str) -> bool:
        """Tell whether a folder stands at the path."""
        found = self.trace["folder", path] = self._tree.is_dir(path)
        return found

    def content_id(self, path: str) -> str:
        """Return the content id of one file or folder."""
        found = self.trace["content", path] = self._tree.content_id(path)
        return found


def holds(trace: Trace, tree: Tree) -> bool:
    """Tell whether a tree would give the same answers."""
    ask = {"content": tree.content_id, "entries": tree.entries, "file": tree.is_file, "folder": tree.is_dir}
    try:
        return all(ask[question](path) == answer for (question, path), answer in trace.items())
    except InputError:
        return False
