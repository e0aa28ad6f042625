"""An Application gives manifests: its sources are found at their revisions and rendered (sections 1.2 and 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from typing import Final, Literal

from nixernetes.errors import InputError, NixernetesError
from nixernetes.gitops.argocd.resource_filter import ResourceFilter
from nixernetes.objects import manifest as manifests
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE
from nixernetes.render.argocd.application_sources import referenced
from nixernetes.render.argocd.helm_secrets import encrypted_files
from nixernetes.render.argocd.kustomize_flags import KustomizeFlags, kustomize_flags
from nixernetes.render.argocd.source import SourceFiles, SourceRendered, Tool, render_source
from nixernetes.render.argocd.sources import ArgoSources
from nixernetes.render.notes import PreviewNote
from nixernetes.render.outside import Surroundings
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.keys import Keys
from nixernetes.render.sops.resources import opened_item
from nixernetes.render.tools import Tools

__all__ = ["ApplicationManifests", "Applications", "SourceError", "seen"]

_MOST: Final = 100_000


class SourceError(NixernetesError):
    """A source of an Application cannot be fetched or rendered.

    Attributes:
        error: why.
        number: of which source, from 1.
        which: how it is told of which source it is.

    """

    def __init__(self, error: NixernetesError, number: int, count: int) -> None:
        self.error, self.number = error, number
        self.which = f"failed to generate manifest for source {number} of {count}"
        super().__init__(f"{self.which}: {error}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationManifests:
    """What an Application wants.

    Attributes:
        manifests: those of all sources, in order. They are shared: copy before changing.
        revisions: the revision of each source.
        types: the tool of each source: Directory, Kustomize or Helm; ``""`` of one that only others refer to.

    """

    manifests: tuple[Rendered, ...] = ()
    revisions: tuple[str, ...] = ()
    types: tuple[Tool | Literal[""], ...] = ()

    @property
    def objects(self) -> list[Manifest]:
        """The manifests alone, in order."""
        return [item.manifest for item in self.manifests]


class Applications:
    """Renders Applications.

    A rendered source, or why it cannot be, is held until its revision, its spec or the revisions that it refers to
    change. It forgets: when what is held has more than 100,000 manifests, what was asked for least recently goes.

    Args:
        tools: what is rendered with.

    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._sources = ArgoSources(tools)
        self._held: Bounded[str, SourceRendered | InputError] = Bounded(_MOST, _weight)

    def refresh(self) -> None:
        """Forget what was rendered and pulled: a hard refresh."""
        self._sources.forget_charts()
        self._held = Bounded(_MOST, _weight)

    def files(self, source: Json, project: str, declared: Surroundings) -> SourceFiles:
        """Return the files of one source; what its target revision names is found out again.

        Raises:
            NixernetesError: the source cannot be reached, or has no such revision.

        """
        return self._sources.files(source, project, declared, fresh=True)

    def manifests(
        self,
        app: Manifest,
        sources: Sequence[Json],
        declared: Surroundings,
        *,
        revisions: Sequence[str] = (),
        fresh: bool = False,
    ) -> ApplicationManifests:
        """Return what an Application wants.

        Args:
            app: the Application.
            sources: its sources, or others to sync to.
            declared: the objects around: Secrets of repositories, ``argocd-cm``.
            revisions: exact revisions, one for each source; without them the target revisions count.
            fresh: whether what a target revision names is found out again, as controllers do.

        Raises:
            SourceError: a source cannot be fetched or rendered.
            NixernetesError: sources do not fit together, or the flags of Kustomize are wrong.

        """
        count = len(sources)
        exact = list(revisions) if len(revisions) == count else [""] * count
        project = (app.get("spec") or {}).get("project") or "default"
        fetched: list[SourceFiles] = []
        for number, source in enumerate(sources, 1):
            with _numbered(number, count):
                fetched.append(self._sources.files(source, project, declared, revision=exact[number - 1], fresh=fresh))
        refs = referenced(sources, fetched)
        flags = self._flags(app, declared)
        found: list[Rendered] = []
        types: list[Tool | Literal[""]] = []
        for number, (source, files) in enumerate(zip(sources, fetched, strict=True), 1):
            for name in encrypted_files(source):
                text = f"helm-secrets is not run here, and {name} gives placeholders"
                declared.noted(PreviewNote(subject=str(key_of(app)), text=text))
            if source.get("path") or source.get("chart"):
                with _numbered(number, count):
                    rendered = self._rendered(app, source, files, refs, flags)
                found += rendered.manifests
                types.append(rendered.tool)
            else:
                types.append("")
        revised = tuple(files.revision for files in fetched)
        return ApplicationManifests(manifests=tuple(found), revisions=revised, types=tuple(types))

    def place(self, source: Json, project: str, declared: Surroundings) -> tuple[str, str]:
        """Return the URL of a source, and its revision.

        Raises:
            NixernetesError: it cannot be reached, or has no such revision.

        """
        return str(source.get("repoURL") or ""), self._sources.files(source, project, declared).revision

    def _rendered(
        self, app: Manifest, source: Json, files: SourceFiles, refs: Mapping[str, SourceFiles], flags: KustomizeFlags
    ) -> SourceRendered:
        spec: Json = app.get("spec") or {}
        decisive = [spec.get(part) for part in ("destination", "project")]
        named = {name: each.revision for name, each in refs.items()}
        key = manifests.digest(
            [key_of(app), bool(spec.get("sources")), decisive, source, files.revision, named, list(astuple(flags))]
        )
        held = self._held.get(key)
        if held is None:
            try:
                trees = {name: each.tree for name, each in refs.items()}
                rendered = render_source(app, source, files, trees, self._tools.of_cluster(_target(app)), flags)
                held = replace(rendered, manifests=[opened_item(each, _NO_KEYS) for each in rendered.manifests])
            except InputError as error:
                held = error
            self._held.put(key, held)
        if isinstance(held, InputError):
            raise held.with_traceback(None)
        return held

    def _flags(self, app: Manifest, declared: Surroundings) -> KustomizeFlags:
        """Return how Kustomize is run: as the ``argocd-cm`` of the Application's Argo CD says, and as the user does."""
        flags = kustomize_flags(_settings(app, declared).get("kustomize.buildOptions", ""))
        return replace(flags, enable_helm=flags.enable_helm or self._tools.enable_helm)


def _target(app: Manifest) -> str:
    """Return the server or the name of the cluster that an Application goes to."""
    destination = mapping_at(app, "spec", "destination")
    return text_at(destination, "server").rstrip("/") or text_at(destination, "name")


_NO_KEYS: Final = Keys(why="Argo CD does not decrypt it by itself, and its plugins are not run here")


def seen(app: Manifest, items: Sequence[Rendered], declared: Surroundings) -> list[Rendered]:
    """Return the objects that the Application's Argo CD sees: what its settings exclude is never applied.

    Raises:
        InputError: a setting cannot be read.

    """
    sees = ResourceFilter.from_settings(_settings(app, declared))
    destination = (app.get("spec") or {}).get("destination") or {}
    server = str(destination.get("server") or "")
    return [item for item in items if not sees.excludes(group_kind(item.manifest), server)]


def _settings(app: Manifest, declared: Surroundings) -> Mapping[str, str]:
    """Return the data of the ``argocd-cm`` in the Application's namespace, else in that of Argo CD."""
    namespaces = dict.fromkeys((key_of(app).namespace, ARGOCD_NAMESPACE))
    found = (declared.lookup("ConfigMap", namespace, "argocd-cm") for namespace in namespaces)
    return next((each for each in found if each is not None), {})


def _weight(held: SourceRendered | InputError) -> int:
    return 1 if isinstance(held, InputError) else 1 + len(held.manifests)


@contextmanager
def _numbered(number: int, count: int) -> Iterator[None]:
    try:
        yield
    except NixernetesError as error:
        raise SourceError(error, number, count) from error
