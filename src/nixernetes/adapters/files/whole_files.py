"""A file that is read whole, and written whole or not at all: beside its place first, then moved there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from nixernetes.errors import InputError

__all__ = ["read_whole", "write_whole"]


def write_whole(path: Path, text: str) -> None:
    """Write a text as a file's new content; whoever reads it meanwhile sees the old one or the new one.

    Raises:
        InputError: the file cannot be written; what was there is left as it was.

    """
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        made = Path(file.name)
        made.chmod(path.stat().st_mode if path.exists() else 0o644)
        made.replace(path)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", subject=str(path)) from error


def read_whole(path: Path) -> bytes:
    """Return the content of a file that the user names.

    Raises:
        InputError: it cannot be read.

    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", subject=str(path)) from error
