"""Rendered results on disk, in files that only the user may read. Entries are whole or not there; the size is bounded.

A cache that cannot be read or written is no reason to fail: it counts as empty.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

__all__ = ["ResultStore"]

_LIMIT_BYTES = 256 * 1024 * 1024
_DIGEST_BYTES = 32


class ResultStore:
    """A :class:`~nixernetes.render.remembered.Store` in a folder.

    Args:
        folder: where; made when something is put into it.
        limit_bytes: how much it holds at most; the entries written longest ago go first.

    """

    def __init__(self, folder: Path, limit_bytes: int = _LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._size = -1

    def get(self, key: str) -> bytes | None:
        """Return what was put last under a key, or None."""
        try:
            with open(f"{self._folder}/{_name(key)}", "rb") as file:  # noqa: PTH123 - hundreds of files
                data = file.read()
        except OSError:
            return None
        check, body = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
        return body if hashlib.sha256(body).digest() == check else None

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key, unless they alone are more than the store may hold."""
        size = len(data) + _DIGEST_BYTES
        if size > self._limit:
            return
        try:
            if self._size < 0:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._size = sum(length for _, length, _ in self._listed())
            if self._size + size > self._limit:
                self._shrink(self._limit // 2 - size)
            self._write(self._folder / _name(key), hashlib.sha256(data).digest() + data)
            self._size += size
        except OSError:
            return

    def _write(self, place: Path, data: bytes) -> None:
        import tempfile  # noqa: PLC0415  # an answer that is there must not pay for it

        handle, name = tempfile.mkstemp(dir=self._folder)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(place)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _listed(self) -> list[tuple[int, int, Path]]:
        """Return (written, bytes, file) of all entries, the oldest first."""
        found: list[tuple[int, int, Path]] = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:  # another process made room
                    continue
                found.append((status.st_mtime_ns, status.st_size, Path(entry.path)))
        return sorted(found)

    def _shrink(self, wanted_bytes: int) -> None:
        """Make room, half of the limit at once, so that not every entry pays for it."""
        listed = self._listed()
        self._size = sum(length for _, length, _ in listed)
        for _, length, file in listed:
            if self._size <= max(wanted_bytes, 0):
                return
            file.unlink(missing_ok=True)
            self._size -= length


def _name(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
