"""The kustomization file of a folder: finding it, and merging image overrides into it."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json
from nixernetes.render.tree import Tree

__all__ = ["FILE_NAMES", "kustomization_file", "merged_images"]

FILE_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def kustomization_file(tree: Tree, folder: str) -> str | None:
    """Return the name of a folder's kustomization file, None when it has none."""
    found = (name for name in FILE_NAMES if tree.is_file(f"{folder}/{name}" if folder else name))
    return next(found, None)


def merged_images(images: Sequence[Json], overrides: Sequence[Json]) -> list[Json]:
    """Merge image overrides by name: a new name replaces; tag and digest replace as one (Flux, section 3.2)."""
    merged = [dict(image) for image in images]
    for override in overrides:
        known = next((image for image in merged if text_at(image, "name") == override["name"]), None)
        if known is None:
            merged.append(dict(override))
            continue
        if override.get("newName"):
            known["newName"] = override["newName"]
        if text_at(override, "newTag") or text_at(override, "digest"):
            for part in ("newTag", "digest"):
                known.pop(part, None)
                if override.get(part):
                    known[part] = override[part]
    return merged
