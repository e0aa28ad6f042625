"""ArtifactGenerator (source.extensions.fluxcd.io): artifacts put together from files of other sources.

Each entry of ``spec.artifacts`` becomes an ExternalArtifact of that name. A copy reads ``@alias/pattern`` and writes to
``@artifact/path``, as ``cp -r`` does: what a pattern with ``**`` matches keeps its path from there on, what one with
``*`` matches its name; one file or folder goes into a destination that ends with ``/``, else takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nixernetes.errors import InputError
from nixernetes.languages.globs.paths import path_glob_matches
from nixernetes.languages.merges import overlaid
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import FLUX_SOURCE_V1
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import ARTIFACT_GENERATOR
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.flux.fetched import Fetched
from nixernetes.render.sources.copied_tree import CopiedTree
from nixernetes.render.tree import MemoryTree, Tree, join

__all__ = ["assembled", "declared_artifacts", "made_artifact", "output_of"]

_STRATEGIES = ("Overwrite", "Merge")
_SIGNS = "*?[{"


def declared_artifacts(manifest: Manifest) -> Iterator[Manifest]:
    """Yield the ExternalArtifacts that an object stands for; nothing for what is no ArtifactGenerator."""
    if group_kind(manifest) != ARTIFACT_GENERATOR:
        return
    meta = mapping_at(manifest, "metadata")
    for output in _list(manifest, "artifacts"):
        reference = {"apiVersion": manifest.get("apiVersion"), "kind": "ArtifactGenerator", "name": meta.get("name")}
        yield {
            "apiVersion": FLUX_SOURCE_V1,
            "kind": "ExternalArtifact",
            "metadata": {"name": str(text_at(output, "name")), "namespace": meta.get("namespace") or "default"},
            "spec": {"sourceRef": {**reference, "namespace": meta.get("namespace") or "default"}},
        }


def output_of(generator: Manifest, name: str) -> Json:
    """Return the entry of ``spec.artifacts`` with a name.

    Raises:
        InputError: there is none.

    """
    for output in _list(generator, "artifacts"):
        if output.get("name") == name:
            return output
    raise InputError(f"generates no artifact {name!r}", subject=_shown(generator))


def assembled(generator: Manifest, output: Json, sources: Mapping[str, Tree]) -> CopiedTree:
    """Return the files of one artifact.

    Args:
        generator: the ArtifactGenerator.
        output: the entry of ``spec.artifacts``.
        sources: the files of the sources, by alias.

    Raises:
        InputError: a copy names an unknown alias or no file, leads out of a source or the artifact, or has a strategy
            that is not done here.

    """
    files: dict[str, tuple[Tree, str]] = {}
    for copy in items_at(output, "copy"):
        try:
            found = _copied(copy, sources)
        except InputError as error:
            raise InputError(f"artifact {output.get('name')!r}: {error.message}", subject=_shown(generator)) from error
        for path, place in found.items():
            merging = copy.get("strategy") == "Merge" and path in files
            files[path] = _merged(files[path], place, path) if merging else place
    return CopiedTree(files)


def made_artifact(generator: Manifest, output: Json, sources: Mapping[str, Fetched]) -> Fetched:
    """Return one artifact with its revision: the named source's, else one that follows the content.

    Args:
        generator: the ArtifactGenerator.
        output: the entry of ``spec.artifacts``.
        sources: what the sources have, by alias.

    Raises:
        InputError: as :func:`assembled`, or ``revision`` names no source.

    """
    alias = str(text_at(output, "revision")).removeprefix("@")
    if alias and alias not in sources:
        fact = f"artifact {output.get('name')!r}: revision {output['revision']!r}: no source has the alias {alias!r}"
        raise InputError(fact, subject=_shown(generator))
    tree = assembled(generator, output, {name: each.tree for name, each in sources.items()})
    revision = sources[alias].revision if alias else f"latest@sha256:{tree.id}"
    return Fetched(tree=tree, revision=revision, name=tree.id)


def _copied(copy: Json, sources: Mapping[str, Tree]) -> dict[str, tuple[Tree, str]]:
    if (copy.get("strategy") or "Overwrite") not in _STRATEGIES:
        raise InputError(f"strategy {copy['strategy']} is not done here: use {' or '.join(_STRATEGIES)}")
    alias, pattern = _parts(copy, "from")
    marker, to = _parts(copy, "to")
    if marker != "artifact":
        raise InputError(f"to {copy['to']!r} must begin with @artifact/")
    if alias not in sources:
        raise InputError(f"from {copy['from']!r}: no source has the alias {alias!r}")
    found = {
        join("", target.lstrip("/")): (sources[alias], path)
        for path, target in _targets(sources[alias], pattern, to)
        if not any(path_glob_matches(each, path) for each in items_at(copy, "exclude"))
    }
    if not found:
        raise InputError(f"from {copy['from']!r} matches no file")
    return found


def _targets(tree: Tree, pattern: str, to: str) -> Iterator[tuple[str, str]]:
    """Yield the paths that a pattern names, each with where it goes."""
    if not any(sign in pattern for sign in _SIGNS):
        path = join("", pattern)
        if tree.is_file(path):
            name = path.rsplit("/", 1)[-1]
            yield path, f"{to}{name}" if to.endswith("/") or not to else to
        elif tree.is_dir(path):
            into = f"{to}/{path.rsplit('/', 1)[-1]}" if to.endswith("/") or not to else to
            yield from ((each, f"{into}/{each.removeprefix(path).lstrip('/')}") for each in tree.walk(path))
        return
    whole = _fixed(pattern)
    if not tree.is_dir(whole):
        return
    deep = "**" in pattern
    for path in tree.walk(whole):
        matched = path if path_glob_matches(pattern, path) else "" if deep else _folder_matched(pattern, path)
        if not matched:
            continue
        start = whole if deep else matched.rpartition("/")[0]
        yield path, f"{to}/{path.removeprefix(start).lstrip('/')}"


def _fixed(pattern: str) -> str:
    """Return the folders in front of the first part of a pattern that has a sign."""
    parts = pattern.split("/")
    count = next(number for number, part in enumerate(parts) if any(sign in part for sign in _SIGNS))
    return join("", "/".join(parts[:count]))


def _folder_matched(pattern: str, path: str) -> str:
    """Return the folder above a path that a pattern matches, as ``cp -r`` takes it with all it holds, or ``""``."""
    depth = pattern.count("/") + 1
    parts = path.split("/")
    folder = "/".join(parts[:depth])
    return folder if len(parts) > depth and path_glob_matches(pattern, folder) else ""


def _merged(below: tuple[Tree, str], above: tuple[Tree, str], path: str) -> tuple[Tree, str]:
    """Merge two YAML files as helm merges values: mappings are merged, anything else is replaced."""
    values: Json = {}
    for tree, file in (below, above):
        found = yamls.parse(tree.read(file), file=file)
        if not isinstance(found, dict | None):
            raise InputError("only YAML mappings can be merged", place=file)
        values = overlaid(values, found or {})
    return MemoryTree({path: yamls.dump(values)}), path


def _parts(copy: Json, field: str) -> tuple[str, str]:
    text = str(copy.get(field) or "")
    name, slash, path = text.removeprefix("@").partition("/")
    if not text.startswith("@") or not name or not slash:
        raise InputError(f"{field} {text!r} must be @name/path")
    join("", path)
    return name, path


def _list(generator: Manifest, field: str) -> list[Json]:
    found = mapping_at(generator, "spec").get(field)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _shown(generator: Manifest) -> str:
    meta = mapping_at(generator, "metadata")
    return f"ArtifactGenerator/{meta.get('namespace') or 'default'}/{meta.get('name')}"
