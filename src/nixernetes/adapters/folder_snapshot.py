"""A folder as one command sees it: each folder is listed once, each file read once.

Whatever is no link is answered from the listings; links, and what is behind them, take the careful way of
:class:`~nixernetes.adapters.folder.FolderTree`. What changes on disk meanwhile may or may not be seen.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from typing import Literal

from nixernetes.adapters.folder import FolderTree, OpenFolder
from nixernetes.errors import InputError
from nixernetes.objects.sizes import refuse_deep, refuse_large

__all__ = ["FolderSnapshot"]

_MOST_OPEN = 32
_Kind = Literal["file", "folder", "link", "other"]


class FolderSnapshot(FolderTree):
    """A folder's tree for one command.

    Args:
        path: the folder.

    Raises:
        InputError: there is no such folder.

    """

    def __init__(self, path: os.PathLike[str] | str) -> None:
        super().__init__(os.fspath(path))
        self._listings: dict[str, dict[str, _Kind] | None] = {}
        self._entries: dict[str, Mapping[str, bool]] = {}
        self._contents: dict[str, str] = {}
        self._last: tuple[str, bytes] = ("", b"")
        self._open: dict[str, OpenFolder] = {}

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        if self._last[0] == path:
            return self._last[1]
        if self._kind(path) != "file":
            return super().read(path)
        with self._translated(path):
            handle = self._opened(self._plain(path))
            with os.fdopen(handle, "rb", buffering=0) as file:  # read whole, thousands of them
                status = os.fstat(handle)
                if not stat.S_ISREG(status.st_mode):
                    raise InputError("is not a file", subject=path)
                refuse_large(status.st_size, path)
                return file.readall()

    def entries(self, folder: str) -> Mapping[str, bool]:
        """Return a folder's direct entries."""
        found = self._entries.get(folder)
        if found is None:
            refuse_deep(folder)
            listing = self._listing(folder)
            if listing is None or "link" in listing.values():
                found = super().entries(folder)
            else:
                found = {name: listing[name] == "folder" for name in sorted(listing)}
            self._entries[folder] = found
        return found

    def is_file(self, path: str) -> bool:
        """Tell whether a file stands at the path."""
        kind = self._kind(path)
        return super().is_file(path) if kind == "link" else kind == "file"

    def is_dir(self, path: str) -> bool:
        """Tell whether a folder stands at the path."""
        kind = self._kind(path)
        return super().is_dir(path) if kind == "link" else kind == "folder"

    def content_id(self, path: str) -> str:
        """Return the content id of one file or folder."""
        found = self._contents.get(path)
        if found is None:
            found = self._contents[path] = super().content_id(path)
        return found

    def real(self, path: str) -> str:
        """Return where a path really is."""
        return super().real(path) if self._kind(path) == "link" else path

    def _file_id(self, path: str) -> str:
        if self._kind(path) != "file":
            return super()._file_id(path)
        try:
            data = self.read(path)
        except InputError:  # too large to be read, or gone
            return super()._file_id(path)
        self._last = (path, data)  # who asks for the id reads the file next
        return hashlib.sha256(b"file\0" + data).hexdigest()

    def _folder(self, place: str) -> OpenFolder:
        """Open a folder, or take one that was opened lately: what is read next mostly stands beside or below it."""
        found = self._open.get(place)
        if found is None:
            found = self._open[place] = super()._folder(place)
            if len(self._open) > _MOST_OPEN:
                self._open.pop(next(iter(self._open)), None)
        return found

    def _kind(self, path: str) -> _Kind | None:
        """Return what stands at a path, None for nothing; ``link`` for a link and all behind one."""
        if not path:
            return "folder"
        parent, _, name = path.rpartition("/")
        if name in ("..", ".git"):
            return None
        listing = self._listing(parent)
        if listing is not None:
            return listing.get(name)
        return "link" if self._kind(parent) == "link" else None

    def _listing(self, folder: str) -> dict[str, _Kind] | None:
        """Return what is in a folder; None when it is none, or is behind a link."""
        if folder in self._listings:
            return self._listings[folder]
        found: dict[str, _Kind] | None = None
        if self._kind(folder) == "folder":
            try:
                opened = self._folder(self._plain(folder))
                with os.scandir(opened.number) as entries:
                    found = {entry.name: _kind_of(entry) for entry in entries if entry.name != ".git"}
            except (FileNotFoundError, NotADirectoryError):
                found = {}
            except OSError as error:
                raise self._refused(folder, error) from error
        self._listings[folder] = found
        return found


def _kind_of(entry: os.DirEntry[str]) -> _Kind:
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "other"
