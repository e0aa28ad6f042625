"""Git repositories that are broken, or that would show what belongs to another folder, are told so."""

from __future__ import annotations

import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pygit2
import pytest
from tests.repositories import committed

from nixernetes.adapters.repositories.git import GitSource, read_revision
from nixernetes.adapters.repositories.own_repository import head_of
from nixernetes.errors import RemoteError
from nixernetes.render.sources.git import Ref

TEXT = "".join(f"key{number}: {number}\n" for number in range(300))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    files = tmp_path / "files"
    (files / "apps").mkdir(parents=True)
    (files / "apps" / "a.yaml").write_text(TEXT)
    (files / "apps" / "b.yaml").write_text("b: c\n")
    return committed(files, tmp_path / "repository")


def _loose(repository: Path, name: str) -> Path:
    oid = str(pygit2.Repository(str(repository)).revparse_single(name).id)
    place = repository / ".git" / "objects" / oid[:2] / oid[2:]
    place.chmod(0o644)
    return place


def _read(repository: Path) -> dict[str, bytes]:
    tree = read_revision(repository, "HEAD").tree
    return {path: tree.read(path) for path in tree.walk()}


def test_loose_objects_are_read(repository: Path) -> None:
    assert _read(repository) == {"apps/a.yaml": TEXT.encode(), "apps/b.yaml": b"b: c\n"}
    commit = str(pygit2.Repository(str(repository)).head.target)
    source = GitSource({"https://example.com/x": repository})
    assert source.resolve("https://example.com/x", Ref(revision=commit[:8]))[0] == commit
    assert not head_of(repository, read_revision(repository, commit)).is_dirty


@pytest.mark.parametrize("part", [0, 0.01, 0.1, 0.5, 0.75, 0.9, 0.99])
@pytest.mark.parametrize("name", ["HEAD", "HEAD^{tree}", "HEAD:apps", "HEAD:apps/a.yaml"])
def test_a_loose_object_that_was_cut_is_told(repository: Path, name: str, part: float) -> None:
    place = _loose(repository, name)
    data = place.read_bytes()
    place.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(RemoteError, match=r"loose object [0-9a-f]{40} is corrupt"):
        _read(repository)


HARMS: dict[str, Callable[[bytes], bytes]] = {
    "inflates to more than it says": lambda data: zlib.compress(data.replace(b"blob 5\0", b"blob 1\0", 1)),
    "inflates to less than it says": lambda _: zlib.compress(b"blob 9999\0x"),
    "inflates without end": lambda _: zlib.compress(b"blob 5\0" + bytes(5_000_000)),
    "says a size beyond all": lambda _: zlib.compress(b"blob 99999999999999999999\0"),
    "is of no kind": lambda data: zlib.compress(data.replace(b"blob", b"bulb")),
    "is not compressed": lambda data: data,
    "is another object": lambda data: zlib.compress(data.replace(b"b: c", b"b: d")),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_a_loose_object_that_is_not_what_it_says_is_told(repository: Path, harm: Callable[[bytes], bytes]) -> None:
    place = _loose(repository, "HEAD:apps/b.yaml")
    place.write_bytes(harm(zlib.decompress(place.read_bytes())))
    with pytest.raises(RemoteError, match=r"apps/b\.yaml: cannot be read|holds another kind of object"):
        _read(repository)


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_objects_of_an_alternate_are_read(repository: Path, tmp_path: Path) -> None:
    _git(tmp_path, "clone", "--shared", str(repository), "clone")
    assert _read(tmp_path / "clone") == _read(repository)


def test_honest_work_trees_are_followed(repository: Path, tmp_path: Path) -> None:
    _git(repository, "worktree", "add", "../linked")
    _git(tmp_path, "clone", "--separate-git-dir", str(tmp_path / "git"), str(repository), "separate")
    _git(tmp_path / "separate", "config", "core.worktree", str(tmp_path / "separate"))
    _git(repository, "submodule", "add", str(tmp_path / "git"), "sub")
    for name in ("linked", "separate", "repository/sub"):
        assert (tmp_path / name / ".git").is_file()
        assert _read(tmp_path / name) == {"apps/a.yaml": TEXT.encode(), "apps/b.yaml": b"b: c\n"}


def _file(hostile: Path, private: Path) -> None:
    (hostile / ".git").write_text(f"gitdir: {private}/.git\n")


def _link(hostile: Path, private: Path) -> None:
    (hostile / ".git").symlink_to(private / ".git")


def _common(hostile: Path, private: Path) -> None:
    (hostile / ".git").mkdir()
    (hostile / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (hostile / ".git" / "commondir").write_text(f"{private}/.git\n")


def _parts(hostile: Path, private: Path) -> None:
    (hostile / ".git").mkdir()
    for name in ("HEAD", "refs", "objects"):
        (hostile / ".git" / name).symlink_to(private / ".git" / name)


def _deep_parts(hostile: Path, private: Path) -> None:
    pygit2.init_repository(str(hostile), initial_head="main")
    objects = hostile / ".git" / "objects"
    for place in (private / ".git" / "objects").iterdir():
        if len(place.name) == 2:
            (objects / place.name).symlink_to(place)
    (hostile / ".git" / "refs" / "heads" / "main").symlink_to(private / ".git" / "refs" / "heads" / "main")


def _anothers_work_tree(hostile: Path, private: Path) -> None:
    _git(private, "worktree", "add", "../linked")
    (hostile / ".git").write_text(f"gitdir: {private}/.git/worktrees/linked\n")


@pytest.mark.parametrize("way", [_file, _link, _common, _parts, _deep_parts, _anothers_work_tree])
def test_a_folder_shows_no_other_repository(
    repository: Path, tmp_path: Path, way: Callable[[Path, Path], None]
) -> None:
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    way(hostile, repository)
    with pytest.raises(RemoteError, match=r"another folder's|links out of it"):
        _read(hostile)
    with pytest.raises(RemoteError, match=r"another folder's|links out of it"):
        GitSource({"https://example.com/x": hostile}).snapshot("https://example.com/x", Ref(revision="HEAD"))
