"""What the git generator reads out of a repository: folders, or the content of files (section 14.2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from nixernetes.errors import InputError, NixernetesError
from nixernetes.languages.globs.git_files import directory_matches, file_matches
from nixernetes.languages.gotemplates.encodings import decoded
from nixernetes.languages.gotemplates.functions import normalize
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.render.argocd.applicationsets.templates import Templating, flat
from nixernetes.render.tree import Tree

__all__ = ["git_parameters"]


def git_parameters(block: Json, tree: Tree, templating: Templating) -> list[Json]:
    """Return the parameters that the chosen folders or files give, by path.

    Raises:
        InputError: neither folders nor files are asked for, or a file cannot be read.

    """
    if block.get("directories"):
        return [
            templating.parameters(_nested(_path_of(path, go=templating.go), block))
            for path in _chosen(_directories(tree, ""), block["directories"], directory_matches)
        ]
    if block.get("files"):
        return [
            templating.parameters({**content, **_nested(_file_path(path, go=templating.go), block)})
            for path in _chosen(list(tree.walk()), block["files"], file_matches)
            for content in _contents(tree, path, str(block.get("repoURL") or ""), go=templating.go)
        ]
    raise InputError("git generator: give directories or files")


def _directories(tree: Tree, folder: str) -> list[str]:
    found = []
    for name, is_folder in tree.entries(folder).items():
        if is_folder and not name.startswith("."):
            path = f"{folder}/{name}" if folder else name
            found += [path, *_directories(tree, path)]
    return found


def _chosen(paths: Sequence[str], rules: Sequence[Json], matches: Callable[[str, str], bool]) -> list[str]:
    include = [rule["path"] for rule in rules if not rule.get("exclude")]
    exclude = [rule["path"] for rule in rules if rule.get("exclude")]
    return [
        path
        for path in sorted(paths)
        if any(matches(pattern, path) for pattern in include) and not any(matches(pattern, path) for pattern in exclude)
    ]


def _path_of(path: str, *, go: bool) -> Json:
    basename = path.rpartition("/")[2]
    segments = path.split("/")
    if go:
        block = {"path": path, "basename": basename, "basenameNormalized": normalize(basename), "segments": segments}
        return {"path": block}
    row = {"path": path, "path.basename": basename, "path.basenameNormalized": normalize(basename)}
    return {**row, **{f"path[{n}]": part for n, part in enumerate(segments)}}


def _file_path(path: str, *, go: bool) -> Json:
    folder, _, filename = path.rpartition("/")
    row = _path_of(folder or ".", go=go)  # as Go names the folder of a file at the top
    if go:
        row["path"].update(filename=filename, filenameNormalized=normalize(filename))
        return row
    return {**row, "path.filename": filename, "path.filenameNormalized": normalize(filename)}


def _nested(row: Json, block: Json) -> Json:
    prefix = block.get("pathParamPrefix")
    if not prefix:
        return row
    return {prefix: row} if isinstance(row.get("path"), dict) else {f"{prefix}.{name}": row[name] for name in row}


def _parsed(text: bytes, path: str) -> Json:
    """Return what a file holds: YAML, whatever it is called; JSON that YAML would not read, such as with tabs, too."""
    if path.endswith(".json"):
        try:
            return json.loads(text)
        except ValueError:
            pass
    return yamls.parse(text, file=path)


def _processing(path: str, url: str) -> str:
    return f"unable to process file '{path}' from repository '{url}'"


def _contents(tree: Tree, path: str, url: str, *, go: bool) -> list[Json]:
    text = tree.read(path)
    try:
        data = _parsed(text, path)
    except (NixernetesError, ValueError, RecursionError) as error:
        raise InputError(f"{_processing(path, url)}: unable to parse file: {error}", subject=path) from error
    rows = decoded(data if isinstance(data, list) else [data or {}])
    if not all(isinstance(row, dict) for row in rows):
        wrong = "a file of the git generator holds an object or a list of objects"
        raise InputError(f"{_processing(path, url)}: {wrong}", subject=path)
    return rows if go else [flat(row) for row in rows]
