"""A manifest is plain JSON data: dicts with string keys, lists, strings, numbers, booleans and None."""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeAlias

__all__ = ["Json", "Manifest", "annotations_of", "canonical", "copy", "digest", "is_same", "labels_of"]

# The one place that says Any: JSON has no useful static type, and everything else names it through these aliases.
Json: TypeAlias = Any
Manifest: TypeAlias = dict[str, Json]


def copy(value: Json) -> Json:
    """Return a deep copy of JSON data; faster than ``copy.deepcopy`` because JSON has no cycles and no objects."""
    if isinstance(value, dict):
        return {k: copy(v) for k, v in value.items()}
    if isinstance(value, list):
        return [copy(v) for v in value]
    return value


def canonical(value: Json) -> bytes:
    """Return the one byte spelling of JSON data: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass")


def digest(value: Json) -> str:
    """Return the lower-case hex SHA-256 of the canonical spelling."""
    return hashlib.sha256(canonical(value)).hexdigest()


def is_same(one: Json, other: Json) -> bool:
    """Tell whether two values are the same JSON; to Python, ``1`` and ``true`` are equal, too."""
    return one is other or (one == other and canonical(one) == canonical(other))


def labels_of(manifest: Manifest) -> dict[str, str]:
    """Return ``metadata.labels``; an empty dict where there are none, or where one is no text (as Kubernetes reads)."""
    return _texts(manifest, "labels")


def annotations_of(manifest: Manifest) -> dict[str, str]:
    """Return ``metadata.annotations``, with the same rule as :func:`labels_of`."""
    return _texts(manifest, "annotations")


def _texts(manifest: Manifest, field: str) -> dict[str, str]:
    meta = manifest.get("metadata")
    found = meta.get(field) if isinstance(meta, dict) else None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        return {}
    return found
