"""The repository that is rendered stands for itself wherever one of its branches is followed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nixernetes.adapters.git import GitSource
from nixernetes.adapters.git_write import commit_folder, init_repository, tag_commit
from nixernetes.app.own_repository import OwnRepository, at_hand, remote_urls, repository_around
from nixernetes.errors import InputError, RemoteError
from nixernetes.render.sources import Ref

URL, OTHER = "https://git.example/fleet", "https://git.example/other"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Make a repository with a tagged commit, and an edit that nobody committed."""
    place = tmp_path / "repo"
    init_repository(place, branch="main")
    (place / "a").write_text("committed")
    tag_commit(place, "v1.2.3", commit_folder(place, "first", "A <a@b>", MOMENT))
    (place / "a").write_text("edited")
    return place


def _read(repo: Path, ref: Ref, url: str = URL, other: Path | None = None) -> bytes:
    sources = {OTHER: other} if other else {}
    own = OwnRepository(
        GitSource({URL: repo, **sources}, folders=True), at_hand(repo, "", URL), (URL, OTHER), sources, repo
    )
    return own.snapshot(url, ref).tree.read("a")


@pytest.mark.parametrize(
    "ref",
    [
        Ref(revision="HEAD"),
        Ref(revision="main"),
        Ref(revision="refs/heads/main"),
        Ref(revision="feature/not-fetched"),
        Ref(branch="main"),
        Ref(branch="not-fetched"),
        Ref(name="refs/heads/main"),
    ],
)
def test_branches_are_the_files_at_hand_here_or_not(repo: Path, ref: Ref) -> None:
    assert _read(repo, ref) == b"edited"


@pytest.mark.parametrize(
    "ref",
    [
        Ref(revision="v1.2.3"),
        Ref(revision="1.x"),
        Ref(tag="v1.2.3"),
        Ref(semver=">=1"),
        Ref(name="refs/tags/v1.2.3"),
    ],
)
def test_tags_are_read_out_of_the_object_database(repo: Path, ref: Ref) -> None:
    assert _read(repo, ref) == b"committed"


@pytest.mark.parametrize("ref", [Ref(revision="abcdef0"), Ref(revision="2.x"), Ref(tag="v9"), Ref(commit="1" * 40)])
def test_commits_and_tags_that_are_not_there_are_told(repo: Path, ref: Ref) -> None:
    with pytest.raises(RemoteError):
        _read(repo, ref)


def test_what_the_user_maps_is_not_this_repository(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a").write_text("other")
    assert _read(repo, Ref(branch="main"), f"{OTHER}.git", other=tmp_path / "other") == b"other"
    assert _read(repo, Ref(branch="main"), OTHER) == b"edited"


def test_a_revision_is_what_stands_at_hand(repo: Path, tmp_path: Path) -> None:
    assert at_hand(repo, "v1.2.3", URL).tree.read("a") == b"committed"
    assert at_hand(repo, "", URL).commit == at_hand(repo, "main", URL).commit
    with pytest.raises(InputError, match="no such revision: nope"):
        at_hand(repo, "nope", URL)
    (tmp_path / "plain").mkdir()
    assert set(at_hand(tmp_path / "plain", "", URL).commit) == {"0"}


def test_a_repository_is_known_by_its_remotes(repo: Path, tmp_path: Path) -> None:
    assert remote_urls(repo) == ()
    config = repo / ".git" / "config"
    config.write_text(f'{config.read_text()}[remote "origin"]\n\turl = {URL}\n')
    assert remote_urls(repo) == (URL,)
    assert remote_urls(tmp_path) == ()


def test_a_folder_knows_the_repository_around_it(repo: Path) -> None:
    (repo / "apps" / "web").mkdir(parents=True)
    assert repository_around(repo / "apps" / "web") == repo.resolve()
    assert repository_around(repo) is None
