"""One delivery and what is declared around it give manifests: sources are found, charts made, then the renderers run.

Offline, and level-based: everything is read from the objects that are declared so far. What cannot be had is an error
that names it; the caller keeps it for this one delivery.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.application import render_source
from nixernetes.render.artifact_generators import ARTIFACT_GENERATOR, assembled, output_of
from nixernetes.render.chart_sources import chart_at, made_chart
from nixernetes.render.charts import Chart, ChartRenderer, ChartRepositories
from nixernetes.render.copied_tree import CopiedTree
from nixernetes.render.flux_kustomization import render_kustomization
from nixernetes.render.helm_release import compose_values, render_release
from nixernetes.render.ignore import filter_source
from nixernetes.render.kustomize.loader import DocumentCache
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.references import Lookup, data_of
from nixernetes.render.remembered import Store, remembered
from nixernetes.render.rendered import Origin, Rendered
from nixernetes.render.renderers import Renderers
from nixernetes.render.sources import Ref, Source, ref_of
from nixernetes.render.traced import TracedRemotes
from nixernetes.render.tree import Tree

__all__ = ["APPLICATION", "APPLICATION_SET", "HELM_RELEASE", "KUSTOMIZATION", "Builder", "Outside"]

KUSTOMIZATION: Final = GroupKind("kustomize.toolkit.fluxcd.io", "Kustomization")
HELM_RELEASE: Final = GroupKind("helm.toolkit.fluxcd.io", "HelmRelease")
APPLICATION: Final = GroupKind("argoproj.io", "Application")
APPLICATION_SET: Final = GroupKind("argoproj.io", "ApplicationSet")
_SOURCES: Final = "source.toolkit.fluxcd.io"
_NOT_FETCHED: Final = {
    "include": "including other repositories is not done here",
    "recurseSubmodules": "submodules are not fetched here",
}

Get = Callable[[ObjectKey], Manifest | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a walk reads besides the declared objects.

    Attributes:
        source: Git repositories.
        repositories: Helm repositories.
        charts: helm.
        given: ConfigMaps and Secrets of the user, by identity; they win over declared ones.
        store: keeps what Kustomizations give; None keeps nothing.
        program: stands for the version of the program, in the keys of the store.
        cache: parsed files, shared between builds.
        remotes: what stands for remote bases of kustomizations; None refuses them by name.

    """

    source: Source
    repositories: ChartRepositories
    charts: ChartRenderer
    given: Mapping[ObjectKey, Manifest] = field(default_factory=dict)
    store: Store | None = None
    program: str = ""
    cache: DocumentCache = field(default_factory=DocumentCache)
    remotes: Remotes | None = None


class Builder:
    """Builds deliveries.

    Args:
        outside: what is read besides the declared objects.

    """

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._trees: dict[str, tuple[Tree, str]] = {}
        self._charts: dict[str, Chart] = {}

    @property
    def outside(self) -> Outside:
        """What is read besides the declared objects."""
        return self._outside

    def build(self, delivery: Manifest, get: Get) -> list[Rendered]:
        """Return the manifests of a delivery.

        Args:
            delivery: the Kustomization, HelmRelease or Application.
            get: gives declared objects.

        Raises:
            NixernetesError: it cannot be rendered; the message says why.

        """
        kind = group_kind(delivery)
        if kind == KUSTOMIZATION:
            return self._kustomization(delivery, get)
        if kind == HELM_RELEASE:
            return self._release(delivery, get)
        return self._application(delivery)

    def _kustomization(self, delivery: Manifest, get: Get) -> list[Rendered]:
        spec = delivery.get("spec") or {}
        tree = self._files(spec.get("sourceRef") or {}, _namespace(delivery), get)[0]
        began_as = tree.began_as if isinstance(tree, CopiedTree) else None
        lookup = self._lookup(get)
        namespace = _namespace(delivery)
        references = (spec.get("postBuild") or {}).get("substituteFrom") or []
        data = [lookup(each["kind"], namespace, each["name"]) for each in references]
        key = manifests.digest([self._outside.program, delivery, data])

        remotes = TracedRemotes(self._outside.remotes) if self._outside.remotes is not None else None

        def make(traced: Tree) -> bytes:
            found = render_kustomization(traced, delivery, lookup=lookup, cache=self._outside.cache, remotes=remotes)
            return _encoded(found)

        found = _decoded(remembered(self._outside.store, f"kustomization\0{key}", tree, make, remotes))
        if began_as is None:
            return found
        return [replace(item, origin=_where(item.origin, began_as)) for item in found]

    def _release(self, delivery: Manifest, get: Get) -> list[Rendered]:
        chart = self._chart(delivery, get)
        values = compose_values(delivery, self._lookup(get))
        return render_release(chart, delivery, values, self._outside.charts, is_upgrade=False)

    def _application(self, delivery: Manifest) -> list[Rendered]:
        spec = delivery.get("spec") or {}
        sources = spec.get("sources") or ([spec["source"]] if spec.get("source") else [])
        if not sources:
            raise InputError("it has neither spec.source nor spec.sources")
        fetched = [self._argo_source(source) for source in sources]
        refs = {source["ref"]: tree for source, (tree, _) in zip(sources, fetched, strict=True) if source.get("ref")}
        renderers = Renderers(charts=self._outside.charts, remotes=self._outside.remotes)
        found: list[Rendered] = []
        for source, (tree, revision) in zip(sources, fetched, strict=True):
            if source.get("path") or source.get("chart"):
                rendered = render_source(
                    delivery,
                    source,
                    tree,
                    renderers=renderers,
                    refs=refs,
                    revision=revision,
                )
                found += rendered.manifests
        return found

    def _argo_source(self, source: Json) -> tuple[Tree, str]:
        url, revision = source.get("repoURL") or "", source.get("targetRevision") or ""
        if source.get("chart"):
            chart = self._pulled(url, source["chart"], revision)
            return chart.tree, chart.version
        return self._snapshot(url, Ref(revision=revision or "HEAD"))

    def _chart(self, delivery: Manifest, get: Get) -> Chart:
        spec, namespace = delivery.get("spec") or {}, _namespace(delivery)
        reference = spec.get("chartRef")
        if reference is None:
            wanted = (spec.get("chart") or {}).get("spec")
            if not wanted:
                raise InputError("it has neither spec.chart nor spec.chartRef")
            return self._made(wanted, namespace, get)
        if reference.get("kind") == "HelmChart":
            at = reference.get("namespace") or namespace
            declared = _declared(get, "HelmChart", at, reference.get("name") or "")
            return self._made(declared.get("spec") or {}, at, get)
        tree = self._files(reference, namespace, get)[0]
        return chart_at(tree, "", self._outside.repositories)

    def _made(self, spec: Json, namespace: str, get: Get) -> Chart:
        reference = spec.get("sourceRef") or {}
        if reference.get("kind") != "HelmRepository":
            tree, revision = self._files(reference, namespace, get)
            return made_chart(spec, tree, "", revision, self._outside.repositories)
        at = reference.get("namespace") or namespace
        url = _declared(get, "HelmRepository", at, reference.get("name") or "")["spec"]["url"]
        key = manifests.digest([url, spec])
        if key not in self._charts:
            self._charts[key] = made_chart(spec, None, url, "", self._outside.repositories)
        return self._charts[key]

    def _pulled(self, url: str, name: str, version: str) -> Chart:
        key = manifests.digest([url, name, version])
        if key not in self._charts:
            self._charts[key] = self._outside.repositories.pull(url, name, version)
        return self._charts[key]

    def _files(self, reference: Json, namespace: str, get: Get) -> tuple[Tree, str]:
        """Return the files of a source of Flux, and its revision."""
        kind, name = reference.get("kind") or "", reference.get("name") or ""
        declared = _declared(get, kind, reference.get("namespace") or namespace, name)
        if kind == "ExternalArtifact":
            return self._assembled(declared, get)
        spec = declared.get("spec") or {}
        for unsupported, fact in _NOT_FETCHED.items():
            if spec.get(unsupported):
                raise InputError(f"spec.{unsupported}: {fact}", subject=str(key_of(declared)))
        url = spec.get("url") or spec.get("endpoint") or ""
        if not url:
            raise InputError("its files come from other objects, and are not known here", subject=str(key_of(declared)))
        ref = ref_of(spec) if kind == "GitRepository" else Ref(revision="HEAD")
        key = manifests.digest([kind, spec])
        if key not in self._trees:
            tree, revision = self._snapshot(url, ref)
            filtered = filter_source(tree, spec.get("ignore"), sparse=spec.get("sparseCheckout") or ())
            self._trees[key] = (filtered, revision)
        return self._trees[key]

    def _assembled(self, artifact: Manifest, get: Get) -> tuple[Tree, str]:
        """Return the files that an ArtifactGenerator puts together, and the artifact's revision."""
        reference, name = (artifact.get("spec") or {}).get("sourceRef") or {}, key_of(artifact).name
        at = ObjectKey(
            ARTIFACT_GENERATOR.group, ARTIFACT_GENERATOR.kind, reference.get("namespace") or "", reference.get("name") or ""
        )
        generator = get(at) if reference.get("kind") == at.kind else None
        if generator is None:
            raise InputError("its files come from other objects, and are not known here", subject=str(key_of(artifact)))
        output = output_of(generator, name)
        sources = {
            each["alias"]: self._files(each, at.namespace, get)
            for each in (generator.get("spec") or {}).get("sources") or []
        }
        # The trees of sources live as long as this builder, so each is known by its place in memory.
        key = f"{manifests.digest([generator, name])} {[id(tree) for tree, _ in sources.values()]}"
        if key not in self._trees:
            tree = assembled(generator, output, {alias: tree for alias, (tree, _) in sources.items()})
            named = sources.get(str(output.get("revision") or "").removeprefix("@"))
            self._trees[key] = (tree, named[1] if named is not None else f"latest@sha256:{tree.id}")
        return self._trees[key]

    def _snapshot(self, url: str, ref: Ref) -> tuple[Tree, str]:
        found = self._outside.source.snapshot(url, ref)
        return found.tree, found.commit

    def _lookup(self, get: Get) -> Lookup:
        def lookup(kind: str, namespace: str, name: str) -> Mapping[str, str] | None:
            key = ObjectKey("", kind, namespace, name)
            given = self._outside.given.get(key)
            if given is not None:
                return data_of(given)
            declared = get(key)
            if declared is not None and "sops" in declared:
                raise InputError("is encrypted with SOPS: give its values with --values FILE", subject=str(key))
            return None if declared is None else data_of(declared)

        return lookup


def _declared(get: Get, kind: str, namespace: str, name: str) -> Manifest:
    key = ObjectKey(_SOURCES, kind, namespace, name)
    found = get(key)
    if found is None:
        raise InputError(f"its source {key} is declared nowhere in what is rendered")
    return found


def _namespace(delivery: Manifest) -> str:
    return str((delivery.get("metadata") or {}).get("namespace") or "default")


def _where(origin: Origin, began_as: Callable[[str], str]) -> Origin:
    """Name the files of an origin where they were copied from; a step may name a field behind ``#``."""
    steps = (step.partition("#") for step in origin.chain)
    chain = tuple(f"{began_as(file)}{sign}{field}" for file, sign, field in steps)
    return replace(origin, file=began_as(origin.file), chain=chain)


def _encoded(items: list[Rendered]) -> bytes:
    return json.dumps([[i.manifest, i.origin.file, i.origin.line, i.origin.chain] for i in items]).encode()


def _decoded(data: bytes) -> list[Rendered]:
    return [
        Rendered(manifest=manifest, origin=Origin(file=file, line=line, chain=tuple(chain)))
        for manifest, file, line, chain in json.loads(data)
    ]
