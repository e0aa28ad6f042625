"""A tree is a value: equal files, equal id; and no path leads out of it."""

import pytest

from nixernetes.errors import InputError
from nixernetes.render.tree import MemoryTree, join


def test_walk_goes_in_lexical_order_folder_by_folder() -> None:
    tree = MemoryTree({"b.yaml": "", "a/z.yaml": "", "a/b/c.yaml": "", "a.yaml": ""})
    assert list(tree.walk()) == ["a/b/c.yaml", "a/z.yaml", "a.yaml", "b.yaml"]


def test_equal_content_has_an_equal_id_and_a_change_shows_in_every_folder_above() -> None:
    one, same = MemoryTree({"a/b": "1", "c": "2"}), MemoryTree({"c": "2", "a/b": "1"})
    other = MemoryTree({"a/b": "1!", "c": "2"})
    assert one.id == same.id != other.id
    assert one.content_id("a") != other.content_id("a")
    assert one.content_id("c") == other.content_id("c")


def test_a_folder_can_be_seen_as_a_tree() -> None:
    tree = MemoryTree({"a/b/c": "1", "a/d": "2"}).below("a")
    assert list(tree.walk()) == ["b/c", "d"]
    assert tree.read("b/c") == b"1"
    assert tree.is_dir("")
    assert not tree.is_file("a/d")


@pytest.mark.parametrize(
    ("base", "path", "expected"), [("a/b", "../c", "a/c"), ("", "./x//y/", "x/y"), ("a", "..", "")]
)
def test_paths_are_joined_and_normalised(base: str, path: str, expected: str) -> None:
    assert join(base, path) == expected


@pytest.mark.parametrize("path", ["../../x", "/etc/passwd", "a/../../../x"])
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    with pytest.raises(InputError, match=r"leads out of the repository|is absolute"):
        join("a", path)


def test_a_missing_file_says_its_name() -> None:
    with pytest.raises(InputError, match="missing: no such file"):
        MemoryTree({}).read("missing")
