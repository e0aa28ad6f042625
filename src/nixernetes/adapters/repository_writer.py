"""Writes a built tree into a folder so that being killed at any moment loses nothing.

1. Stage: every new content is written below ``.nixernetes.staging/``, whole and onto the disk itself. Killed here, the
   old tree stands untouched.
2. Commit: the journal, which names every move and removal, appears by one rename. From here on the build will happen.
3. Move: staged files are renamed to their places, what is no longer declared is removed, the record
   ``.nixernetes.json`` (path to digest of everything we wrote) is replaced. Killed here, each file is old or new.
4. Clean up: the journal and the staging folder go away.

The next run finds the journal and completes it before it does anything else (:func:`recover`), so a killed build never
makes a file of ours look edited. A file that somebody edited in between is left alone, and reported as edited.

Nothing outside the folder is ever touched: recorded paths are checked like hostile input, and links are not followed.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence, Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nixernetes.errors import InputError, RemoteError
from nixernetes.gitops.layout.changes import Changes, compare, digest_bytes
from nixernetes.objects.manifest import Json

__all__ = [
    "JOURNAL",
    "RECORD",
    "STAGING",
    "Disk",
    "apply",
    "interrupted",
    "locked",
    "read_present",
    "recover",
    "survey",
]

RECORD = ".nixernetes.json"
JOURNAL = ".nixernetes.journal.json"
STAGING = ".nixernetes.staging"
_VERSION = 1
_SETTLED_ALONE = 100  # files; of more, all that the disk has to do is waited for, which is soon less


class Disk:
    """The ways in which the disk is changed; a test replaces them to fail at any of them."""

    def write(self, path: str, data: bytes) -> None:
        """Write a new file, whole: a disk may take a part of what it is given, and say so by a number alone."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
        finally:
            os.close(handle)

    def settle(self, paths: Sequence[str]) -> None:
        """Return when files and folders that were written would outlast a power failure."""
        if len(paths) > _SETTLED_ALONE:
            os.sync()
            return
        for path in paths:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def move(self, source: str, target: str) -> None:
        """Rename a file over whatever file stands at the target, in one step."""
        os.replace(source, target)  # noqa: PTH105  # ten thousand times: pathlib would double the time

    def remove(self, path: str) -> None:
        """Remove a file or an empty folder."""
        if stat.S_ISDIR(os.lstat(path).st_mode):
            os.rmdir(path)  # noqa: PTH106  # as above
        else:
            os.unlink(path)  # noqa: PTH108  # as above

    def make_folder(self, path: str) -> None:
        """Make a folder and the ones above it."""
        os.makedirs(path, exist_ok=True)  # noqa: PTH103  # as above


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What stands in a folder, compared with what should.

    Attributes:
        changes: what a build would do.
        declared: path to the digest of the declared content.
        present: path to the digest of what stands there.

    """

    changes: Changes
    declared: Mapping[str, str]
    present: Mapping[str, str]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other builds out of the folder (made if it is not there) for as long as the context lasts.

    Raises:
        InputError: another build writes there, or it is not a folder.

    """
    with _translated(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError("another build writes there: wait for it, then try again", subject=str(folder)) from None
    else:
        yield
    finally:
        os.close(handle)


def interrupted(folder: Path) -> bool:
    """Tell whether a build was killed there after its commit, and waits to be completed."""
    return (folder / JOURNAL).exists()


def recover(folder: Path, disk: Disk | None = None) -> bool:
    """Complete a build that was killed; return whether there was one.

    Raises:
        InputError: the journal cannot be read.

    """
    disk = disk or Disk()
    with _translated(folder):
        if interrupted(folder):
            _complete(folder, _load_journal(folder / JOURNAL), disk, edited=True)
            return True
        _remove_staging(folder, disk)
        return False


def survey(folder: Path, files: Mapping[str, bytes]) -> Survey:
    """Compare a folder with what should stand in it, and change nothing.

    Raises:
        InputError: the record cannot be read, or something that is not a file stands in the way.

    """
    with _translated(folder):
        recorded = _recorded(folder / RECORD)
        guard = _Guard(folder, leaving=recorded.keys() - files.keys())
        present = {}
        for path in files.keys() | recorded.keys():
            data = guard.read(path)
            if data is not None:
                present[path] = digest_bytes(data)
        declared = {path: digest_bytes(data) for path, data in files.items()}
        return Survey(changes=compare(declared, recorded, present), declared=declared, present=present)


def read_present(folder: Path, path: str) -> bytes | None:
    """Return what stands at a path of the folder now, or None."""
    with _translated(folder):
        return _Guard(folder).read(path)


def apply(folder: Path, files: Mapping[str, bytes], found: Survey, disk: Disk | None = None) -> None:
    """Make the folder what the files say: conflicts included, so ask the user first.

    Args:
        folder: the folder.
        files: what should stand in it, by path.
        found: the survey of exactly these.
        disk: how to change the disk.

    Raises:
        RemoteError: the disk refused; the next run completes or starts again.

    """
    disk = disk or Disk()
    with _translated(folder):
        record = _dump({"version": _VERSION, "files": dict(sorted(found.declared.items()))})
        if found.changes.up_to_date and _Guard(folder).read(RECORD) == record:
            return
        journal = _stage(folder, files, found, record, disk)
        _complete(folder, journal, disk, edited=False)


def _stage(folder: Path, files: Mapping[str, bytes], found: Survey, record: bytes, disk: Disk) -> Json:
    changes, staging = found.changes, f"{folder}/{STAGING}"
    _refuse_link(staging)
    disk.make_folder(staging)
    puts, written = {}, [f"{staging}/record", f"{staging}/journal"]
    for number, path in enumerate(sorted((*changes.created, *changes.configured, *changes.edited))):
        disk.write(f"{staging}/{number}", files[path])
        written.append(f"{staging}/{number}")
        puts[path] = {"staged": str(number), "from": found.present.get(path)}
    leaving = sorted((*changes.deleted, *changes.edited_leftover))
    journal = {"version": _VERSION, "put": puts, "remove": {path: found.present[path] for path in leaving}}
    disk.write(f"{staging}/record", record)
    disk.write(f"{staging}/journal", _dump(journal))
    disk.settle([*written, staging])
    disk.move(f"{staging}/journal", f"{folder}/{JOURNAL}")
    disk.settle([str(folder)])
    return journal


def _complete(folder: Path, journal: Json, disk: Disk, *, edited: bool) -> None:
    """Do what the journal says; ``edited``: files may have been edited since it was written; those are left alone."""
    staging = f"{folder}/{STAGING}"
    _refuse_link(staging)
    kept = {}
    for path, digest in journal["remove"].items():
        guard = _Guard(folder, leaving=journal["put"].keys())  # a new one each time: folders go away here
        found = guard.digest(path)
        if found == digest:
            disk.remove(guard.place(path))
        if found in (digest, None):
            _remove_empty(folder, path, disk)
        else:
            kept[path] = digest
    guard = _Guard(folder)
    made: set[str] = set()
    for path, put in journal["put"].items():
        staged = f"{staging}/{put['staged']}"
        if edited and not (os.path.lexists(staged) and guard.digest(path) == put["from"]):
            continue
        target = guard.place(path)
        parent = target.rpartition("/")[0]
        if parent not in made:
            disk.make_folder(parent)
            made.add(parent)
        disk.move(staged, target)
    if os.path.lexists(f"{staging}/record"):
        if kept:  # edited since: who builds next is told, as of every edit
            _amend(Path(staging, "record"), kept, disk)
        disk.move(f"{staging}/record", f"{folder}/{RECORD}")
    disk.remove(f"{folder}/{JOURNAL}")
    _remove_staging(folder, disk)


def _amend(record: Path, kept: Mapping[str, str], disk: Disk) -> None:
    """Let a staged record name files too that would have been removed."""
    files = {**_recorded(record), **kept}
    amended = f"{record}-amended"
    if os.path.lexists(amended):
        disk.remove(amended)
    disk.write(amended, _dump({"version": _VERSION, "files": dict(sorted(files.items()))}))
    disk.settle([amended])
    disk.move(amended, str(record))


def _remove_empty(folder: Path, path: str, disk: Disk) -> None:
    """Remove the folders that held only what was removed."""
    for parent in Path(path).parents:
        place = folder / parent
        if place == folder or (place.is_dir() and any(place.iterdir())):
            return
        if place.is_dir():
            disk.remove(str(place))


def _remove_staging(folder: Path, disk: Disk) -> None:
    staging = f"{folder}/{STAGING}"
    try:
        if not stat.S_ISDIR(os.lstat(staging).st_mode):
            return
    except FileNotFoundError:
        return
    for entry in sorted(entry.path for entry in os.scandir(staging)):
        disk.remove(entry)
    disk.remove(staging)


class _Guard:
    """Finds places in the folder, and refuses those that links would lead out of it.

    Args:
        folder: the folder.
        leaving: paths of files that will be removed before anything is written, so they are in nobody's way.

    """

    def __init__(self, folder: Path, leaving: AbstractSet[str] = frozenset()) -> None:
        self._folder = folder
        self._leaving = leaving
        self._safe: set[str] = set()

    def place(self, path: str) -> str:
        """Return where a path is; its folders may not be there yet."""
        self._parents_stand(path)
        return f"{self._folder}/{path}"

    def read(self, path: str) -> bytes | None:
        """Return a file's content, None when there is no such file."""
        if not self._parents_stand(path):
            return None
        try:
            handle = os.open(f"{self._folder}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._error(f"{path} cannot be read as a file: {error.strerror}") from error
        mode = os.fstat(handle).st_mode
        if stat.S_ISREG(mode):
            with os.fdopen(handle, "rb") as file:
                return file.read()
        os.close(handle)
        if stat.S_ISDIR(mode) and self._only_leaving(path):
            return None
        raise self._error(f"{path} is not a file: remove it")

    def digest(self, path: str) -> str | None:
        """Return the digest of a file's content, None when there is no such file."""
        data = self.read(path)
        return None if data is None else digest_bytes(data)

    def _parents_stand(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        if not name or name in (".", "..") or "\\" in name or "\0" in path:
            raise self._error(f"{path!r} is not a path inside the folder")
        return not folder or folder in self._safe or self._folders_stand(path, folder.split("/"))

    def _folders_stand(self, path: str, parts: list[str]) -> bool:
        if any(part in ("", ".", "..") or "\\" in part for part in parts):
            raise self._error(f"{path!r} is not a path inside the folder")
        for depth in range(1, len(parts) + 1):
            parent = "/".join(parts[:depth])
            try:
                mode = os.lstat(f"{self._folder}/{parent}").st_mode
            except FileNotFoundError:
                return False
            if not stat.S_ISDIR(mode):
                if stat.S_ISREG(mode) and parent in self._leaving:
                    return False
                raise self._error(f"{parent} is a link or a file, and {path} needs a folder there: remove it")
            self._safe.add(parent)
        return True

    def _only_leaving(self, path: str) -> bool:
        place = self._folder / path
        files = (found for found in place.rglob("*") if not found.is_dir() or found.is_symlink())
        return all(found.relative_to(self._folder).as_posix() in self._leaving for found in files)

    def _error(self, what: str) -> InputError:
        return InputError(what, subject=str(self._folder))


def _refuse_link(staging: str) -> None:
    if Path(staging).is_symlink():
        raise InputError("is a link, and a build keeps its own files there: remove it", subject=staging)


def _recorded(record: Path) -> dict[str, str]:
    found = _load(record)
    if found is None:
        return {}
    files = found.get("files")
    if not isinstance(files, dict) or not all(isinstance(value, str) for value in files.values()):
        raise _unreadable(record)
    return files


def _load(path: Path) -> Json:
    """Return what a file of a build's own holds, None where there is none."""
    data = _Guard(path.parent).read(path.name)
    if data is None:
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _unreadable(path) from error
    if not isinstance(found, dict) or found.get("version") != _VERSION:
        raise _unreadable(path)
    return found


def _load_journal(path: Path) -> Json:
    found = _load(path) or {}
    puts, removals = found.get("put"), found.get("remove")
    fine = (
        isinstance(puts, dict)
        and isinstance(removals, dict)
        and all(isinstance(digest, str) for digest in removals.values())
        and all(isinstance(put, dict) and str(put.get("staged")).isdigit() and "from" in put for put in puts.values())
    )
    if not fine:
        raise _unreadable(path)
    return found


def _unreadable(path: Path) -> InputError:
    return InputError(
        f"{path.name} is not what a build wrote: restore it from Git, or remove it and build with --force",
        place=str(path),
    )


def _dump(value: Json) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except (NotADirectoryError, FileExistsError) as error:
        raise InputError("is not a folder, or holds a file where a folder must be", subject=str(folder)) from error
    except OSError as error:
        raise RemoteError(f"the disk refused: {error.strerror}: {error.filename}", subject=str(folder)) from error
