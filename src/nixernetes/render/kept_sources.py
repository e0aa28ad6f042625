"""What an overlay or a directory of Argo CD gives, kept by what was read: the sources of most Applications.

Charts are kept by who renders them. The commit decides only where a variable of the build environment may be expanded,
so that a commit elsewhere in the repository changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TypeAlias

from nixernetes.objects import manifest as manifests
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.kustomize_flags import kustomize_flags
from nixernetes.render.remembered import remembered
from nixernetes.render.rendered import Origin, Rendered
from nixernetes.render.renderers import Renderers
from nixernetes.render.traced import TracedRemotes
from nixernetes.render.tree import Tree

__all__ = ["decoded", "encoded", "kept_source"]

Make: TypeAlias = Callable[[Tree, Remotes | None], list[Rendered]]


def kept_source(
    renderers: Renderers, source: Json, folder: str, environment: Mapping[str, str], tree: Tree, make: Make
) -> list[Rendered]:
    """Return what a source gives, from the store where that is sure to be the same.

    Args:
        renderers: the store, and what stands for remote bases.
        source: the source, overrides merged.
        folder: its folder in the tree.
        environment: the build environment.
        tree: the repository.
        make: renders; it reads nothing but the tree and the remotes that it is given, and the arguments above.

    """
    if renderers.store is None or kustomize_flags(renderers.build_options).enable_helm:
        return make(tree, renderers.remotes)  # charts come from elsewhere than the tree
    expands = b"$" in manifests.canonical(source)
    key = manifests.digest(
        [renderers.program, renderers.build_options, source, folder, dict(environment) if expands else {}]
    )
    remotes = TracedRemotes(renderers.remotes) if renderers.remotes is not None else None
    data = remembered(renderers.store, f"source\0{key}", tree, lambda traced: encoded(make(traced, remotes)), remotes)
    return decoded(data)


def encoded(items: list[Rendered]) -> bytes:
    """Return manifests with their origins as bytes."""
    return json.dumps([[i.manifest, i.origin.file, i.origin.line, i.origin.chain] for i in items]).encode()


def decoded(data: bytes) -> list[Rendered]:
    """Return the manifests of :func:`encoded`."""
    return [
        Rendered(manifest=manifest, origin=Origin(file=file, line=line, chain=tuple(chain)))
        for manifest, file, line, chain in json.loads(data)
    ]
