"""Fakes of the engine's ports, for our tests and for users' own.

They hold what they are given and fail when told to; nothing here reads the outside.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from nixernetes.engine.notices.requests import ForeignMessage, Parcel, WebReply, WebRequest
from nixernetes.errors import NixernetesError, RemoteError
from nixernetes.render.sources.charts import Chart
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.git import Ref, Snapshot
from nixernetes.render.sources.oci import OciArtifact, OciRef
from nixernetes.render.tree import MemoryTree, Tree

__all__ = ["MemoryCharts", "MemoryRegistries", "MemorySource", "RecordingNotifier"]


_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(slots=True)
class _Repository:
    commits: dict[str, Snapshot] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


class MemorySource:
    """Git repositories in memory, by URL; a :class:`~nixernetes.engine.ports.Source`.

    Attributes:
        polls: the URLs that were asked, in order (``resolve`` and ``snapshot`` alike).
        failing: URL to the message it fails with; remove the entry and the repository is back.

    """

    def __init__(self) -> None:
        self._repositories: dict[str, _Repository] = {}
        self.polls: list[str] = []
        self.failing: dict[str, str] = {}

    def commit(
        self, url: str, files: Mapping[str, bytes | str] | Tree, *, branch: str = "main", message: str = "commit"
    ) -> str:
        """Put a commit on a branch (the whole content, not a change) and return its hash."""
        tree = files if isinstance(files, Tree) else MemoryTree(files)
        repository = self._repositories.setdefault(url, _Repository())
        text = json.dumps([url, branch, repository.branches.get(branch, ""), tree.id, message])
        commit = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        repository.commits[commit] = Snapshot(
            commit=commit, reference=branch, message=message, author="Test <test@example.com>", tree=tree
        )
        repository.branches[branch] = commit
        return commit

    def tag(self, url: str, name: str, commit: str) -> None:
        """Let a tag name a commit."""
        self._repositories[url].tags[name] = commit

    def resolve(self, url: str, ref: Ref) -> tuple[str, str]:
        """Return (commit, reference) that a ref names now."""
        self.polls.append(url)
        if url in self.failing:
            raise RemoteError(self.failing[url], subject=url)
        repository = self._repositories.get(url)
        if repository is None:
            raise RemoteError("repository not found", subject=url)
        return _resolve(repository, ref, url)

    def snapshot(self, url: str, ref: Ref) -> Snapshot:
        """Return the repository at a ref."""
        commit, reference = self.resolve(url, ref)
        found = self._repositories[url].commits[commit]
        return Snapshot(commit=commit, reference=reference, message=found.message, author=found.author, tree=found.tree)


def _resolve(repository: _Repository, ref: Ref, url: str) -> tuple[str, str]:
    if ref.revision:
        ref = _from_target_revision(repository, ref.revision)
    if ref.commit:
        if ref.commit in repository.commits:
            return ref.commit, ref.branch
        raise RemoteError(f"object not found: {ref.commit}", subject=url)
    if ref.name or ref.tag or ref.branch:
        kind, name = _split(ref)
        known = repository.tags if kind == "tags" else repository.branches
        if name in known:
            return known[name], ref.name or name
        raise RemoteError(f"couldn't find remote ref {ref.name or f'refs/{kind}/{name}'!r}", subject=url)
    if ref.semver:
        raise RemoteError("the in-memory source resolves no semver ranges: use a tag", subject=url)
    return _resolve(repository, Ref(branch="main" if "main" in repository.branches else "master"), url)


def _split(ref: Ref) -> tuple[str, str]:
    if ref.name:
        _, kind, name = ref.name.split("/", 2)
        return kind, name
    return ("tags", ref.tag) if ref.tag else ("heads", ref.branch)


def _from_target_revision(repository: _Repository, revision: str) -> Ref:
    if revision == "HEAD":
        return Ref()
    if revision in repository.branches:
        return Ref(branch=revision)
    if revision in repository.tags:
        return Ref(tag=revision)
    if revision in repository.commits or _COMMIT.fullmatch(revision):
        return Ref(commit=revision)
    raise RemoteError(f"unable to resolve '{revision}' to a commit SHA")


class MemoryCharts:
    """Helm repositories in memory; a :class:`~nixernetes.render.sources.charts.ChartRepositories`.

    Versions are taken literally; ``""`` and ``*`` give the chart that was added last.

    Attributes:
        failing: URL to the message it fails with.
        asked: the URLs that were asked, with who asked, in order.

    """

    def __init__(self) -> None:
        self._charts: dict[tuple[str, str], list[Chart]] = {}
        self.failing: dict[str, str] = {}
        self.asked: list[tuple[str, Credentials]] = []

    def add(self, url: str, chart: Chart) -> None:
        """Publish a chart."""
        self._charts.setdefault((url, chart.name), []).append(chart)

    def index(self, url: str, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision of a repository's index."""
        self.asked.append((url, credentials))
        if url in self.failing:
            raise RemoteError(self.failing[url], subject=url)
        found = sorted(
            (name, c.version, c.tree.id) for (at, name), charts in self._charts.items() for c in charts if at == url
        )
        if not found:
            raise RemoteError("no index.yaml", subject=url)
        return "sha256:" + hashlib.sha256(json.dumps(found).encode()).hexdigest()

    def pull(self, url: str, name: str, version: str, credentials: Credentials = ANONYMOUS) -> Chart:
        """Return a chart."""
        self.asked.append((url, credentials))
        charts = self._charts.get((url, name), [])
        for chart in reversed(charts):
            if version in ("", "*", chart.version):
                return chart
        raise RemoteError(f"no {name!r} chart with version matching {version!r} found", subject=url)


class MemoryRegistries:
    """OCI artifacts in memory, by URL and tag; a :class:`~nixernetes.render.sources.oci.OciRegistries`.

    Semver ranges are not resolved; every artifact has one layer, whatever its media type.

    Attributes:
        failing: URL to the message it fails with.
        asked: the URLs that were asked, with who asked, in order.

    """

    def __init__(self) -> None:
        self._artifacts: dict[tuple[str, str], OciArtifact] = {}
        self.failing: dict[str, str] = {}
        self.asked: list[tuple[str, Credentials]] = []

    def push(
        self,
        url: str,
        tag: str,
        files: Mapping[str, bytes | str] | Tree,
        annotations: Mapping[str, str] | None = None,
    ) -> str:
        """Let a tag name these files and return their digest."""
        tree = files if isinstance(files, Tree) else MemoryTree(files)
        layer = "sha256:" + hashlib.sha256(tree.id.encode()).hexdigest()
        digest = "sha256:" + hashlib.sha256(json.dumps([layer, dict(annotations or {})]).encode()).hexdigest()
        self._artifacts[url, tag] = self._artifacts[url, digest] = OciArtifact(
            revision=f"{tag}@{digest}", digest=digest, layer=layer, annotations=dict(annotations or {}), tree=tree
        )
        return digest

    def resolve(self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision that a reference names now."""
        return self.artifact(url, ref, credentials).revision

    def artifact(
        self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS, *, media_type: str = ""
    ) -> OciArtifact:
        """Return an artifact; its media type is not looked at."""
        del media_type
        self.asked.append((url, credentials))
        if url in self.failing:
            raise RemoteError(self.failing[url], subject=url)
        if ref.semver and not ref.digest:
            raise RemoteError("the in-memory registry resolves no semver ranges: use a tag", subject=url)
        found = self._artifacts.get((url, ref.digest or ref.tag or "latest"))
        if found is None:
            raise RemoteError(f"{ref.digest or ref.tag or 'latest'}: not found", subject=url)
        return replace(found, revision=found.digest) if ref.digest else found


@dataclass(frozen=True, slots=True)
class _Post:
    method: str
    url: str
    headers: dict[str, str]
    body: str


class RecordingNotifier:
    """Keeps what it is asked to send, and takes every answer for granted; a :class:`~nixernetes.engine.ports.Notifier`.

    Attributes:
        posts: what was sent, questions left out.
        asked: everything, in order.
        failing: URL to the message it fails with; remove the entry and whoever is there is back.
        answers: what is answered, by method and URL.

    """

    def __init__(self) -> None:
        self.posts: list[_Post] = []
        self.asked: list[_Post] = []
        self.failing: dict[str, str] = {}
        self.answers: dict[tuple[str, str], WebReply] = {}
        self._finished: list[tuple[int, NixernetesError | None]] = []

    def take(self, number: int, parcel: Parcel) -> None:
        """Keep one message."""
        exchange = parcel.exchange()
        try:
            request = next(exchange)
            while True:
                request = exchange.send(self._answered(request))
        except StopIteration:
            self._finished.append((number, None))
        except NixernetesError as error:
            self._finished.append((number, error))

    def finished(self) -> list[tuple[int, NixernetesError | None]]:
        """Return what ended since the last time."""
        found, self._finished = self._finished, []
        return found

    def _answered(self, request: WebRequest | ForeignMessage) -> WebReply:
        if isinstance(request, ForeignMessage):
            self.posts.append(_Post(request.protocol, request.address, dict(request.headers), request.body.decode()))
            return WebReply()
        if request.url in self.failing:
            raise RemoteError(self.failing[request.url], subject=request.url)
        kept = _Post(request.method, request.url, dict(request.headers), request.body.decode(errors="replace"))
        self.asked.append(kept)
        if not request.reads:
            self.posts.append(kept)
        return self.answers.get((request.method, request.url), request.granted)
