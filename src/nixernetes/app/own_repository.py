"""The repository that is rendered, as it stands at hand: the files on disk, or a Git revision."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from nixernetes.adapters.folder_snapshot import FolderSnapshot
from nixernetes.adapters.git import GitSource, is_repository, normalise_url, open_repository, read_revision
from nixernetes.errors import NixernetesError, RemoteError
from nixernetes.objects.semver import parse_constraint
from nixernetes.render.sources import Ref, Snapshot

__all__ = ["OwnRepository", "at_hand", "remote_urls", "repository_around"]

_NO_COMMIT = "0" * 40
_COMMIT = re.compile(r"[0-9a-f]{7,64}\Z")


class OwnRepository:
    """Git repositories; the one that is rendered is as it stands at hand, wherever a branch of it is followed.

    Args:
        git: all repositories, this one among them.
        at_hand: this one.
        urls: the URLs of this one.
        mapped: what the user maps; that wins over what the repository says of itself.
        repo: where this one is.

    """

    def __init__(
        self, git: GitSource, at_hand: Snapshot, urls: Sequence[str], mapped: Mapping[str, Path], repo: Path
    ) -> None:
        self._git = git
        self._at_hand = at_hand
        self._own = {normalise_url(url) for url in urls} - {normalise_url(url) for url in mapped}
        self._repo = repo

    def resolve(self, url: str, ref: Ref) -> tuple[str, str]:
        """Return (commit, reference) that a ref names now."""
        found = self.snapshot(url, ref)
        return found.commit, found.reference

    def snapshot(self, url: str, ref: Ref) -> Snapshot:
        """Return the repository at a ref."""
        if normalise_url(url) in self._own and (self._follows_branch(url, ref) or not is_repository(self._repo)):
            return self._at_hand
        return self._git.snapshot(url, ref)

    def _follows_branch(self, url: str, ref: Ref) -> bool:
        if ref.revision:
            return ref.revision in ("HEAD", *self._branches()) or self._is_elsewhere(url, ref)
        if ref.commit or ref.semver or ref.tag:
            return bool(ref.name and not ref.commit)
        return not ref.name.startswith("refs/tags/")

    def _is_elsewhere(self, url: str, ref: Ref) -> bool:
        """Tell whether a name is of a branch that is not here: neither a tag, nor a commit, nor a range of tags."""
        if _COMMIT.match(ref.revision) or _is_range(ref.revision):
            return False
        try:
            self._git.resolve(url, ref)
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


def at_hand(repo: Path, rev: str, own: str) -> Snapshot:
    """Return the repository at a revision, or as it stands on disk, committed or not.

    Raises:
        InputError: there is no such folder, no Git repository for a revision, or no such revision.

    """
    if rev:
        return read_revision(repo, rev)
    try:
        commit, reference = GitSource({own: repo}).resolve(own, Ref(revision="HEAD"))
    except NixernetesError:  # no Git repository, or one without a commit: the files are there all the same
        commit, reference = _NO_COMMIT, ""
    return Snapshot(commit=commit, reference=reference, tree=FolderSnapshot(repo))


def remote_urls(repo: Path) -> tuple[str, ...]:
    """Return the URLs of a repository's remotes; none where it is no Git repository."""
    with _quiet():
        repository = open_repository(repo)
        try:
            return tuple(remote.url for remote in repository.remotes if remote.url)
        finally:
            repository.free()
    return ()


def repository_around(folder: Path) -> Path | None:
    """Return the Git repository that a folder is below, or None; one that begins in it is not around it."""
    place = folder.resolve()
    if (place / ".git").exists():
        return None
    return next((each for each in place.parents if (each / ".git").exists()), None)


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
