"""A built tree is written so that being killed at any moment loses nothing."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from nixernetes.adapters import repository_writer as writer
from nixernetes.errors import InputError, RemoteError

OLD = {"a.yaml": b"a: 1\n", "apps/b.yaml": b"b: 1\n", "gone/c.yaml": b"c: 1\n", "turn": b"file\n", "fold/x": b"x\n"}
NEW = {"a.yaml": b"a: 2\n", "apps/b.yaml": b"b: 1\n", "new/d.yaml": b"d: 1\n", "turn/e.yaml": b"e\n", "fold": b"file\n"}


class Killed(BaseException):
    """Stands for a SIGKILL: nothing catches it."""


class KillingDisk(writer.Disk):
    """Dies before or in the middle of the n-th change."""

    def __init__(self, after: int, *, torn: bool = False) -> None:
        self.left = after
        self.torn = torn

    def _step(self) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1

    def write(self, path: str, data: bytes) -> None:
        if self.left == 0 and self.torn:
            super().write(path, data[: len(data) // 2])
        self._step()
        super().write(path, data)

    def move(self, source: str, target: str) -> None:
        self._step()
        super().move(source, target)

    def remove(self, path: str) -> None:
        self._step()
        super().remove(path)

    def make_folder(self, path: str) -> None:
        self._step()
        super().make_folder(path)


def build(folder: Path, files: dict[str, bytes], disk: writer.Disk | None = None) -> writer.Survey:
    with writer.locked(folder):
        writer.recover(folder, disk)
        found = writer.survey(folder, files)
        assert not found.changes.conflicts
        writer.apply(folder, files, found, disk)
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.relative_to(folder).parts[0].startswith(".nixernetes")
    }


def test_a_build_writes_updates_and_removes_what_it_wrote(tmp_path: Path) -> None:
    build(tmp_path, OLD)
    assert contents(tmp_path) == OLD
    found = build(tmp_path, NEW)
    assert contents(tmp_path) == NEW
    assert found.changes.created == ("fold", "new/d.yaml", "turn/e.yaml")
    assert found.changes.configured == ("a.yaml",)
    assert found.changes.deleted == ("fold/x", "gone/c.yaml", "turn")
    assert not (tmp_path / "gone").exists()


def test_a_second_build_of_the_same_changes_nothing(tmp_path: Path) -> None:
    build(tmp_path, NEW)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    build(tmp_path, NEW, KillingDisk(0))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_files_of_others_are_never_touched(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    (tmp_path / "gone" / "mine.txt").write_text("mine")
    build(tmp_path, OLD)
    build(tmp_path, NEW)
    assert (tmp_path / "gone" / "mine.txt").read_text() == "mine"


def test_an_edited_file_is_a_conflict_and_so_is_a_strange_one(tmp_path: Path) -> None:
    build(tmp_path, OLD)
    (tmp_path / "a.yaml").write_text("edited")
    (tmp_path / "gone" / "c.yaml").write_text("edited")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "d.yaml").write_text("strange")
    changes = writer.survey(tmp_path, NEW).changes
    assert changes.edited == ("a.yaml", "new/d.yaml")
    assert changes.edited_leftover == ("gone/c.yaml",)


def test_an_equal_strange_file_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(NEW["a.yaml"])
    assert writer.survey(tmp_path, {"a.yaml": NEW["a.yaml"]}).changes.unchanged == ("a.yaml",)


def steps(tmp_path: Path) -> int:
    counting = KillingDisk(10_000)
    folder = tmp_path / "count"
    build(folder, OLD)
    build(folder, NEW, counting)
    return 10_000 - counting.left


@pytest.mark.slow
def test_killed_at_every_step_each_file_is_old_or_new_and_the_next_build_completes(tmp_path: Path) -> None:
    total = steps(tmp_path)
    assert total > 20
    for step in range(total):
        for torn in (False, True):
            folder = tmp_path / f"at-{step}-{torn}"
            build(folder, OLD)
            with pytest.raises(Killed):
                build(folder, NEW, KillingDisk(step, torn=torn))
            for path, data in contents(folder).items():
                assert data in (OLD.get(path), NEW.get(path)), (step, path)
            build(folder, NEW)
            assert contents(folder) == NEW, step
            assert sorted(entry.name for entry in folder.iterdir() if entry.name.startswith(".")) == [writer.RECORD]


@pytest.mark.slow
def test_killed_at_every_step_of_the_recovery_too(tmp_path: Path) -> None:
    total = steps(tmp_path)
    for step in range(1, total, 5):
        for again in range(0, total, 3):
            folder = tmp_path / f"at-{step}-{again}"
            build(folder, OLD)
            with pytest.raises(Killed):
                build(folder, NEW, KillingDisk(step))
            try:
                build(folder, NEW, KillingDisk(again))
            except Killed:
                build(folder, NEW)
            assert contents(folder) == NEW, (step, again)


@pytest.mark.slow
def test_going_back_to_the_old_platform_after_a_kill_works(tmp_path: Path) -> None:
    for step in range(steps(tmp_path)):
        folder = tmp_path / f"at-{step}"
        build(folder, OLD)
        with pytest.raises(Killed):
            build(folder, NEW, KillingDisk(step))
        build(folder, OLD)
        assert contents(folder) == OLD, step


@pytest.mark.slow
def test_an_edit_between_a_kill_and_the_next_build_is_kept(tmp_path: Path) -> None:
    edits = 0
    for step in range(steps(tmp_path)):
        folder = tmp_path / f"at-{step}"
        build(folder, OLD)
        with pytest.raises(Killed):
            build(folder, NEW, KillingDisk(step))
        (folder / "a.yaml").write_text("edited\n")
        with writer.locked(folder):
            writer.recover(folder)
            assert "a.yaml" in writer.survey(folder, NEW).changes.conflicts
        assert (folder / "a.yaml").read_text() == "edited\n"
        edits += 1
    assert edits


@pytest.mark.slow
def test_an_edited_file_that_would_have_been_removed_is_reported_after_a_recovery(tmp_path: Path) -> None:
    completed = 0
    for step in range(steps(tmp_path)):
        folder = tmp_path / f"at-{step}"
        build(folder, OLD)
        with pytest.raises(Killed):
            build(folder, NEW, KillingDisk(step))
        if not (folder / "gone/c.yaml").exists():
            continue
        (folder / "gone/c.yaml").write_text("edited\n")
        with writer.locked(folder):
            completed += writer.recover(folder)
            assert writer.survey(folder, NEW).changes.edited_leftover == ("gone/c.yaml",)
        assert (folder / "gone/c.yaml").read_text() == "edited\n"
    assert completed


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:3]))
    build(tmp_path, NEW)
    assert contents(tmp_path) == NEW


def test_a_disk_that_is_full_after_a_few_bytes_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path, OLD)
    write = os.write
    left = [400]

    def partly(handle: int, data: memoryview) -> int:
        if not left[0]:
            raise OSError(errno.EFBIG, "File too large")
        count = write(handle, data[: min(left[0], 7)])
        left[0] -= count
        return count

    monkeypatch.setattr(os, "write", partly)
    with pytest.raises(RemoteError, match="the disk refused: File too large"):
        build(tmp_path, NEW)
    assert contents(tmp_path) == OLD


def test_all_that_the_journal_names_is_on_the_disk_before_the_journal_is(tmp_path: Path) -> None:
    events: list[tuple[str, str]] = []

    class _Telling(writer.Disk):
        def write(self, path: str, data: bytes) -> None:
            events.append(("write", path))
            super().write(path, data)

        def settle(self, paths: Sequence[str]) -> None:
            events.extend(("settle", path) for path in paths)
            super().settle(paths)

        def move(self, source: str, target: str) -> None:
            events.append(("move", target))
            super().move(source, target)

    build(tmp_path, NEW, _Telling())
    committed = events.index(("move", f"{tmp_path}/{writer.JOURNAL}"))
    written = {path for what, path in events if what == "write"}
    assert written <= {path for what, path in events[:committed] if what == "settle"}
    assert events[committed + 1] == ("settle", str(tmp_path))


@pytest.mark.parametrize("name", [writer.RECORD, writer.JOURNAL])
@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_a_file_of_its_own_that_is_none_is_told(tmp_path: Path, name: str, kind: str) -> None:
    place = tmp_path / name
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "link":
        place.symlink_to("/dev/zero")
    else:
        place.mkdir()
        (place / "x").touch()
    with pytest.raises(InputError, match=r"is not a file|cannot be read as a file"):
        build(tmp_path, NEW)


def test_two_builds_do_not_write_at_once(tmp_path: Path) -> None:
    with writer.locked(tmp_path), pytest.raises(InputError, match="another build"), writer.locked(tmp_path):
        pass


@pytest.mark.parametrize("path", ["../out.yaml", "/etc/out.yaml", "a/../../out.yaml", "a//b", "."])
def test_a_hostile_record_reaches_nothing_outside(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    (tmp_path / "out.yaml").write_text("precious")
    (folder / writer.RECORD).write_text(json.dumps({"version": 1, "files": {path: "0"}}))
    with pytest.raises(InputError, match="not a path inside"):
        writer.survey(folder, {})
    assert (tmp_path / "out.yaml").read_text() == "precious"


def test_a_link_is_never_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "repository", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / "apps").symlink_to(outside)
    with pytest.raises(InputError, match="apps is a link or a file"):
        writer.survey(folder, {"apps/web.yaml": b"x"})
    (folder / "apps").unlink()
    (folder / "web.yaml").symlink_to(outside / "x")
    with pytest.raises(InputError, match=r"web\.yaml cannot be read as a file"):
        writer.survey(folder, {"web.yaml": b"x"})


def test_a_linked_staging_folder_is_refused(tmp_path: Path) -> None:
    folder, outside = tmp_path / "repository", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / writer.STAGING).symlink_to(outside)
    with pytest.raises(InputError, match="is a link"):
        build(folder, OLD)
    assert not any(outside.iterdir())


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 2}', '{"version": 1, "files": [1]}', "[" * 100_000])
def test_a_broken_record_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / writer.RECORD).write_text(text)
    with pytest.raises(InputError, match="restore it from Git, or remove it"):
        writer.survey(tmp_path, OLD)


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is not a folder"), writer.locked(tmp_path / "file"):
        pass


CHILD = """
import sys
from pathlib import Path
from nixernetes.adapters import repository_writer as writer
folder, mark = Path(sys.argv[1]), sys.argv[2]
files = {f"apps/{n}.yaml": f"{mark}: {n}\\n".encode() for n in range(400)}
with writer.locked(folder):
    writer.recover(folder)
    found = writer.survey(folder, files)
    assert not found.changes.conflicts, found.changes.conflicts
    print("go", flush=True)
    writer.apply(folder, files, found)
"""


@pytest.mark.slow
def test_a_real_sigkill_leaves_old_or_new_files_and_the_next_build_completes(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    killed = 0
    for turn in range(8):
        command = [sys.executable, "-c", CHILD, str(folder), f"mark{turn}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"go\n"
            deadline = time.monotonic() + 0.004 * turn
            while time.monotonic() < deadline and child.poll() is None:
                pass
            os.kill(child.pid, signal.SIGKILL)
            killed += child.wait() == -signal.SIGKILL
        for data in contents(folder).values():
            assert data.startswith((b"mark", b"done"))
            assert data.endswith(b"\n")
        subprocess.run([sys.executable, "-c", CHILD, str(folder), "done"], check=True, stdout=subprocess.DEVNULL)
        assert {data.split(b":")[0] for data in contents(folder).values()} == {b"done"}
        assert len(contents(folder)) == 400
    assert killed
