"""The one way from a delivery to its manifests, for the walk over a repository and for the controllers alike.

A walk asks by name: sources are found among the declared objects, files are fetched, charts made, then the renderers
run. A controller has the files already, those that its source advertises, and asks from there on. Everything is read
from the objects as they are now; what cannot be had is an error that names it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nixernetes.errors import NixernetesError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.argocd.application_sources import application_sources, last_of_each, repeated
from nixernetes.render.argocd.applications import Applications, SourceError, seen
from nixernetes.render.argocd.applicationsets import TargetCluster
from nixernetes.render.flux.helm_release import compose_values, installed, is_crd, is_hook, render_release
from nixernetes.render.flux.kustomization import KustomizationInputs, ignored_fields, render_kustomization
from nixernetes.render.flux.sources import FluxSources
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.notes import PreviewNote
from nixernetes.render.outside import Surroundings
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.keys import Keys
from nixernetes.render.sources.charts import Chart, ChartRenderer, PrivateCharts
from nixernetes.render.sources.copied_tree import CopiedTree
from nixernetes.render.tools import Tools
from nixernetes.render.tree import Tree

__all__ = ["DROPPED", "Builder", "ReleaseParts"]

DROPPED: Final = "which Kustomize does not know: Flux drops it"

# What decides about the build of a Kustomization; nothing else of it is handed to the renderer.
_BUILT_FROM: Final = (
    "path",
    "targetNamespace",
    "namePrefix",
    "nameSuffix",
    "commonMetadata",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "images",
    "components",
    "ignoreMissingComponents",
    "buildMetadata",
    "postBuild",
    "decryption",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseParts:
    """What the chart of a release gives.

    Attributes:
        definitions: the CustomResourceDefinitions of ``crds/``, as far as the CRD policy wants them.
        objects: the objects of the release.
        hooks: its hooks, tests among them.

    """

    definitions: tuple[Rendered, ...] = ()
    objects: tuple[Rendered, ...] = ()
    hooks: tuple[Rendered, ...] = ()


class Builder:
    """Builds deliveries; what was fetched and built is shared by all who ask one builder.

    Args:
        tools: what is built with.

    """

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self.sources = FluxSources(tools)
        self.applications = Applications(tools)

    def build(self, delivery: Manifest, declared: Surroundings) -> Sequence[Rendered]:
        """Return the manifests of a delivery, its sources found by name.

        Args:
            delivery: the Kustomization, HelmRelease or Application.
            declared: the objects that are declared so far.

        Raises:
            NixernetesError: it cannot be rendered; the message says why.

        """
        kind = group_kind(delivery)
        if kind == KUSTOMIZATION:
            reference = (delivery.get("spec") or {}).get("sourceRef") or {}
            files = self.sources.files(reference, _namespace(delivery), declared)
            return self.kustomization(delivery, files.tree, declared)
        if kind == HELM_RELEASE:
            chart = self.sources.chart(delivery, declared)
            values = compose_values(delivery, declared.lookup)
            is_private = self.is_private(delivery, declared)
            parts = self.release(delivery, chart, values, is_upgrade=False, charts=self.charts(is_private=is_private))
            return installed(delivery, [*parts.definitions, *parts.objects, *parts.hooks])
        return self._application(delivery, declared)

    def place(self, delivery: Manifest, declared: Surroundings) -> tuple[str, str]:
        """Return the repository that a delivery delivers from, and its revision; ``""`` where there is not just one."""
        kind, spec = group_kind(delivery), delivery.get("spec") or {}
        try:
            if kind == KUSTOMIZATION:
                return _said(*self.sources.place(spec.get("sourceRef") or {}, _namespace(delivery), declared))
            sources = application_sources(delivery) if kind == APPLICATION else []
            if len(sources) == 1:
                return _said(*self.applications.place(sources[0], spec.get("project") or "default", declared))
        except NixernetesError:
            pass
        return "", ""

    def kustomization(self, delivery: Manifest, tree: Tree, declared: Surroundings) -> Sequence[Rendered]:
        """Return the manifests of a Kustomization, without the owner's labels, in Kustomize's order.

        Equal builds give the very same manifests.

        Args:
            delivery: the Kustomization.
            tree: the files of its source.
            declared: the objects around: ConfigMaps and Secrets to substitute from.

        Raises:
            InputError: the files, the overlay or the substitution are wrong.

        """
        reduced = _reduced(delivery)
        namespace, lookup = _namespace(delivery), declared.lookup
        references = (reduced["spec"].get("postBuild") or {}).get("substituteFrom") or []
        data = {(each["kind"], each["name"]): lookup(each["kind"], namespace, each["name"]) for each in references}
        keys = Keys(decryptor=self.tools.decryptor).of(reduced["spec"], namespace, lookup)
        known = keys.name if keys.configured else ""
        key = manifests.digest([self.tools.strict, reduced, known, [[*at, found] for at, found in data.items()]])
        kept = self.tools.in_memory if self.is_private(delivery, declared) else self.tools.kept

        def make(traced: Tree, remotes: Remotes | None) -> list[Rendered]:
            around = KustomizationInputs(
                lookup=lambda kind, _, name: data.get((kind, name)),
                cache=self.tools.cache,
                remotes=remotes,
                strict=self.tools.strict,
                keys=keys,
            )
            return render_kustomization(traced, reduced, around)

        for field in ignored_fields(tree, reduced):
            text = f"its kustomization.yaml has {field}, {DROPPED}"
            declared.noted(PreviewNote(subject=str(key_of(delivery)), text=text))
        found = kept.built(f"kustomization\0{key}", tree, self.tools.remotes, make)
        if not isinstance(tree, CopiedTree):
            return found
        return [replace(item, origin=_where(item.origin, tree.began_as)) for item in found]

    def is_private(self, delivery: Manifest, declared: Surroundings) -> bool:
        """Tell whether a Kustomization or HelmRelease is made with what SOPS had encrypted.

        Args:
            delivery: the delivery.
            declared: the objects around.

        """
        spec, namespace = delivery.get("spec") or {}, _namespace(delivery)
        entries = [*(spec.get("valuesFrom") or []), *((spec.get("postBuild") or {}).get("substituteFrom") or [])]
        read = [ObjectKey("", each["kind"], namespace, each["name"]) for each in entries]
        return any(declared.is_opened(each) or self.tools.given.is_opened(each) for each in (key_of(delivery), *read))

    def charts(self, *, is_private: bool) -> ChartRenderer:
        """Return what renders the charts of a cluster.

        Args:
            is_private: whether it is done with what SOPS had encrypted, so that no cache keeps it.

        """
        return PrivateCharts(self.tools.cluster_charts) if is_private else self.tools.cluster_charts

    def release(
        self,
        delivery: Manifest,
        chart: Chart,
        values: Json,
        *,
        is_upgrade: bool,
        revision: int = 1,
        charts: ChartRenderer | None = None,
    ) -> ReleaseParts:
        """Return what the chart of a HelmRelease gives.

        Args:
            delivery: the HelmRelease.
            chart: its chart.
            values: its values, composed.
            is_upgrade: whether the release is there already.
            revision: the revision that the release will have.
            charts: renders; None: what :meth:`charts` gives for values that are no secret.

        Raises:
            InputError: a post-renderer cannot be applied.
            RemoteError: helm failed; the message is helm's own.

        """
        found = render_release(
            chart, delivery, values, charts or self.tools.cluster_charts, is_upgrade=is_upgrade, revision=revision
        )
        rest = [item for item in found if not is_crd(item)]
        return ReleaseParts(
            definitions=tuple(item for item in found if is_crd(item)),
            objects=tuple(item for item in rest if not is_hook(item.manifest)),
            hooks=tuple(item for item in rest if is_hook(item.manifest)),
        )

    def application_set(self, delivery: Manifest, clusters: Callable[[], Sequence[TargetCluster]]) -> list[Manifest]:
        """Return the Applications of an ApplicationSet.

        Args:
            delivery: the ApplicationSet.
            clusters: gives the clusters that its Argo CD knows.

        Raises:
            InputError: a generator or a template fails, or two Applications have one name.

        """
        from nixernetes.render.argocd.generated_applications import (  # noqa: PLC0415  # with templates, which take long
            generated_applications,
        )

        return generated_applications(delivery, clusters, self.tools.source)

    def _application(self, delivery: Manifest, declared: Surroundings) -> list[Rendered]:
        sources = application_sources(delivery)
        try:
            found = self.applications.manifests(delivery, sources, declared)
        except SourceError as error:
            if len(sources) > 1:
                raise
            raise error.error from error.error.__cause__
        destination = delivery["spec"].get("destination") or {}
        namespace = destination.get("namespace") or ""
        kept = last_of_each(found.manifests, namespace)
        for text in repeated(found.manifests, namespace) if len(kept) < len(found.manifests) else ():
            declared.noted(PreviewNote(subject=str(key_of(delivery)), text=text))
        return seen(delivery, kept, declared)


def _said(url: str, revision: str) -> tuple[str, str]:
    """Return a place without what is made up: the URL of a source that nobody wrote, the commit of no repository."""
    return "" if ".invalid/" in url else url, "" if revision.endswith("0" * 40) else revision


def _namespace(delivery: Manifest) -> str:
    return (delivery.get("metadata") or {}).get("namespace") or "default"


def _reduced(delivery: Manifest) -> Manifest:
    """Return a Kustomization with no more than what decides about its build: status and annotations come and go."""
    meta, spec = delivery.get("metadata") or {}, delivery.get("spec") or {}
    return {
        "apiVersion": delivery.get("apiVersion"),
        "kind": delivery.get("kind"),
        "metadata": {part: meta[part] for part in ("name", "namespace") if part in meta},
        "spec": {part: spec[part] for part in _BUILT_FROM if part in spec},
    }


def _where(origin: Origin, began_as: Callable[[str], str]) -> Origin:
    """Name the files of an origin where they were copied from; a step may name a field behind ``#``."""
    chain = tuple(step if step.repository else step._replace(file=began_as(step.file)) for step in origin.chain)
    return replace(origin, file=began_as(origin.file), chain=chain)
