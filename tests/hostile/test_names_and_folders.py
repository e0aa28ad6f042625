"""Names that lead elsewhere, that are no text, or that would write to a terminal; trees without end."""

from __future__ import annotations

import os
from pathlib import Path

import pygit2
import pytest

from nixernetes.adapters.folder import FolderTree
from nixernetes.adapters.folder_snapshot import FolderSnapshot
from nixernetes.adapters.repositories.git_tree import GitTree
from nixernetes.errors import InputError
from nixernetes.objects.sizes import MAX_FOLDERS
from nixernetes.render import tree as trees
from nixernetes.render.kustomize import KustomizeError, build
from nixernetes.render.tree import MemoryTree, Tree

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"


class _Repository:
    def __init__(self, path: Path) -> None:
        self._repository = pygit2.init_repository(str(path), bare=True)

    def blob(self, data: bytes) -> str:
        return str(self._repository.create_blob(data))

    def folder(self, *entries: tuple[str, bytes, str]) -> str:
        """Write a tree object by hand, as git would not."""
        parts = (mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries)
        return str(self._repository.odb.write(pygit2.enums.ObjectType.TREE, b"".join(parts)))

    def tree(self, oid: str) -> GitTree:
        return GitTree(self._repository, pygit2.Oid(hex=oid))


@pytest.fixture
def repository(tmp_path: Path) -> _Repository:
    return _Repository(tmp_path)


@pytest.mark.parametrize("name", [b"..", b".", b"a/b", b".git", b".GIT"])
def test_a_name_that_leads_elsewhere_is_not_shown(repository: _Repository, name: bytes) -> None:
    inside = repository.folder(("100644", b"x", repository.blob(b"")))
    tree = repository.tree(repository.folder(("40000", name, inside)))
    assert list(tree.walk()) == []
    assert not tree.is_file(f"{name.decode()}/x")


def test_a_tree_that_holds_itself_many_times_over_is_refused(
    repository: _Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "MAX_FILES", 3_000)
    oid = repository.folder(("100644", b"x", repository.blob(b"")))
    for _ in range(40):
        oid = repository.folder(("40000", b"a", oid), ("40000", b"b", oid))
    with pytest.raises(InputError, match="more than 3,000 files and folders"):
        list(repository.tree(oid).folders())


def test_a_tree_deeper_than_any_honest_one_is_refused(repository: _Repository) -> None:
    oid = repository.folder(("100644", b"x", repository.blob(b"")))
    for _ in range(3000):
        oid = repository.folder(("40000", b"d", oid))
    with pytest.raises(InputError, match=f"nested deeper than {MAX_FOLDERS} folders"):
        list(repository.tree(oid).walk())
    with pytest.raises(InputError, match=f"nested deeper than {MAX_FOLDERS} folders"):
        MemoryTree({"d/" * 3000 + "x": ""})


def test_a_link_with_a_target_of_megabytes_leads_nowhere(repository: _Repository) -> None:
    tree = repository.tree(repository.folder(("120000", b"l", repository.blob(b"a/" * 5_000_000))))
    assert tree.entries("") == {"l": False}
    assert not tree.is_file("l")


@pytest.mark.parametrize("kind", [FolderTree, FolderSnapshot])
def test_a_name_that_is_no_utf_8_is_a_name(tmp_path: Path, kind: type[FolderTree]) -> None:
    folder = os.fsdecode(b"d\xff")
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "a.yaml").write_text(CONFIG_MAP)
    (tmp_path / folder / "kustomization.yaml").write_text("resources: [a.yaml]\n")
    tree: Tree = kind(tmp_path)
    assert tree.id == kind(tmp_path).id
    assert [str(item.origin) for item in build(tree, folder)] == [f"{folder}/a.yaml:1"]


def test_a_message_does_nothing_to_a_terminal() -> None:
    name = "a\x1b[2J\r\u202e" + os.fsdecode(b"\xff") + ".yaml"
    error = InputError("no such file", subject=f"{name}\nnixernetes: all is well", place=f"{name}:1")
    shown = r"a\x1b[2J\x0d\u202e\xff.yaml"
    assert str(error) == rf"{shown}:1: {shown}\nnixernetes: all is well: no such file"


def test_a_null_character_in_a_path_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text('resources: ["a\\0b"]\n')
    with pytest.raises(KustomizeError) as raised:
        build(FolderSnapshot(tmp_path), "")
    assert r"base 'a\x00b' is outside the repository" in str(raised.value)
