"""How deliveries stood at the last report: where nothing that they are read from has changed, they stand as before."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from nixernetes.cluster.api import Reader
from nixernetes.engine.reports.values import DeliveryRow
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["KeptRows"]


class _Kept(NamedTuple):
    item: Manifest
    lives: tuple[Manifest | None, ...]
    row: DeliveryRow


class KeptRows:
    """The rows of the last report, each with the objects that it was read from; a report forgets what it does not name.

    Objects of a cluster are never changed in place, so the very same object says the very same.
    """

    def __init__(self) -> None:
        self._before: dict[tuple[str, ObjectKey], _Kept] = {}
        self._now: dict[tuple[str, ObjectKey], _Kept] = {}

    def begin(self) -> None:
        """Begin a report."""
        self._before, self._now = self._now, {}

    def row(self, cluster: str, api: Reader, item: Manifest, make: Callable[[], DeliveryRow]) -> DeliveryRow:
        """Return how a delivery stands: as it stood, or as ``make`` says."""
        who = (cluster, key_of(item))
        kept = self._before.get(who)
        is_same = kept is not None and kept.item is item
        if kept is None or not is_same or not _are_same(api, kept):
            row = make()
            kept = _Kept(item, tuple(api.get(entry.key) for entry in row.objects), row)
        self._now[who] = kept
        return kept.row


def _are_same(api: Reader, kept: _Kept) -> bool:
    return all(api.get(entry.key) is live for entry, live in zip(kept.row.objects, kept.lives, strict=True))
