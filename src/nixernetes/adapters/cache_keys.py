"""The user's own key, with which what may hold Secrets is encrypted in caches: it stands where no cache is.

A cache that is copied, kept by a build server or restored elsewhere tells nothing without it. Without a key nothing is
kept. It is made when it is first needed: ``$XDG_STATE_HOME/nixernetes/cache.key``, else below ``~/.local/state``.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

__all__ = ["cache_key"]

_BYTES = 32


def cache_key(place: Path | None = None) -> bytes | None:
    """Return the key; None where there is none, or it is not the user's alone.

    Args:
        place: the file.

    """
    try:
        path = place or _place()
        return _read(path) or _made(path)
    except (OSError, RuntimeError):  # no home, or a disk that takes nothing
        return None


def _place() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "nixernetes" / "cache.key"


def _read(path: Path) -> bytes | None:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
            raise PermissionError(path)
        found = file.read(_BYTES + 1)
    if len(found) != _BYTES:
        raise PermissionError(path)
    return found


def _made(path: Path) -> bytes | None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.urandom(8).hex()}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(_BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(new, path)  # whole, and by one process alone
    finally:
        new.unlink()
    return _read(path)
