"""Folders for one run, below one that is the run's own: what a run left that was killed goes away with the next one.

A run holds a lock on its folder for as long as it lives; the system takes the lock away with the process, however it
ends. So a folder that can be locked belongs to nobody.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

__all__ = ["temporary_folder"]

_PREFIX = "nixernetes-run-"
_own: dict[int, Path] = {}  # by process: a child that was forked must not take its parent's for its own


def temporary_folder(name: str) -> tempfile.TemporaryDirectory[str]:
    """Return a new folder, a context manager that removes it.

    Args:
        name: what it is for; it stands in its path.

    Raises:
        OSError: the disk refused.

    """
    return tempfile.TemporaryDirectory(prefix=f"{name}-", dir=_run_folder(), ignore_cleanup_errors=True)


def _run_folder() -> Path:
    found = _own.get(os.getpid())
    if found is None or not found.is_dir():
        base = Path(tempfile.gettempdir())
        _sweep(base)
        found = _own[os.getpid()] = _locked(base)
        atexit.register(_remove, found, os.getpid())
    return found


def _locked(base: Path) -> Path:
    while True:
        place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
        handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)  # held open until the process ends
        fcntl.flock(handle, fcntl.LOCK_EX)
        if place.is_dir():  # else another run took it for one that was left, between the two lines above
            return place
        os.close(handle)


def _sweep(base: Path) -> None:
    """Remove the folders of the user's runs that have ended without doing so."""
    try:
        names = [entry.name for entry in os.scandir(base) if entry.name.startswith(_PREFIX)]
    except OSError:
        return
    for name in names:
        try:
            handle = os.open(base / name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            if os.fstat(handle).st_uid == os.getuid():
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(base / name, ignore_errors=True)
        except OSError:  # it is somebody's
            continue
        finally:
            os.close(handle)


def _remove(place: Path, process: int) -> None:
    if process == os.getpid():
        shutil.rmtree(place, ignore_errors=True)
