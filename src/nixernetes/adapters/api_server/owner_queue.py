"""Requests that wait for the one thread that may touch a world: no locks in what is pure, no answer from elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Callable
from typing import Final

from nixernetes.cluster.server.requests import ApiRequest, ApiResponse

__all__ = ["OwnerQueue"]

_MOST_WAITING: Final = 1000
_BUSY: Final = (
    b'{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too many requests wait",'
)
_TOO_MANY: Final = ApiResponse(
    status=429, body=_BUSY + b'"reason":"TooManyRequests","code":429}', headers=(("retry-after", "1"),)
)
_Waiting = tuple[ApiRequest, asyncio.AbstractEventLoop, "asyncio.Future[ApiResponse]"]


class OwnerQueue:
    """Carries requests from the threads of servers to the owner of a world, and the answers back."""

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self.descriptor, self._bell = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(self.descriptor, False)

    async def ask(self, request: ApiRequest) -> ApiResponse:
        """Hand a request in, and wait for its answer."""
        if len(self._waiting) >= _MOST_WAITING:
            return _TOO_MANY
        loop = asyncio.get_running_loop()
        future: asyncio.Future[ApiResponse] = loop.create_future()
        self._waiting.append((request, loop, future))
        with contextlib.suppress(OSError):  # full: the owner has been rung for already; closed: it is gone
            os.write(self._bell, b"\0")
        return await future

    def answer(self, handle: Callable[[ApiRequest], ApiResponse]) -> int:
        """Answer what waits, as its owner; return how many requests that were."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.descriptor, 4096)
        answered = 0
        while self._waiting:
            request, loop, future = self._waiting.popleft()
            response = handle(request)
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_tell, future, response)
            answered += 1
        return answered

    def close(self) -> None:
        """Take no more requests."""
        self._waiting.clear()
        os.close(self.descriptor)
        os.close(self._bell)


def _tell(future: asyncio.Future[ApiResponse], response: ApiResponse) -> None:
    if not future.done():
        future.set_result(response)
    elif response.stream is not None:  # whoever asked is gone
        response.stream.close()
