"""The changes of a cluster in SQLite: a log by revision, of which the objects are what no later change replaced.

In WAL mode with ``synchronous=FULL`` a transaction is on the disk when it ends: the death of the process or of the
machine, at any moment, leaves all of it or nothing. One connection holds the file for itself, so that there is no
shared memory. A change costs one row that is appended; rows that were replaced more than 10,000 revisions ago go.
"""

from __future__ import annotations

import contextlib
import functools
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from nixernetes.cluster.api import Event, EventType
from nixernetes.cluster.history import Recorded
from nixernetes.cluster.storage.port import KeptObjects, StorageError
from nixernetes.errors import InputError
from nixernetes.objects.identity import GroupKind, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["SqliteChanges"]

_APPLICATION: Final = 0x4E58526E
_FORMAT: Final = 1
_MOST: Final = 10_000  # changes that are remembered though other ones replaced them
_AT_ONCE: Final = 1_000  # changes that are forgotten together
_TABLES: Final = """
    create table changes (
        revision integer primary key, replaces integer, "group" text not null, kind text not null, object text
    );
    create table facts (name text primary key, value blob not null) without rowid;
"""
_PRAGMAS: Final = ("locking_mode=exclusive", "journal_mode=wal", "synchronous=full")
_INSERT: Final = "insert into changes values (?, ?, ?, ?, ?)"
_OBJECTS: Final = """
    select "group", kind, object from changes where object is not null and revision not in
    (select replaces from changes where replaces is not null) order by revision
"""
_CHANGES: Final = """
    select new.revision, new.replaces, new."group", new.kind, new.object, old.object from changes as new
    left join changes as old on old.revision = new.replaces where new.revision > ? order by new.revision
"""
_FORGET: Final = (
    """delete from changes where revision in
    (select replaces from changes where revision > ? and revision <= ? and replaces is not null)""",
    "delete from changes where revision > ? and revision <= ? and object is null",
)
_OLDEST: Final = "oldest"
_write = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode


class SqliteChanges:
    """A :class:`~nixernetes.cluster.storage.port.ChangeStore` in one file, and facts about the cluster beside it.

    Args:
        file: the file; made where it is not there.
        most_pages: how many pages of 4 KiB it may have; 0 for as many as there is room for.

    Raises:
        InputError: the file is something else, or another process has it.

    """

    def __init__(self, file: Path, most_pages: int = 0) -> None:
        self._file = file
        self._lock = threading.RLock()  # one thread keeps changes while another looks something up
        try:
            self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=0)
            for each in _PRAGMAS:
                self._db.execute(f"pragma {each}")
            if most_pages:
                self._db.execute(f"pragma max_page_count={most_pages}")
            self._begin()
        except sqlite3.Error as error:
            raise _damaged(file, error) from error
        self._forgotten = int(self.fact(_OLDEST, lambda: b"0"))

    def _begin(self) -> None:
        (version,), (application,) = (
            self._db.execute(f"pragma {each}").fetchone() for each in ("user_version", "application_id")
        )
        if version == _FORMAT and application == _APPLICATION:
            return
        if version or application or self._db.execute("select 1 from sqlite_master").fetchone():
            why = "is not the state of a cluster, or that of another version of Nixernetes"
            raise InputError(f"{why}: give another folder", subject=str(self._file))
        marks = f"pragma application_id={_APPLICATION}; pragma user_version={_FORMAT};"
        self._db.executescript(f"begin; {_TABLES} {marks} commit;")

    def fact(self, name: str, made: Callable[[], bytes]) -> bytes:
        """Return what is kept under a name; where nothing is, what is made now, kept from now on.

        Raises:
            InputError: the file is damaged.
            StorageError: it cannot be kept.

        """
        try:
            with self._lock:
                found = self._db.execute("select value from facts where name = ?", (name,)).fetchone()
        except sqlite3.Error as error:
            raise _damaged(self._file, error) from error
        if found is not None:
            return bytes(found[0])
        value = made()
        self.note(name, value)
        return value

    def note(self, name: str, value: bytes) -> None:
        """Keep something under a name.

        Raises:
            StorageError: it cannot be kept.

        """
        with self._transaction():
            self._note(name, value)

    def load(self) -> KeptObjects:
        """Return the objects as the last change left them.

        Raises:
            InputError: the file is damaged.

        """
        try:
            with self._lock:
                return self._load()
        except (sqlite3.Error, ValueError) as error:
            raise _damaged(self._file, error) from error

    def _load(self) -> KeptObjects:
        rows: dict[GroupKind, dict[tuple[str, str], Manifest]] = {}
        for group, kind, text in self._db.execute(_OBJECTS):
            item = _read(text)
            rows.setdefault(GroupKind(group, kind), {})[key_of(item)[-2:]] = item
        (last,) = self._db.execute("select max(revision) from changes").fetchone()
        return KeptObjects(last or 0, rows)

    def changes(self) -> list[Recorded]:
        """Return the changes that are not forgotten, in order.

        Raises:
            InputError: the file is damaged.

        """
        try:
            with self._lock:
                return self._changes()
        except (sqlite3.Error, ValueError) as error:
            raise _damaged(self._file, error) from error

    def _changes(self) -> list[Recorded]:
        found: list[Recorded] = []
        states: dict[int, Manifest] = {}  # what one change left is what the next one replaced
        for revision, replaces, group, kind, text, old in self._db.execute(_CHANGES, (self._forgotten,)):
            before = states.pop(replaces, None) or (_read(old) if old is not None else None)
            if text is not None:
                states[revision] = _read(text)
            event = _event(states.get(revision), before)
            if event is not None:
                found.append(Recorded(revision, GroupKind(group, kind), event))
        return found

    def keep(self, changes: Sequence[Recorded]) -> None:
        """Keep changes.

        Raises:
            StorageError: none of them is kept.

        """
        last = changes[-1].revision
        forgets = last - _MOST if last - _MOST >= self._forgotten + _AT_ONCE else 0
        with self._transaction():
            self._db.executemany(_INSERT, [_row(change) for change in changes])
            if forgets:
                for statement in _FORGET:
                    self._db.execute(statement, (self._forgotten, forgets))
                self._note(_OLDEST, str(forgets).encode())
        self._forgotten = forgets or self._forgotten

    def close(self) -> None:
        """Let go of the file."""
        with contextlib.suppress(sqlite3.Error):  # what matters is in it already
            self._db.close()

    def _note(self, name: str, value: bytes) -> None:
        self._db.execute("insert or replace into facts values (?, ?)", (name, value))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            with self._lock:
                self._db.execute("begin")
                yield
                self._db.execute("commit")
        except (sqlite3.Error, ValueError, TypeError, RecursionError) as error:
            with contextlib.suppress(sqlite3.Error), self._lock:  # a full disk may have ended it already
                self._db.execute("rollback")
            raise StorageError(f"the state cannot be written: {error}", subject=str(self._file)) from error


def _damaged(file: Path, error: Exception) -> InputError:
    return InputError(f"cannot be read as the state of a cluster: {error}", subject=str(file))


def _row(change: Recorded) -> tuple[object, ...]:
    event = change.event
    replaces = int(event.old["metadata"]["resourceVersion"]) if event.old is not None else None
    text = None if event.type is EventType.DELETED else _write(event.object)
    return (change.revision, replaces, *change.kind, text)


@functools.cache
def _parser() -> Callable[[str], Any]:
    from pydantic_core import from_json  # noqa: PLC0415  # four MiB that a new cluster does without

    return from_json


def _read(text: str) -> Manifest:
    """Return an object; what many have in common (keys, short texts) is in memory once."""
    try:
        found: Manifest = _parser()(text)
    except ValueError:  # half a surrogate pair, or nested deeper than that parser goes
        found = json.loads(text)
    return found


def _event(after: Manifest | None, before: Manifest | None) -> Event | None:
    if after is None:
        return Event(EventType.DELETED, before, before) if before is not None else None
    return Event(EventType.MODIFIED if before is not None else EventType.ADDED, after, before)
