"""That something has changed, told from the thread that owns it to every browser that listens.

Bounded: so many listen, each is told as fast as it reads and no faster than ten times a second, who misses more than a
few changes is told that anything may be another, and who takes nothing for a while is cut off.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Callable
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from nixernetes.adapters.api_server.http import CUT

__all__ = ["ChangeFeed", "ChangeStream"]

MOST_LISTENERS: Final = 64
_QUIET_SECONDS: Final = 15.0  # then a comment says that the connection stands
_LEAST_SECONDS: Final = 0.1  # between two changes that are told: nobody reads faster
_SLOW_SECONDS: Final = 20.0  # in which a browser takes nothing: it has gone to sleep, or means no good
_KEPT: Final = 8  # changes: whoever reads slower asks for all
_ANYTHING: Final = b"{}"


class ChangeFeed:
    """Counts changes and keeps the latest; those who listen are told each with its number."""

    def __init__(self) -> None:
        self.number = 0
        self._latest: deque[tuple[int, bytes]] = deque(maxlen=_KEPT)
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    @property
    def is_full(self) -> bool:
        """Whether nobody more can listen."""
        return len(self._listeners) >= MOST_LISTENERS

    @property
    def is_heard(self) -> bool:
        """Whether anybody listens."""
        return bool(self._listeners)

    def changed(self, what: bytes = _ANYTHING) -> None:
        """Tell that something has changed; may be called from any thread.

        Args:
            what: what changed, as JSON in one line; default: anything may have.

        """
        self._latest.append((self.number + 1, what))
        self.number += 1
        for loop, more in [*self._listeners]:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens there any more
                loop.call_soon_threadsafe(more.set)

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Yield server-sent events, from the present number on, until whoever listens goes away."""
        listener = (asyncio.get_running_loop(), asyncio.Event())
        self._listeners.add(listener)
        try:
            told = self.number
            yield _event(told, _ANYTHING)
            while True:
                listener[1].clear()
                found = self._since(told)
                for number, what in found:
                    told = number
                    yield _event(number, what)
                await asyncio.sleep(_LEAST_SECONDS if found else 0)
                try:
                    await asyncio.wait_for(listener[1].wait(), _QUIET_SECONDS)
                except TimeoutError:
                    yield b": quiet\n\n"
        finally:
            self._listeners.discard(listener)

    def _since(self, told: int) -> list[tuple[int, bytes]]:
        if told == self.number:
            return []
        found = [each for each in [*self._latest] if each[0] > told]
        return found if found and found[0][0] == told + 1 else [(self.number, _ANYTHING)]


def _event(number: int, what: bytes) -> bytes:
    return b"id: %d\nevent: changed\ndata: %s\n\n" % (number, what)


class ChangeStream(Response):
    """A stream of changes; whoever does not take them, or may not see them any more, is cut off.

    Args:
        feed: the changes.
        slow_seconds: how long somebody may take nothing.
        may_see: whether whoever listens may still see them.

    """

    media_type = "text/event-stream"

    def __init__(
        self, feed: ChangeFeed, slow_seconds: float = _SLOW_SECONDS, may_see: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._feed = feed
        self._slow_seconds = slow_seconds
        self._may_see = may_see

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until whoever listens goes away."""
        tasks = {asyncio.ensure_future(self._told(scope, send)), asyncio.ensure_future(_left(receive))}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _told(self, scope: Scope, send: Send) -> None:
        try:
            await self._tell(send)
        except TimeoutError:  # what waits to be sent is not waited for
            cut = scope.get(CUT, lambda: None)
            cut()

    async def _tell(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with contextlib.aclosing(self._feed.stream()) as stream:
            async for text in stream:
                if not self._may_see():
                    await send({"type": "http.response.body", "body": b""})
                    return
                async with asyncio.timeout(self._slow_seconds):
                    await send({"type": "http.response.body", "body": text, "more_body": True})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
