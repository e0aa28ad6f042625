"""A folder as one command sees it gives the answers of the folder itself."""

from pathlib import Path

import pytest

from nixernetes.adapters.folder import FolderTree
from nixernetes.adapters.folder_snapshot import FolderSnapshot
from nixernetes.errors import NixernetesError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "b" / "file").write_text("one")
    (root / "z").write_text("two")
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("hidden")
    (root / "link").symlink_to("a")
    (root / "a" / "up").symlink_to("../z")
    (root / "out").symlink_to(tmp_path)
    (root / "outfile").symlink_to("/etc/hostname")
    (root / "broken").symlink_to("nowhere")
    return root


PATHS = [
    "",
    "a",
    "a/b",
    "a/b/file",
    "a/b/file/below",
    "a/up",
    "z",
    "link",
    "link/b",
    "link/b/file",
    "link/up",
    "out",
    "out/root/z",
    "outfile",
    "broken",
    "broken/below",
    "nothing",
    "nothing/below",
    ".git",
    ".git/config",
    "a/../z",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_that_of_the_folder(folder: Path, path: str) -> None:
    plain, still = FolderTree(folder), FolderSnapshot(folder)
    assert still.is_file(path) == plain.is_file(path)
    assert still.is_dir(path) == plain.is_dir(path)
    assert list(still.entries(path).items()) == list(plain.entries(path).items())
    assert _read(still, path) == _read(plain, path)


def _read(tree: FolderTree, path: str) -> tuple[str, ...]:
    try:
        return (tree.content_id(path), tree.read(path).decode())
    except NixernetesError as error:
        return (str(error),)


def test_the_whole_tree_has_the_same_id(folder: Path) -> None:
    (folder / "out").unlink()
    (folder / "outfile").unlink()
    assert FolderSnapshot(folder).id == FolderTree(folder).id
    assert list(FolderSnapshot(folder).walk()) == list(FolderTree(folder).walk())
