"""A Kustomize overlay with everything that it refers to, so that it can be copied as a whole.

References are followed through ``resources``, ``bases`` and ``components`` (folders, with all that is below them), and
through any other field that names a file above its folder. Remote references stay what they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nixernetes.errors import InputError
from nixernetes.gitops.layout.model import ReadFiles
from nixernetes.objects import yamls
from nixernetes.objects.fields import items_at, texts_in

__all__ = ["KUSTOMIZATION_FILES", "MOST_UP", "Overlay", "read_overlay"]

KUSTOMIZATION_FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
MOST_UP = 16  # folders between the platform file and the root of its repository
_FOLDER_FIELDS = ("resources", "bases", "components")
_REMOTE = ("://", "git@", "github.com/", "bitbucket.org/", "?ref=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """An overlay: its folder and the files that it needs, by path from the platform's folder."""

    folder: str
    files: Mapping[str, bytes]


def read_overlay(folder: Path, read: ReadFiles) -> Overlay:
    """Read an overlay and all that it refers to.

    Raises:
        InputError: a folder without kustomization file, a reference to nothing, or one that leads out of the platform's
            repository; the place is the kustomization file.

    """
    start = _normal(PurePosixPath(folder.as_posix()), f"kustomize path {folder.as_posix()!r}")
    walk = _Walk(read)
    walk.folder(start)
    return Overlay(folder=start, files=dict(sorted(walk.files.items())))


class _Walk:
    def __init__(self, read: ReadFiles) -> None:
        self._read = read
        self._done: set[str] = set()
        self.files: dict[str, bytes] = {}

    def folder(self, folder: str) -> None:
        """Take a folder, and follow what its kustomization file refers to."""
        if folder in self._done:
            return
        self._done.add(folder)
        below = self._read(Path(folder))
        if "" in below:
            raise InputError(f"{folder} is a file: name the folder of the overlay")
        for name, data in below.items():
            self.files[_join(folder, name)] = data
        name = next((name for name in KUSTOMIZATION_FILES if name in below), "")
        if not name:
            raise InputError(f"folder {folder or '.'} has no kustomization.yaml: give it one, or use folders=")
        self._references(folder, _join(folder, name), below[name])

    def _references(self, folder: str, file: str, data: bytes) -> None:
        content = yamls.parse(data, file=file)
        if not isinstance(content, dict):
            raise InputError("not a Kustomization: write fields such as resources", place=file)
        for field in _FOLDER_FIELDS:
            for entry in items_at(content, field):
                if isinstance(entry, str) and "\n" not in entry and not any(mark in entry for mark in _REMOTE):
                    self._resource(folder, file, entry)
        for text in texts_in({key: value for key, value in content.items() if key not in _FOLDER_FIELDS}):
            path = text.rpartition("=")[2]
            if path.startswith("../") and "\n" not in path:
                self._outside(folder, file, path)

    def _resource(self, folder: str, file: str, entry: str) -> None:
        path = _normal(PurePosixPath(folder) / entry, f"{entry!r}", place=file)
        try:
            found = self._read(Path(path))
        except InputError as error:
            raise InputError(f"it refers to {entry!r}: {error.message}", place=file) from error
        if "" in found:
            self.files[path] = found[""]
        else:
            self.folder(path)

    def _outside(self, folder: str, file: str, entry: str) -> None:
        path = _normal(PurePosixPath(folder) / entry, f"{entry!r}", place=file)
        try:
            found = self._read(Path(path))
        except InputError as error:
            raise InputError(f"it refers to {entry!r}: {error.message}", place=file) from error
        for name, data in found.items():
            self.files[_join(path, name) if name else path] = data


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _normal(path: PurePosixPath, what: str, *, place: str = "") -> str:
    """Return a path without ``.`` and, but for those that it begins with, without ``..``."""
    parts: list[str] = []
    for part in path.parts:
        if part == "/":
            raise InputError(f"{what} is absolute: write it relative to the platform file", place=place)
        if part != ".." or parts[-1:] in ([], [".."]):
            parts.append(part)
        else:
            parts.pop()
    if parts.count("..") > MOST_UP:
        raise InputError(f"{what} leads out of the repository of the platform file", place=place)
    return "/".join(parts)
