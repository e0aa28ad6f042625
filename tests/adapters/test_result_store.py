"""Rendered results on disk: whole or not there, private, bounded."""

import os
import stat
from pathlib import Path

import pytest

from nixernetes.adapters import cache_keys
from nixernetes.adapters.cache_keys import cache_key
from nixernetes.adapters.result_store import ResultStore


def test_what_was_put_is_there_for_another_process(tmp_path: Path) -> None:
    ResultStore(tmp_path / "cache").put("key", b"data")
    assert ResultStore(tmp_path / "cache").get("key") == b"data"
    assert ResultStore(tmp_path / "cache").get("other") is None


def test_only_the_user_may_read_entries(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    ResultStore(folder).put("key", b"data")
    (entry,) = folder.iterdir()
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_damaged_entry_is_none(tmp_path: Path) -> None:
    store = ResultStore(tmp_path)
    store.put("key", b"data")
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(entry.read_bytes()[:-1])
    assert store.get("key") is None
    entry.write_bytes(b"")
    assert store.get("key") is None


def test_the_size_is_bounded_and_the_oldest_go_first(tmp_path: Path) -> None:
    store = ResultStore(tmp_path, limit_bytes=10_000)
    for number in range(100):
        store.put(f"key{number}", bytes(500))
    assert sum(entry.stat().st_size for entry in tmp_path.iterdir()) <= 10_000
    assert store.get("key99") == bytes(500)
    assert store.get("key0") is None


def test_what_is_larger_than_the_store_is_not_kept(tmp_path: Path) -> None:
    store = ResultStore(tmp_path, limit_bytes=100)
    store.put("key", bytes(200))
    assert store.get("key") is None


def test_a_folder_that_cannot_be_made_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = ResultStore(tmp_path / "file" / "cache")
    store.put("key", b"data")
    assert store.get("key") is None


@pytest.mark.parametrize("kind", ["pipe", "link", "folder", "unreadable"])
@pytest.mark.parametrize("is_sealed", [False, True])
def test_an_entry_that_is_no_file_is_none(tmp_path: Path, kind: str, is_sealed: bool) -> None:
    store = ResultStore(tmp_path / "cache", is_sealed=is_sealed)
    store.put("key", b"data")
    (entry,) = (tmp_path / "cache").iterdir()
    moved = entry.rename(tmp_path / "moved")
    if kind == "pipe":
        os.mkfifo(entry)
    elif kind == "link":
        entry.symlink_to(moved)
    elif kind == "folder":
        entry.mkdir()
    assert store.get("key") is None


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_that_others_may_write_to_is_not_used(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "cache"
    ResultStore(folder).put("key", b"data")
    folder.chmod(mode)
    assert ResultStore(folder).get("key") is None
    ResultStore(folder).put("other", b"data")
    assert len([*folder.iterdir()]) == 1


def test_what_is_sealed_is_in_no_entry_and_each_is_bound_to_its_name(tmp_path: Path) -> None:
    store = ResultStore(tmp_path / "cache", is_sealed=True)
    for name in ("one", "two"):
        store.put(name, f"hunter2 of {name}".encode())
    assert store.get("one") == b"hunter2 of one"
    entries = [*(tmp_path / "cache").iterdir()]
    assert not [entry for entry in entries if b"hunter2" in entry.read_bytes()]
    first, second = (entry.read_bytes() for entry in entries)
    entries[0].write_bytes(second)
    entries[1].write_bytes(first)
    assert (store.get("one"), store.get("two")) == (None, None)


def test_without_the_key_nothing_is_read_and_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ResultStore(tmp_path / "cache", is_sealed=True).put("key", b"data")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
    assert ResultStore(tmp_path / "cache", is_sealed=True).get("key") is None
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    ResultStore(tmp_path / "other", is_sealed=True).put("key", b"data")
    assert not (tmp_path / "other").exists()


def test_the_key_is_made_once_and_is_the_users_alone(tmp_path: Path) -> None:
    place = tmp_path / "state" / "cache.key"
    key = cache_key(place)
    assert key is not None
    assert len(key) == cache_keys._BYTES
    assert cache_key(place) == key
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [*place.parent.iterdir()] == [place]


@pytest.mark.parametrize("harm", ["open to others", "short", "pipe", "link"])
def test_a_key_that_is_none_is_not_used(tmp_path: Path, harm: str) -> None:
    place = tmp_path / "cache.key"
    if harm == "pipe":
        os.mkfifo(place)
    elif harm == "link":
        cache_key(tmp_path / "other")
        place.symlink_to(tmp_path / "other")
    else:
        place.write_bytes(bytes(5 if harm == "short" else 32))
        place.chmod(0o600 if harm == "short" else 0o640)
    assert cache_key(place) is None
