"""Where an ``up`` says that it runs, for whom, and how it is asked: files in a folder that only its user may enter.

``<name>.lock`` is locked for as long as the process lives, however it ends, and names the working folder;
``<name>.door`` is there once the process answers. The file system is the access control: who can read the door knows
the token.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from nixernetes.errors import InputError

__all__ = ["door_of", "is_running", "lock_of", "place_of", "running_for"]


def place_of(folder: Path) -> Path:
    """Return what the files of a working folder are named after.

    Raises:
        InputError: the folder for them belongs to somebody else, or cannot be made.

    """
    name = hashlib.sha256(str(folder.resolve()).encode(errors="surrogateescape")).hexdigest()[:16]
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"nixernetes-{os.getuid()}"
    try:
        with contextlib.suppress(FileExistsError):
            base.mkdir(mode=0o700)
        status = base.lstat()
    except OSError as error:
        remedy = "XDG_RUNTIME_DIR names the folder for it"
        raise InputError(f"what runs cannot be noted: {error.strerror}: {remedy}", subject=str(base)) from error
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise InputError("is not a folder, belongs to another user, or is open to others: remove it", subject=str(base))
    return base / name


def lock_of(place: Path) -> Path:
    """Return the file that is locked while an ``up`` runs."""
    return place.with_suffix(".lock")


def door_of(place: Path) -> Path:
    """Return the file that says how it is asked."""
    return place.with_suffix(".door")


def is_running(place: Path) -> bool:
    """Tell whether an ``up`` runs for the folder of a place."""
    try:
        lock = os.open(lock_of(place), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(lock)
    return False


def running_for(folder: Path) -> Path:
    """Return the folder whose ``up`` is asked from a folder: itself, or the nearest one above it with an ``up``."""
    whole = folder.resolve()
    return next((each for each in (whole, *whole.parents) if is_running(place_of(each))), folder)
