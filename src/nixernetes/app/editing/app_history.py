"""``nixernetes history APP``: the commits that changed an app's declaration, or the files that it brings.

The declaration is read from each commit and not run. Going back is reverting one of these commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePosixPath

from nixernetes.adapters.platform_files import repository_of
from nixernetes.adapters.repositories.git_history import Revision, revisions
from nixernetes.app import platform_file
from nixernetes.app.load import load
from nixernetes.errors import InputError, NixernetesError
from nixernetes.gitops.apps.workloads import App
from nixernetes.gitops.editing.promotion import app_named
from nixernetes.gitops.editing.said import differences, said_of
from nixernetes.objects.manifest import Json

__all__ = ["AppChange", "app_history", "is_app", "to_json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppChange:
    """A commit that changed an app.

    Attributes:
        commit: its full hash.
        author: who wrote it.
        when: when.
        subject: the first line of its message.
        changes: what it changed: fields with their values before and after, and files.

    """

    commit: str
    author: str
    when: datetime
    subject: str
    changes: tuple[str, ...]


def is_app(target: Path, name: str) -> bool:
    """Tell whether a platform file declares an app; False where there is no such file, or it is wrong."""
    if not target.is_file() and platform_file.found_in(target) is None:
        return False
    try:
        return any(app.name == name for app in load(target).platform.apps)
    except NixernetesError:
        return False


def app_history(target: Path, name: str, limit: int = 0) -> list[AppChange]:
    """Return the commits that changed an app, newest first.

    Args:
        target: the platform file, or its folder.
        name: the app.
        limit: how many; 0 for all.

    Raises:
        InputError: there is no such app, or no Git repository around the platform file.

    """
    loaded = load(target)
    app = app_named(loaded.platform, name)
    root = repository_of(loaded.file.parent)
    if root is None:
        raise InputError("is not in a Git repository, so it has no history: git init", subject=str(loaded.file))
    declared = Path(app.declared_at.rpartition(":")[0]).resolve()
    if not declared.is_relative_to(root):
        raise InputError(f"is declared outside of {root}, and so has no history there", subject=f"App {name}")
    file = declared.relative_to(root).as_posix()
    brought = sorted({_inside(root, loaded.file.parent, path) for path in _paths(app)} - {""})
    found = _changes(root, name, file, brought)
    return list(islice(found, limit) if limit else found)


def to_json(changes: list[AppChange]) -> Json:
    """Return a history as JSON data; ``docs/environments.md`` documents the fields."""
    return [
        {
            "commit": each.commit,
            "author": each.author,
            "date": each.when.isoformat(),
            "subject": each.subject,
            "changes": list(each.changes),
        }
        for each in changes
    ]


def _changes(root: Path, name: str, file: str, brought: list[str]) -> Iterator[AppChange]:
    for revision in revisions(root, [file, *brought]):
        said = tuple(_said(revision, name, file))
        if said:
            yield AppChange(
                commit=revision.commit,
                author=revision.author,
                when=revision.when,
                subject=revision.subject,
                changes=said,
            )


def _said(revision: Revision, name: str, file: str) -> Iterator[str]:
    for path in revision.after:
        if path != file:
            yield f"{path} changed"
            continue
        old, new = revision.before[file], revision.after[file]
        before = said_of(old, name) if old is not None else None
        after = said_of(new, name) if new is not None else None
        if before is None and after is None:
            yield f"{file} changed"  # the app is made in a loop, say: what of it changed cannot be read off
        yield from differences(before, after)


def _paths(app: App) -> Iterator[Path]:
    yield from app.files
    yield from app.folders
    yield from (each for each in (app.kustomize, app.chart.path if app.chart is not None else None) if each is not None)
    yield from (each.kustomize for each in app.environments.values() if each.kustomize is not None)


def _inside(root: Path, folder: Path, path: Path) -> str:
    """Return a path from the repository's root, ``""`` for one outside of it."""
    place = (folder / path).resolve()
    return PurePosixPath(place.relative_to(root)).as_posix() if place.is_relative_to(root) else ""
