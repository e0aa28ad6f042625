"""Which deliveries bring which folders of this repository, as far as their own specs say.

A Kustomization brings its path, an Application that of each source, an ApplicationSet what its git generators choose,
a FluxInstance the path that it syncs. A path counts where its source is this repository.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.globs.git_files import directory_matches, file_matches
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.fields import at, items_at, mapping_at, mappings_in, text_at
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, KUSTOMIZATION
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.declared_shapes import form_problem
from nixernetes.render.estate.index import DocumentIndex
from nixernetes.render.estate.made_sources import (
    is_made,
    source_key,
    source_url,
)
from nixernetes.render.estate.references import folder_of
from nixernetes.render.estate.repository_urls import spelled
from nixernetes.render.kustomization_files import kustomization_file
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import Tree, join

__all__ = ["Reach", "brought_path", "place_of"]

Place = tuple[Origin, ObjectKey]
_PLACEHOLDER: Final = "{{"


class Reach:
    """Tells what deliveries bring.

    Args:
        index: the documents of the repository.
        deliveries: its deliveries.
        own: URLs that are known to be its own.

    """

    def __init__(self, index: DocumentIndex, deliveries: Sequence[Rendered], own: Collection[str]) -> None:
        self._index = index
        self._deliveries = deliveries
        self._here = _Here(index, own)

    def bringing(self, folders: Iterable[str]) -> list[Rendered]:
        """Return the deliveries that bring one of some folders, or a folder above it."""
        found: dict[int, Rendered] = {}
        for folder in folders:
            for above in _up(folder):
                for item, is_deep in self._readers.get(above, ()):
                    if is_deep or above == folder:
                        found[id(item)] = item
                for item, chooses in self._choosers:
                    if chooses(above):
                        found[id(item)] = item
        return list(found.values())

    def brings(self, item: Rendered, folders: Iterable[str]) -> bool:
        """Tell whether a delivery brings one of some folders."""
        return any(each is item for each in self.bringing(folders))

    @cached_property
    def _readers(self) -> dict[str, list[tuple[Rendered, bool]]]:
        """By folder, who reads it, and whether with the folders below."""
        found: dict[str, list[tuple[Rendered, bool]]] = {}
        for item in self._deliveries:
            for folder, is_deep in self._here.folders(item.manifest):
                found.setdefault(folder, []).append((item, is_deep))
        return found

    @cached_property
    def _choosers(self) -> list[tuple[Rendered, _Chooser]]:
        return [
            (item, chooser)
            for item in self._deliveries
            if group_kind(item.manifest) == APPLICATION_SET
            for chooser in self._here.choosers(item.manifest)
        ]


def place_of(item: Rendered) -> Place:
    """Return where an object is written, and who it is."""
    return item.origin, key_of(item.manifest)


def brought_path(path: str) -> str | None:
    """Return the folder that a delivery's path names, or None for one that leads out of the repository."""
    try:
        return join("", path.lstrip("/"))
    except InputError:
        return None


class _Chooser:
    """Chooses folders as one entry of a git generator does."""

    def __init__(self, tree: Tree, pattern: str, *, files: bool) -> None:
        self._tree = tree
        self._pattern = pattern.strip("/") if not files else pattern
        self._files = files

    def __call__(self, folder: str) -> bool:
        try:
            if not self._files:
                return bool(folder) and directory_matches(self._pattern, folder)
            names = self._tree.entries(folder).items()
            return any(
                not is_folder and file_matches(self._pattern, f"{folder}/{name}" if folder else name)
                for name, is_folder in names
            )
        except InputError:
            return False


class _Here:
    """Tells which folders of this repository deliveries read.

    Args:
        index: the documents of the repository.
        own: URLs that are known to be its own.

    """

    def __init__(self, index: DocumentIndex, own: Collection[str]) -> None:
        self._tree = index.tree
        self._own = {spelled(url) for url in own}
        sources = [item.manifest for item in index.declared if group_kind(item.manifest).group == FLUX_SOURCE]
        self._urls = {key_of(item): source_url(item) for item in sources if not form_problem(item)}
        self._knows = {spelled(url) for url in self._urls.values()} & self._own

    def folders(self, item: Manifest) -> list[tuple[str, bool]]:
        """Return the folders that a delivery reads here, each with whether the folders below are read too."""
        kind = group_kind(item)
        if kind == KUSTOMIZATION and isinstance(at(item, "spec", "sourceRef"), dict):
            folder = brought_path(text_at(item, "spec", "path"))
            is_here = folder is not None and self._is_here(folder, self._urls.get(source_key(item)))
            return [(folder or "", True)] if is_here else []
        if kind not in (APPLICATION, APPLICATION_SET):
            return []
        spec = mapping_at(item, "spec") if kind == APPLICATION else mapping_at(item, "spec", "template", "spec")
        found = [(brought_path(path), url, source) for path, url, source in _sources(spec) if _PLACEHOLDER not in path]
        return [
            (folder, self._is_deep(folder, source))
            for folder, url, source in found
            if folder is not None and self._is_here(folder, url)
        ]

    def _is_deep(self, folder: str, source: Json) -> bool:
        """Tell whether a source of Argo CD reads the folders below: a plain directory only when told to."""
        is_built = kustomization_file(self._tree, folder) or self._tree.is_file(f"{folder}/Chart.yaml".lstrip("/"))
        return bool(is_built) or at(source, "directory", "recurse") is True

    def choosers(self, application_set: Manifest) -> Iterator[_Chooser]:
        """Yield what chooses the folders of an ApplicationSet here; a path that is made of parameters chooses too."""
        for mapping in mappings_in(at(application_set, "spec", "generators")):
            if text_at(mapping, "git", "repoURL") and self._is_ours(text_at(mapping, "git", "repoURL")):
                for entry in items_at(mapping, "git", "directories"):
                    if text_at(entry, "path") and at(entry, "exclude") is not True:
                        yield _Chooser(self._tree, text_at(entry, "path"), files=False)
                for entry in items_at(mapping, "git", "files"):
                    if text_at(entry, "path"):
                        yield _Chooser(self._tree, text_at(entry, "path"), files=True)
        for path, url, _ in _sources(mapping_at(application_set, "spec", "template", "spec")):
            pattern = _pattern(path)
            if pattern and self._is_ours(url):
                yield _Chooser(self._tree, pattern, files=False)

    def _is_ours(self, url: str) -> bool:
        """Tell whether a pattern is about this repository; where no URL is known to be ours, what is found tells."""
        return spelled(url) in self._own or not self._own

    def _is_here(self, path: str, url: str | None) -> bool:
        if url is None or spelled(url) in self._own or is_made(url):
            return True
        # Where no URL is known to be ours, a folder that is here tells; every repository has a top folder.
        return not self._knows and bool(path) and self._tree.is_dir(path)


def _sources(spec: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield path and URL of the sources of an Application, each with the source."""
    for source in (mapping_at(spec, "source"), *items_at(spec, "sources")):
        if text_at(source, "repoURL") and not text_at(source, "chart") and isinstance(at(source, "path"), str):
            yield text_at(source, "path"), text_at(source, "repoURL"), source


def _pattern(path: str) -> str:
    """Return a templated path as a pattern: a folder of any name for what is filled in; ``""`` where that is all."""
    parts = path.strip("/").split("/")
    if not any(_PLACEHOLDER in part for part in parts) or _PLACEHOLDER in parts[0]:
        return ""
    return "/".join("*" if _PLACEHOLDER in part else part for part in parts)


def _up(folder: str) -> Iterator[str]:
    """Yield a folder and those above it, the top (``""``) last."""
    yield folder
    while folder:
        folder = folder_of(folder)
        yield folder
