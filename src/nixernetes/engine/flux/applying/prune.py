"""Garbage collection of what a delivery no longer contains (Flux, section 7.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nixernetes.cluster.api import Api, ApiError
from nixernetes.engine.flux.applying import controls, ordering
from nixernetes.errors import NixernetesError
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest, labels_of

__all__ = ["PruneError", "prune", "why_kept"]


class PruneError(NixernetesError):
    """Some objects could not be deleted.

    Attributes:
        kept: the objects that were not confirmed as deleted.

    """

    def __init__(self, message: str, kept: list[ObjectKey]) -> None:
        super().__init__(message)
        self.kept = kept


def why_kept(live: Manifest, owner: Mapping[str, str]) -> str:
    """Return why a live object stays when it is pruned; ``""`` where it goes."""
    labels = labels_of(live)
    if any(labels.get(name) != value for name, value in owner.items()):
        return "another delivery has taken it over"
    return "its annotations or labels keep it" if controls.survives_prune(live) else ""


def prune(api: Api, stale: Iterable[ObjectKey], owner: Mapping[str, str]) -> list[ObjectKey]:
    """Delete stale objects in reverse order of application; return those that were deleted.

    An object that another delivery has taken over (its owner labels differ), or that says it is to be kept, stays.

    Raises:
        PruneError: deletes were refused; the others have been made.

    """
    deleted, errors, kept = list[ObjectKey](), list[str](), list[ObjectKey]()
    for key in sorted(stale, key=ordering.sort_key, reverse=True):
        live = api.get(key)
        if live is None:  # what is not there counts as deleted (fluxcd/pkg/ssa, ``Delete``)
            deleted.append(key)
            continue
        if live["metadata"].get("deletionTimestamp"):
            continue
        if why_kept(live, owner):
            continue
        try:
            api.delete(key)
        except ApiError as error:
            if error.reason != "NotFound":
                errors.append(f"{key} delete failed: {error.message}")
                kept.append(key)
                continue
        deleted.append(key)
    if errors:
        raise PruneError("delete failed, errors: " + "; ".join(errors), kept)
    return deleted
