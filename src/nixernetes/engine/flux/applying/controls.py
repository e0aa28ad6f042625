"""Per-object controls of kustomize-controller: a label or an annotation, its value in any case (Flux, section 6.3)."""

from __future__ import annotations

from nixernetes.objects.api_groups import FLUX_KUSTOMIZE
from nixernetes.objects.manifest import Manifest, annotations_of, labels_of

__all__ = ["creates_only", "forces", "is_left_alone", "keeps_foreign_fields", "survives_prune"]


def is_left_alone(manifest: Manifest | None) -> bool:
    """Tell whether an object is neither applied nor pruned: reconcile disabled, or ssa Ignore."""
    return _says(manifest, "reconcile", "disabled") or _says(manifest, "ssa", "ignore")


def creates_only(manifest: Manifest) -> bool:
    """Tell whether an object is created when absent and never changed afterwards."""
    return _says(manifest, "ssa", "ifnotpresent")


def keeps_foreign_fields(manifest: Manifest) -> bool:
    """Tell whether fields of other managers stay."""
    return _says(manifest, "ssa", "merge")


def forces(manifest: Manifest) -> bool:
    """Tell whether an object is made anew when an immutable field changes."""
    return _says(manifest, "force", "enabled")


def survives_prune(live: Manifest) -> bool:
    """Tell whether a live object is kept by garbage collection."""
    return _says(live, "prune", "disabled") or is_left_alone(live)


def _says(manifest: Manifest | None, control: str, value: str) -> bool:
    if manifest is None:
        return False
    name = f"{FLUX_KUSTOMIZE}/{control}"
    found = (labels_of(manifest).get(name), annotations_of(manifest).get(name))
    return any(text is not None and str(text).lower() == value for text in found)
