"""Git repositories on this machine, read out of their object databases: no checkout, no git executable.

A repository is opened afresh whenever a ref is resolved, so one that went away and came back works again. The user's
Git configuration has no say.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import pygit2
from pygit2.enums import ConfigLevel, RepositoryOpenFlag

from nixernetes.adapters.folder_snapshot import FolderSnapshot
from nixernetes.adapters.repositories.git_tree import GitTree
from nixernetes.adapters.repositories.loose_objects import object_database
from nixernetes.adapters.repositories.own_objects import own_objects
from nixernetes.errors import InputError, RemoteError
from nixernetes.languages.semver import newest, parse_constraint, parse_version
from nixernetes.render.sources.git import Ref, Snapshot

__all__ = ["GitSource", "is_repository", "isolate_git", "normalise_url", "open_repository", "read_revision"]

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_SHORT_COMMIT = re.compile(r"[0-9a-f]{7,40}\Z")
_SCP = re.compile(r"(?:(?P<user>[\w.-]+)@)?(?P<host>[\w.-]+):(?P<path>(?!/)[^\s]+)\Z")


def isolate_git() -> None:
    """Leave the machine's Git configuration out, and read repositories that another user owns: nothing of them runs."""
    for level in (ConfigLevel.SYSTEM, ConfigLevel.GLOBAL, ConfigLevel.XDG):
        pygit2.settings.search_path[level] = ""
    pygit2.option(pygit2.enums.Option.SET_OWNER_VALIDATION, False)


def normalise_url(url: str) -> str:
    """Return the one spelling of a repository's URL: scp form as ssh://, lower-case host, no ``.git``, no end slash."""
    text = url.strip()
    if "://" not in text and (scp := _SCP.match(text)):
        text = f"ssh://{scp['user'] + '@' if scp['user'] else ''}{scp['host']}/{scp['path']}"
    try:
        parts = urlsplit(text)
    except ValueError:  # a broken address in brackets: Git says what is wrong with it
        return text
    if parts.scheme and parts.netloc:
        user, at, host = parts.netloc.rpartition("@")
        text = f"{parts.scheme.lower()}://{user}{at}{host.lower()}{parts.path}"
    return text.rstrip("/").removesuffix(".git").rstrip("/")


def is_repository(path: Path) -> bool:
    """Tell whether a Git repository is at exactly this path (its worktree, or a bare one), readable or not."""
    return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())


def open_repository(path: Path, shown: str = "") -> pygit2.Repository:
    """Open the repository at exactly this path (its worktree, or a bare one), to be read.

    Raises:
        RemoteError: there is none, it cannot be read, or it belongs to another folder.

    """
    isolate_git()
    if not path.exists():
        raise RemoteError(f"the local copy {path} is not there", subject=shown)
    with _translated(shown or str(path)):
        try:
            return _opened(str(path), _signature(path))
        except pygit2.GitError as error:
            raise RemoteError(f"the local copy {path} is not a Git repository: {error}", subject=shown) from error


@lru_cache(maxsize=16)
def _opened(path: str, signature: tuple[tuple[int, int, int], ...]) -> pygit2.Repository:
    """Open a repository and see that it is the folder's own: anew where its parts are others, or have changed.

    References and objects are read from the disk whenever they are asked for.
    """
    del signature
    objects = own_objects(Path(path))
    repository = pygit2.Repository(path, RepositoryOpenFlag.NO_SEARCH)
    repository.set_odb(object_database(objects))
    return repository


def _signature(path: Path) -> tuple[tuple[int, int, int], ...]:
    """Return what changes when a part of a repository is put in the place of another, or a link is put into it."""
    git = path / ".git" if os.path.lexists(path / ".git") else path
    found = []
    for part in (
        "",
        "objects",
        "refs",
        "refs/heads",
        "refs/tags",
        "refs/remotes",
        "config",
        "commondir",
        "packed-refs",
    ):
        try:
            state = os.lstat(git / part)
        except OSError:
            found.append((0, 0, 0))
        else:
            found.append((state.st_dev, state.st_ino, state.st_mtime_ns))
    return tuple(found)


def read_revision(path: Path, revision: str) -> Snapshot:
    """Return the repository at a path at a revision, spelled as for Git: ``v1.2``, ``origin/x``, ``HEAD~1``.

    Raises:
        InputError: there is no Git repository, or no such revision.

    """
    if not is_repository(path):
        raise InputError(f"is not a Git repository, and has no revision {revision}", subject=str(path))
    with _translated(str(path)):
        repository = open_repository(path)
        try:
            commit, reference = _target_revision(repository, revision)
        except RemoteError as error:
            try:
                commit, reference = repository.revparse_single(revision).peel(pygit2.Commit), ""
            except (pygit2.GitError, KeyError, ValueError):
                text = f"no such revision: {revision}"
                raise InputError(text, subject=str(path)) from error
        return _snapshot(commit, reference, GitTree(repository, commit.tree_id))


class GitSource:
    """Reads mapped repositories; a :class:`~nixernetes.engine.ports.Source`.

    Args:
        mappings: remote URL to the local repository that stands for it.
        folders: whether a plain folder, without Git, may be mapped too: as it stands now, it is every revision.

    """

    def __init__(self, mappings: Mapping[str, Path], *, folders: bool = False) -> None:
        self._paths = {normalise_url(url): Path(path) for url, path in mappings.items()}
        self._folders = folders
        self._plain: dict[Path, Snapshot] = {}
        self._trees: dict[str, tuple[str, GitTree]] = {}

    def resolve(self, url: str, ref: Ref) -> tuple[str, str]:
        """Return (commit, reference) that a ref names now."""
        plain = self._folder(url, ref)
        if plain is not None:
            return plain.commit, plain.reference
        with _translated(url):
            commit, reference = _resolve(self._open(url), ref)
            return str(commit.id), reference

    def snapshot(self, url: str, ref: Ref) -> Snapshot:
        """Return the repository at a ref."""
        plain = self._folder(url, ref)
        if plain is not None:
            return plain
        with _translated(url):
            repository = self._open(url)
            commit, reference = _resolve(repository, ref)
            return _snapshot(commit, reference, self._tree(url, repository, commit))

    def _open(self, url: str) -> pygit2.Repository:
        path = self._paths.get(normalise_url(url))
        if path is None:
            raise RemoteError(f"no local copy of {url}: add --source {url}=PATH", subject=url)
        return open_repository(path, url)

    def _folder(self, url: str, ref: Ref) -> Snapshot | None:
        """Return a mapped folder without Git, its commit the digest of its content."""
        path = self._paths.get(normalise_url(url))
        if not self._folders or path is None or not path.is_dir() or is_repository(path):
            return None
        if path not in self._plain:
            tree = FolderSnapshot(path)
            self._plain[path] = Snapshot(commit=tree.id, tree=tree)
        reference = ref.revision or ref.name or ref.tag or ref.branch
        return replace(self._plain[path], reference=reference)

    def _tree(self, url: str, repository: pygit2.Repository, commit: pygit2.Commit) -> GitTree:
        """Keep the newest tree of each URL, so that an unchanged revision is read once."""
        wanted = str(commit.tree_id)
        known = self._trees.get(url)
        if known is None or known[0] != wanted or not known[1].readable:
            known = (wanted, GitTree(repository, commit.tree_id))
            self._trees[url] = known
        return known[1]


def _snapshot(commit: pygit2.Commit, reference: str, tree: GitTree) -> Snapshot:
    return Snapshot(
        commit=str(commit.id),
        reference=reference,
        message=commit.message,
        author=f"{commit.author.name} <{commit.author.email}>",
        time=datetime.fromtimestamp(commit.commit_time, UTC),
        tree=tree,
    )


def _resolve(repository: pygit2.Repository, ref: Ref) -> tuple[pygit2.Commit, str]:
    if next(iter(repository.references), None) is None:
        raise RemoteError("git repository is empty")
    if ref.revision:
        return _target_revision(repository, ref.revision)
    if ref.commit:
        return _commit(repository, ref.commit), ref.branch
    if ref.name:
        return _reference(repository, ref.name), ref.name
    if ref.semver:
        tag = _newest_tag(repository, ref.semver)
        return _reference(repository, f"refs/tags/{tag}"), tag
    if ref.tag:
        return _reference(repository, f"refs/tags/{ref.tag}"), ref.tag
    branch = ref.branch or "master"
    return _reference(repository, f"refs/heads/{branch}"), branch


def _target_revision(repository: pygit2.Repository, revision: str) -> tuple[pygit2.Commit, str]:
    """Resolve Argo CD's targetRevision: full hash, range over tags, reference by short or full name, short hash."""
    if _COMMIT.match(revision):
        return _commit(repository, revision), ""
    if parse_version(revision) is None and (tag := _matching_tag(repository, revision)):
        return _reference(repository, f"refs/tags/{tag}"), tag
    if revision == "HEAD":
        return _head(repository)
    for prefix in ("", "refs/heads/", "refs/tags/", "refs/"):
        name = prefix + revision
        if pygit2.reference_is_valid_name(name) and name in repository.references:
            return _reference(repository, name), revision.removeprefix("refs/heads/").removeprefix("refs/tags/")
    if _SHORT_COMMIT.match(revision):
        return _commit(repository, revision), ""
    raise RemoteError(f"unable to resolve '{revision}' to a commit SHA")


def _head(repository: pygit2.Repository) -> tuple[pygit2.Commit, str]:
    if repository.head_is_unborn:
        target = repository.references["HEAD"].target
        raise RemoteError(f"HEAD names {target}, which has no commit: name a branch")
    name = "" if repository.head_is_detached else repository.head.shorthand
    return repository.head.peel(pygit2.Commit), name


def _reference(repository: pygit2.Repository, name: str) -> pygit2.Commit:
    if not pygit2.reference_is_valid_name(name) or name not in repository.references:
        raise RemoteError(f'couldn\'t find remote ref "{name}"')
    return repository.references[name].peel(pygit2.Commit)


def _commit(repository: pygit2.Repository, text: str) -> pygit2.Commit:
    try:
        found = repository.get(text)
    except ValueError as error:  # not a hash, or one that several objects share the beginning of
        raise RemoteError(f"object not found: {text}") from error
    if not isinstance(found, (pygit2.Commit, pygit2.Tag)):
        raise RemoteError(f"object not found: {text}")
    return found.peel(pygit2.Commit)


def _tags(repository: pygit2.Repository) -> Iterable[str]:
    return [name.removeprefix("refs/tags/") for name in repository.references if name.startswith("refs/tags/")]


def _newest_tag(repository: pygit2.Repository, expression: str) -> str:
    try:
        candidates = newest(_tags(repository), parse_constraint(expression))
    except ValueError as error:
        raise RemoteError(f"semver parse error: {error}") from error
    if not candidates:
        raise RemoteError(f"no match found for semver: {expression}")
    # Equal versions (1.0.0+a, 1.0.0+b): the newest commit wins.
    return max(candidates, key=lambda tag: (_reference(repository, f"refs/tags/{tag}").commit_time, tag))


def _matching_tag(repository: pygit2.Repository, expression: str) -> str:
    try:
        candidates = newest(_tags(repository), parse_constraint(expression))
    except ValueError:
        return ""
    return max(candidates, default="")


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except RemoteError as error:
        error.subject = error.subject or url
        raise
    except (pygit2.GitError, KeyError, ValueError, OSError) as error:
        raise RemoteError(f"the local copy cannot be read: {error}", subject=url) from error
