"""The name of the file that declares a platform."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["FORMER_NAME", "NAME", "found_in", "hint"]

NAME: Final = "gitops.py"
FORMER_NAME: Final = "platform.py"  # hides Python's own module of that name from whatever runs in its folder


def found_in(folder: Path) -> Path | None:
    """Return the file that declares a platform in a folder: under its name or its former one; None if there is none."""
    return next((folder / name for name in (NAME, FORMER_NAME) if (folder / name).is_file()), None)


def hint(target: Path) -> str:
    """Return what is to be said of the file that a target names, or ``""``.

    Args:
        target: the file, or its folder.

    """
    file = found_in(target) if target.is_dir() else target
    if file is None or file.name != FORMER_NAME:
        return ""
    return f"{file} hides Python's own module `platform` from what runs beside it: rename it to {NAME}"
