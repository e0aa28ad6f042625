"""What an apply or a garbage collection did to objects, as events tell it (fluxcd/pkg/ssa, ``ChangeSet``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nixernetes.cluster.api import Outcome
from nixernetes.objects.identity import ObjectKey

__all__ = ["Change", "describe"]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one object."""

    key: ObjectKey
    outcome: Outcome

    def __str__(self) -> str:
        return f"{self.key} {self.outcome}"


def describe(changes: Sequence[Change]) -> str:
    """Return one line for each object that changed; ``""`` when none did."""
    kept = (Outcome.UNCHANGED, Outcome.SKIPPED)
    return "\n".join(str(change) for change in changes if change.outcome not in kept)
