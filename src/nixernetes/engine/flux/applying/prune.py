"""Garbage collection of what a delivery no longer contains (Flux, section 7.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nixernetes.cluster.api import Api, ApiError, Outcome
from nixernetes.engine.flux.applying import controls, ordering
from nixernetes.engine.flux.applying.changes import Change
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


def prune(api: Api, stale: Iterable[ObjectKey], owner: Mapping[str, str]) -> list[Change]:
    """Delete stale objects in reverse order of application; return what became of each (fluxcd/pkg/ssa, ``DeleteAll``).

    An object that another delivery has taken over (its owner labels differ), or that says it is to be kept, stays: it
    is skipped. One that is not there counts as deleted.

    Raises:
        PruneError: deletes were refused; the others have been made.

    """
    done, errors, kept = list[Change](), list[str](), list[ObjectKey]()
    for key in sorted(stale, key=ordering.sort_key, reverse=True):
        live = api.get(key)
        if live is not None and why_kept(live, owner):
            done.append(Change(key, Outcome.SKIPPED))
            continue
        try:
            if live is not None:
                api.delete(key)
        except ApiError as error:
            if error.reason != "NotFound":
                errors.append(f"{key} delete failed: {error.message}")
                kept.append(key)
                continue
        done.append(Change(key, Outcome.DELETED))
    if errors:
        raise PruneError("delete failed, errors: " + "".join(f"{each};" for each in errors), kept)
    return done
