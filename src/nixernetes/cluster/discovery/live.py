"""The registry of a cluster, made anew when a CustomResourceDefinition changes."""

from __future__ import annotations

from nixernetes.cluster.api import Event
from nixernetes.cluster.discovery.registry import Registry
from nixernetes.cluster.history import HistoryStore
from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION

__all__ = ["LiveRegistry"]


class LiveRegistry:
    """Tells what a cluster serves at the moment.

    Args:
        store: the cluster.

    """

    def __init__(self, store: HistoryStore) -> None:
        self._store = store
        self._made: Registry | None = None
        store.watch(self._note)

    def __call__(self) -> Registry:
        """Return the registry."""
        if self._made is None:
            rows = self._store.rows(CUSTOM_RESOURCE_DEFINITION)
            self._made = Registry(rows[key] for key in sorted(rows))
        return self._made

    def _note(self, event: Event) -> None:
        if group_kind(event.object) == CUSTOM_RESOURCE_DEFINITION:
            self._made = None
