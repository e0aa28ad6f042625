"""Requests that wait for the one thread that may touch a world: no locks in what is pure, no answer from elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Callable
from typing import Final, Generic, TypeVar

__all__ = ["OwnerQueue"]

_MOST_WAITING: Final = 1000
_Asked = TypeVar("_Asked")
_Told = TypeVar("_Told")


class OwnerQueue(Generic[_Asked, _Told]):
    """Carries requests from the threads of servers to the owner of a world, and the answers back.

    Args:
        busy: the answer where too many requests wait.
        unheard: told of an answer that nobody waits for any more.

    """

    def __init__(self, busy: _Told, unheard: Callable[[_Told], None] = lambda _: None) -> None:
        self._busy = busy
        self._unheard = unheard
        self._waiting: deque[tuple[_Asked, asyncio.AbstractEventLoop, asyncio.Future[_Told]]] = deque()
        self.descriptor, self._bell = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(self.descriptor, False)

    async def ask(self, request: _Asked) -> _Told:
        """Hand a request in, and wait for its answer."""
        if len(self._waiting) >= _MOST_WAITING:
            return self._busy
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_Told] = loop.create_future()
        self._waiting.append((request, loop, future))
        with contextlib.suppress(OSError):  # full: the owner has been rung for already; closed: it is gone
            os.write(self._bell, b"\0")
        return await future

    def answer(self, handle: Callable[[_Asked], _Told]) -> int:
        """Answer what waits, as its owner; return how many requests that were."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.descriptor, 4096)
        answered = 0
        while self._waiting:
            request, loop, future = self._waiting.popleft()
            response = handle(request)
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(self._tell, future, response)
            answered += 1
        return answered

    def close(self) -> None:
        """Take no more requests."""
        self._waiting.clear()
        os.close(self.descriptor)
        os.close(self._bell)

    def _tell(self, future: asyncio.Future[_Told], response: _Told) -> None:
        if future.done():  # whoever asked is gone
            self._unheard(response)
        else:
            future.set_result(response)
