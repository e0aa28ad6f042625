"""``nixernetes render`` of deliveries: a repository at hand or at a revision, everything else as it declares."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nixernetes.adapters.folder_snapshot import FolderSnapshot
from nixernetes.adapters.git import GitSource, normalise_url, open_repository
from nixernetes.adapters.helm import HelmRenderer
from nixernetes.adapters.result_store import ResultStore
from nixernetes.app.chart_access import Registries, Repositories
from nixernetes.app.cluster_plans import ClusterPlan
from nixernetes.app.remote_bases import remote_bases
from nixernetes.app.render_folder import cache_folder, program
from nixernetes.app.render_roots import find_roots
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects import yamls
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.render.capabilities import ClusterCharts
from nixernetes.render.deliveries import Delivery, render_deliveries
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.outside import Outside
from nixernetes.render.sources import Ref, Snapshot

__all__ = ["Query", "RenderedCluster", "find", "render"]

_NO_COMMIT = "0" * 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is to be rendered.

    Attributes:
        repo: the repository.
        rev: the Git revision; ``""`` reads the files on disk.
        wanted: identities of deliveries; None means all.
        cluster: only the deliveries of this cluster; ``""`` means all clusters.
        sources: remote URL to the local repository, folder, file or archive that stands for it.
        values: files with ConfigMaps and Secrets.
        allow_remote_bases: whether remote bases that are not mapped are fetched.
        kube_version: the Kubernetes version that charts are told; ``""`` is helm's own.
        api_versions: API versions that charts are told of besides those that helm knows.
        strict_substitute: whether a variable of ``postBuild`` that is not set and has no default is an error.

    """

    repo: Path = Path()
    rev: str = ""
    wanted: tuple[str, ...] | None = None
    cluster: str = ""
    sources: Mapping[str, Path] = field(default_factory=dict)
    values: Sequence[Path] = ()
    allow_remote_bases: bool = False
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    strict_substitute: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedCluster:
    """The deliveries of one cluster, in the order in which they are reached."""

    name: str
    deliveries: tuple[Delivery, ...]


def render(query: Query) -> list[RenderedCluster]:
    """Return the deliveries that are asked for, those with a problem among them.

    Raises:
        InputError: no such repository, revision or cluster, or a file of values that is none.

    """
    own = f"file://{query.repo.resolve()}"
    at_hand = _at_hand(query, own)
    remotes = _remotes(query.repo)
    roots = find_roots(at_hand.tree, remotes)
    clusters = [each for each in roots.clusters if query.cluster in ("", each.name)]
    if not clusters:
        known = ", ".join(each.name for each in roots.clusters)
        raise InputError(f"no such cluster: there are {known}", subject=query.cluster)
    mapped = {**dict.fromkeys((own, *roots.urls, *remotes), query.repo), **query.sources}
    source = _Sources(GitSource(mapped), at_hand, (own, *roots.urls, *remotes), query.sources, query.repo)
    charts, registries = Repositories(query.sources), Registries(_artifacts(query.sources))
    bases = remote_bases(source, mapped, fetching=query.allow_remote_bases)
    try:
        outside = Outside(
            source=source,
            repositories=charts,
            registries=registries,
            charts=ClusterCharts(HelmRenderer(cache_folder() / "charts"), query.kube_version, query.api_versions),
            given=_given(query.values),
            store=ResultStore(cache_folder() / "rendered"),
            program=program(),
            remotes=bases,
            strict=query.strict_substitute,
        )
        return [_rendered(each, Builder(outside), query.wanted) for each in clusters]
    finally:
        charts.close()
        registries.close()
        bases.close()


def find(clusters: Sequence[RenderedCluster], wanted: Collection[str]) -> list[Delivery]:
    """Return the deliveries by their identities, in that order.

    Raises:
        InputError: there is no such delivery, or several clusters have one.

    """
    found = []
    for name in wanted:
        matches = [(each.name, item) for each in clusters for item in each.deliveries if str(item.key) == name]
        if not matches:
            raise InputError("no such delivery: `nixernetes render --all` renders what there is", subject=name)
        if len(matches) > 1:
            places = ", ".join(cluster for cluster, _ in matches)
            raise InputError(f"several clusters have it ({places}): choose one with --cluster", subject=name)
        found.append(matches[0][1])
    return found


def _rendered(cluster: ClusterPlan, builder: Builder, wanted: tuple[str, ...] | None) -> RenderedCluster:
    found = render_deliveries(cluster.bootstrap, builder, wanted=wanted, origins=cluster.origins)
    return RenderedCluster(name=cluster.name, deliveries=tuple(found))


class _Sources:
    """Git repositories; the one that is rendered is as it stands at hand, wherever a branch of it is followed."""

    def __init__(
        self, git: GitSource, at_hand: Snapshot, urls: Sequence[str], mapped: Mapping[str, Path], repo: Path
    ) -> None:
        self._git = git
        self._at_hand = at_hand
        # What the user maps wins over what the repository says of itself.
        self._own = {normalise_url(url) for url in urls} - {normalise_url(url) for url in mapped}
        self._repo = repo

    def resolve(self, url: str, ref: Ref) -> tuple[str, str]:
        """Return (commit, reference) that a ref names now."""
        found = self.snapshot(url, ref)
        return found.commit, found.reference

    def snapshot(self, url: str, ref: Ref) -> Snapshot:
        """Return the repository at a ref."""
        if normalise_url(url) in self._own and (self._follows_branch(ref) or not (self._repo / ".git").exists()):
            return self._at_hand
        return self._git.snapshot(url, ref)

    def _follows_branch(self, ref: Ref) -> bool:
        if ref.revision:
            return ref.revision == "HEAD" or ref.revision.removeprefix("refs/heads/") in self._branches()
        if ref.commit or ref.semver or ref.tag:
            return bool(ref.name and not ref.commit)
        return not ref.name.startswith("refs/tags/")

    def _branches(self) -> set[str]:
        try:
            repository = open_repository(self._repo)
        except NixernetesError:
            return set()
        try:
            return set(repository.branches.local)
        finally:
            repository.free()


def _artifacts(sources: Mapping[str, Path]) -> dict[str, Path]:
    return {url: path for url, path in sources.items() if url.startswith("oci://")}


def _at_hand(query: Query, own: str) -> Snapshot:
    if query.rev:
        return GitSource({own: query.repo}).snapshot(own, Ref(revision=query.rev))
    try:
        commit, reference = GitSource({own: query.repo}).resolve(own, Ref(revision="HEAD"))
    except NixernetesError:  # no Git repository, or one without a commit: the files are there all the same
        commit, reference = _NO_COMMIT, ""
    return Snapshot(commit=commit, reference=reference, tree=FolderSnapshot(query.repo))


def _remotes(repo: Path) -> tuple[str, ...]:
    with _quiet():
        repository = open_repository(repo)
        try:
            return tuple(remote.url for remote in repository.remotes if remote.url)
        finally:
            repository.free()
    return ()


@contextmanager
def _quiet() -> Iterator[None]:
    """Take a folder that is no Git repository as one without remotes."""
    try:
        yield
    except NixernetesError:
        return


def _given(files: Sequence[Path]) -> dict[ObjectKey, Manifest]:
    found: dict[ObjectKey, Manifest] = {}
    for file in files:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", subject=str(file)) from error
        for document in yamls.parse_all(data, file=str(file)):
            item = document.data
            if item is None:
                continue
            key = key_of(item) if isinstance(item, dict) else ObjectKey("", "", "", "")
            if key.kind not in ("ConfigMap", "Secret") or not (key.namespace and key.name):
                raise InputError(
                    "only ConfigMaps and Secrets with name and namespace are values", place=f"{file}:{document.line}"
                )
            found[key] = item
    return found
