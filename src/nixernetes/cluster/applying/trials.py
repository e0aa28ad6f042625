"""What dry runs found: the write that follows one, of the same object onto the same state, need not ask again.

Flux applies each object twice, the first time without storing it; nearly all that a server does is then the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nixernetes.cluster.ownership.merging import Write
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest

__all__ = ["Trial", "Trials"]

_MOST: Final = 2000  # objects: more than anybody applies between two dry runs of one


@dataclass(frozen=True, slots=True)
class Trial:
    """A dry run and what it found.

    Attributes:
        manifest: what was sent.
        live: what was there; None when nothing was.
        write: who sent it, when and how.
        lenient: whether it was taken as a client's patch.
        full: what would be stored: merged, with its defaults, checked.

    """

    manifest: Manifest
    live: Manifest | None
    write: Write
    lenient: bool
    full: Manifest


class Trials:
    """The last dry run of each object; beyond 2,000 objects, the oldest are forgotten."""

    def __init__(self) -> None:
        self._held: Bounded[ObjectKey, Trial] = Bounded(_MOST)

    def note(self, key: ObjectKey, trial: Trial) -> None:
        """Remember a dry run; not of a Service, whose next address another one may take."""
        if key.kind != "Service":
            self._held.put(key, trial)

    def of(
        self, key: ObjectKey, manifest: Manifest, live: Manifest | None, write: Write, *, lenient: bool
    ) -> Manifest | None:
        """Return what a dry run of the same write found, and forget it; None when there was none."""
        trial = self._held.get(key)
        if trial is None:
            return None
        self._held.drop(key)
        same = trial.manifest is manifest and trial.live is live and trial.lenient == lenient
        return trial.full if same and trial.write == write else None

    def clear(self) -> None:
        """Forget everything: what kinds look like has changed."""
        self._held.clear()
