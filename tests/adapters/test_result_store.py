"""Rendered results on disk: whole or not there, private, bounded."""

import stat
from pathlib import Path

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
