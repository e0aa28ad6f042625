"""Git repositories for tests, made out of folders."""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from nixernetes.adapters.repositories.git_write import commit_folder, init_repository

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def committed(folder: Path, to: Path) -> Path:
    """Copy a folder into a new Git repository with one commit on ``main``."""
    init_repository(to, branch="main")
    shutil.copytree(folder, to, dirs_exist_ok=True)
    commit_folder(to, "first", "A <a@example.com>", MOMENT)
    return to


def repository_of(files: Mapping[str, str], folder: Path, name: str = "fleet") -> Path:
    """Make a Git repository of texts by their paths, in a folder."""
    made = folder / "files"
    for path, text in files.items():
        (made / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).write_text(text)
    return committed(made, folder / name)
