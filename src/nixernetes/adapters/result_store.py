"""Rendered results on disk, in files that only the user may read. Entries are whole or not there; the size is bounded.

A cache that cannot be read or written is no reason to fail: it counts as empty. So does one that others may write to,
and an entry that is no file. What may hold Secrets is sealed: encrypted with a key that stands elsewhere.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from nixernetes.adapters.cache_keys import cache_key

__all__ = ["ResultStore"]

_LIMIT_BYTES = 256 * 1024 * 1024
_DIGEST_BYTES = 32
_NONCE_BYTES = 12


class ResultStore:
    """A :class:`~nixernetes.render.remembered.Store` in a folder.

    Args:
        folder: where; made when something is put into it.
        limit_bytes: how much it holds at most; the entries written longest ago go first.
        is_sealed: whether entries are encrypted.

    """

    def __init__(self, folder: Path, limit_bytes: int = _LIMIT_BYTES, *, is_sealed: bool = False) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._size = -1
        self._is_sealed = is_sealed
        self._seal: _Seal | None = None
        self._is_ours: bool | None = None

    def get(self, key: str) -> bytes | None:
        """Return what was put last under a key, or None."""
        try:
            if not self._may_use():
                return None
            handle = os.open(f"{self._folder}/{_name(key)}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb", buffering=0) as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    return None
                data = file.readall()
        except OSError:
            return None
        return self._sealed().opened(key, data) if self._is_sealed else _checked(data)

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key, unless they alone are more than the store may hold."""
        kept = self._sealed().closed(key, data) if self._is_sealed else hashlib.sha256(data).digest() + data
        size = len(kept)
        if not kept or size > self._limit:
            return
        try:
            if self._size < 0:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._is_ours = None
                if not self._may_use():
                    return
                self._size = sum(length for _, length, _ in self._listed())
            if self._size + size > self._limit:
                self._shrink(self._limit // 2 - size)
            self._write(self._folder / _name(key), kept)
            self._size += size
        except OSError:
            return

    def _may_use(self) -> bool:
        """Tell whether nobody else can have put something there."""
        if self._is_ours is None:
            status = os.lstat(self._folder)
            self._is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022
        return self._is_ours

    def _sealed(self) -> _Seal:
        if self._seal is None:
            self._seal = _Seal(cache_key())
        return self._seal

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


class _Seal:
    """Encrypts entries, each bound to its name; without a key there are none."""

    def __init__(self, key: bytes | None) -> None:
        # Who finds nothing sealed in his way must not pay for the import.
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        self._wrong = InvalidTag
        self._cipher = AESGCM(key) if key is not None else None

    def closed(self, key: str, data: bytes) -> bytes:
        if self._cipher is None:
            return b""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, _name(key).encode())

    def opened(self, key: str, data: bytes) -> bytes | None:
        try:
            return (
                self._cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _name(key).encode())
                if self._cipher
                else None
            )
        except (self._wrong, ValueError):
            return None


def _checked(data: bytes) -> bytes | None:
    check, body = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
    return body if hashlib.sha256(body).digest() == check else None


def _name(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
