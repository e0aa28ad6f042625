"""Encrypted files that a kustomization reads: opened before the build, as Flux does.

They are the files and ``envs`` of ``secretGenerator``, and the files of ``patches``; of all kustomizations that are
reached through ``resources`` and ``components``. Resources themselves are opened after the build.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomization_files import kustomization_file
from nixernetes.render.kustomize.loader import DocumentCache
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.documents import Path
from nixernetes.render.sops.files import Format, format_of, opened_file
from nixernetes.render.sops.keys import Keys
from nixernetes.render.sops.seal import Seal
from nixernetes.render.sops.sealed import PLACEHOLDER
from nixernetes.render.tree import OverlayTree, Tree, join

__all__ = ["OpenedSources", "opened_sources"]

_MOST_FOLDERS: Final = 10_000
_TELLING: Final = 6  # characters: a shorter text is found in many places by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSources:
    """What a build reads in place of encrypted files.

    Attributes:
        tree: the files, those opened in place of those that were encrypted.
        values: the texts that were encrypted; empty where placeholders stand.
        reason: why placeholders stand there, or ``""``.

    """

    tree: Tree
    values: tuple[str, ...] = ()
    reason: str = ""

    def marked(self, item: Rendered) -> Rendered:
        """Return a manifest of the build, with what came into it from encrypted files marked as sealed."""
        if item.seal is not None or not (self.values or self.reason):
            return item
        hidden = self.values or (PLACEHOLDER,)
        paths = tuple(path for path, text in _leaves(item.manifest, ()) if _holds(text, hidden))
        if self.reason:
            return replace(item, seal=Seal(paths=paths, state="placeholders", reason=self.reason)) if paths else item
        return replace(item, seal=Seal(paths=paths, state="opened"))  # all of them: none is written to a store


def opened_sources(tree: Tree, folder: str, keys: Keys, cache: DocumentCache) -> OpenedSources:
    """Return the files of a build with its encrypted sources opened; as they are where nothing is to be decrypted.

    Args:
        tree: the files.
        folder: the folder of the kustomization.
        keys: who decrypts.
        cache: parsed files.

    Raises:
        InputError: a file cannot be decrypted with the key that it names.

    """
    if not keys.configured:
        return OpenedSources(tree=tree)
    files: dict[str, bytes | None] = {}
    values: list[str] = []
    reason = ""
    for path, written in _sources(tree, folder, cache):
        if path in files or not tree.is_file(path):
            continue
        found = opened_file(tree.read(path), written, keys, path=path)
        if found is not None:
            files[path] = found.data
            values += found.values
            reason = reason or found.reason
    if not files:
        return OpenedSources(tree=tree)
    return OpenedSources(tree=OverlayTree(tree, files), values=tuple(filter(None, values)), reason=reason)


def _leaves(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the texts of a manifest; those of a Secret's data decoded."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(each, (*path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _leaves(each, (*path, index))
    elif isinstance(value, str):
        yield path, _decoded(value) if path[:1] == ("data",) else value


def _holds(text: str, hidden: Sequence[str]) -> bool:
    return any(text == each or (len(each) >= _TELLING and each in text) for each in hidden)


def _sources(tree: Tree, folder: str, cache: DocumentCache) -> Iterator[tuple[str, Format]]:
    """Yield what kustomizations name, with the formats; what is malformed is left to the build to refuse."""
    seen: set[str] = set()
    waiting = [folder]
    while waiting and len(seen) < _MOST_FOLDERS:
        at = waiting.pop(0)
        name = kustomization_file(tree, at) if at not in seen else None
        seen.add(at)
        if name is None:
            continue
        content = _content(tree, f"{at}/{name}" if at else name, cache)
        for path, written in _named(content):
            inside = _joined(at, path)
            if inside is not None:
                yield inside, written
        for field in ("resources", "components"):
            below = [_joined(at, path) for path in _texts(content.get(field))]
            waiting += [path for path in below if path is not None and tree.is_dir(path)]


def _content(tree: Tree, path: str, cache: DocumentCache) -> Json:
    try:
        documents = cache.documents(tree, path)
    except InputError:
        return {}
    first = documents[0].data if documents else None
    return first if isinstance(first, dict) else {}


def _named(content: Json) -> Iterator[tuple[str, Format]]:
    for generator in _mappings(content.get("secretGenerator")):
        for text in _texts(generator.get("files")):
            key, sign, path = text.partition("=")
            yield (path if sign else key), format_of(key)
        single = generator.get("env")
        for path in [*_texts(generator.get("envs")), *([single] if isinstance(single, str) else [])]:
            written = format_of(path)
            yield path, ("dotenv" if written == "binary" else written)
    for patch in _mappings(content.get("patches")):
        path = patch.get("path")
        if isinstance(path, str) and "://" not in path:
            yield path, format_of(path)


def _mappings(items: Json) -> list[Json]:
    return [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []


def _texts(items: Json) -> list[str]:
    return [each for each in items if isinstance(each, str)] if isinstance(items, list) else []


def _joined(folder: str, path: str) -> str | None:
    try:
        return join(folder, path)
    except InputError:
        return None


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return text
