"""The folder in which a served cluster is kept: its changes, its keys, and who has it at the moment."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nixernetes.adapters.api_server.account_keys import AccountKey, new_account_key
from nixernetes.adapters.api_server.certificates import Authority, Pair
from nixernetes.errors import InputError

if TYPE_CHECKING:
    from nixernetes.adapters.api_server.sqlite_changes import SqliteChanges

__all__ = ["ServerSecrets", "StateFolder", "new_secrets", "state_folder"]

_LOCK: Final = "lock"
_STATES: Final = {"cluster": "`nixernetes cluster serve`", "world": "`nixernetes up`"}
_KEY_BEGINS: Final = b"-----BEGIN PRIVATE KEY-----"
_TOKEN_BYTES: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSecrets:
    """What a server knows its clients by.

    Attributes:
        token: the bearer token of its administrator.
        key: signs the tokens of service accounts.

    """

    token: str
    key: AccountKey


def new_secrets() -> ServerSecrets:
    """Return secrets that nobody had before."""
    return ServerSecrets(token=secrets.token_urlsafe(_TOKEN_BYTES), key=AccountKey())


class StateFolder:
    """A folder that is in use by this process.

    Args:
        changes: the changes of the cluster.

    """

    def __init__(self, changes: SqliteChanges) -> None:
        self.changes = changes

    @property
    def port(self) -> int:
        """Return the port at which the server answered last; 0 where it never did."""
        return int(self.changes.fact("port", lambda: b"0"))

    def note_port(self, port: int) -> None:
        """Remember the port.

        Raises:
            StorageError: the disk is full.

        """
        if port != self.port:
            self.changes.note("port", str(port).encode())

    def secrets(self) -> ServerSecrets:
        """Return what the server knows its clients by: what it had before.

        Raises:
            StorageError: the disk is full.

        """
        fact = self.changes.fact
        key = AccountKey(lambda: fact("account-key", new_account_key))
        return ServerSecrets(token=fact("token", new_secrets().token.encode).decode(), key=key)

    def authority(self) -> Authority:
        """Return who signs the certificates of the server: who did before.

        Raises:
            StorageError: the disk is full.

        """

        def made() -> bytes:
            pair = Authority().pair
            return pair.certificate + pair.key

        certificate, begin, key = self.changes.fact("authority", made).partition(_KEY_BEGINS)
        return Authority(Pair(certificate, begin + key))


@contextlib.contextmanager
def state_folder(folder: Path, holds: str = "cluster") -> Iterator[StateFolder]:
    """Use a folder while a block lasts; it is made where it is not there, for its user alone.

    Args:
        folder: the folder.
        holds: what it is the state of: ``cluster``, or ``world`` for what clusters that are kept below it share.

    Raises:
        InputError: it cannot be used, holds something else, or another process uses it.

    """
    from nixernetes.adapters.api_server.sqlite_changes import SqliteChanges  # noqa: PLC0415  # two MiB for others

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise InputError(f"cannot be used: {error.strerror or error}", subject=str(folder)) from error
    try:
        _take(lock, folder)
        for other, command in _STATES.items():
            if other != holds and (folder / f"{other}.db").exists():
                raise InputError(f"is the state of {command}: give another folder", subject=str(folder))
        file = folder / f"{holds}.db"
        file.touch(mode=0o600)
        changes = SqliteChanges(file)
        try:
            yield StateFolder(changes)
        finally:
            changes.close()
    finally:
        os.close(lock)


def _take(lock: int, folder: Path) -> None:
    """Take the lock, which ends with the process however that ends; leave the number of the process for others."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        owner = os.pread(lock, 20, 0).decode("ascii", "replace").strip()
        why = f"another server uses it (process {owner})" if owner else "another server uses it"
        raise InputError(f"{why}: end that one, or give another folder", subject=str(folder)) from error
    with contextlib.suppress(OSError):  # a full disk
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
