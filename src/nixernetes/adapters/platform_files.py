"""Reads the files that a platform names, and nothing outside of its Git repository, or else of its folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from nixernetes.errors import InputError

__all__ = ["PlatformFiles", "repository_of"]

_MAX_BYTES = 256 * 1024 * 1024  # of all files together: far above any platform, below what would hurt a laptop
_SKIPPED = frozenset((".git", "__pycache__"))


def repository_of(folder: Path) -> Path | None:
    """Return the root of the Git repository that a folder is in, or None."""
    place = Path(os.path.realpath(folder))
    return next((each for each in (place, *place.parents) if (each / ".git").exists()), None)


class PlatformFiles:
    """Reads a file as ``{"": content}``, and a folder as its files by relative path.

    Args:
        folder: the folder of the platform file; relative paths start here, and lead no further than to the root of the
            Git repository that it is in.

    """

    def __init__(self, folder: Path) -> None:
        self._folder = Path(os.path.realpath(folder))
        self._root = repository_of(self._folder) or self._folder
        self._seen: dict[Path, Mapping[str, bytes]] = {}
        self._size = 0

    def __call__(self, path: Path) -> Mapping[str, bytes]:
        """Return what stands at a path.

        Raises:
            InputError: nothing stands there, it is outside of the repository (also by a link), or it cannot be read.

        """
        place = self._inside(self._folder / path, path)
        if place not in self._seen:
            self._seen[place] = self._read(place, path)
        return self._seen[place]

    def _read(self, place: Path, path: Path) -> Mapping[str, bytes]:
        try:
            if not place.is_dir():
                return {"": self._file(place, path)}
            found = {}
            for folder, names, files in os.walk(place):
                names[:] = sorted(name for name in names if name not in _SKIPPED)
                for name in sorted(files):
                    entry = Path(folder, name)
                    relative = entry.relative_to(place).as_posix()
                    found[relative] = self._file(self._inside(entry, path / relative), path / relative)
            return dict(sorted(found.items()))
        except FileNotFoundError as error:
            raise InputError(f"there is no file or folder {path.as_posix()} in {self._folder}") from error
        except OSError as error:
            raise InputError(f"{path.as_posix()} cannot be read: {error.strerror}") from error

    def _inside(self, place: Path, path: Path) -> Path:
        real = Path(os.path.realpath(place))
        if not real.is_relative_to(self._root):
            raise InputError(f"path {path.as_posix()!r} leads out of {self._root}: copy the file into that folder")
        return real

    def _file(self, place: Path, path: Path) -> bytes:
        status = place.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{path.as_posix()} is neither a file nor a folder")
        self._size += status.st_size
        if self._size > _MAX_BYTES:
            raise InputError(f"the platform's files are larger than {_MAX_BYTES // 1024 // 1024} MiB together")
        return place.read_bytes()
