"""What keeps the changes of a cluster, as the cluster sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from nixernetes.cluster.history import Recorded
from nixernetes.errors import RemoteError
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Manifest

__all__ = ["ChangeStore", "KeptObjects", "StorageError"]


class StorageError(RemoteError):
    """Changes could not be kept: the disk is full, or broken. None of them was."""


@dataclass(frozen=True, slots=True)
class KeptObjects:
    """The objects that were kept.

    Attributes:
        revision: the number of the last change; 0 where there was none.
        rows: the objects, by kind, then by namespace and name.

    """

    revision: int = 0
    rows: dict[GroupKind, dict[tuple[str, str], Manifest]] = field(default_factory=dict)


class ChangeStore(Protocol):
    """Keeps changes: all of those that it is given at once, or none."""

    def load(self) -> KeptObjects:
        """Return the objects as the last change that was kept left them."""
        ...

    def changes(self) -> list[Recorded]:
        """Return the last changes that were kept, in order; those of long ago are forgotten."""
        ...

    def keep(self, changes: Sequence[Recorded]) -> None:
        """Keep changes; when this returns, nothing but the loss of the disk can undo them.

        Raises:
            StorageError: none of them is kept.

        """
        ...
