"""Files laid over a tree hide what is below, and nothing else."""

import pytest

from nixernetes.errors import InputError
from nixernetes.render.tree import MemoryTree, OverlayTree


def test_files_are_added_replaced_and_taken_away() -> None:
    base = MemoryTree({"a/x": "1", "a/y": "2", "b/z": "3", "c": "4"})
    tree = OverlayTree(base, {"a/x": b"new", "n/m/o": b"5", "b/z": None, "c": None})
    assert list(tree.walk()) == ["a/x", "a/y", "n/m/o"]
    assert (tree.read("a/x"), tree.read("a/y"), tree.read("n/m/o")) == (b"new", b"2", b"5")
    assert not tree.is_dir("b")
    assert tree.is_dir("n/m")
    with pytest.raises(InputError, match="no such file"):
        tree.read("c")


def test_a_folder_is_taken_away_whole() -> None:
    tree = OverlayTree(MemoryTree({"a/x/y": "1", "b": "2"}), {"a": None})
    assert list(tree.walk()) == ["b"]
    assert not tree.is_file("a/x/y")
    assert tree.content_id("a/x/y") == ""


def test_the_id_changes_where_something_changed() -> None:
    base = MemoryTree({"a/x": "1", "b/y": "2"})
    tree = OverlayTree(base, {"a/x": b"new"})
    assert tree.content_id("b") == base.content_id("b")
    assert tree.content_id("a") != base.content_id("a")
    assert tree.id != base.id
    assert OverlayTree(base, {"a/x": b"1"}).id == base.id
