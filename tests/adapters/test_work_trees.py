"""Folders are found where they really are, and so is the work tree around them."""

import os
from pathlib import Path

import pytest

from nixernetes.adapters.repositories.work_trees import WorkTrees


def test_the_nearest_work_tree_counts(tmp_path: Path) -> None:
    (tmp_path / "outer" / ".git").mkdir(parents=True)
    (tmp_path / "outer" / "a" / "inner" / "b").mkdir(parents=True)
    (tmp_path / "outer" / "a" / "inner" / ".git").write_text("gitdir: elsewhere")
    outer = os.path.realpath(tmp_path / "outer")
    trees = WorkTrees()
    assert trees.around(f"{outer}/a/inner/b") == f"{outer}/a/inner"
    assert trees.around(f"{outer}/a") == outer
    assert trees.around("/") == ""


def test_links_are_resolved_wherever_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real" / "a" / "b").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real/a")
    (tmp_path / "real" / "a" / "last").symlink_to("b")
    monkeypatch.chdir(tmp_path)
    trees = WorkTrees()
    for path in ("link/b", "link/last", "link/../a", "real/a/b", "real/a/b/", ".", "real/./a", str(tmp_path / "link")):
        assert trees.real(path) == os.path.realpath(path)
