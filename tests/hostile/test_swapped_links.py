"""A folder or file that becomes a link while it is read leads nowhere outside, at whatever moment."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nixernetes.adapters.folder import FolderTree
from nixernetes.adapters.folder_snapshot import FolderSnapshot
from nixernetes.errors import InputError, NixernetesError, RemoteError

OUTSIDE = b"outside"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in (("root", b"inside"), ("elsewhere", OUTSIDE)):
        (tmp_path / name / "a" / "b").mkdir(parents=True)
        (tmp_path / name / "a" / "b" / "x.yaml").write_bytes(text)
    (tmp_path / "elsewhere" / "a" / "b" / "private.yaml").write_bytes(OUTSIDE)
    (tmp_path / "root" / "link").symlink_to("a/b")
    return tmp_path / "root"


def _swap(root: Path, path: str) -> None:
    place = root / path
    if not place.is_symlink():
        place.rename(root / f"old-{place.name}")
        place.symlink_to(root.parent / "elsewhere" / path)


def _steps(root: Path, path: str, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Swap at the n-th time that the system is asked for something."""
    left = [at]

    def counted(call: Callable[..., object]) -> Callable[..., object]:
        def asked(*arguments: object, **named: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                _swap(root, path)
            return call(*arguments, **named)

        return asked

    for name in ("open", "scandir", "fstat"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))
    monkeypatch.setattr(os.path, "realpath", counted(os.path.realpath))


@pytest.mark.parametrize("kind", [FolderTree, FolderSnapshot])
@pytest.mark.parametrize("swapped", ["a", "a/b", "a/b/x.yaml"])
@pytest.mark.parametrize("at", range(1, 14))
def test_nothing_outside_is_read_or_listed(
    root: Path, monkeypatch: pytest.MonkeyPatch, kind: type[FolderTree], swapped: str, at: int
) -> None:
    tree = kind(root)
    with monkeypatch.context() as patched:
        _steps(root, swapped, patched, at)
        for path in ("a/b/x.yaml", "link/x.yaml"):
            with contextlib.suppress(NixernetesError):
                assert tree.read(path) != OUTSIDE
            with contextlib.suppress(NixernetesError):
                assert "private.yaml" not in tree.entries("a/b")
            with contextlib.suppress(NixernetesError):
                assert tree.content_id(path) or not tree.is_file(path)


@pytest.mark.parametrize("kind", [FolderTree, FolderSnapshot])
def test_a_link_that_goes_while_it_is_followed_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, kind: type[FolderTree]
) -> None:
    tree = kind(root)

    def gone(place: str) -> str:
        raise FileNotFoundError(place)

    with monkeypatch.context() as patched:
        patched.setattr(os.path, "realpath", gone)
        with pytest.raises((InputError, RemoteError)):
            tree.read("link/x.yaml")
        assert not tree.is_file("link/x.yaml")
        assert tree.entries("link") == {}
