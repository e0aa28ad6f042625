"""A source of an Argo CD Application and its tree give manifests (sections 1 and 2).

The tool is the one that the source names, else the one its folder shows: Chart.yaml is Helm, a kustomization file is
Kustomize, anything else a directory. ``.argocd-source.yaml`` (and the one with the Application's name) override the
source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.shapes import OBJECT, misfit
from nixernetes.render.argocd.build_environment import build_environment, instance_name
from nixernetes.render.argocd.directory import render_directory
from nixernetes.render.argocd.helm import render_chart
from nixernetes.render.argocd.kept_sources import kept_source
from nixernetes.render.argocd.kustomize import render_overlay
from nixernetes.render.argocd.kustomize_flags import KustomizeFlags
from nixernetes.render.argocd.source_overrides import normalised, overridden
from nixernetes.render.kustomization_files import kustomization_file
from nixernetes.render.kustomize.options import BuildOptions
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.rendered import Rendered
from nixernetes.render.tools import Tools
from nixernetes.render.tree import Tree, join

__all__ = ["SourceFiles", "SourceRendered", "Tool", "render_source"]

Tool = Literal["Directory", "Helm", "Kustomize"]
_BLOCKS = {"kustomize": "Kustomize", "helm": "Helm", "directory": "Directory", "plugin": "Plugin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFiles:
    """The files of one source of an Application.

    Attributes:
        tree: the repository at the revision; for a chart, the chart itself.
        revision: the commit, the digest of an artifact, or the chart's version.

    """

    tree: Tree
    revision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRendered:
    """What a source gives.

    Attributes:
        manifests: in the tool's order.
        tool: which tool rendered them, as Argo CD's ``status.sourceType`` names it.

    """

    manifests: list[Rendered]
    tool: Tool


def render_source(
    app: Manifest, source: Json, files: SourceFiles, refs: Mapping[str, Tree], tools: Tools, flags: KustomizeFlags
) -> SourceRendered:
    """Render one source of an Application.

    Args:
        app: the Application.
        source: the source, one of its spec.
        files: its files.
        refs: the trees of the sources that have a ``ref``, by that name.
        tools: what renders charts, and stands for remote bases.
        flags: how Kustomize is run.

    Raises:
        InputError: the source, a path or a file is wrong, or asks for what is not rendered here.
        RemoteError: helm failed; the message is helm's own.

    """
    tree = files.tree
    folder = "" if source.get("chart") else _folder(tree, source.get("path") or "")
    is_one_of_several = bool((app.get("spec") or {}).get("sources"))
    declared = source if is_one_of_several else normalised(source)
    merged = overridden(declared, tree, folder, instance_name(app))
    tool = _tool(merged, tree, folder)
    environment = build_environment(app, merged, files.revision)
    if tool == "Helm":
        manifests: Sequence[Rendered] = render_chart(
            app, merged, tree, folder, tools=tools, refs=refs, environment=environment
        )
    elif tool == "Kustomize":

        def overlay(traced: Tree, remotes: Remotes | None) -> list[Rendered]:
            how = _build_options(tools, flags, remotes)
            return render_overlay(merged.get("kustomize") or {}, traced, folder, environment, how)

        # Charts come from elsewhere than the tree; what helm gives is kept by who runs it.
        kept = [tool, folder, flags.load_restrictor]
        manifests = (
            overlay(tree, tools.remotes)
            if flags.enable_helm
            else kept_source(tools, kept, merged, environment, tree, overlay)
        )
    else:

        def directory(traced: Tree, remotes: Remotes | None) -> list[Rendered]:
            del remotes
            return render_directory(traced, folder, merged.get("directory") or {}, environment, tools.jsonnet)

        manifests = kept_source(tools, [tool, folder], merged, environment, tree, directory)
    listed = [each for item in manifests for each in _listed(item)]
    for item in listed:
        wrong = misfit(OBJECT, item.manifest)
        if wrong:
            raise InputError(f"not a Kubernetes object: {wrong}", place=str(item.origin))
    return SourceRendered(manifests=listed, tool=tool)


def _build_options(tools: Tools, flags: KustomizeFlags, remotes: Remotes | None) -> BuildOptions:
    return BuildOptions(
        load_restrictor=flags.load_restrictor,
        enable_helm=flags.enable_helm,
        charts=tools.cluster_charts,
        repositories=tools.repositories,
        cache=tools.cache,
        remotes=remotes,
    )


def _folder(tree: Tree, path: str) -> str:
    if path.startswith("/"):
        raise InputError(f"{path}: app path is absolute")
    try:
        folder = join("", path)
    except InputError as error:
        raise InputError(f"{path}: app path outside root") from error
    if not tree.is_dir(folder):
        raise InputError(f"{path}: app path {'is not a directory' if tree.is_file(folder) else 'does not exist'}")
    return folder


def _listed(item: Rendered) -> list[Rendered]:
    """Return what an object stands for: what has a list of items is these, and with none of them nothing."""
    items = item.manifest.get("items")
    if isinstance(items, list):
        return [Rendered(manifest=_object(each, item), origin=item.origin) for each in items]
    is_null = "items" in item.manifest and items is None and not {"spec", "status"} & set(item.manifest)
    return [] if is_null else [item]


def _object(data: Json, item: Rendered) -> Manifest:
    if isinstance(data, dict):
        return data
    raise InputError("an item of the list is not a Kubernetes object", place=str(item.origin))


def _tool(source: Json, tree: Tree, folder: str) -> Tool:
    named = [label for block, label in _BLOCKS.items() if source.get(block) is not None]
    if len(named) > 1:
        raise InputError(f"multiple application sources defined: {','.join(named)}")
    if named == ["Plugin"]:
        raise InputError("config management plugins are not run: render with Kustomize, Helm or a directory")
    if named == ["Kustomize"]:
        return "Kustomize"
    if named == ["Helm"]:
        return "Helm"
    if named == ["Directory"]:
        return "Directory"
    if tree.is_file(f"{folder}/Chart.yaml" if folder else "Chart.yaml"):
        return "Helm"
    return "Directory" if kustomization_file(tree, folder) is None else "Kustomize"
