"""Loose objects of a Git repository, read here: libgit2 waits for ever for the rest of one that was cut.

A disk that was full, or a crash, leaves such files. git itself says at once that they are corrupt, and so does this.
Packs are read by libgit2, which checks the hash of whatever anybody hands it.
"""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path
from typing import Protocol

import pygit2
from pygit2.enums import ObjectType

__all__ = ["object_database"]

_KINDS = {b"commit": ObjectType.COMMIT, b"tree": ObjectType.TREE, b"blob": ObjectType.BLOB, b"tag": ObjectType.TAG}
_HEADER = re.compile(rb"(commit|tree|blob|tag) ([0-9]{1,15})\0")
_HEADER_BYTES = 32  # the longest kind, the largest number, and what is between them
_MOST_BYTES = 256 * 1024 * 1024
_MOST_ALTERNATES = 16
_NAME_LETTERS = 38  # of a SHA-1 without those of its folder
_PACKS, _LOOSE = 2, 1  # libgit2's own priorities


def object_database(folder: Path) -> pygit2.Odb:
    """Return the objects of a repository.

    Args:
        folder: its ``objects``; those that it names as ``alternates`` are read too, as Git does.

    """
    database = pygit2.Odb()
    for place in _places(folder):
        if (place / "pack").is_dir():
            database.add_backend(pygit2.OdbBackendPack(str(place)), _PACKS)
        database.add_backend(_LooseObjects(str(place)), _LOOSE)
    return database


def _places(folder: Path) -> list[Path]:
    found: list[Path] = []
    waiting = [folder]
    while waiting and len(found) <= _MOST_ALTERNATES:
        place = waiting.pop(0)
        if place in found:
            continue
        found.append(place)
        listed = place / "info" / "alternates"
        lines = listed.read_bytes().splitlines() if listed.is_file() else []
        waiting += [place / os.fsdecode(line) for line in lines if line and not line.startswith(b"#")]
    return found


class _Inflating(Protocol):
    @property
    def eof(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _LooseObjects(pygit2.OdbBackend):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder

    def read_cb(self, oid: pygit2.Oid) -> tuple[int, bytes]:
        kind, size, start, inflating, rest = self._begun(str(oid))
        if size > _MOST_BYTES:
            raise pygit2.GitError(f"object {oid} is larger than {_MOST_BYTES // 1024 // 1024} MiB")
        try:
            content = start + inflating.decompress(rest, size + 1 - len(start))  # one more, to see the end
        except zlib.error as error:
            raise _corrupt(str(oid)) from error
        if len(content) != size or not inflating.eof:
            raise _corrupt(str(oid))
        return kind, content

    def read_header_cb(self, oid: pygit2.Oid) -> tuple[int, int]:
        kind, size, *_ = self._begun(str(oid))
        return kind, size

    def read_prefix_cb(self, short: str) -> tuple[int, bytes, pygit2.Oid]:
        oid = self.exists_prefix_cb(short)
        return (*self.read_cb(oid), oid)

    def exists_cb(self, oid: pygit2.Oid) -> bool:
        return os.path.isfile(self._path(str(oid)))  # noqa: PTH113 - asked for every object

    def exists_prefix_cb(self, short: str) -> pygit2.Oid:
        name = str(short)
        try:
            names = os.listdir(f"{self._folder}/{name[:2]}")  # noqa: PTH208 - as above
        except OSError:
            names = []
        found = [each for each in names if each.startswith(name[2:]) and len(each) == _NAME_LETTERS]
        if len(found) > 1:
            raise ValueError(f"ambiguous: {name}")
        if not found:
            raise KeyError(name)
        return pygit2.Oid(hex=name[:2] + found[0])

    def refresh_cb(self) -> None:
        """Nothing is remembered."""

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name[:2]}/{name[2:]}"

    def _begun(self, name: str) -> tuple[int, int, bytes, _Inflating, bytes]:
        """Return kind and size of an object, the first of its bytes, and what gives the others."""
        try:
            handle = os.open(self._path(name), os.O_RDONLY | os.O_NONBLOCK)
            with os.fdopen(handle, "rb", buffering=0) as file:
                data = file.readall()
        except OSError as error:
            raise KeyError(name) from error
        inflating = zlib.decompressobj()
        try:
            start = inflating.decompress(data, _HEADER_BYTES)
        except zlib.error as error:
            raise _corrupt(name) from error
        header = _HEADER.match(start)
        if header is None:
            raise _corrupt(name)
        return _KINDS[header[1]], int(header[2]), start[header.end() :], inflating, inflating.unconsumed_tail


def _corrupt(name: str) -> pygit2.GitError:
    return pygit2.GitError(f"loose object {name} is corrupt: `git fsck` tells what is missing, a fetch brings it back")
