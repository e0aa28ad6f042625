"""Rendered objects as a cluster holds them: what belongs to the whole cluster is in no namespace.

Kustomize writes the ``namespace`` of an overlay into every kind that it does not know, ClusterIssuers too. Flux's
inventory has what the server answered (``ApplyAll`` of fluxcd/pkg/ssa 0.76), and there it is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nixernetes.cluster.api import Reader, filed
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.render.rendered import Rendered

__all__ = ["as_filed", "in_scope"]


def as_filed(api: Reader, items: Sequence[Rendered]) -> Sequence[Rendered]:
    """Return items as a cluster holds them: the very same sequence where nothing differs."""
    found = [replace(item, manifest=in_scope(api, item.manifest)) for item in items if _is_moved(api, item.manifest)]
    if not found:
        return items
    moved = iter(found)
    return [next(moved) if _is_moved(api, item.manifest) else item for item in items]


def in_scope(api: Reader, manifest: Manifest) -> Manifest:
    """Return a manifest without its namespace where its kind has none."""
    if not _is_moved(api, manifest):
        return manifest
    meta = {name: value for name, value in manifest["metadata"].items() if name != "namespace"}
    return {**manifest, "metadata": meta}


def _is_moved(api: Reader, manifest: Manifest) -> bool:
    key = key_of(manifest)
    return filed(api, key) != key
