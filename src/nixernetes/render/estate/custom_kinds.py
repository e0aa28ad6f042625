"""The custom kinds that the manifests of a repository are of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nixernetes.objects import schema
from nixernetes.objects.identity import GroupKind, group_kind, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.render.estate.index import Index
from nixernetes.render.tree import Tree

__all__ = ["custom_kinds", "kinds_of"]

_NOT_SERVED: Final = ("kustomize.config.k8s.io",)  # files for tools, not objects


def custom_kinds(tree: Tree) -> dict[GroupKind, bool]:
    """Return the custom kinds that a repository's manifests are of, and whether each is namespaced."""
    index = Index(tree)
    return kinds_of(item.manifest for path in index.files for item in index.objects(path))


def kinds_of(manifests: Iterable[Manifest]) -> dict[GroupKind, bool]:
    """Return the custom kinds of manifests, and whether each is namespaced.

    Their definitions may come from charts or from the bootstrap of a cluster; without them the scope is told by a
    namespace in some manifest, else by the name: kinds named ``Cluster…`` have none.
    """
    found: dict[GroupKind, bool] = {}
    builtin = {GroupKind(group, kind) for group, _, kind in schema.known_kinds()}
    for manifest in manifests:
        kind = group_kind(manifest)
        if "." in kind.group and kind not in builtin and kind.group not in _NOT_SERVED:
            namespaced = bool(key_of(manifest).namespace)
            found[kind] = found.get(kind, False) or namespaced or not kind.kind.startswith("Cluster")
    return dict(sorted(found.items()))
