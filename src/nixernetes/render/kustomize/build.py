"""``kustomize build``: a folder of a tree into manifests."""

from __future__ import annotations

from nixernetes.errors import InputError
from nixernetes.languages.kyaml.nodes import settled, text_of, without_empty
from nixernetes.objects.sizes import CopyBudget
from nixernetes.objects.well_known import APP_MANAGED_BY
from nixernetes.render.kustomize.accumulator import Accumulated, Accumulator
from nixernetes.render.kustomize.failures import KustomizeError, cause, words_of
from nixernetes.render.kustomize.generators import content_hash
from nixernetes.render.kustomize.kustomization import KustomizationFile
from nixernetes.render.kustomize.loader import DocumentCache, Loader
from nixernetes.render.kustomize.options import BuildOptions
from nixernetes.render.kustomize.resources.openapi import OpenApi
from nixernetes.render.kustomize.resources.provenance import Provenance, annotate
from nixernetes.render.kustomize.resources.resmap import ResMap
from nixernetes.render.kustomize.resources.resource import BUILD_ANNOTATIONS, BuildResource
from nixernetes.render.kustomize.resources.sorting import legacy, sort
from nixernetes.render.kustomize.transformers import name_references, variables
from nixernetes.render.kustomize.transformers.field_specs import rewrite, set_text
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import Tree, join

__all__ = ["build"]

_LOCAL = "config.kubernetes.io/local-config"
VERSION = "(devel)"  # how Kustomize names itself in programs that build it in: kubectl, Flux


def build(tree: Tree, path: str, options: BuildOptions = BuildOptions()) -> list[Rendered]:  # noqa: B008 - frozen
    """Return the manifests of a kustomization, in Kustomize's order.

    Args:
        tree: the files; nothing outside is read.
        path: the folder that holds kustomization.yaml, kustomization.yml or Kustomization.
        options: restrictions, order, helm, remote bases, cache.

    Raises:
        KustomizeError: what Kustomize refuses too, with file and line where known; and what is not run here (remote
            bases that are not mapped, plugins that are not built in), by name.
        RemoteError: helm failed, or a chart could not be pulled.

    """
    folder = tree.real(join("", path))
    if not tree.is_dir(folder):
        shown = options.spell(folder)
        raise KustomizeError(f"must build at directory: '{shown}' is not a directory", subject=path, place=path)
    schemas = OpenApi()
    loader = Loader(
        tree=tree,
        root=folder,
        root_only=options.load_restrictor == "rootOnly",
        remotes=options.remotes,
        cache=options.cache or DocumentCache(),
        spell=options.spell,
    )
    top, name = loader.kustomization()
    provenance = Provenance() if top.build_metadata else None
    accumulator = Accumulator(loader, schemas, options, provenance)
    try:
        accumulator.use_openapi()
        found = accumulator.accumulate()
        _finish(found, top, options, loader.budget)
    except RecursionError as error:
        raise KustomizeError("nested too deeply to be built: a field path, or a value", place=folder or ".") from error
    except InputError as error:
        told = cause(error)
        if told is error and error.place:
            raise
        place = f"{folder}/{name}" if folder else name
        words = words_of(error)
        raise KustomizeError(told.message, subject=told.subject, place=told.place or place, words=words) from error
    return [_rendered(resource) for resource in found.resources.resources]


def _finish(found: Accumulated, top: KustomizationFile, options: BuildOptions, budget: CopyBudget) -> None:
    resources = found.resources
    for resource in resources.resources:
        _append_hash(resource, found)
    name_references.fix(resources, found.configuration.name_reference)
    variables.resolve(resources, found.variables, found.configuration.var_reference, budget)
    # Made anew, so that two resources that a JSON patch gave one name are found.
    resources.resources = ResMap(each for each in resources.resources if not _is_local(each)).resources
    if top.sort_options is not None:
        resources.resources = sort(resources.resources, top.sort_options)
    elif options.reorder == "legacy":
        resources.resources = legacy(resources.resources)
    for resource in resources.resources:
        _clean(resource, top.build_metadata)


def _append_hash(resource: BuildResource, found: Accumulated) -> None:
    if not resource.needs_hash:
        return
    suffix = content_hash(resource.manifest)
    resource.remember()
    for spec in found.configuration.name_suffix:
        if spec.path == "metadata/name" and spec.gvk.selects(resource.gvk):
            name = f"{resource.name}-{suffix}"
            resource.manifest = rewrite(resource.manifest, spec, set_text(name), "scalar")
            return


def _is_local(resource: BuildResource) -> bool:
    return resource.annotations.get(_LOCAL, "false") != "false"


def _clean(resource: BuildResource, build_metadata: tuple[str, ...]) -> None:
    """Take away the notes of the build, and write those that ``buildMetadata`` asks for."""
    if "managedByLabel" in build_metadata:
        labels = {**resource.labels, APP_MANAGED_BY: f"kustomize-{VERSION}"}
        resource.manifest = settled(resource.manifest, "labels", labels)
    annotations = {k: v for k, v in resource.annotations.items() if k not in BUILD_ANNOTATIONS}
    resource.manifest = settled(resource.manifest, "annotations", annotations)
    annotate(
        resource,
        origins="originAnnotations" in build_metadata,
        transformations="transformerAnnotations" in build_metadata,
    )
    if not text_of(resource.manifest.get("metadata")) and "metadata" not in resource.manifest:
        resource.manifest = {**resource.manifest, "metadata": {}}


def _rendered(resource: BuildResource) -> Rendered:
    resource.loosen()
    return Rendered(manifest=without_empty(resource.manifest), origin=resource.source)
