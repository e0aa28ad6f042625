"""The repository that is rendered stands for itself wherever one of its branches is followed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nixernetes.adapters.repositories.git_write import commit_folder, init_repository, tag_commit
from nixernetes.adapters.repositories.own_repository import (
    OwnArtifacts,
    OwnRepository,
    at_hand,
    committed,
    head_of,
    remote_urls,
    repository_around,
)
from nixernetes.errors import InputError, RemoteError
from nixernetes.render.sources.git import Ref
from nixernetes.render.sources.oci import OciRef

URL, OTHER = "https://git.example/fleet", "https://git.example/other"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class Nowhere:
    """Registries of which none answers."""

    def resolve(self, *_: Any, **__: Any) -> Any:
        raise RemoteError("cannot be reached")

    def artifact(self, *_: Any, **__: Any) -> Any:
        raise RemoteError("cannot be reached")


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
    own = OwnRepository(repo, lambda: at_hand(repo, ""), urls=(URL, OTHER), mapped=sources, folders=True)
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
    assert at_hand(repo, "v1.2.3").tree.read("a") == b"committed"
    assert at_hand(repo, "").commit == at_hand(repo, "main").commit
    with pytest.raises(InputError, match="no such revision: nope"):
        at_hand(repo, "nope")
    (tmp_path / "plain").mkdir()
    assert set(at_hand(tmp_path / "plain", "").commit) == {"0"}


@pytest.mark.parametrize(
    "url", ["git@git.example:fleet.git", "ssh://git@git.example/fleet", "https://GIT.example/Fleet.git/"]
)
def test_each_way_to_write_a_url_means_this_repository(repo: Path, url: str) -> None:
    assert _read(repo, Ref(branch="main"), url) == b"edited"
    assert _read(repo, Ref(tag="v1.2.3"), url) == b"committed"


def test_a_branch_is_called_as_it_is_followed(repo: Path) -> None:
    own = OwnRepository(repo, committed(repo, ""), urls=(URL,), mapped={})
    assert own.resolve(URL, Ref(branch="develop"))[1] == "develop"
    assert own.resolve(URL, Ref(name="refs/heads/develop"))[1] == "refs/heads/develop"
    assert own.resolve(URL, Ref(revision="HEAD"))[1] == "main"


def test_a_run_sees_what_is_committed_and_later_what_was_committed_since(repo: Path) -> None:
    own = OwnRepository(repo, committed(repo, ""), urls=(URL,), mapped={})
    assert own.snapshot(URL, Ref(branch="main")).tree.read("a") == b"committed"
    first = own.now()
    assert str(head_of(repo, first)).startswith(f"branch main, commit {first.commit[:12]}; changes on disk")
    commit_folder(repo, "second", "A <a@b>", MOMENT)
    assert own.snapshot(URL, Ref(branch="main")).tree.read("a") == b"edited"
    assert str(head_of(repo, own.now())) == f"branch main, commit {own.now().commit[:12]}"


def test_a_run_of_a_revision_stays_there(repo: Path) -> None:
    commit_folder(repo, "second", "A <a@b>", MOMENT)
    own = OwnRepository(repo, committed(repo, "HEAD~1"), urls=(URL,), mapped={})
    assert own.snapshot(URL, Ref(branch="main")).tree.read("a") == b"committed"
    with pytest.raises(InputError, match="no such revision: nope"):
        committed(repo, "nope")()


def test_an_artifact_of_this_repository_is_its_files(repo: Path) -> None:
    own = OwnRepository(repo, committed(repo, ""), urls=("oci://host.example/fleet",), mapped={})
    artifacts = OwnArtifacts(own, Nowhere())
    found = artifacts.artifact("oci://host.example/fleet", OciRef(tag="v1"))
    assert found.tree.read("a") == b"committed"
    assert artifacts.resolve("oci://host.example/fleet", OciRef(tag="v1")) == found.revision == f"v1@{found.digest}"
    with pytest.raises(RemoteError):
        artifacts.artifact("oci://host.example/other", OciRef())


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


def test_thousands_of_remotes_are_read_in_one_pass(repo: Path) -> None:
    """Asking the configuration for each of them would take minutes."""
    urls = [f"https://git.example/{number:05}" for number in range(10_000)]
    with (repo / ".git" / "config").open("a") as config:
        config.writelines(f'[remote "r.{url[-5:]}"]\n\turl = {url}\n' for url in urls)
    assert remote_urls(repo) == tuple(urls)
