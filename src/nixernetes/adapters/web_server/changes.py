"""That something has changed, told from the thread that owns it to every browser that listens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

__all__ = ["ChangeFeed"]

MOST_LISTENERS: Final = 64
_QUIET_SECONDS: Final = 15.0  # then a comment says that the connection stands
_LEAST_SECONDS: Final = 0.1  # between two changes that are told: nobody reads faster


class ChangeFeed:
    """Counts changes; those who listen are told the number, the latest alone."""

    def __init__(self) -> None:
        self.number = 0
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    @property
    def is_full(self) -> bool:
        """Whether nobody more can listen."""
        return len(self._listeners) >= MOST_LISTENERS

    def changed(self) -> None:
        """Tell that something has changed; may be called from any thread."""
        self.number += 1
        for loop, more in [*self._listeners]:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens there any more
                loop.call_soon_threadsafe(more.set)

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield server-sent events, from the present number on, until whoever listens goes away."""
        listener = (asyncio.get_running_loop(), asyncio.Event())
        self._listeners.add(listener)
        try:
            told = -1
            while True:
                listener[1].clear()
                if told != self.number:
                    told = self.number
                    yield b"event: changed\ndata: %d\n\n" % told
                    await asyncio.sleep(_LEAST_SECONDS)
                else:
                    yield b": quiet\n\n"
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(listener[1].wait(), _QUIET_SECONDS)
        finally:
            self._listeners.discard(listener)
