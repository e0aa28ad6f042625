"""What the status of an object of Flux says; one that is not written yet says nothing."""

from __future__ import annotations

from nixernetes.objects.fields import at, mapping_at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["artifact_of", "condition_of", "is_ready", "revision_of", "status_of"]


def status_of(manifest: Manifest | None) -> Manifest:
    """Return the status; an empty mapping where there is none."""
    found = None if manifest is None else manifest.get("status")
    return found if isinstance(found, dict) else {}


def condition_of(manifest: Manifest | None, kind: str) -> Manifest:
    """Return a condition; an empty mapping where it is not set."""
    for entry in status_of(manifest).get("conditions") or ():
        if entry["type"] == kind:
            found: Manifest = entry
            return found
    return {}


def artifact_of(manifest: Manifest | None) -> Manifest:
    """Return the artifact that a source advertises; an empty mapping where it has none."""
    return mapping_at(manifest, "status", "artifact")


def revision_of(manifest: Manifest | None) -> str:
    """Return the revision that a source advertises, or ``""``."""
    return text_at(manifest, "status", "artifact", "revision")


def is_ready(manifest: Manifest) -> bool:
    """Tell whether Ready is True of the current generation."""
    if at(manifest, "status", "observedGeneration") != at(manifest, "metadata", "generation"):
        return False
    is_true: bool = condition_of(manifest, "Ready").get("status") == "True"
    return is_true
