"""A tree: the files of a repository at one revision, as a value.

Paths are relative, with ``/``, without ``.`` or ``..``; the root is ``""``. A tree never shows anything outside itself:
its makers (a folder, a Git revision) resolve links inside it and leave out or refuse those that lead away.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import final

from nixernetes.errors import InputError
from nixernetes.objects.sizes import MAX_FILES, refuse_deep

__all__ = ["MemoryTree", "OverlayTree", "SubTree", "Tree", "join"]


def join(base: str, path: str) -> str:
    """Return ``path`` as seen from the folder ``base``, normalised.

    Raises:
        InputError: the path is absolute, leads out of the tree, leads through too many folders, or is none.

    """
    if path.startswith("/"):
        raise InputError(f"path {path!r} is absolute: write it relative to the repository", subject=base)
    if "\0" in path:
        raise InputError("a path holds a null character", subject=base)
    parts: list[str] = base.split("/") if base else []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            raise InputError(f"path {path!r} leads out of the repository", subject=base)
    joined = "/".join(parts)
    refuse_deep(joined)
    return joined


class Tree(ABC):
    """Files by path. Equal ``id`` means equal content; ids are stable between processes."""

    @property
    @abstractmethod
    def id(self) -> str:
        """The content id of the whole tree (a lower-case hex digest)."""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """Return a file's bytes.

        Raises:
            InputError: there is no such file, or it cannot be read.

        """

    @abstractmethod
    def entries(self, folder: str) -> Mapping[str, bool]:
        """Return a folder's direct entries: name to "is a folder", sorted by name; empty when there is none."""

    @abstractmethod
    def is_file(self, path: str) -> bool:
        """Tell whether a file stands at the path."""

    @abstractmethod
    def is_dir(self, path: str) -> bool:
        """Tell whether a folder stands at the path (the root always does)."""

    @abstractmethod
    def content_id(self, path: str) -> str:
        """Return the content id of one file or folder, or ``""`` when nothing stands there."""

    def real(self, path: str) -> str:
        """Return where a path really is, links followed; the path itself where nothing of the tree is there."""
        return path

    @final
    def _folder_id(self, path: str, names: Iterable[str]) -> str:
        """Return the id of a folder that holds these names; they may be no UTF-8."""
        total = hashlib.sha256(b"folder\0")
        for name in names:
            found = self.content_id(f"{path}/{name}" if path else name)
            total.update(f"{name}\0{found}\0".encode(errors="surrogatepass"))
        return total.hexdigest()

    @final
    def walk(self, folder: str = "") -> Iterator[str]:
        """Yield the paths of all files below a folder, in lexical walk order (as Go's ``filepath.Walk``).

        Raises:
            InputError: there are too many, as in a Git tree that holds itself many times over.

        """
        return (path for path, is_folder in self._everything(folder) if not is_folder)

    @final
    def folders(self, folder: str = "") -> Iterator[str]:
        """Yield the paths of all folders below a folder, each before what is in it, in lexical order.

        Raises:
            InputError: as :meth:`walk`.

        """
        return (path for path, is_folder in self._everything(folder) if is_folder)

    def _everything(self, start: str) -> Iterator[tuple[str, bool]]:
        waiting = [self._listed(start)]
        count = 0
        while waiting:
            path, is_folder = next(waiting[-1], ("", False))
            if not path:
                waiting.pop()
                continue
            count += 1
            if count > MAX_FILES:
                raise InputError(f"holds more than {MAX_FILES:,} files and folders", subject=start)
            yield path, is_folder
            if is_folder:
                waiting.append(self._listed(path))

    def _listed(self, folder: str) -> Iterator[tuple[str, bool]]:
        refuse_deep(folder)
        prefix = f"{folder}/" if folder else ""
        return ((prefix + name, is_folder) for name, is_folder in self.entries(folder).items())

    @final
    def below(self, folder: str) -> Tree:
        """Return the tree of one folder; the tree itself for ``""``."""
        return SubTree(self, folder) if folder else self


class MemoryTree(Tree):
    """A tree held in memory.

    Args:
        files: path to bytes (or text, stored as UTF-8). Paths are normalised.

    """

    def __init__(self, files: Mapping[str, bytes | str]) -> None:
        pairs = ((join("", path), data.encode() if isinstance(data, str) else data) for path, data in files.items())
        self._files = dict(sorted(pairs))
        self._folders: dict[str, dict[str, bool]] = {"": {}}
        for path in self._files:
            parts = path.split("/")
            for depth, name in enumerate(parts):
                parent = "/".join(parts[:depth])
                self._folders.setdefault(parent, {})[name] = depth < len(parts) - 1
        self._folders = {folder: dict(sorted(names.items())) for folder, names in self._folders.items()}

    @cached_property
    def id(self) -> str:
        """The content id of the whole tree."""
        return self.content_id("")

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        try:
            return self._files[path]
        except KeyError:
            raise InputError("no such file", subject=path) from None

    def entries(self, folder: str) -> Mapping[str, bool]:
        """Return a folder's direct entries."""
        return self._folders.get(folder, {})

    def is_file(self, path: str) -> bool:
        """Tell whether a file stands at the path."""
        return path in self._files

    def is_dir(self, path: str) -> bool:
        """Tell whether a folder stands at the path."""
        return path in self._folders

    def content_id(self, path: str) -> str:
        """Return the content id of one file or folder."""
        if path in self._files:
            return hashlib.sha256(b"file\0" + self._files[path]).hexdigest()
        if path not in self._folders:
            return ""
        return self._folder_id(path, self._folders[path])


class SubTree(Tree):
    """One folder of a tree, seen as a tree."""

    def __init__(self, tree: Tree, folder: str) -> None:
        self._tree = tree
        self._folder = folder

    @property
    def id(self) -> str:
        """The content id of the folder."""
        return self._tree.content_id(self._folder)

    def _at(self, path: str) -> str:
        return f"{self._folder}/{path}" if path else self._folder

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        return self._tree.read(self._at(path))

    def entries(self, folder: str) -> Mapping[str, bool]:
        """Return a folder's direct entries."""
        return self._tree.entries(self._at(folder))

    def is_file(self, path: str) -> bool:
        """Tell whether a file stands at the path."""
        return self._tree.is_file(self._at(path))

    def is_dir(self, path: str) -> bool:
        """Tell whether a folder stands at the path."""
        return not path or self._tree.is_dir(self._at(path))

    def content_id(self, path: str) -> str:
        """Return the content id of one file or folder."""
        return self._tree.content_id(self._at(path))

    def real(self, path: str) -> str:
        """Return where a path really is; the path itself where that is outside of the folder."""
        found = f"{self._tree.real(self._at(path))}/"
        start = f"{self._folder}/"
        return found[len(start) : -1] if found.startswith(start) else path


class OverlayTree(Tree):
    """A tree with files laid over it.

    Attributes:
        base: the tree below.

    Args:
        base: the tree below.
        files: path to bytes; None takes away what stands at the path, a file or a folder.

    """

    def __init__(self, base: Tree, files: Mapping[str, bytes | None]) -> None:
        self.base = base
        self._files = {join("", path): data for path, data in files.items()}
        self._changed: dict[str, dict[str, bool | None]] = {}
        for path, data in self._files.items():
            parts = path.split("/")
            for depth, name in enumerate(parts):
                names = self._changed.setdefault("/".join(parts[:depth]), {})
                if depth < len(parts) - 1:
                    names[name] = True
                else:
                    names[name] = None if data is None else False

    @property
    def id(self) -> str:
        """The content id of the whole tree."""
        return self.content_id("")

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        if path in self._files:
            data = self._files[path]
            if data is None:
                raise InputError("no such file", subject=path)
            return data
        if self._hidden(path):
            raise InputError("no such file", subject=path)
        return self.base.read(path)

    def entries(self, folder: str) -> Mapping[str, bool]:
        """Return a folder's direct entries."""
        below = {} if self._hidden(folder) else self.base.entries(folder)
        changed = self._changed.get(folder)
        if changed is None:
            return below
        names = dict(below)
        for name, is_folder in changed.items():
            path = f"{folder}/{name}" if folder else name
            if is_folder is None or (is_folder and not self.entries(path)):
                names.pop(name, None)
            else:
                names[name] = is_folder
        return dict(sorted(names.items()))

    def is_file(self, path: str) -> bool:
        """Tell whether a file stands at the path."""
        if path in self._files:
            return self._files[path] is not None
        return not self._hidden(path) and path not in self._changed and self.base.is_file(path)

    def is_dir(self, path: str) -> bool:
        """Tell whether a folder stands at the path."""
        if not path:
            return True
        if path in self._changed:
            return bool(self.entries(path))
        return path not in self._files and not self._hidden(path) and self.base.is_dir(path)

    def content_id(self, path: str) -> str:
        """Return the content id of one file or folder."""
        if path in self._files:
            data = self._files[path]
            return "" if data is None else hashlib.sha256(b"file\0" + data).hexdigest()
        if path not in self._changed:
            return "" if self._hidden(path) else self.base.content_id(path)
        if not self.is_dir(path):
            return ""
        return self._folder_id(path, self.entries(path))

    def real(self, path: str) -> str:
        """Return where a path really is."""
        return path if path in self._changed or self._hidden(path) else self.base.real(path)

    def _hidden(self, path: str) -> bool:
        """Tell whether a folder above (or the path itself) was taken away or became a file."""
        parts = path.split("/")
        return any("/".join(parts[:depth]) in self._files for depth in range(1, len(parts) + 1))
