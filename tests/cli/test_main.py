"""Whatever the disk and the terminal do, a command ends with one line and a status."""

from __future__ import annotations

import errno
import io
import sys
from pathlib import Path

import pytest

from nixernetes.cli.main import main


class _Full(io.StringIO):
    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def _ended(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["nixernetes", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("render", "--help")])
def test_an_output_that_takes_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "stdout", _Full())
    assert _ended(monkeypatch, *arguments) == 1
    assert capsys.readouterr().err == "nixernetes: the output: No space left on device\n"


@pytest.mark.parametrize(
    "command", [("render",), ("render", "--all", "--repo"), ("up", "--once"), ("build",), ("init",)]
)
def test_a_name_that_is_too_long_is_told_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _ended(monkeypatch, *command, "a" * 5_000) == 1
    told = capsys.readouterr().err
    assert told.endswith("File name too long\n")
    assert len(told) < 5_000


@pytest.mark.parametrize("url", ["git@github.com:me/x.git", "ssh://git@github.com/me/x.git", "https://github.com/me/x"])
@pytest.mark.parametrize("command", [("up",), ("check",), ("render",), ("diff",), ("init", "--from"), ("build",)])
def test_a_url_where_a_folder_is_meant_ends_in_the_command_that_helps(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    command: tuple[str, ...],
    url: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _ended(monkeypatch, *command, url) in (1, 2)
    remedy = f"run `git clone {url}`, then give the folder that it makes"
    assert (
        capsys.readouterr().err == f"nixernetes: {url} is a URL, and only folders on this machine are read: {remedy}\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("policy", "--help"), "nixernetes policy [OPTIONS] COMMAND"),
        (("policy", "apply", "--help"), "nixernetes policy apply [OPTIONS] [POLICY]..."),
        (("policy", "apply", "policies", "-h"), "nixernetes policy apply [OPTIONS] [POLICY]..."),
        (("compliance", "report", "-h"), "nixernetes compliance report [OPTIONS]"),
        (("check", ".", "--help"), "nixernetes check [OPTIONS]"),
    ],
)
def test_the_help_is_that_of_the_command_that_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert _ended(monkeypatch, *arguments) == 0
    assert capsys.readouterr().out.startswith(f"Usage: {words}")
