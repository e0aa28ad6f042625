"""What a run printed counts while all that it read is the same: files, refs, and hosts that are dead."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.repositories import MOMENT

from nixernetes.adapters.kept_answers import Answer, DeadHost, KeptAnswers
from nixernetes.adapters.registries import reachability
from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.adapters.result_store import ResultStore

ANSWER = Answer("kind: ConfigMap\n", "nixernetes: a note\n", 1)
DEAD = DeadHost("https://charts.example/a", plain=False, fact="charts.example cannot be reached: refused")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    place = tmp_path / "repo"
    init_repository(place, branch="main")
    (place / "a.yaml").write_text("a: 1\n")
    commit_folder(place, "first", "A <a@b>", MOMENT)
    return place


def _answers(tmp_path: Path, repo: Path, program: str = "1", asked: str = "--all") -> KeptAnswers:
    return KeptAnswers(ResultStore(tmp_path / "store"), program, [asked], repo)


def test_the_same_run_gets_the_same_answer(tmp_path: Path, repo: Path) -> None:
    assert _answers(tmp_path, repo).recall() is None
    _answers(tmp_path, repo).remember(ANSWER, [])
    assert _answers(tmp_path, repo).recall() == ANSWER


def _edit(repo: Path) -> None:
    (repo / "a.yaml").write_text("a: 2\n")


def _add(repo: Path) -> None:
    (repo / "b.yaml").write_text("")


def _branch(repo: Path) -> None:
    (repo / ".git" / "refs" / "heads" / "other").write_text((repo / ".git" / "refs" / "heads" / "main").read_text())


def _remote(repo: Path) -> None:
    with (repo / ".git" / "config").open("a") as file:
        file.write('[remote "origin"]\n\turl = https://git.example/x\n')


@pytest.mark.parametrize("change", [_edit, _add, _branch, _remote])
def test_a_changed_file_or_ref_makes_another_answer(tmp_path: Path, repo: Path, change: Callable[[Path], None]) -> None:
    _answers(tmp_path, repo).remember(ANSWER, [])
    change(repo)
    assert _answers(tmp_path, repo).recall() is None


def test_another_program_or_other_arguments_ask_anew(tmp_path: Path, repo: Path) -> None:
    _answers(tmp_path, repo).remember(ANSWER, [])
    assert _answers(tmp_path, repo, program="2").recall() is None
    assert _answers(tmp_path, repo, asked="--origin").recall() is None


def test_an_answer_about_dead_hosts_counts_while_they_are_dead(
    tmp_path: Path, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> socket.socket:
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(reachability.socket, "create_connection", refused)
    _answers(tmp_path, repo).remember(ANSWER, [DEAD])
    assert _answers(tmp_path, repo).recall() == ANSWER
    monkeypatch.setattr(reachability.socket, "create_connection", lambda *_: socket.socket())
    assert _answers(tmp_path, repo).recall() is None


def test_what_sops_encrypted_depends_on_keys_and_is_not_kept(tmp_path: Path, repo: Path) -> None:
    (repo / "secret.yaml").write_text("data: ENC[AES256_GCM,data:x]\n")
    _answers(tmp_path, repo).remember(ANSWER, [])
    assert _answers(tmp_path, repo).recall() is None
