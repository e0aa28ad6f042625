"""Remote files and repositories that kustomizations name, fetched where the user allows it.

Only what is not mapped is fetched: files by HTTP GET, repositories one revision at a time into a folder that is removed
when the work is done. Nobody's credentials are used, and nothing that is fetched is run.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import httpx
import pygit2

from nixernetes.adapters.addresses import following, split_address
from nixernetes.adapters.exchanges import Answered, Deadline, Exchanges
from nixernetes.adapters.repositories.git import isolate_git, normalise_url
from nixernetes.adapters.repositories.git_tree import GitTree
from nixernetes.adapters.repositories.local_remotes import LocalRemotes
from nixernetes.adapters.sandbox.process import Lines, SandboxProcess, TooMuchError
from nixernetes.adapters.temporary_folders import temporary_folder
from nixernetes.errors import RemoteError
from nixernetes.objects.manifest import Json
from nixernetes.render.sources.git import Source
from nixernetes.render.tree import Tree

__all__ = ["FetchedRemotes"]

_TIMEOUT_SECONDS = 27.0  # Kustomize's own for a remote base
_MAX_FILE_BYTES = 20 * 1024 * 1024
_CPU_SECONDS = 60
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_SCHEMES = ("https://", "http://", "file://")
_MAX_REDIRECTS = 10  # Go's own


class FetchedRemotes:
    """Fetches what is not mapped; a :class:`~nixernetes.render.kustomize.remote_bases.Remotes`.

    Args:
        source: the mapped repositories.
        mapped: URL to the local repository, or file, that stands for it.
        timeout_seconds: how long one answer may take.
        deadline: when a file must have come.

    """

    def __init__(
        self,
        source: Source,
        mapped: Mapping[str, Path],
        timeout_seconds: float = _TIMEOUT_SECONDS,
        deadline: Deadline | None = None,
    ) -> None:
        files = {url: path for url, path in mapped.items() if path.is_file()}
        self._local = LocalRemotes(source, files)
        self._mapped = {normalise_url(url) for url in mapped}
        self._deadline = deadline or Deadline(timeout_seconds)
        self._client = Exchanges(timeout_seconds, self._deadline)
        self._timeout = timeout_seconds
        self._folder = temporary_folder("remote-bases")
        certificates = {name: value for name in _CERTIFICATES if (value := os.environ.get(name))}
        self._git = SandboxProcess("git", _CPU_SECONDS, timeout_seconds, certificates)
        self._dead: set[str] = set()
        self._files: dict[str, bytes] = {}
        self._trees: dict[tuple[str, str], GitTree] = {}
        self._repositories: list[pygit2.Repository] = []

    def file(self, url: str) -> bytes | None:
        """Return the bytes of the file at an HTTP URL, or None where the server has no such file.

        Raises:
            RemoteError: the server cannot be reached, or sends too much.

        """
        found = self._local.file(url)
        if found is not None or url in self._files:
            return found if found is not None else self._files[url]
        response, data = self._followed(url)
        if not _is_file(response):
            return None  # the page of a repository, say: it is tried as one
        self._files[url] = data
        return data

    def repository(self, url: str, ref: str) -> Tree | None:
        """Return a repository's files at a revision.

        Raises:
            RemoteError: the repository cannot be reached, or has no such revision.

        """
        if normalise_url(url) in self._mapped:
            return self._local.repository(url, ref)
        if not url.startswith(_SCHEMES):
            raise RemoteError("only https:// repositories are fetched, without credentials: map it", subject=url)
        if (url, ref) not in self._trees:
            self._trees[url, ref] = self._fetched(url, ref)
        return self._trees[url, ref]

    def close(self) -> None:
        """Remove what was fetched."""
        for repository in self._repositories:
            repository.free()
        self._client.close()
        self._git.close()
        self._folder.cleanup()

    def _followed(self, url: str) -> Answered:
        address = url
        self._deadline.begin()
        for _ in range(_MAX_REDIRECTS):
            try:
                found = self._client.ask(address, _MAX_FILE_BYTES, wanted=_is_file)
            except httpx.HTTPError as error:
                reason = str(error) or type(error).__name__
                raise RemoteError(f"failed to fetch {url}: {reason}", subject=url) from error
            if not found.response.has_redirect_location:
                return found
            address = following(address, found.response.headers["Location"])
        raise RemoteError(f"failed to fetch {url}: it redirects too often", subject=url)

    def _fetched(self, url: str, ref: str) -> GitTree:
        isolate_git()
        place = tempfile.mkdtemp(dir=self._folder.name)
        asked = {"url": url, "ref": ref, "place": place, "milliseconds": int(self._timeout * 1000)}
        about = f"failed to fetch {ref or 'HEAD'} of {url}"
        host = split_address(url).netloc.rpartition("@")[2] if not url.startswith("file://") else ""
        if host in self._dead:
            raise RemoteError(f"{about}: {host} did not answer before", subject=url)
        try:
            answer = self._git.converse(lambda lines: _answered(lines, asked))
            if "error" in answer:
                raise RemoteError(f"{about}: {answer['error']}", subject=url)
            repository = pygit2.Repository(place)
            self._repositories.append(repository)
            return GitTree(repository, repository[answer["commit"]].peel(pygit2.Commit).tree_id)
        except TooMuchError as error:
            self._dead.add(host)
            raise RemoteError(
                f"{about}: it takes more than {self._timeout:g} seconds, or too much", subject=url
            ) from error
        except (pygit2.GitError, KeyError, ValueError) as error:
            raise RemoteError(f"{about}: {error}", subject=url) from error


def _answered(lines: Lines, asked: Json) -> Json:
    lines.say(asked)
    return lines.hear()


def _is_file(response: httpx.Response) -> bool:
    return response.is_success and "text/html" not in response.headers.get("content-type", "")
