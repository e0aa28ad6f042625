"""Remote bases and files are fetched where they are not mapped, and where that is allowed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.adapters.git_server import serve_git

from nixernetes.adapters.repositories import fetched_remotes
from nixernetes.adapters.repositories.fetched_remotes import FetchedRemotes
from nixernetes.adapters.repositories.git import GitSource
from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.cli.render import main
from nixernetes.errors import RemoteError

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "served" / "base.git"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "kustomization.yaml").write_text("resources: [c.yaml]\n")
    (folder / "a" / "c.yaml").write_text(CONFIG_MAP)
    init_repository(folder)
    commit_folder(folder, "first", "A <a@example.com>", datetime(2026, 1, 1, tzinfo=UTC))
    return folder


@pytest.fixture
def url(repository: Path) -> Iterator[str]:
    with serve_git(repository.parent) as found:
        yield found


@pytest.fixture
def remotes() -> Iterator[FetchedRemotes]:
    found = FetchedRemotes(GitSource({}), {})
    yield found
    found.close()


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_repository_is_fetched_at_a_revision(
    scheme: str, url: str, repository: Path, remotes: FetchedRemotes
) -> None:
    place = f"{url}/base.git" if scheme == "http" else f"file://{repository}"
    tree = remotes.repository(place, "")
    assert tree is not None
    assert list(tree.walk()) == ["a/c.yaml", "a/kustomization.yaml"]
    with pytest.raises(RemoteError, match=r"failed to fetch v9 of .*couldn't find remote ref v9"):
        remotes.repository(place, "v9")


def test_a_file_is_fetched_and_a_page_is_none(url: str, repository: Path, remotes: FetchedRemotes) -> None:
    (repository.parent / "install.yaml").write_text(CONFIG_MAP)
    assert remotes.file(f"{url}/install.yaml") == CONFIG_MAP.encode()
    assert remotes.file(f"{url}/page") is None
    assert remotes.file(f"{url}/missing.yaml") is None


def test_a_file_that_is_too_large_is_refused(
    url: str, repository: Path, remotes: FetchedRemotes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetched_remotes, "_MAX_FILE_BYTES", 10)
    (repository.parent / "install.yaml").write_text(CONFIG_MAP)
    with pytest.raises(RemoteError, match="is larger than"):
        remotes.file(f"{url}/install.yaml")


def test_what_cannot_be_reached_or_needs_credentials_is_told(remotes: FetchedRemotes) -> None:
    with pytest.raises(RemoteError, match="failed to fetch"):
        remotes.repository("http://127.0.0.1:1/org/repo", "")
    with pytest.raises(RemoteError, match="failed to fetch"):
        remotes.file("http://127.0.0.1:1/install.yaml")
    with pytest.raises(RemoteError, match="without credentials"):
        remotes.repository("git@git.example:org/repo", "")


def test_what_is_mapped_is_not_fetched(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "install.yaml").write_text(CONFIG_MAP)
    mapped = {"http://127.0.0.1:1/org/repo": repository, "http://127.0.0.1:1/i.yaml": tmp_path / "install.yaml"}
    remotes = FetchedRemotes(GitSource(mapped), mapped)
    tree = remotes.repository("http://127.0.0.1:1/org/repo.git", "")
    assert tree is not None
    assert tree.is_file("a/c.yaml")
    assert remotes.file("http://127.0.0.1:1/i.yaml") == CONFIG_MAP.encode()
    remotes.close()


def test_render_fetches_only_when_it_is_allowed(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "overlay"
    folder.mkdir()
    (folder / "kustomization.yaml").write_text(f"namePrefix: my-\nresources: ['{url}/base.git//a']\n")
    with pytest.raises(Exception, match="is not at hand"):
        main([str(folder)])
    for _ in range(2):
        main([str(folder), "--allow-remote-bases"])
        assert "name: my-c" in capsys.readouterr().out
