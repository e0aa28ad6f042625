"""Git repositories are read out of their object databases, at any ref, and come back when they went away."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nixernetes.adapters.repositories.git import GitSource, normalise_url, read_revision
from nixernetes.adapters.repositories.git_write import commit_folder, init_repository, tag_commit
from nixernetes.errors import InputError, RemoteError
from nixernetes.render.sources.git import Ref

URL = "https://git.example.com/org/app.git"
AUTHOR = "Dana Platform <dana@example.com>"


def _commit(path: Path, files: dict[str, str], message: str = "change", minute: int = 0) -> str:
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
    return commit_folder(path, message, AUTHOR, datetime(2026, 1, 1, 12, minute, tzinfo=UTC))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = tmp_path / "repo"
    init_repository(path)
    _commit(path, {"a/one.yaml": "1\n", "README": "hello\n"}, "first")
    return path


def test_a_branch_is_resolved_and_its_files_are_read(repository: Path) -> None:
    source = GitSource({URL: repository})
    snapshot = source.snapshot("https://git.example.com/org/app", Ref(branch="main"))
    assert (snapshot.commit, snapshot.reference) == source.resolve(URL, Ref(branch="main"))
    assert snapshot.message == "first"
    assert snapshot.author == AUTHOR
    assert list(snapshot.tree.walk()) == ["README", "a/one.yaml"]
    assert snapshot.tree.read("a/one.yaml") == b"1\n"


def test_a_new_commit_is_seen_and_an_old_snapshot_keeps_its_files(repository: Path) -> None:
    source = GitSource({URL: repository})
    before = source.snapshot(URL, Ref(branch="main"))
    commit = _commit(repository, {"a/one.yaml": "2\n"}, minute=1)
    after = source.snapshot(URL, Ref(branch="main"))
    assert after.commit == commit
    assert (before.tree.read("a/one.yaml"), after.tree.read("a/one.yaml")) == (b"1\n", b"2\n")
    assert before.tree.content_id("README") == after.tree.content_id("README")
    assert before.tree.content_id("a") != after.tree.content_id("a")


def test_refs_have_flux_precedence(repository: Path) -> None:
    source = GitSource({URL: repository})
    first, _ = source.resolve(URL, Ref(branch="main"))
    tag_commit(repository, "v1.0.0", first)
    second = _commit(repository, {"b": "2"}, minute=1)
    tag_commit(repository, "v1.10.0", second)
    third = _commit(repository, {"b": "3"}, minute=2)
    assert source.resolve(URL, Ref(branch="main")) == (third, "main")
    assert source.resolve(URL, Ref(branch="main", tag="v1.0.0")) == (first, "v1.0.0")
    assert source.resolve(URL, Ref(tag="v1.0.0", semver="1.x")) == (second, "v1.10.0")
    assert source.resolve(URL, Ref(semver="1.x", name="refs/heads/main")) == (third, "refs/heads/main")
    assert source.resolve(URL, Ref(name="refs/heads/main", commit=first)) == (first, "")
    assert source.resolve(URL, Ref(commit=first, branch="main")) == (first, "main")


def test_argo_cds_target_revision_names_head_branch_tag_range_or_hash(repository: Path) -> None:
    source = GitSource({URL: repository})
    first, _ = source.resolve(URL, Ref(branch="main"))
    tag_commit(repository, "v1.2.3", first)
    second = _commit(repository, {"b": "2"}, minute=1)
    assert source.resolve(URL, Ref(revision="HEAD")) == (second, "main")
    assert source.resolve(URL, Ref(revision="main")) == (second, "main")
    assert source.resolve(URL, Ref(revision="refs/heads/main"))[0] == second
    assert source.resolve(URL, Ref(revision="v1.2.3")) == (first, "v1.2.3")
    assert source.resolve(URL, Ref(revision="1.x")) == (first, "v1.2.3")
    assert source.resolve(URL, Ref(revision=second))[0] == second
    assert source.resolve(URL, Ref(revision=first[:8]))[0] == first


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        (Ref(branch="none"), 'couldn\'t find remote ref "refs/heads/none"'),
        (Ref(), 'couldn\'t find remote ref "refs/heads/master"'),
        (Ref(tag="v9"), 'couldn\'t find remote ref "refs/tags/v9"'),
        (Ref(name="not a ref"), "couldn't find remote ref"),
        (Ref(semver=">9"), "no match found for semver: >9"),
        (Ref(semver="not"), "semver parse error"),
        (Ref(commit="f" * 40), "object not found"),
        (Ref(revision="none"), "unable to resolve 'none' to a commit SHA"),
        (Ref(revision="abcdef1"), "object not found"),
    ],
)
def test_a_ref_that_names_nothing_says_so(repository: Path, ref: Ref, message: str) -> None:
    with pytest.raises(RemoteError, match=message):
        GitSource({URL: repository}).resolve(URL, ref)


def test_an_unmapped_url_says_how_to_map_it() -> None:
    with pytest.raises(
        RemoteError, match=r"no local copy of https://x\.example/y: add --source https://x\.example/y=PATH"
    ):
        GitSource({}).resolve("https://x.example/y", Ref(branch="main"))


def test_a_repository_that_goes_away_is_an_error_and_works_again_when_it_is_back(repository: Path) -> None:
    source = GitSource({URL: repository})
    tree = source.snapshot(URL, Ref(branch="main")).tree
    away = repository.with_name("away")
    repository.rename(away)
    with pytest.raises(RemoteError, match="is not there"):
        source.resolve(URL, Ref(branch="main"))
    with pytest.raises(RemoteError, match="no longer has this object"):
        tree.read("README")
    away.rename(repository)
    assert source.snapshot(URL, Ref(branch="main")).tree.read("README") == b"hello\n"


def test_a_folder_that_is_no_repository_and_an_empty_one_are_refused(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    init_repository(tmp_path / "empty")
    source = GitSource({"https://x/plain": tmp_path / "plain", "https://x/empty": tmp_path / "empty"})
    with pytest.raises(RemoteError, match="is not a Git repository"):
        source.resolve("https://x/plain", Ref(branch="main"))
    with pytest.raises(RemoteError, match="git repository is empty"):
        source.resolve("https://x/empty", Ref(branch="main"))


def test_links_are_followed_inside_and_refused_when_they_lead_out(repository: Path) -> None:
    (repository / "link.yaml").symlink_to("a/one.yaml")
    (repository / "folder").symlink_to("a")
    (repository / "out").symlink_to("../../etc/passwd")
    (repository / "a" / "up").symlink_to("..")
    _commit(repository, {}, minute=1)
    tree = GitSource({URL: repository}).snapshot(URL, Ref(branch="main")).tree
    assert list(tree.walk()) == ["README", "a/one.yaml", "folder/one.yaml", "link.yaml", "out"]
    assert tree.read("link.yaml") == tree.read("folder/one.yaml") == b"1\n"
    assert tree.is_dir("a/up/a")
    with pytest.raises(InputError, match="links out of the repository"):
        tree.read("out")


def test_the_id_of_a_folder_with_a_link_follows_what_the_link_shows(repository: Path) -> None:
    (repository / "b").mkdir()
    (repository / "b" / "link").symlink_to("../a/one.yaml")
    _commit(repository, {}, minute=1)
    source = GitSource({URL: repository})
    before = source.snapshot(URL, Ref(branch="main")).tree.content_id("b")
    _commit(repository, {"a/one.yaml": "changed"}, minute=2)
    assert source.snapshot(URL, Ref(branch="main")).tree.content_id("b") != before


def test_equal_files_make_no_second_commit(repository: Path) -> None:
    first = _commit(repository, {"x": "1"}, minute=1)
    assert _commit(repository, {}, minute=2) == first


def test_an_author_is_name_and_mail(repository: Path) -> None:
    with pytest.raises(InputError, match="Name <mail>"):
        commit_folder(repository, "x", "nobody", datetime(2026, 1, 1, tzinfo=UTC))


def test_writing_where_no_repository_is_fails_clearly(tmp_path: Path) -> None:
    with pytest.raises(RemoteError, match="is not a Git repository"):
        commit_folder(tmp_path, "x", AUTHOR, datetime(2026, 1, 1, tzinfo=UTC))
    (tmp_path / "file").write_text("")
    with pytest.raises(RemoteError, match="cannot be written"):
        init_repository(tmp_path / "file")


@pytest.mark.parametrize(
    "url",
    [
        "ssh://git@git.example.com/org/app",
        "git@git.example.com:org/app.git",
        "ssh://git@GIT.example.com/org/app.git/",
        "SSH://git@git.example.com/org/app/",
    ],
)
def test_spellings_of_one_url_are_one(url: str) -> None:
    assert normalise_url(url) == "ssh://git@git.example.com/org/app"


def test_a_damaged_repository_is_a_remote_error(repository: Path) -> None:
    source = GitSource({URL: repository})
    commit, _ = source.resolve(URL, Ref(branch="main"))
    tree = source.snapshot(URL, Ref(branch="main")).tree
    for file in (repository / ".git" / "objects").rglob("*"):
        if file.is_file() and file.parent.name + file.name != commit:
            file.chmod(0o644)
            file.write_bytes(b"damage")
    with pytest.raises(RemoteError):
        tree.read("README")
    with pytest.raises(RemoteError):
        source.snapshot(URL, Ref(branch="main")).tree.entries("a")


def test_the_users_git_configuration_has_no_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".gitconfig").write_text(
        "[core]\nautocrlf = true\nexcludesFile = ~/ignored\n[commit]\ngpgSign = true\n[init]\ndefaultBranch = odd\n"
    )
    (tmp_path / "ignored").write_text("*.yaml\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tmp_path / "repo"
    init_repository(path)
    (path / "a.yaml").write_bytes(b"a: 1\r\n")
    commit = _commit(path, {})
    snapshot = GitSource({URL: path}).snapshot(URL, Ref(branch="main"))
    assert snapshot.commit == commit
    assert snapshot.tree.read("a.yaml") == b"a: 1\r\n"


def test_a_plain_folder_stands_for_every_revision_where_that_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("1")
    source = GitSource({URL: tmp_path}, folders=True)
    found = [source.snapshot(URL, ref) for ref in (Ref(branch="main"), Ref(tag="v1"), Ref(semver="1.x"))]
    assert [each.tree.read("a.yaml") for each in found] == [b"1"] * 3
    assert [each.reference for each in found] == ["main", "v1", ""]
    assert source.resolve(URL, Ref(revision="HEAD")) == (found[0].commit, "HEAD")
    (tmp_path / "a.yaml").write_text("2")
    assert GitSource({URL: tmp_path}, folders=True).resolve(URL, Ref(tag="v1"))[0] != found[0].commit
    with pytest.raises(RemoteError, match="is not a Git repository"):
        GitSource({URL: tmp_path}).resolve(URL, Ref(branch="main"))


def test_a_broken_repository_is_no_plain_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(RemoteError, match="is not a Git repository"):
        GitSource({URL: tmp_path}, folders=True).resolve(URL, Ref(branch="main"))


@pytest.mark.parametrize("spelled", ["main", "v1", "HEAD~1", "main^", "origin/main", "short", "HEAD"])
def test_a_revision_is_read_as_git_spells_it(repository: Path, spelled: str) -> None:
    first = GitSource({URL: repository}).resolve(URL, Ref(branch="main"))[0]
    tag_commit(repository, "v1", first)
    (repository / ".git/refs/remotes/origin").mkdir(parents=True)
    (repository / ".git/refs/remotes/origin/main").write_text(f"{first}\n")
    second = _commit(repository, {"b": "2"}, minute=1)
    wanted = second if spelled in ("main", "HEAD") else first
    assert read_revision(repository, first[:8] if spelled == "short" else spelled).commit == wanted


def test_a_revision_that_is_not_there_is_told(repository: Path, tmp_path: Path) -> None:
    for spelled in ("nope", "HEAD~9", "abcdef0", "..", "", ":/nothing", "@{"):
        with pytest.raises(InputError, match="no such revision"):
            read_revision(repository, spelled)
    with pytest.raises(InputError, match="not a Git repository"):
        read_revision(tmp_path, "main")
