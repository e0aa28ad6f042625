"""The repository that is rendered or run, as it stands at hand: the files on disk, HEAD, or another Git revision.

It stands for itself wherever a branch of it is followed, here or not: what a clone for one commit, a feature branch or
a branch for each environment would follow is what is at hand. Tags and commits come out of its object database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pygit2

from nixernetes.adapters.folder_snapshot import FolderSnapshot
from nixernetes.adapters.repositories.git import GitSource, is_repository, open_repository, read_revision
from nixernetes.errors import NixernetesError, RemoteError
from nixernetes.languages.semver import parse_constraint
from nixernetes.render.estate import spelled
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.git import Ref, Snapshot
from nixernetes.render.sources.oci import OciArtifact, OciRef, OciRegistries

__all__ = [
    "Head",
    "OwnArtifacts",
    "OwnRepository",
    "at_hand",
    "committed",
    "head_of",
    "remote_urls",
    "repository_around",
]

_NO_COMMIT = "0" * 40
_COMMIT = re.compile(r"[0-9a-f]{7,64}\Z")
_REMOTE_URL = re.compile(r"remote\..+\.url\Z", re.DOTALL)
_SHOWN = 12  # characters of a commit, as Git shortens it in large repositories


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is at hand of a repository.

    Attributes:
        commit: the full hash.
        branch: the branch that it is the head of, or ``""``.
        is_dirty: whether files on disk differ from it.

    """

    commit: str
    branch: str = ""
    is_dirty: bool = False

    def __str__(self) -> str:
        where = f"branch {self.branch}, " if self.branch else ""
        left = "; changes on disk that are not committed are left out" if self.is_dirty else ""
        return f"{where}commit {self.commit[:_SHOWN]}{left}"


class OwnRepository:
    """Git repositories; one of them is as it stands at hand, wherever a branch of it is followed.

    Args:
        repo: where this one is.
        at_hand: gives this one.
        urls: the URLs of this one; each way to write them means it.
        mapped: what the user maps; that wins over what the repository says of itself.
        folders: whether a plain folder, without Git, may be mapped too.

    """

    def __init__(
        self,
        repo: Path,
        at_hand: Callable[[], Snapshot],
        *,
        urls: Sequence[str],
        mapped: Mapping[str, Path],
        folders: bool = False,
    ) -> None:
        self._repo = repo
        self._at_hand = at_hand
        self._place = own_url(repo)
        self._git = GitSource({self._place: repo, **mapped}, folders=folders)
        self._own = {spelled(url) for url in (self._place, *urls)} - {spelled(url) for url in mapped}

    def is_own(self, url: str) -> bool:
        """Tell whether a URL means this repository."""
        return spelled(url) in self._own

    def now(self) -> Snapshot:
        """Return this repository as it stands at hand."""
        return self._at_hand()

    def resolve(self, url: str, ref: Ref) -> tuple[str, str]:
        """Return (commit, reference) that a ref names now."""
        if not self.is_own(url):
            return self._git.resolve(url, ref)
        found = self.snapshot(url, ref)
        return found.commit, found.reference

    def snapshot(self, url: str, ref: Ref) -> Snapshot:
        """Return the repository at a ref."""
        if not self.is_own(url):
            return self._git.snapshot(url, ref)
        if self._follows_branch(ref) or not is_repository(self._repo):
            found = self._at_hand()
            return replace(found, reference=_followed(ref) or found.reference)
        return self._git.snapshot(self._place, ref)

    def _follows_branch(self, ref: Ref) -> bool:
        if ref.revision:
            return ref.revision == "HEAD" or ref.revision in self._branches() or self._is_elsewhere(ref)
        if ref.commit or ref.semver or ref.tag:
            return bool(ref.name and not ref.commit)
        return not ref.name.startswith("refs/tags/")

    def _is_elsewhere(self, ref: Ref) -> bool:
        """Tell whether a name is of a branch that is not here: neither a tag, nor a commit, nor a range of tags."""
        if _COMMIT.match(ref.revision) or _is_range(ref.revision):
            return False
        try:
            self._git.resolve(self._place, ref)
        except RemoteError:
            return True
        return ref.revision.startswith("refs/heads/")

    def _branches(self) -> set[str]:
        try:
            repository = open_repository(self._repo)
        except NixernetesError:
            return set()
        try:
            return {name for branch in repository.branches.local for name in (branch, f"refs/heads/{branch}")}
        finally:
            repository.free()


class OwnArtifacts:
    """OCI registries; artifacts of this repository are its files as they stand at hand.

    Args:
        own: the repository.
        below: asked for everything else.

    """

    def __init__(self, own: OwnRepository, below: OciRegistries) -> None:
        self._own = own
        self._below = below

    def resolve(self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision that a reference names now."""
        return self._found(ref).revision if self._own.is_own(url) else self._below.resolve(url, ref, credentials)

    def artifact(
        self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS, *, media_type: str = ""
    ) -> OciArtifact:
        """Return an artifact with its files."""
        if not self._own.is_own(url):
            return self._below.artifact(url, ref, credentials, media_type=media_type)
        return self._found(ref)

    def _found(self, ref: OciRef) -> OciArtifact:
        tree = self._own.now().tree
        digest = f"sha256:{tree.id}"
        revision = ref.digest or f"{ref.tag or 'latest'}@{digest}"
        return OciArtifact(revision=revision, digest=digest, layer=digest, tree=tree)


def at_hand(repo: Path, rev: str) -> Snapshot:
    """Return the repository at a revision, or as it stands on disk, committed or not.

    Raises:
        InputError: there is no such folder, no Git repository for a revision, or no such revision.

    """
    if rev:
        return read_revision(repo, rev)
    try:
        commit, reference = GitSource({own_url(repo): repo}).resolve(own_url(repo), Ref(revision="HEAD"))
    except NixernetesError:  # no Git repository, or one without a commit: the files are there all the same
        commit, reference = _NO_COMMIT, ""
    return Snapshot(commit=commit, reference=reference, tree=FolderSnapshot(repo))


def committed(repo: Path, rev: str) -> Callable[[], Snapshot]:
    """Return what gives the repository at HEAD, or at a revision, looked up again at each call.

    What it returns raises a RemoteError where there is no Git repository or no commit, and an InputError where there is
    no such revision.
    """
    place = own_url(repo)
    git = GitSource({place: repo})

    def found() -> Snapshot:
        if not rev:
            return git.snapshot(place, Ref(revision="HEAD"))
        named = read_revision(repo, rev)
        return replace(git.snapshot(place, Ref(commit=named.commit)), reference=named.reference)

    return found


def head_of(repo: Path, snapshot: Snapshot) -> Head:
    """Return what is at hand of a repository, in words for its user."""
    is_dirty = False
    with _quiet():
        repository = open_repository(repo)
        try:
            is_dirty = not repository.is_bare and bool(repository.status(untracked_files="normal"))
        except pygit2.GitError:
            is_dirty = False
        finally:
            repository.free()
    return Head(commit=snapshot.commit, branch=snapshot.reference, is_dirty=is_dirty)


def own_url(repo: Path) -> str:
    """Return the URL of a repository on this machine."""
    return f"file://{repo.resolve()}"


def remote_urls(repo: Path) -> tuple[str, ...]:
    """Return the URLs of a repository's remotes; none where it is no Git repository."""
    with _quiet():
        repository = open_repository(repo)
        try:
            # Its own list of remotes asks the configuration for each of them, which takes the square of their number.
            found = {each.name[7:-4]: each.value for each in repository.config if _REMOTE_URL.match(each.name)}
            return tuple(url for _, url in sorted(found.items()) if url)
        except pygit2.GitError:
            return ()
        finally:
            repository.free()
    return ()


def repository_around(folder: Path) -> Path | None:
    """Return the Git repository that a folder is below, or None; one that begins in it is not around it."""
    place = folder.resolve()
    if (place / ".git").exists():
        return None
    return next((each for each in place.parents if (each / ".git").exists()), None)


def _followed(ref: Ref) -> str:
    """Return the name of the branch that a ref follows, as revisions show it."""
    named = ref.revision.removeprefix("refs/heads/") if ref.revision != "HEAD" else ""
    return ref.name if ref.name not in ("", "HEAD") else ref.branch or named


def _is_range(text: str) -> bool:
    try:
        parse_constraint(text)
    except ValueError:
        return False
    return True


@contextmanager
def _quiet() -> Iterator[None]:
    """Take a folder that is no Git repository as one without remotes."""
    try:
        yield
    except NixernetesError:
        return
