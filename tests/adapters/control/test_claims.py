"""One `up` runs for a folder, others find it, and what a killed one leaves misleads nobody."""

import json
import os
from pathlib import Path

import pytest

from nixernetes.adapters.control.asking import ask
from nixernetes.adapters.control.claims import Claim, ControlDoor
from nixernetes.adapters.control.places import door_of, is_running, lock_of, place_of, running_for
from nixernetes.errors import InputError, RemoteError

NOWHERE = ControlDoor(address="https://127.0.0.1:1", authority="", token="t")


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / f"nixernetes-{os.getuid()}"


def test_a_second_one_is_refused_while_the_first_runs(tmp_path: Path, base: Path) -> None:
    with Claim(tmp_path) as claim:
        claim.open(NOWHERE)
        with pytest.raises(InputError, match="another `nixernetes up` runs for this folder"):
            Claim(tmp_path)
        assert door_of(place_of(tmp_path)).stat().st_mode & 0o077 == 0
    assert not [*base.iterdir()]
    with Claim(tmp_path):
        assert is_running(place_of(tmp_path))


def test_what_a_killed_one_left_is_no_running_one(tmp_path: Path) -> None:
    place = place_of(tmp_path)
    lock_of(place).write_text(str(tmp_path))
    door_of(place).write_text(json.dumps({"address": "https://127.0.0.1:1", "authority": "", "token": "t"}))
    with pytest.raises(RemoteError, match="start it in another terminal, then try again"):
        ask(place, {"do": "get"})
    with Claim(tmp_path):
        assert not door_of(place).exists()


def test_the_nearest_one_above_is_asked(tmp_path: Path) -> None:
    below = tmp_path / "fleet" / "apps"
    below.mkdir(parents=True)
    lock_of(place_of(below)).touch()  # of one that was killed
    with Claim(below.parent):
        assert running_for(below) == below.parent
        with pytest.raises(RemoteError, match=f"one runs for {below.parent}: name it with --target"):
            ask(place_of(tmp_path), {"do": "get"})
    assert running_for(below) == below


def test_one_that_never_answers_is_told(tmp_path: Path) -> None:
    with Claim(tmp_path):
        with pytest.raises(RemoteError, match="did not answer: it is still being started"):
            ask(place_of(tmp_path), {}, seconds=0)
        for odd in ("", "[]", "[" * 100_000, '{"address": 5}'):
            door_of(place_of(tmp_path)).write_text(odd)
            with pytest.raises(RemoteError, match="did not answer"):
                ask(place_of(tmp_path), {}, seconds=1)


def test_only_the_user_may_enter_the_folder(tmp_path: Path, base: Path) -> None:
    place_of(tmp_path)
    assert base.stat().st_mode & 0o077 == 0
    base.chmod(0o755)
    with pytest.raises(InputError, match="open to others"):
        place_of(tmp_path)


@pytest.mark.parametrize("made", ["file", "dangling link", "link", "nothing"])
def test_a_place_that_is_none_is_told(tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch, made: str) -> None:
    if made == "nothing":
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "gone"))
    elif made == "file":
        base.write_text("")
    else:
        base.symlink_to(tmp_path if made == "link" else tmp_path / "gone")
    with pytest.raises(InputError, match=r"is not a folder|cannot be noted"):
        place_of(tmp_path)


def test_a_folder_where_the_lock_should_be_is_told(tmp_path: Path) -> None:
    lock_of(place_of(tmp_path)).mkdir()
    with pytest.raises(InputError, match="what runs cannot be noted"):
        Claim(tmp_path)
