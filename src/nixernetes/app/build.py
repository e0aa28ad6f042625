"""``nixernetes build``: a platform file becomes a folder of manifests, or a list of what is out of date."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nixernetes.adapters import repository_writer
from nixernetes.adapters.folder import FolderTree
from nixernetes.app.load import Loaded, load
from nixernetes.errors import InputError
from nixernetes.gitops.layout.changes import Changes
from nixernetes.gitops.layout.compiler import compile_with_objects, repository_url
from nixernetes.gitops.traps.declared import Declared, Trap
from nixernetes.gitops.traps.finding import traps_of
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.objects.masking import holds_secrets, mask_change

__all__ = ["Built", "EditedError", "Progress", "build", "check", "compiled", "difference", "to_json"]

Progress = Callable[[str], None]


def _silent(step: str) -> None:
    del step


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did, or would do.

    Attributes:
        folder: where.
        changes: what became of each path.
        completed: whether an earlier, killed build was completed first; for a check, whether one waits.
        plain_secrets: the files that hold the values of a Secret in plain text.
        traps: what is declared and does not do what it seems to.

    """

    folder: Path
    changes: Changes
    completed: bool = False
    plain_secrets: tuple[str, ...] = ()
    traps: tuple[Trap, ...] = ()


class EditedError(InputError):
    """Files in the folder were edited by hand, and a build would lose that.

    Attributes:
        paths: the files, sorted.

    """

    def __init__(self, folder: Path, paths: tuple[str, ...], differences: str) -> None:
        self.paths = paths
        names = "these files were" if len(paths) > 1 else "this file was"
        super().__init__(
            f"{names} edited by hand, or made by someone else, and not touched:\n{differences}"
            "take the edit over into the platform file, move the file away, or give --force to replace it",
            place=str(folder),
        )


def build(file: Path, folder: Path, *, force: bool = False, progress: Progress = _silent) -> Built:
    """Build a platform into a folder.

    Args:
        file: the platform file, or its folder.
        folder: the folder to write, made if it is not there.
        force: whether to replace and remove files that were edited by hand.
        progress: told what is being done.

    Raises:
        InputError: the platform is wrong, or (:class:`EditedError`) the folder holds edits.
        RemoteError: the disk refused.

    """
    with repository_writer.locked(folder):
        completed = repository_writer.recover(folder)
        files, traps = _compile(file, folder, progress)
        progress(f"comparing {len(files)} files")
        found = repository_writer.survey(folder, files)
        changes = found.changes
        if changes.conflicts and not force:
            raise EditedError(folder, changes.conflicts, difference(folder, files, changes.conflicts))
        progress(f"writing {len(files) - len(changes.unchanged)} files")
        repository_writer.apply(folder, files, found)
    return Built(folder=folder, changes=changes, completed=completed, plain_secrets=_plain_secrets(files), traps=traps)


def check(file: Path, folder: Path, *, progress: Progress = _silent) -> Built:
    """Tell what a build would change, and change nothing.

    Raises:
        InputError: the platform is wrong.

    """
    files, traps = _compile(file, folder, progress)
    return Built(
        folder=folder,
        changes=repository_writer.survey(folder, files).changes,
        completed=repository_writer.interrupted(folder),
        plain_secrets=_plain_secrets(files),
        traps=traps,
    )


def to_json(built: Built) -> Json:
    """Return what was done as JSON data; ``docs/build.md`` documents the fields."""
    changes = built.changes
    return {
        "folder": str(built.folder),
        "upToDate": changes.up_to_date and not built.completed,
        "created": list(changes.created),
        "configured": list(changes.configured),
        "deleted": list(changes.deleted),
        "edited": list(changes.conflicts),
        "unchanged": len(changes.unchanged),
        "plainSecrets": list(built.plain_secrets),
        "warnings": [{"object": trap.subject, "message": trap.message, "place": trap.place} for trap in built.traps],
    }


def difference(folder: Path, files: Mapping[str, bytes], paths: tuple[str, ...]) -> str:
    """Return a unified diff from what stands in the folder to what the platform declares; Secret values are hidden."""
    return "".join(
        _file_difference(path, repository_writer.read_present(folder, path), files.get(path)) for path in paths
    )


def _compile(file: Path, folder: Path, progress: Progress) -> tuple[Mapping[str, bytes], tuple[Trap, ...]]:
    progress("reading the platform")
    loaded = load(file)
    progress("compiling the platform")
    return compiled(loaded, folder)


def compiled(loaded: Loaded, folder: Path) -> tuple[Mapping[str, bytes], tuple[Trap, ...]]:
    """Return the files of a platform's repository, and what is declared and does not do what it seems to.

    Args:
        loaded: the platform.
        folder: where its repository is: files that no build writes count for traps too.

    Raises:
        PlatformError: what is wrong with the platform.

    """
    files, objects = compile_with_objects(loaded.platform, loaded.files)

    def below(path: str) -> set[str]:
        start = f"{path}/" if path else ""
        tree = FolderTree(folder) if folder.is_dir() else None
        there = tree.walk(path) if tree is not None and tree.is_dir(path) else ()
        return {name[len(start) :] for name in (*files, *there) if name.startswith(start)}

    url = repository_url(loaded.platform)
    found = Declared(platform=loaded.platform, objects=objects, files=files, url=url, below=below)
    return files, tuple(traps_of(found))


def _plain_secrets(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the files with a Secret that has values and is not encrypted by SOPS, sorted."""
    return tuple(
        path
        for path, data in sorted(files.items())
        if b"kind: Secret" in data and any(map(_is_plain_secret, _documents(data)))
    )


def _is_plain_secret(document: Json) -> bool:
    if not isinstance(document, dict) or document.get("kind") != "Secret" or "sops" in document:
        return False
    return bool(document.get("data") or document.get("stringData"))


def _file_difference(path: str, before: bytes | None, after: bytes | None) -> str:
    old, new = _shown(path, before, after)
    if old is None or new is None:
        return f"--- {path}\n    (not shown: it is not a manifest, and may hold a secret)\n"
    head, tail = f"{path} (as it is)", f"{path} (as declared)" if after is not None else "/dev/null"
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), head, tail, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _shown(path: str, before: bytes | None, after: bytes | None) -> tuple[str | None, str | None]:
    """Return both sides as text that may be shown, or None for a file that may not."""
    if not path.endswith((".yaml", ".yml")):
        return None, None
    try:
        old, new = list(_documents(before)), list(_documents(after))
    except InputError:
        return None, None
    if not any(holds_secrets(item) for item in (*old, *new)):
        return (before or b"").decode(), (after or b"").decode()
    size = max(len(old), len(new))
    old, new = old + [None] * (size - len(old)), new + [None] * (size - len(new))
    pairs = [mask_change(one, other) for one, other in zip(old, new, strict=True)]
    return (
        yamls.dump_all([one for one, _ in pairs if one is not None]),
        yamls.dump_all([other for _, other in pairs if other is not None]),
    )


def _documents(data: bytes | None) -> Iterator[Json]:
    for document in yamls.parse_all(data or b""):
        if document.data is not None:
            yield document.data
