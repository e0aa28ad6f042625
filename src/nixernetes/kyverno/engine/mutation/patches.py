"""The two ways in which a rule patches an object: a strategic merge with anchors, and JSON patches."""

from __future__ import annotations

from collections.abc import Mapping

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.mutation.anchors import settled_patch
from nixernetes.kyverno.engine.mutation.json_patches import json_patched
from nixernetes.languages.jmespath.functions import json_text
from nixernetes.languages.kyaml.shapes import Shape, built_in
from nixernetes.languages.kyaml.strategic_merge import merge
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["merged", "patched"]


class _Kinds:
    """The kinds that Kustomize knows: lists of others are replaced."""

    def shape(self, api_version: Json, kind: Json) -> Shape | None:
        """Return the root shape of a kind, or None."""
        return built_in(api_version, kind) if isinstance(api_version, str) and isinstance(kind, str) else None


def merged(manifest: Manifest, patch: Json) -> Manifest:
    """Return the object with a strategic merge patch applied, its anchors decided on the object.

    Raises:
        InputError: the patch does not fit.

    """
    try:
        settled = settled_patch(patch, manifest)
        if not isinstance(settled, dict) or not settled:
            return manifest
        changed = merge(manifest, settled, _Kinds())
    except RecursionError:
        raise InputError("the patch is nested too deeply") from None
    if not changed:
        raise InputError("the patch deletes the object")
    return changed


def patched(manifest: Manifest, mutation: Mapping[str, Json]) -> Manifest | None:
    """Return the object as ``mutate`` or one of its ``foreach`` makes it; None where there is no patch.

    Raises:
        InputError: the patch is broken or does not fit.

    """
    if "patchStrategicMerge" in mutation:
        return merged(manifest, mutation["patchStrategicMerge"])
    if "patchesJson6902" in mutation:
        patch = mutation["patchesJson6902"]
        return json_patched(manifest, patch if isinstance(patch, str) else json_text(patch))
    return None
