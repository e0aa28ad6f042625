"""What a run leaves in the temporary folder goes away with the next run, and no living run loses anything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nixernetes.adapters import temporary_folders
from nixernetes.adapters.temporary_folders import temporary_folder

_RUN = """
import sys
from nixernetes.adapters.temporary_folders import temporary_folder
kept = temporary_folder("platform")
(open(kept.name + "/secret", "w")).write("hunter2")
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with monkeypatch.context() as patched:
        patched.setattr(temporary_folders, "_own", {})
        yield


def _running(tmp_path: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


@pytest.mark.slow
def test_what_a_killed_run_left_goes_away_and_what_a_living_one_has_stays(tmp_path: Path) -> None:
    killed, living = _running(tmp_path), _running(tmp_path)
    assert len([*tmp_path.rglob("secret")]) == 2
    with killed, living:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        with temporary_folder("helm") as place:
            assert len([*tmp_path.rglob("secret")]) == 1
            assert Path(place).is_dir()
    assert not [*tmp_path.rglob("secret")]


def test_what_is_not_a_runs_own_folder_stays(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "nixernetes-x").mkdir(parents=True)
    (tmp_path / "nixernetes-0").mkdir()
    (tmp_path / "nixernetes-run-file").touch()
    (tmp_path / "nixernetes-run-link").symlink_to(outside)
    with temporary_folder("helm"):
        assert (outside / "nixernetes-x").is_dir()
        assert (tmp_path / "nixernetes-0").is_dir()
        assert (tmp_path / "nixernetes-run-link").is_symlink()


def test_the_folders_of_a_run_are_below_one(tmp_path: Path) -> None:
    with temporary_folder("one") as one, temporary_folder("two") as two:
        assert Path(one).parent == Path(two).parent
        assert [*tmp_path.iterdir()] == [Path(one).parent]
