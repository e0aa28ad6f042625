"""``check --watch`` checks again at each edit, and ends with Ctrl-C; no test waits."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import typer
from tests.verify.case_files import CASES, read_case

from nixernetes.adapters.files.edits import Edits
from nixernetes.cli.check import CheckArguments, CheckOutput, run
from nixernetes.cli.editor.watching import watch


class _Editor:
    """Edits one file at each wait, as told, and presses Ctrl-C at the end."""

    def __init__(self, *edits: tuple[Path, str]) -> None:
        self.edits = list(edits)

    def __call__(self, seconds: float) -> None:
        assert seconds > 0
        if not self.edits:
            raise KeyboardInterrupt
        path, text = self.edits.pop(0)
        if text:
            path.write_text(text)


def test_an_edit_is_answered_and_no_edit_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1")
    rounds: list[str] = []
    editor = _Editor((file, ""), (file, "a: 22"), (file, ""), (tmp_path / "b.yaml", "b: 1"))
    watch(lambda: rounds.append(file.read_text()), (tmp_path,), editor)
    assert rounds == ["a: 1", "a: 22", "a: 22"]


def test_a_round_that_fails_ends_nothing(tmp_path: Path) -> None:
    def fails() -> None:
        rounds.append(1)
        raise typer.Exit(1)

    rounds: list[int] = []
    watch(fails, (tmp_path,), _Editor((tmp_path / "a.yaml", "a: 1")))
    assert rounds == [1, 1]


def test_what_git_writes_is_no_edit(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    edits = Edits(tmp_path)
    (tmp_path / ".git" / "index").write_text("x")
    assert edits.since() == []
    (tmp_path / "c.yaml").write_text("x")
    assert edits.since() == [f"{tmp_path}/c.yaml"]
    (tmp_path / "c.yaml").unlink()
    assert edits.since() == [f"{tmp_path}/c.yaml"]


def test_a_mended_file_ends_the_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = read_case(CASES / "rules" / "missing-source-failing.txt").repository(tmp_path)
    file = repository / "clusters/prod/apps.yaml"
    editor = _Editor((file, file.read_text().replace("name: fleet", "name: flux-system")))
    monkeypatch.setattr("nixernetes.cli.editor.watching.watch.__defaults__", (editor,))
    run(CheckArguments(target=repository), CheckOutput(), is_watching=True)
    told = capsys.readouterr()
    assert told.out.count("missing-source") == 1
    assert "apps.yaml changed" in told.err
    shutil.rmtree(repository)
