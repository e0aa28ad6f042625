"""Reads the mapping of controls that a user keeps in a file."""

from __future__ import annotations

from pathlib import Path

from nixernetes.compliance.controls import Framework, read_mapping
from nixernetes.errors import InputError

__all__ = ["mapping_in"]


def mapping_in(path: Path, name: str) -> Framework:
    """Return the framework of a mapping.

    Args:
        path: the file.
        name: what it is called in messages.

    Raises:
        InputError: the file cannot be read, or is no mapping.

    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", subject=name) from error
    return read_mapping(data, name)
