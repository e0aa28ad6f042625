"""The custom kinds that the manifests of a repository are of, and that nothing of it defines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from nixernetes.objects import schema
from nixernetes.objects.api_groups import KUSTOMIZE_CONFIG
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind, group_kind, key_of
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.scopes import is_cluster_scoped_policy, is_policy_group
from nixernetes.render.estate.index import DocumentIndex

__all__ = ["defined_kind", "kinds_of", "undefined_kinds"]

_NOT_SERVED: Final = (KUSTOMIZE_CONFIG,)  # files for tools, not objects
_CUSTOM: Final = re.compile(rb"apiVersion[\"']?\s*:\s*[\"']?[\w-]+(?:\.[\w-]+)+/")


def undefined_kinds(index: DocumentIndex) -> dict[GroupKind, bool]:
    """Return the custom kinds that a repository's manifests are of and that it has no definition of.

    Each comes with whether it is namespaced.
    """
    items = [item.manifest for path in index.holding(_CUSTOM) for item in index.objects(path)]
    defined = {defined_kind(item) for item in items}
    return {kind: namespaced for kind, namespaced in kinds_of(items).items() if kind not in defined}


def defined_kind(manifest: Manifest) -> GroupKind | None:
    """Return the kind that a CustomResourceDefinition defines; None for other objects."""
    if group_kind(manifest) != CUSTOM_RESOURCE_DEFINITION:
        return None
    return GroupKind(text_at(manifest, "spec", "group"), text_at(manifest, "spec", "names", "kind"))


def kinds_of(manifests: Iterable[Manifest]) -> dict[GroupKind, bool]:
    """Return the custom kinds of manifests, and whether each is namespaced.

    Their definitions may come from charts or from the bootstrap of a cluster; without them the scope is told by a
    namespace in some manifest, else by the name: kinds named ``Cluster…`` have none. Those of Kyverno are known.
    """
    found: dict[GroupKind, bool] = {}
    builtin = {GroupKind(group, kind) for group, _, kind in schema.known_kinds()}
    for manifest in manifests:
        kind = group_kind(manifest)
        if "." in kind.group and kind not in builtin and kind.group not in _NOT_SERVED:
            if is_policy_group(kind.group):
                found[kind] = not is_cluster_scoped_policy(kind)
                continue
            namespaced = bool(key_of(manifest).namespace)
            found[kind] = found.get(kind, False) or namespaced or not kind.kind.startswith("Cluster")
    return dict(sorted(found.items()))
