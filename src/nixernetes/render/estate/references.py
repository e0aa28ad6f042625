"""Which kustomization lists a file or a folder: what is listed starts with whoever lists it, not by itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.render.estate.index import DocumentIndex
from nixernetes.render.kustomization_files import FILE_NAMES
from nixernetes.render.tree import join

__all__ = ["References", "folder_of"]

_FIELDS: Final = ("resources", "bases", "components", "generators")
_PATCHES: Final = ("patches", "patchesStrategicMerge", "patchesJson6902")
_MAX_STEPS: Final = 1000  # ways from one file up: bases that are listed crosswise have very many


class References:
    """The kustomizations of a repository and what they list.

    Args:
        index: the documents of the repository.

    """

    def __init__(self, index: DocumentIndex) -> None:
        self._index = index

    def is_kustomization(self, folder: str) -> bool:
        """Tell whether a folder has a kustomization file."""
        return folder in self._kustomizations

    def is_used(self, folder: str) -> bool:
        """Tell whether a folder does not start by itself: another kustomization lists it, or it is a component."""
        return folder in self._listing or self._kustomizations.get(folder) == "Component"

    def is_patch(self, path: str) -> bool:
        """Tell whether a file is a patch of some kustomization."""
        return path in self._patches

    def lines(self, path: str) -> list[tuple[str, ...]]:
        """Return the ways by which a file gets applied: each from its folder up to the one that is built.

        No way leads from a file that stands beside a kustomization file which does not list it.
        """
        above = self._listing.get(path)
        if above is None:
            folder = folder_of(path)
            return [] if self.is_kustomization(folder) else [(folder,)]
        found: list[tuple[str, ...]] = []
        waiting: list[tuple[str, ...]] = [(folder_of(path), folder) for folder in above]
        for line in waiting:  # grows while it is walked
            parents = [each for each in self._listing.get(line[-1], ()) if each not in line]
            waiting += [(*line, each) for each in parents if len(waiting) < _MAX_STEPS]
            if not parents and self._kustomizations.get(line[-1]) != "Component":
                found.append(line)
        return found

    def tops(self, folder: str) -> list[str]:
        """Return the folders that are built where a folder is to be applied: itself, or those that list it."""
        found, waiting = [], [folder]
        for here in waiting:  # grows while it is walked
            parents = [each for each in self._listing.get(here, ()) if each not in waiting]
            waiting += parents
            if here not in self._listing:
                found.append(here)
        return found or [folder]

    @cached_property
    def _kustomizations(self) -> dict[str, str]:
        """The folders with a kustomization file, each with its kind."""
        return {folder: _kind_of(content) for folder, content in self._contents.items()}

    @cached_property
    def _contents(self) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for folder in ("", *self._index.folders):
            entries = self._index.tree.entries(folder)
            name = next((each for each in FILE_NAMES if entries.get(each) is False), None)
            if name is not None:
                found[folder] = self._parsed(f"{folder}/{name}" if folder else name)
        return found

    @cached_property
    def _listing(self) -> dict[str, list[str]]:
        """By what each file and folder is listed."""
        found: dict[str, list[str]] = {}
        for folder, content in self._contents.items():
            for path in self._listed(folder, content):
                known = found.setdefault(path, [])
                if folder not in known and path != folder:
                    known.append(folder)
        return found

    @cached_property
    def _patches(self) -> frozenset[str]:
        """The files that are patches."""
        return frozenset(
            path
            for folder, content in self._contents.items()
            for name in _PATCHES
            for entry in items_at(content, name)
            for path in self._paths(folder, entry if isinstance(entry, str) else text_at(entry, "path"))
        )

    def _listed(self, folder: str, content: Json) -> Iterator[str]:
        for name in _FIELDS:
            for entry in items_at(content, name):
                yield from self._paths(folder, entry)

    def _paths(self, folder: str, entry: Json) -> Iterator[str]:
        """Yield the path that an entry of a kustomization names in this repository."""
        if not isinstance(entry, str) or not entry or "://" in entry or "\n" in entry:
            return
        try:
            yield self._index.tree.real(join(folder, entry))
        except InputError:
            return

    def _parsed(self, path: str) -> Json:
        try:
            return yamls.parse_first(self._index.read(path), file=path, dialect="kustomize")
        except InputError:
            return None


def _kind_of(content: Json) -> str:
    """Return the kind of a kustomization file: ``Kustomization`` where it does not say."""
    kind = mapping_at({"file": content}, "file").get("kind")
    return kind if isinstance(kind, str) and kind else "Kustomization"


def folder_of(path: str) -> str:
    """Return the folder that a path is in."""
    return path.rpartition("/")[0]
