"""What an overlay or a directory of Argo CD gives, kept by what was read: the sources of most Applications.

Charts are kept by who renders them. The commit decides only where a variable of the build environment may be expanded,
so that a commit elsewhere in the repository changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nixernetes.objects import manifest as manifests
from nixernetes.objects.manifest import Json
from nixernetes.render.kept import Make
from nixernetes.render.rendered import Rendered
from nixernetes.render.tools import Tools
from nixernetes.render.tree import Tree

__all__ = ["kept_source"]


def kept_source(
    tools: Tools, options: Json, source: Json, environment: Mapping[str, str], tree: Tree, make: Make
) -> Sequence[Rendered]:
    """Return what a source gives, from memory or the store where that is sure to be the same.

    Args:
        tools: what keeps, and what stands for remote bases.
        options: what else decides about the result: the folder, and how Kustomize is run.
        source: the source, overrides merged.
        environment: the build environment.
        tree: the repository.
        make: renders; it reads nothing but the tree and the remotes that it is given, and the arguments above.

    """
    expands = b"$" in manifests.canonical(source)
    key = manifests.digest([options, source, dict(environment) if expands else {}])
    return tools.kept.built(f"source\0{key}", tree, tools.remotes, make)
