"""What an Application wants: its sources at their revisions, rendered (sections 1.2 and 2).

A rendered source is kept until its revision, its spec or the revisions that it refers to change; a hard refresh renders
again. The cache never changes a result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from nixernetes.engine.argocd.application import Application
from nixernetes.engine.ports import ChartRepositories, OciRegistries, Ref, Source
from nixernetes.errors import NixernetesError, RemoteError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.application import render_source
from nixernetes.render.application_sources import referenced
from nixernetes.render.argocd_repositories import (
    artifact_files,
    artifact_reference,
    chart_url,
    is_oci,
    repository_credentials,
)
from nixernetes.render.artifact_charts import digest_of
from nixernetes.render.charts import Chart
from nixernetes.render.credentials import Credentials
from nixernetes.render.oci import OciRef
from nixernetes.render.renderers import Renderers
from nixernetes.render.tree import Tree

__all__ = ["TargetLoader", "Targets"]

_TREES = 256  # trees kept: those of the repositories in use, and not of every commit that ever was


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What is wanted.

    Attributes:
        objects: the manifests of all sources, in order. They are shared: copy before changing.
        revisions: the revision of each source.
        types: the tool of each source: Directory, Kustomize or Helm.

    """

    objects: tuple[Manifest, ...]
    revisions: tuple[str, ...]
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Fetched:
    tree: Tree
    revision: str


@dataclass(frozen=True, slots=True)
class _Cached:
    digest: str
    objects: tuple[Manifest, ...]
    tool: str


class TargetLoader:
    """Fetches and renders sources.

    Args:
        source: Git repositories.
        charts: Helm repositories.
        registries: OCI registries.
        renderers: returns what renders charts and Jsonnet, and stands for remote bases, as the settings are now.
        secrets: returns the Secrets of Argo CD's namespace, where those of its repositories are.

    """

    def __init__(
        self,
        source: Source,
        charts: ChartRepositories,
        registries: OciRegistries,
        renderers: Callable[[], Renderers],
        secrets: Callable[[], Iterable[Manifest]],
    ) -> None:
        self._source = source
        self._charts = charts
        self._registries = registries
        self._renderers = renderers
        self._secrets = secrets
        self._rendered: dict[tuple[ObjectKey, int], _Cached] = {}
        self._trees: dict[tuple[str, str], Tree] = {}
        self._pulled: dict[tuple[str, str, str, Credentials], Chart] = {}

    def load(
        self, manifest: Manifest, app: Application, *, revisions: Sequence[str] = (), hard: bool = False
    ) -> Targets:
        """Return what an Application wants.

        Args:
            manifest: the Application, as the renderer takes it.
            app: the same, decoded, with the sources to use.
            revisions: exact revisions, one for each source; without them the target revisions are resolved.
            hard: whether to render again what is cached.

        Raises:
            NixernetesError: a source cannot be fetched or rendered; the message says which.

        """
        exact = list(revisions) if len(revisions) == len(app.sources) else [""] * len(app.sources)
        fetched: list[_Fetched] = []
        for number, source in enumerate(app.sources, 1):
            with _numbered(number, len(app.sources)):
                fetched.append(self._fetch(source, exact[number - 1], _project(manifest)))
        refs = referenced(app.sources, fetched)
        rendered: list[_Cached] = []
        for number, (source, item) in enumerate(zip(app.sources, fetched, strict=True), 1):
            if source.get("path") or source.get("chart"):
                with _numbered(number, len(app.sources)):
                    rendered.append(self._render(manifest, (app.key, number), source, item, refs, hard=hard))
        return Targets(
            objects=tuple(obj for entry in rendered for obj in entry.objects),
            revisions=tuple(item.revision for item in fetched),
            types=tuple(entry.tool for entry in rendered),
        )

    def forget(self, key: ObjectKey) -> None:
        """Drop what is cached for an Application."""
        self._rendered = {at: cached for at, cached in self._rendered.items() if at[0] != key}

    def _fetch(self, source: Json, revision: str, project: str) -> _Fetched:
        url = source.get("repoURL") or ""
        if source.get("chart"):
            return self._pull(url, source["chart"], revision or source.get("targetRevision") or "", project)
        if is_oci(url):
            return self._artifact(source, revision, project)
        if revision:
            commit = revision
        else:
            commit, _ = self._source.resolve(url, Ref(revision=source.get("targetRevision") or "HEAD"))
        tree = self._kept((url, commit), lambda: self._source.snapshot(url, Ref(commit=commit)).tree)
        return _Fetched(tree, commit)

    def _artifact(self, source: Json, revision: str, project: str) -> _Fetched:
        """Fetch an OCI artifact; its revision is the digest, which names the same files for ever."""
        url, who = source["repoURL"], self._who(source["repoURL"], project)
        wanted = artifact_reference(source.get("targetRevision") or "")
        digest = revision or digest_of(self._registries.resolve(url, wanted, who))
        tree = self._kept((url, digest), lambda: self._registries.artifact(url, OciRef(digest=digest), who).tree)
        return _Fetched(artifact_files(tree, source.get("path") or ""), digest)

    def _kept(self, at: tuple[str, str], fetch: Callable[[], Tree]) -> Tree:
        tree = self._trees.get(at)
        if tree is None:
            tree = self._trees[at] = fetch()
            if len(self._trees) > _TREES:
                del self._trees[next(iter(self._trees))]
        return tree

    def _pull(self, url: str, name: str, version: str, project: str) -> _Fetched:
        at = (chart_url(url), name, version, self._who(url, project))
        chart = self._pulled.get(at)
        if chart is None:
            chart = self._charts.pull(*at)
            # Only an exact version names the same chart for ever; a range may name a newer one next time.
            if chart.version == version:
                self._pulled[at] = chart
        return _Fetched(chart.tree, chart.version)

    def _who(self, url: str, project: str) -> Credentials:
        return repository_credentials(url, self._secrets(), project)

    def _render(
        self,
        manifest: Manifest,
        at: tuple[ObjectKey, int],
        source: Json,
        item: _Fetched,
        refs: Mapping[str, _Fetched],
        *,
        hard: bool,
    ) -> _Cached:
        spec, renderers = manifest.get("spec") or {}, self._renderers()
        digest = manifests.digest(
            [
                source,
                item.revision,
                spec.get("destination"),
                spec.get("project"),
                {n: r.revision for n, r in refs.items()},
                renderers.build_options,
            ]
        )
        cached = self._rendered.get(at)
        if cached is not None and cached.digest == digest and not hard:
            return cached
        result = render_source(
            manifest,
            source,
            item.tree,
            renderers=renderers,
            refs={name: ref.tree for name, ref in refs.items()},
            revision=item.revision,
        )
        cached = _Cached(digest, tuple(entry.manifest for entry in result.manifests), result.tool)
        self._rendered[at] = cached
        return cached


def _project(manifest: Manifest) -> str:
    return (manifest.get("spec") or {}).get("project") or "default"


@contextmanager
def _numbered(number: int, count: int) -> Iterator[None]:
    try:
        yield
    except NixernetesError as error:
        raise RemoteError(f"failed to generate manifest for source {number} of {count}: {error}") from error
