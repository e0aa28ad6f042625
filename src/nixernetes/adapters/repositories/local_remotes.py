"""What stands on this machine for the remote files and repositories that kustomizations name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nixernetes.errors import RemoteError
from nixernetes.render.sources.git import Ref, Source
from nixernetes.render.tree import Tree

__all__ = ["LocalRemotes"]


class LocalRemotes:
    """Files and repositories by URL; a :class:`~nixernetes.render.kustomize.remote_bases.Remotes`.

    Args:
        source: the repositories.
        files: URL to the local file that stands for it.

    """

    def __init__(self, source: Source, files: Mapping[str, Path]) -> None:
        self._source = source
        self._files = files

    def file(self, url: str) -> bytes | None:
        """Return the bytes of a mapped file, or None where none is.

        Raises:
            RemoteError: it cannot be read.

        """
        path = self._files.get(url)
        if path is None:
            return None
        try:
            return path.read_bytes()
        except OSError as error:
            raise RemoteError(f"the local copy {path} cannot be read: {error.strerror}", subject=url) from error

    def close(self) -> None:
        """Do nothing: nothing is held open."""

    def repository(self, url: str, ref: str) -> Tree | None:
        """Return a repository's files at a revision.

        Raises:
            RemoteError: the repository is not mapped, or has no such revision.

        """
        return self._source.snapshot(url, Ref(revision=ref or "HEAD")).tree
