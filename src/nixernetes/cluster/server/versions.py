"""One kind in several versions: stored as it was written, read as it is asked for.

Custom kinds are converted by strategy ``None``, which changes nothing but ``apiVersion``; built-in kinds with fields
that moved have a function each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nixernetes.objects.manifest import Manifest

__all__ = ["converted"]

Converter = Callable[[Manifest], Manifest]
_CONVERTERS: Final[dict[tuple[str, str, str], Converter]] = {}


def converted(manifest: Manifest, api_version: str) -> Manifest:
    """Return an object in another version of its kind; itself where that is its own."""
    if manifest["apiVersion"] == api_version:
        return manifest
    convert = _CONVERTERS.get((manifest["kind"], manifest["apiVersion"], api_version))
    found = convert(manifest) if convert is not None else manifest
    return {**found, "apiVersion": api_version}
