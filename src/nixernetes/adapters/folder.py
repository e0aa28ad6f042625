"""A folder on disk as a tree.

Nothing is read before it is asked for. Links are resolved inside the root; one that leads out is listed, and refused
when it is read, so that the message names it. A link to a folder is followed once on a path: what walks the tree
always comes to an end. ``.git`` is no part of the tree. Where links lead is found out first; then folder by folder is
opened below the root, and no link is followed any more, so that one that appears meanwhile leads nowhere.
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

__all__ = ["FolderTree", "OpenFolder"]

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_Stamp = tuple[int, int, int]


class OpenFolder:
    """A folder that is open for as long as somebody holds this.

    Args:
        number: its file descriptor.

    """

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        """Close it."""
        os.close(self.number)


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
            handle = self._opened(place)
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
            opened = self._folder(place)
            with os.scandir(opened.number) as found:
                listed = sorted(
                    (entry.name, entry.is_symlink(), entry.is_dir(follow_symlinks=False)) for entry in found
                )
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise self._refused(folder, error) from error
        names: dict[str, bool] = {}
        for name, is_link, is_folder in listed:
            if name == ".git":
                continue
            if not is_link:
                names[name] = is_folder
                continue
            target = self._real(f"{place}/{name}")
            if not _holds(self._root, target) or not Path(target).is_dir():
                names[name] = False
            elif not through_link and not _holds(target, place):
                names[name] = True
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
        real = self._real(self._plain(path))
        return real if _holds(self._root, real) and not _holds(f"{self._root}/.git", real) else None

    def _inside(self, path: str) -> str:
        place = self._place(path)
        if place is None:
            raise InputError(f"links out of {self._shown}: put the file itself there", subject=path)
        return place

    def _real(self, place: str) -> str:
        """Return where a path leads; nowhere while the links on it change."""
        try:
            return os.path.realpath(place)
        except OSError:
            return ""

    def _opened(self, place: str) -> int:
        """Open the file at a real path below the root."""
        folder, _, name = place.rpartition("/")
        opened = self._folder(folder)
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=opened.number)

    def _folder(self, place: str) -> OpenFolder:
        """Open the folder at a real path below the root, or the root."""
        if len(place) <= len(self._root):
            return OpenFolder(os.open(self._root, _FOLDER))
        above, _, name = place.rpartition("/")
        opened = self._folder(above)
        return OpenFolder(os.open(name, _FOLDER, dir_fd=opened.number))

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
