"""What the owner of a world waits for: somebody who rings, or time that goes by."""

from __future__ import annotations

import contextlib
import selectors

__all__ = ["Bells"]


class Bells:
    """Descriptors of which one that can be read ends the waiting."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def wake_on(self, descriptor: int) -> None:
        """Let :meth:`wait` end early, too, when there is something to read there."""
        self._selector.register(descriptor, selectors.EVENT_READ)

    def wait(self, seconds: float) -> None:
        """Wait at most so long."""
        with contextlib.suppress(InterruptedError):
            self._selector.select(max(seconds, 0.0))

    def close(self) -> None:
        """Wait no more."""
        self._selector.close()
