"""The word of an ``up`` that it runs for a folder: nobody else does meanwhile, and others find it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from nixernetes.adapters.api_server.kubeconfigs import write_kubeconfig
from nixernetes.adapters.control.places import door_of, lock_of, place_of
from nixernetes.errors import InputError

__all__ = ["Claim", "ControlDoor"]

_TRIES: Final = 10  # who only looks whether an ``up`` runs has the lock for a moment
_TRY_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlDoor:
    """How an ``up`` is asked.

    Attributes:
        address: the URL of its server.
        authority: the certificate of the authority that the server's is signed by, in PEM.
        token: the bearer token of its user.

    """

    address: str
    authority: str
    token: str


class Claim:
    """A folder that this process runs for, until the end of the block.

    Args:
        folder: the folder.

    Raises:
        InputError: another ``up`` runs for it, or that cannot be noted.

    """

    def __init__(self, folder: Path) -> None:
        self._place = place_of(folder)
        self._lock = _locked(lock_of(self._place), str(folder.resolve()))
        self._forget()

    @property
    def kubeconfig(self) -> Path:
        """Return where the kubeconfig of its clusters is written."""
        return self._place.with_suffix(".kubeconfig")

    def __enter__(self) -> Self:
        """Have the folder already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the folder."""
        self._forget()
        lock_of(self._place).unlink(missing_ok=True)
        os.close(self._lock)

    def open(self, door: ControlDoor) -> None:
        """Let others ask from now on.

        Raises:
            InputError: that cannot be noted.

        """
        write_kubeconfig(door_of(self._place), json.dumps(asdict(door)))

    def _forget(self) -> None:
        """Take away what leads to a server that has gone."""
        door_of(self._place).unlink(missing_ok=True)
        self.kubeconfig.unlink(missing_ok=True)


def _locked(path: Path, folder: str) -> int:
    """Lock a file, note the folder in it, and return its descriptor."""
    for _ in range(_TRIES):
        try:
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise InputError(f"what runs cannot be noted: {error.strerror or error}", subject=str(path)) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_there(path, lock):  # whoever had it before may have taken it away meanwhile
                os.ftruncate(lock, 0)
                os.pwrite(lock, folder.encode(errors="surrogateescape"), 0)
                return lock
        except BlockingIOError:
            time.sleep(_TRY_SECONDS)
        except OSError as error:
            os.close(lock)
            raise InputError(f"what runs cannot be noted: {error.strerror or error}", subject=str(path)) from error
        os.close(lock)
    raise InputError("another `nixernetes up` runs for this folder: stop it first", subject=folder)


def _is_there(path: Path, lock: int) -> bool:
    with contextlib.suppress(OSError):
        return os.path.samestat(path.stat(), os.fstat(lock))
    return False
