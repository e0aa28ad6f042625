"""Writes a file that people wrote, edited: whole or not at all, and only when nobody changed it meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

from nixernetes.errors import InputError, RemoteError

__all__ = ["write_edited"]


def write_edited(file: Path, before: bytes, after: bytes) -> None:
    """Replace a file's content; its permissions stay, and a link stays one.

    Args:
        file: the file.
        before: what it holds; it is not touched when it holds something else by now.
        after: what it will hold.

    Raises:
        InputError: it was changed meanwhile.
        RemoteError: the disk refused.

    """
    place = file.resolve()
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        if place.read_bytes() != before:
            raise InputError("was changed while it was edited: run the command again", subject=str(file))
        beside.write_bytes(after)
        beside.chmod(place.stat().st_mode & 0o7777)
        beside.replace(place)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise RemoteError(f"cannot be written: {error.strerror}", subject=str(file)) from error
