"""Who is told of changes, one after the other; one that fails keeps nothing from the others."""

from __future__ import annotations

from collections.abc import Callable

from nixernetes.cluster.api import Event
from nixernetes.objects.identity import ObjectKey, key_of

__all__ = ["Listeners"]


class Listeners:
    """Those who watch one store.

    Args:
        on_error: told of one that raised something unforeseen, with the object that changed; None: it is raised.

    """

    def __init__(self, on_error: Callable[[ObjectKey, Exception], None] | None) -> None:
        self._on_error = on_error
        self._callbacks: list[Callable[[Event], None]] = []

    def add(self, callback: Callable[[Event], None]) -> None:
        """Tell one more of each change from now on."""
        self._callbacks.append(callback)

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self._callbacks)

    def tell(self, event: Event, first: int = 0) -> None:
        """Tell all of a change, but for so many of those who came first."""
        for callback in self._callbacks[first:]:
            try:
                callback(event)
            except Exception as error:
                if self._on_error is None:
                    raise
                self._on_error(key_of(event.object), error)
