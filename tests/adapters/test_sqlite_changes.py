"""A cluster's changes in a file: there again, bounded, whole where the disk is full, and one process at a time."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from nixernetes.adapters.api_server.sqlite_changes import SqliteChanges
from nixernetes.adapters.api_server.state_folders import state_folder
from nixernetes.cluster.api import Event, EventType
from nixernetes.cluster.history import Recorded
from nixernetes.cluster.storage.port import StorageError
from nixernetes.errors import InputError
from nixernetes.objects.identity import GroupKind

KIND = GroupKind("apps", "Deployment")


def thing(revision: int, name: str = "a", text: str = "ä\ud800") -> dict[str, Any]:
    meta = {"name": name, "namespace": "n", "resourceVersion": str(revision)}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": {"text": text}}


def added(revision: int, name: str = "a", text: str = "ä\ud800") -> Recorded:
    return Recorded(revision, KIND, Event(EventType.ADDED, thing(revision, name, text)))


def test_objects_and_changes_are_there_again(tmp_path: Path) -> None:
    modified = Recorded(2, KIND, Event(EventType.MODIFIED, thing(2), thing(1)))
    deleted = Recorded(4, KIND, Event(EventType.DELETED, thing(3, "b"), thing(3, "b")))
    written = [added(1), modified, added(3, "b"), deleted]
    one = SqliteChanges(tmp_path / "db")
    one.keep(written[:1])
    one.keep(written[1:])
    assert one.fact("f", lambda: b"first") == b"first"
    one.close()

    two = SqliteChanges(tmp_path / "db")
    kept = two.load()
    assert (kept.revision, kept.rows) == (4, {KIND: {("n", "a"): thing(2)}})
    assert two.changes() == written
    assert two.fact("f", lambda: b"second") == b"first"
    two.close()


def test_what_was_replaced_long_ago_is_forgotten_and_the_file_stops_growing(tmp_path: Path) -> None:
    store = SqliteChanges(tmp_path / "db")
    store.keep([added(1), added(2, "other")])
    revision, sizes, last = 2, [], thing(1)
    for _ in range(30):
        changes = []
        for _ in range(1000):
            revision += 1
            new = thing(revision, text="x" * 50)
            changes.append(Recorded(revision, KIND, Event(EventType.MODIFIED, new, last)))
            last = new
        store.keep(changes)
        sizes.append((tmp_path / "db").stat().st_size)
    found = store.changes()
    assert 10_000 <= len(found) < 12_000
    assert found[-1].revision == revision
    assert [one.revision for one in found] == [*range(found[0].revision, revision + 1)]
    assert store.load().rows == {KIND: {("n", "a"): last, ("n", "other"): thing(2, "other")}}
    assert sizes[-1] <= sizes[-15] * 1.1
    store.close()


def test_a_full_disk_keeps_nothing_of_what_came_together_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    store = SqliteChanges(tmp_path / "db", most_pages=40)
    store.keep([added(1)])
    with pytest.raises(StorageError, match="database or disk is full"):
        store.keep([added(2, "small"), added(3, "large", "x" * 200_000)])
    assert store.load().revision == 1
    store.keep([added(2, "small")])
    store.close()
    again = SqliteChanges(tmp_path / "db")
    assert [*again.load().rows[KIND]] == [("n", "a"), ("n", "small")]
    again.close()


def test_a_file_that_was_cut_anywhere_holds_all_of_what_came_together_or_nothing(tmp_path: Path) -> None:
    store = SqliteChanges(tmp_path / "db")
    store.keep([added(1), added(2, "other", "x" * 9_000)])
    for revision in (3, 6, 9):
        store.keep([added(revision + index, f"{revision + index}", "y" * 3_000) for index in range(3)])
    log = (tmp_path / "db-wal").read_bytes()
    whole = (tmp_path / "db").read_bytes()
    store.close()
    found = []
    for length in [*range(0, len(log), 1_999), len(log)]:
        copy = tmp_path / str(length)
        copy.write_bytes(whole)
        (tmp_path / f"{length}-wal").write_bytes(log[:length])
        opened = SqliteChanges(copy)
        kept = opened.load()
        assert sum(len(rows) for rows in kept.rows.values()) == kept.revision
        found.append(kept.revision)
        opened.close()
    assert [*dict.fromkeys(found)] == [0, 2, 5, 8, 11]


@pytest.mark.parametrize("text", [b"\0" * 4096, b"x" * 4096])
def test_a_file_that_is_damaged_is_told(tmp_path: Path, text: bytes) -> None:
    store = SqliteChanges(tmp_path / "db")
    store.keep([added(number, f"a{number}", "y" * 3_000) for number in range(1, 20)])
    store.close()
    whole = (tmp_path / "db").read_bytes()
    (tmp_path / "db").write_bytes(whole[:4096] + text * (len(whole) // 4096 - 1))
    with pytest.raises(InputError, match="cannot be read as the state"):
        SqliteChanges(tmp_path / "db").load()


def test_an_object_that_is_damaged_is_told(tmp_path: Path) -> None:
    store = SqliteChanges(tmp_path / "db")
    store.keep([added(1)])
    store.close()
    other = sqlite3.connect(tmp_path / "db")
    other.execute("update changes set object = '{'")
    other.commit()
    other.close()
    again = SqliteChanges(tmp_path / "db")
    with pytest.raises(InputError, match="cannot be read as the state"):
        again.load()
    with pytest.raises(InputError, match="cannot be read as the state"):
        again.changes()
    again.close()


def test_another_file_is_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("hello, this is not a database at all" * 100)
    with pytest.raises(InputError, match="cannot be read as the state"):
        SqliteChanges(text)
    other = sqlite3.connect(tmp_path / "other")
    other.execute("create table t (a)")
    other.close()
    with pytest.raises(InputError, match="give another folder"):
        SqliteChanges(tmp_path / "other")


def test_a_folder_serves_one_server_at_a_time(tmp_path: Path) -> None:
    with (
        state_folder(tmp_path / "state"),
        pytest.raises(InputError, match=r"another server uses it \(process \d+\)"),
        state_folder(tmp_path / "state"),
    ):
        pass
    with state_folder(tmp_path / "state") as folder:
        assert folder.port == 0
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "state" / "cluster.db").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be used"), state_folder(tmp_path / "file" / "state"):
        pass


def test_the_keys_of_a_server_outlive_it(tmp_path: Path) -> None:
    with state_folder(tmp_path) as folder:
        secrets, authority = folder.secrets(), folder.authority().pair
        identity = secrets.key.identity()
    with state_folder(tmp_path) as folder:
        assert (folder.secrets().token, folder.authority().pair) == (secrets.token, authority)
        assert folder.secrets().key.identity() == identity
