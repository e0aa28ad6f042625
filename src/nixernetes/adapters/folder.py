"""A folder on disk as a tree.

Nothing is read before it is asked for. Links are resolved inside the root; one that leads out is listed, and refused
when it is read, so that the message names it. A link to a folder is followed once on a path: what walks the tree
always comes to an end. ``.git`` is no part of the tree.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.sizes import MAX_BYTES, refuse_deep, refuse_large
from nixernetes.render.tree import Tree

__all__ = ["FolderTree"]

_Stamp = tuple[int, int, int]


class FolderTree(Tree):
    """A lazy tree over a folder. What it says follows the disk; content ids are of the bytes.

    Args:
        path: the folder.

    Raises:
        InputError: there is no such folder.

    """

    def __init__(self, path: Path | str) -> None:
        self._root = os.path.realpath(path)
        self._shown = str(path)
        self._ids: dict[str, tuple[_Stamp, str]] = {}
        if not Path(self._root).is_dir():
            raise InputError("no such folder", subject=self._shown)

    @property
    def id(self) -> str:
        """The content id of the whole tree."""
        return self.content_id("")

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        place = self._inside(path)
        with self._translated(path):
            handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise InputError("is not a file", subject=path)
                refuse_large(os.fstat(handle).st_size, path)
                return file.read()

    def entries(self, folder: str) -> Mapping[str, bool]:
        """Return a folder's direct entries."""
        refuse_deep(folder)
        place = self._place(folder)
        if place is None:
            return {}
        through_link = place != self._plain(folder)
        try:
            with os.scandir(place) as found:
                listed = sorted(found, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise self._refused(folder, error) from error
        names: dict[str, bool] = {}
        for entry in listed:
            if entry.name == ".git":
                continue
            if not entry.is_symlink():
                names[entry.name] = entry.is_dir()
            elif not self._is_folder_link(entry.path):
                names[entry.name] = False
            elif not through_link and not _holds(os.path.realpath(entry.path), place):
                names[entry.name] = True
        return names

    def is_file(self, path: str) -> bool:
        """Tell whether a file stands at the path."""
        place = self._place(path)
        return place is not None and os.path.isfile(place)  # noqa: PTH113 - no error for a name that is too long

    def is_dir(self, path: str) -> bool:
        """Tell whether a folder stands at the path."""
        place = self._place(path)
        return place is not None and os.path.isdir(place)  # noqa: PTH112 - no error for a name that is too long

    def content_id(self, path: str) -> str:
        """Return the content id of one file or folder."""
        if self.is_file(path):
            return self._file_id(path)
        if not self.is_dir(path):
            return ""
        return self._folder_id(path, self.entries(path))

    def real(self, path: str) -> str:
        """Return where a path really is."""
        place = self._place(path)
        return path if place is None or not os.path.lexists(place) else place[len(self._root) :].lstrip("/")

    def _file_id(self, path: str) -> str:
        place = self._inside(path)
        with self._translated(path):
            status = Path(place).stat()
        if status.st_size > MAX_BYTES:  # nobody can read it, so that what is in it makes no difference
            return hashlib.sha256(f"large file\0{status.st_size}".encode()).hexdigest()
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        known = self._ids.get(place)
        if known is not None and known[0] == stamp:
            return known[1]
        found = hashlib.sha256(b"file\0" + self.read(path)).hexdigest()
        self._ids[place] = (stamp, found)
        return found

    def _plain(self, path: str) -> str:
        return f"{self._root}/{path}" if path else self._root

    def _place(self, path: str) -> str | None:
        """Return where a path really is, or None when it is outside or below ``.git``."""
        parts = path.split("/")
        if ".." in parts or ".git" in parts or "\0" in path:  # no name has a zero byte
            return None
        real = os.path.realpath(self._plain(path))
        return real if _holds(self._root, real) and not _holds(f"{self._root}/.git", real) else None

    def _inside(self, path: str) -> str:
        place = self._place(path)
        if place is None:
            raise InputError(f"links out of {self._shown}: put the file itself there", subject=path)
        return place

    def _is_folder_link(self, place: str) -> bool:
        real = os.path.realpath(place)
        return _holds(self._root, real) and Path(real).is_dir()

    @contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, NotADirectoryError) as error:
            raise InputError("no such file", subject=path) from error
        except OSError as error:
            if error.errno in (errno.ENXIO, errno.ENODEV, errno.EOPNOTSUPP):  # a socket, a device without a driver
                raise InputError("is not a file", subject=path) from error
            raise self._refused(path, error) from error

    def _refused(self, path: str, error: OSError) -> RemoteError:
        return RemoteError(f"cannot be read: {error.strerror}", subject=f"{self._shown}/{path}")


def _holds(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder if folder.endswith("/") else folder + "/")
