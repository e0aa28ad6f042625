"""A folder of plain manifests, as Argo CD reads it (section 2).

Every document of every ``.yaml``, ``.yml`` and ``.json`` file is an object; empty documents are passed over, ``List``
kinds are expanded, and a YAML file that does not look like a manifest at all is no error; a ``.json`` file must be one
object. A ``.jsonnet`` file is a program that gives an object or a list of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nixernetes.errors import InputError
from nixernetes.languages.globs.paths import glob_matches
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.objects.provenance import Origin
from nixernetes.render.argocd.jsonnet import JsonnetRenderer, imports_of, program_of
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import Tree

__all__ = ["render_directory"]

_EXTENSIONS = (".yaml", ".yml", ".json", ".jsonnet")
_SKIP = b"+argocd:skip-file-rendering"
_SIGNS = (b"apiVersion:", b"kind:", b"metadata:")


def render_directory(
    tree: Tree, folder: str, options: Json, environment: Mapping[str, str], jsonnet: JsonnetRenderer | None = None
) -> list[Rendered]:
    """Return the manifests of a folder, in the order of its files.

    Args:
        tree: the repository.
        folder: the folder in it.
        options: the source's ``directory`` block: recurse, include, exclude, jsonnet.
        environment: the build environment.
        jsonnet: evaluates Jsonnet; None refuses it by name.

    Raises:
        InputError: a file is no manifest though it looks like one, or a program fails.

    """
    found: list[Rendered] = []
    for path in _files(tree, folder, options):
        if path.endswith(".jsonnet"):
            found += _evaluated(tree, folder, path, options.get("jsonnet") or {}, environment, jsonnet)
            continue
        data = tree.read(path)
        if _SKIP not in data:
            found += _objects(data, path)
    return found


def _evaluated(
    tree: Tree, folder: str, path: str, options: Json, environment: Mapping[str, str], jsonnet: JsonnetRenderer | None
) -> list[Rendered]:
    """Return the manifests of a program; null, alone or in the list, is passed over."""
    if jsonnet is None:
        raise InputError("Jsonnet is not evaluated here: commit the YAML it gives, or exclude the file", subject=path)
    program = program_of(tree, path, options, environment)
    given = yamls.parse(jsonnet.evaluate(program, imports_of(tree, folder, options.get("libs"))), file=path)
    found: list[Rendered] = []
    for item in given if isinstance(given, list) else [given]:
        if item is not None:
            _check(item, path)
            found += _expanded(item, Origin(file=path))
    return found


def _files(tree: Tree, folder: str, options: Json) -> Iterator[str]:
    recurse = bool(options.get("recurse"))
    include, exclude = options.get("include") or "", options.get("exclude") or ""
    paths = tree.walk(folder) if recurse else _direct(tree, folder)
    for path in paths:
        relative = path.removeprefix(f"{folder}/") if folder else path
        if not options.get("disableExtensionFilter") and not path.endswith(_EXTENSIONS):
            continue
        if exclude and glob_matches(exclude, relative):
            continue
        if not include or glob_matches(include, relative):
            yield path


def _direct(tree: Tree, folder: str) -> Iterator[str]:
    for name, is_folder in tree.entries(folder).items():
        if not is_folder:
            yield f"{folder}/{name}" if folder else name


def _objects(data: bytes, path: str) -> list[Rendered]:
    found: list[Rendered] = []
    count = 0
    try:
        for document in yamls.parse_all(data, file=path):
            if document.data is not None:
                count += 1
                _check(document.data, f"{path}:{document.line}")
                found += _expanded(document.data, Origin(file=path, line=document.line))
    except InputError as error:
        if found or path.endswith(".json") or _looks_like_a_manifest(data):
            raise InputError(f'Failed to unmarshal "{path}": {error.message}', place=error.place) from error
        return []
    if path.endswith(".json") and count != 1:
        raise InputError("a JSON file holds a single object", place=path)
    return found


def _looks_like_a_manifest(data: bytes) -> bool:
    return all(sign in data for sign in _SIGNS)


def _check(document: Json, place: str) -> None:
    if not isinstance(document, dict):
        raise InputError("not a Kubernetes object", place=place)
    if not document.get("kind"):
        raise InputError("Object 'Kind' is missing", place=place)


def _expanded(manifest: Json, origin: Origin) -> Iterator[Rendered]:
    if str(manifest["kind"]).endswith("List") and isinstance(manifest.get("items"), list):
        for item in manifest["items"]:
            _check(item, str(origin))
            yield from _expanded(item, origin)
    else:
        yield Rendered(manifest=manifest, origin=origin)
