"""Pairs of revisions whose consequences are known: each is told, and no deletion that does not happen."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pygit2
import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.app.diff import DiffOptions, differences
from nixernetes.changes.formats.json_format import to_json
from nixernetes.objects.manifest import Json

FOLDER = SHARED / "conformance" / "diff"
NAMES = sorted(path.name for path in (FOLDER / "cases").glob("*/")) if FOLDER.is_dir() else []
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def revisions(case: Path, to: Path, url: str) -> Path:
    """Return a repository with both states of a case, tagged."""
    init_repository(to, branch="main")
    repository = pygit2.Repository(str(to))
    repository.remotes.create("origin", url)
    for side in ("base", "head"):
        for each in to.iterdir():
            if each.name != ".git":
                shutil.rmtree(each) if each.is_dir() else each.unlink()
        shutil.copytree(case / side, to, dirs_exist_ok=True, copy_function=shutil.copyfile)
        commit_folder(to, side, "A <a@example.com>", MOMENT)
        repository.references.create(f"refs/tags/{side}", repository.head.target)
    return to


def score(expected: Json, text: str) -> list[tuple[str, bool]]:
    """Return what the runner of the cases says of an answer."""
    for folder in (FOLDER, FOLDER.parent / "check"):
        sys.path.insert(0, str(folder))
    try:
        import run_diff  # type: ignore[import-not-found]  # noqa: PLC0415  # it stands with the cases

        return list(run_diff.score(expected, json.loads(text), text))
    finally:
        del sys.path[:2]


@needs_shared
@pytest.mark.parametrize("name", NAMES)
def test_what_happens_is_told(name: str, tmp_path: Path) -> None:
    expected = json.loads((FOLDER / "cases" / name / "expected.json").read_text())
    repository = revisions(FOLDER / "cases" / name, tmp_path / "repo", expected["repository"])
    report = differences(DiffOptions(repo=repository, base="base", head="head"))
    assert report.broken == ()
    assert [what for what, holds in score(expected, to_json(report)) if not holds] == []
