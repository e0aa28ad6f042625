"""Which URLs of Applications mean the repository that they are in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from nixernetes.errors import InputError
from nixernetes.languages.globs.git_files import directory_matches, file_matches
from nixernetes.objects.fields import at, items_at, mapping_at, mappings_in, text_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.estate.index import DocumentIndex
from nixernetes.render.estate.reach import brought_path
from nixernetes.render.estate.repository_urls import spelled

__all__ = ["application_urls"]


def application_urls(index: DocumentIndex, manifests: Iterable[Manifest], own: Collection[str]) -> list[str]:
    """Return the URLs that Applications read paths from which are here.

    Where one of these URLs is known to be the repository's, as Git knows it, the others are of other repositories:
    a folder of the same name may be there too.

    Args:
        index: the documents of the repository.
        manifests: the Applications and ApplicationSets.
        own: URLs that are known to be the repository's.

    """
    items = list(manifests)
    known = {spelled(url) for url in own}
    named = {url for item in items for url in _urls(item)}
    if any(spelled(url) in known for url in named):
        return []
    return list(dict.fromkeys(url for item in items for url in _read_here(index, item)))


def _urls(item: Manifest) -> Iterator[str]:
    return (text_at(mapping, "repoURL") for mapping in mappings_in(item.get("spec")))


def _read_here(index: DocumentIndex, item: Manifest) -> Iterator[str]:
    kind = group_kind(item)
    spec = mapping_at(item, "spec") if kind == APPLICATION else mapping_at(item, "spec", "template", "spec")
    for source in (mapping_at(spec, "source"), *items_at(spec, "sources")):
        url, path = text_at(source, "repoURL"), at(source, "path")
        if url and isinstance(path, str) and not text_at(source, "chart") and _is_here(index, path):
            yield url
    if kind == APPLICATION_SET:
        for mapping in mappings_in(at(item, "spec", "generators")):
            if text_at(mapping, "git", "repoURL") and _chooses(index, mapping["git"]):
                yield text_at(mapping, "git", "repoURL")


def _is_here(index: DocumentIndex, path: str) -> bool:
    folder = brought_path(path)
    return folder is not None and index.tree.is_dir(folder)


def _chooses(index: DocumentIndex, generator: Json) -> bool:
    """Tell whether a git generator finds something here."""
    folders = [text_at(entry, "path").strip("/") for entry in items_at(generator, "directories")]
    files = [text_at(entry, "path") for entry in items_at(generator, "files")]
    try:
        if any(pattern and directory_matches(pattern, folder) for pattern in folders for folder in index.folders):
            return True
        return any(pattern and file_matches(pattern, path) for pattern in files for path in index.tree.walk())
    except InputError:
        return False
