"""Trees and remotes that note what is read of them: a build is made again only when something it read has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from nixernetes.errors import NixernetesError
from nixernetes.objects.manifest import Json
from nixernetes.render.tree import Tree

if TYPE_CHECKING:  # the package of the builder takes long to import, and an answer from a cache needs none of it
    from nixernetes.render.kustomize.remote_bases import Remotes

__all__ = ["Trace", "TracedRemotes", "TracedTree", "holds"]

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

    def real(self, path: str) -> str:
        """Return where a path really is."""
        found = self.trace["real", path] = self._tree.real(path)
        return found


class TracedRemotes:
    """Other remotes, with a note of each answer they gave.

    Attributes:
        trace: (question, URL and revision) to the content id of the answer, or None where nothing is at hand.

    """

    def __init__(self, remotes: Remotes) -> None:
        self._remotes = remotes
        self.trace: Trace = {}

    def file(self, url: str) -> bytes | None:
        """Return the bytes of the file at a URL."""
        found = self._remotes.file(url)
        self.trace["remote file", url] = _file_id(found)
        return found

    def repository(self, url: str, ref: str) -> Tree | None:
        """Return a repository's files at a revision."""
        found = self._remotes.repository(url, ref)
        self.trace["remote repository", f"{url} {ref}"] = _tree_id(found)
        return found


def holds(trace: Trace, tree: Tree, remotes: Remotes | None = None) -> bool:
    """Tell whether a tree, and what stands for remote bases, would give the same answers."""
    ask: dict[str, Callable[[str], Json]] = {
        "content": tree.content_id,
        "entries": tree.entries,
        "file": tree.is_file,
        "folder": tree.is_dir,
        "real": tree.real,
    }
    if remotes is not None:
        ask["remote file"] = lambda url: _file_id(remotes.file(url))
        ask["remote repository"] = lambda text: _tree_id(remotes.repository(*text.split(" ", 1)))
    try:
        return all(ask[question](path) == answer for (question, path), answer in trace.items())
    except (NixernetesError, KeyError):
        return False


def _file_id(data: bytes | None) -> str | None:
    return None if data is None else sha256(data).hexdigest()


def _tree_id(tree: Tree | None) -> str | None:
    return None if tree is None else tree.id
