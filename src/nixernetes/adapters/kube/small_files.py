"""Certificates, keys and tokens in files: small texts, and whoever names another file by mistake is told so."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["small_text"]

_MOST_BYTES: Final = 1 << 20


def small_text(file: str) -> str:
    """Return a text of ASCII characters.

    Raises:
        OSError: it cannot be read, or is not small.
        ValueError: it is not ASCII.

    """
    with Path(file).open("rb") as stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise OSError(f"larger than {_MOST_BYTES >> 20} MiB")
    return data.decode("ascii")
