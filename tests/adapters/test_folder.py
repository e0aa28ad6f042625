"""A folder is a tree that reads nothing before it is asked, and shows nothing outside itself."""

import os
import socket
from pathlib import Path

import pytest

from nixernetes.adapters.folder import FolderTree
from nixernetes.errors import InputError, RemoteError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("outside")
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("")
    (root / "a" / "x.yaml").write_text("x")
    (root / "b.yaml").write_text("b")
    return root


def test_files_are_walked_and_git_is_left_out(root: Path) -> None:
    tree = FolderTree(root)
    assert list(tree.walk()) == ["a/x.yaml", "b.yaml"]
    assert tree.read("a/x.yaml") == b"x"
    assert not tree.is_dir(".git")
    assert not tree.is_file(".git/config")


def test_the_id_follows_the_bytes_and_not_the_time(root: Path) -> None:
    tree = FolderTree(root)
    before = tree.id
    os.utime(root / "b.yaml", ns=(1, 1))
    assert tree.id == before
    (root / "b.yaml").write_text("changed")
    assert tree.id != before


def test_links_inside_are_followed_and_those_leading_out_are_refused(root: Path) -> None:
    (root / "in.yaml").symlink_to("a/x.yaml")
    (root / "out.yaml").symlink_to(root.parent / "secret")
    (root / "folder").symlink_to("a")
    (root / "a" / "up").symlink_to("..")
    tree = FolderTree(root)
    assert list(tree.walk()) == ["a/x.yaml", "b.yaml", "folder/x.yaml", "in.yaml", "out.yaml"]
    assert tree.read("in.yaml") == b"x"
    assert not tree.is_file("out.yaml")
    with pytest.raises(InputError, match="links out of"):
        tree.read("out.yaml")
    with pytest.raises(InputError, match="links out of"):
        tree.read("../secret")


def test_what_is_not_a_file_is_refused(root: Path) -> None:
    os.mkfifo(root / "pipe")
    tree = FolderTree(root)
    with pytest.raises(InputError, match="is not a file"):
        tree.read("pipe")
    with pytest.raises(InputError, match="no such file"):
        tree.read("none")
    with pytest.raises(InputError, match="no such folder"):
        FolderTree(root / "none")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_remote_error(root: Path) -> None:
    (root / "b.yaml").chmod(0)
    with pytest.raises(RemoteError, match="cannot be read"):
        FolderTree(root).read("b.yaml")


def test_a_name_that_is_too_long_is_a_remote_error(root: Path) -> None:
    with pytest.raises(RemoteError, match="cannot be read"):
        FolderTree(root).read("x" * 300)


def test_a_name_that_cannot_be_is_not_there(tmp_path: Path) -> None:
    tree = FolderTree(tmp_path)
    for name in ("a" * 300, "a\0b"):
        assert (tree.is_file(name), tree.is_dir(name)) == (False, False)


def test_a_socket_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("a.yaml")
    with pytest.raises(InputError, match=r"^a\.yaml: is not a file"):
        FolderTree(tmp_path).read("a.yaml")
