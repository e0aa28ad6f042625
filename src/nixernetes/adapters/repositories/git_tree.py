"""A Git tree object as a tree: blobs are read when asked for, content ids are Git's.

Links are resolved inside the repository; one that leads out is listed, and refused when it is read. A link to a folder
is followed once on a path. Submodules are left out. A folder that holds a link may show what stands elsewhere in the
revision, so its content id includes the whole revision's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

import pygit2
from pygit2.enums import FileMode

from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.sizes import refuse_deep, refuse_large
from nixernetes.render.tree import Tree, join

__all__ = ["GitTree"]

_Object = TypeVar("_Object", pygit2.Blob, pygit2.Tree)
_MAX_TARGET_BYTES = 4096  # Linux takes no longer one
_MAX_LINKS = 40  # as Linux counts before it gives up with ELOOP


class _Entry(NamedTuple):
    id: str
    is_folder: bool
    is_link: bool


class _Place(NamedTuple):
    """Where a path leads: its real path, and the object there (None: a broken link or nothing)."""

    path: str
    entry: _Entry | None


class GitTree(Tree):
    """A revision's files.

    Args:
        repository: the open repository.
        tree_id: the id of the root tree object.

    """

    def __init__(self, repository: pygit2.Repository, tree_id: pygit2.Oid) -> None:
        self._repository = repository
        self._root = _Entry(str(tree_id), is_folder=True, is_link=False)
        self._folders: dict[str, dict[str, _Entry]] = {}
        self._linked: dict[str, bool] = {}
        self._find = lru_cache(maxsize=65536)(self._locate)

    @property
    def id(self) -> str:
        """The id of the tree object."""
        return self._root.id

    @property
    def readable(self) -> bool:
        """Whether the object database still answers."""
        try:
            return self._root.id in self._repository
        except pygit2.GitError:
            return False

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        place = self._find(path)
        if place is None:
            raise InputError("links out of the repository: put the file itself there", subject=path)
        if place.entry is None or place.entry.is_folder:
            raise InputError("no such file", subject=path)
        refuse_large(self._size(place.entry.id, path), path)
        return self._object(place.entry.id, path, pygit2.Blob).data

    def entries(self, folder: str) -> Mapping[str, bool]:
        """Return a folder's direct entries."""
        refuse_deep(folder)
        place = self._find(folder)
        if place is None or place.entry is None or not place.entry.is_folder:
            return {}
        names: dict[str, bool] = {}
        for name, entry in sorted(self._listing(place.entry.id, folder).items()):
            if not entry.is_link:
                names[name] = entry.is_folder
                continue
            target = self._find(f"{folder}/{name}" if folder else name)
            if target is None or target.entry is None or not target.entry.is_folder:
                names[name] = False
            elif place.path == folder and not _holds(target.path, folder):
                names[name] = True
        return names

    def is_file(self, path: str) -> bool:
        """Tell whether a file stands at the path."""
        place = self._find(path)
        return place is not None and place.entry is not None and not place.entry.is_folder

    def is_dir(self, path: str) -> bool:
        """Tell whether a folder stands at the path."""
        place = self._find(path)
        return place is not None and place.entry is not None and place.entry.is_folder

    def content_id(self, path: str) -> str:
        """Return the content id of one file or folder."""
        place = self._find(path)
        if place is None or place.entry is None:
            return ""
        if place.entry.is_folder and place.path and self._has_links(place.entry.id):
            return hashlib.sha256(f"{place.entry.id}\0{self._root.id}".encode()).hexdigest()
        return place.entry.id

    def real(self, path: str) -> str:
        """Return where a path really is."""
        place = self._find(path)
        return path if place is None or place.entry is None else place.path

    def _locate(self, path: str) -> _Place | None:
        """Follow a path; None when it leads out of the repository."""
        waiting = [part for part in reversed(path.split("/")) if part]
        at, entry, links = "", self._root, 0
        while waiting:
            name = waiting.pop()
            found = self._listing(entry.id, at).get(name) if entry.is_folder else None
            here = f"{at}/{name}" if at else name
            if found is None:
                return _Place(here, None)
            if not found.is_link:
                at, entry = here, found
                continue
            links += 1
            if links > _MAX_LINKS or self._size(found.id, here) > _MAX_TARGET_BYTES:
                return _Place(here, None)
            target = self._object(found.id, here, pygit2.Blob).data.decode(errors="surrogateescape")
            try:
                resolved = join(at, target)
            except InputError:
                return None
            waiting += [part for part in reversed(resolved.split("/")) if part]
            at, entry = "", self._root
        return _Place(at, entry)

    def _listing(self, tree_id: str, path: str) -> dict[str, _Entry]:
        known = self._folders.get(tree_id)
        if known is None:
            tree = self._object(tree_id, path, pygit2.Tree)
            known = {}
            for item in tree:
                mode = item.filemode
                # git itself writes none of these names; who makes tree objects by hand may.
                if item.name is None or mode == FileMode.COMMIT or _leads_elsewhere(item.name):
                    continue
                known[item.name] = _Entry(str(item.id), mode == FileMode.TREE, mode == FileMode.LINK)
            self._folders[tree_id] = known
        return known

    def _has_links(self, tree_id: str) -> bool:
        known = self._linked.get(tree_id)
        if known is None:
            entries = self._listing(tree_id, "").values()
            known = any(entry.is_link or (entry.is_folder and self._has_links(entry.id)) for entry in entries)
            self._linked[tree_id] = known
        return known

    def _size(self, oid: str, path: str) -> int:
        """Return the size that an object says to have; its content stays where it is."""
        try:
            return self._repository.odb.read_header(oid)[1]
        except (KeyError, pygit2.GitError, ValueError) as error:
            raise _unread(path, error) from error

    def _object(self, oid: str, path: str, kind: type[_Object]) -> _Object:
        try:
            found = self._repository[oid]
        except (KeyError, pygit2.GitError, ValueError) as error:
            raise _unread(path, error) from error
        if not isinstance(found, kind):
            raise RemoteError("the repository holds another kind of object here: check it with git fsck", subject=path)
        return found


def _leads_elsewhere(name: str) -> bool:
    return name in ("", ".", "..") or "/" in name or name.lower() == ".git"


def _unread(path: str, error: Exception) -> RemoteError:
    if isinstance(error, pygit2.GitError):
        return RemoteError(f"cannot be read: {error}", subject=path)
    return RemoteError("the repository no longer has this object: is it still there?", subject=path)


def _holds(folder: str, path: str) -> bool:
    return not folder or path == folder or path.startswith(folder + "/")
