"""What the status of an object of Flux says; one that is not written yet says nothing."""

from __future__ import annotations

from nixernetes.objects.manifest import Json, Manifest

__all__ = ["artifact_of", "condition_of", "is_ready", "revision_of", "status_of"]


def status_of(manifest: Manifest | None) -> Json:
    """Return the status; an empty mapping where there is none."""
    return (manifest or {}).get("status") or {}


def condition_of(manifest: Manifest | None, kind: str) -> Json:
    """Return a condition; an empty mapping where it is not set."""
    entries = status_of(manifest).get("conditions") or []
    return next((entry for entry in entries if entry["type"] == kind), {})


def artifact_of(manifest: Manifest | None) -> Json:
    """Return the artifact that a source advertises; an empty mapping where it has none."""
    return status_of(manifest).get("artifact") or {}


def revision_of(manifest: Manifest | None) -> str:
    """Return the revision that a source advertises, or ``""``."""
    return str(artifact_of(manifest).get("revision") or "")


def is_ready(manifest: Manifest) -> bool:
    """Tell whether Ready is True of the current generation."""
    observed = status_of(manifest).get("observedGeneration")
    is_true: bool = condition_of(manifest, "Ready").get("status") == "True"
    return is_true and observed == manifest["metadata"].get("generation")
