"""One delivery and what is declared around it give manifests: sources are found, charts made, then the renderers run.

Offline, and level-based: everything is read from the objects that are declared so far. What cannot be had is an error
that names it; the caller keeps it for this one delivery.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import GroupKind, group_kind, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.render.application import render_source
from nixernetes.render.application_sources import application_sources, last_of_each, referenced
from nixernetes.render.argocd_sources import ArgoSources
from nixernetes.render.copied_tree import CopiedTree
from nixernetes.render.flux_kustomization import render_kustomization
from nixernetes.render.flux_sources import FluxSources
from nixernetes.render.helm_release import compose_values, installed, render_release
from nixernetes.render.kept_sources import decoded, encoded
from nixernetes.render.outside import Declared, Outside
from nixernetes.render.remembered import remembered
from nixernetes.render.rendered import Origin, Rendered
from nixernetes.render.renderers import Renderers
from nixernetes.render.traced import TracedRemotes
from nixernetes.render.tree import Tree

__all__ = ["APPLICATION", "APPLICATION_SET", "HELM_RELEASE", "KUSTOMIZATION", "Builder"]

KUSTOMIZATION: Final = GroupKind("kustomize.toolkit.fluxcd.io", "Kustomization")
HELM_RELEASE: Final = GroupKind("helm.toolkit.fluxcd.io", "HelmRelease")
APPLICATION: Final = GroupKind("argoproj.io", "Application")
APPLICATION_SET: Final = GroupKind("argoproj.io", "ApplicationSet")


class Builder:
    """Builds deliveries.

    Args:
        outside: what is read besides the declared objects.

    """

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._flux = FluxSources(outside)
        self._argo = ArgoSources(outside)

    @property
    def outside(self) -> Outside:
        """What is read besides the declared objects."""
        return self._outside

    def build(self, delivery: Manifest, declared: Declared) -> list[Rendered]:
        """Return the manifests of a delivery.

        Args:
            delivery: the Kustomization, HelmRelease or Application.
            declared: the objects that are declared so far.

        Raises:
            NixernetesError: it cannot be rendered; the message says why.

        """
        kind = group_kind(delivery)
        if kind == KUSTOMIZATION:
            return self._kustomization(delivery, declared)
        if kind == HELM_RELEASE:
            return self._release(delivery, declared)
        return self._application(delivery, declared)

    def _kustomization(self, delivery: Manifest, declared: Declared) -> list[Rendered]:
        spec = delivery.get("spec") or {}
        namespace = (delivery.get("metadata") or {}).get("namespace") or "default"
        tree = self._flux.files(spec.get("sourceRef") or {}, namespace, declared)[0]
        lookup = declared.lookup
        references = (spec.get("postBuild") or {}).get("substituteFrom") or []
        data = [lookup(each["kind"], namespace, each["name"]) for each in references]
        key = manifests.digest([self._outside.program, self._outside.strict, delivery, data])
        remotes = TracedRemotes(self._outside.remotes) if self._outside.remotes is not None else None

        def make(traced: Tree) -> bytes:
            found = render_kustomization(
                traced,
                delivery,
                lookup=lookup,
                cache=self._outside.cache,
                remotes=remotes,
                strict=self._outside.strict,
            )
            return encoded(found)

        found = decoded(remembered(self._outside.store, f"kustomization\0{key}", tree, make, remotes))
        if not isinstance(tree, CopiedTree):
            return found
        return [replace(item, origin=_where(item.origin, tree.began_as)) for item in found]

    def _release(self, delivery: Manifest, declared: Declared) -> list[Rendered]:
        chart = self._flux.chart(delivery, declared)
        values = compose_values(delivery, declared.lookup)
        return installed(delivery, render_release(chart, delivery, values, self._outside.charts, is_upgrade=False))

    def _application(self, delivery: Manifest, declared: Declared) -> list[Rendered]:
        spec = delivery.get("spec") or {}
        sources = application_sources(delivery)
        project = spec.get("project") or "default"
        fetched = [self._argo.files(source, project, declared) for source in sources]
        refs = referenced(sources, [tree for tree, _ in fetched])
        outside = self._outside
        renderers = Renderers(
            charts=outside.charts,
            jsonnet=outside.jsonnet,
            repositories=outside.repositories,
            remotes=outside.remotes,
            build_options=_build_options(delivery, declared),
            store=outside.store,
            program=outside.program,
        )
        found: list[Rendered] = []
        for source, (tree, revision) in zip(sources, fetched, strict=True):
            if source.get("path") or source.get("chart"):
                rendered = render_source(delivery, source, tree, renderers=renderers, refs=refs, revision=revision)
                found += rendered.manifests
        return last_of_each(found, (spec.get("destination") or {}).get("namespace") or "")


def _build_options(delivery: Manifest, declared: Declared) -> str:
    """Return the flags for Kustomize in the ``argocd-cm`` of the Application's namespace."""
    config = declared.lookup("ConfigMap", key_of(delivery).namespace, "argocd-cm")
    return (config or {}).get("kustomize.buildOptions", "")


def _where(origin: Origin, began_as: Callable[[str], str]) -> Origin:
    """Name the files of an origin where they were copied from; a step may name a field behind ``#``."""
    steps = (step.partition("#") for step in origin.chain)
    chain = tuple(f"{began_as(file)}{sign}{field}" for file, sign, field in steps)
    return replace(origin, file=began_as(origin.file), chain=chain)
