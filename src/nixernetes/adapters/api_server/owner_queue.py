"""Requests that wait for the one thread that may touch a world: no locks in what is pure, no answer from elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Generic, NamedTuple, TypeAlias, TypeVar

from nixernetes.errors import BugError, NixernetesError

__all__ = ["OwnerQueue"]

_MOST_WAITING: Final = 1000
_Asked = TypeVar("_Asked")
_Told = TypeVar("_Told")


class _Done(NamedTuple):
    """What some work gave, which is no answer to a request."""

    gave: Any


_Waiting: TypeAlias = tuple[
    Callable[[Callable[[_Asked], _Told]], Any], asyncio.AbstractEventLoop, "asyncio.Future[Any]"
]


class OwnerQueue(Generic[_Asked, _Told]):
    """Carries requests from the threads of servers to the owner of a world, and the answers back.

    Args:
        busy: the answer where too many requests wait.
        failed: makes the answer where what was asked could not be kept; default: the error is raised.
        unheard: told of an answer that nobody waits for any more.

    """

    def __init__(
        self,
        busy: _Told,
        unheard: Callable[[_Told], None] = lambda _: None,
        failed: Callable[[NixernetesError], _Told] | None = None,
    ) -> None:
        self._busy = busy
        self._failed = failed
        self._unheard = unheard
        self._waiting: deque[_Waiting[_Asked, _Told]] = deque()
        self.descriptor, self._bell = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(self.descriptor, False)

    async def ask(self, request: _Asked) -> _Told:
        """Hand a request in, and wait for its answer."""
        if len(self._waiting) >= _MOST_WAITING:
            return self._busy
        try:
            found: _Told = await self._handed_in(lambda handle: handle(request))
        except NixernetesError as error:
            if self._failed is None:
                raise
            return self._failed(error)
        return found

    async def run(self, work: Callable[[], Any]) -> Any:  # whatever it gives
        """Let the owner do something, and return what that gives.

        Raises:
            NixernetesError: what it raises.

        """
        return await self._handed_in(lambda _: _Done(_guarded(work)))

    async def _handed_in(self, work: Callable[[Callable[[_Asked], _Told]], Any]) -> Any:  # see above
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._waiting.append((work, loop, future))
        with contextlib.suppress(OSError):  # full: the owner has been rung for already; closed: it is gone
            os.write(self._bell, b"\0")
        return await future

    def answer(self, handle: Callable[[_Asked], _Told], keep: Callable[[], None] = lambda: None) -> int:
        """Answer what waits, as its owner; return how many requests that were.

        Args:
            handle: answers one request.
            keep: called when all have been handled, before anyone is told; what it raises is told to all of them.

        """
        with contextlib.suppress(BlockingIOError):
            os.read(self.descriptor, 4096)
        answers: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[Any], Any]] = []
        while self._waiting:
            work, loop, future = self._waiting.popleft()
            try:
                response: Any = work(handle)
            except NixernetesError as error:
                response = error
            answers.append((loop, future, response))
        try:
            keep()
        except NixernetesError as error:
            for _, _, response in answers:
                self._forget(response)
            answers = [(loop, future, error) for loop, future, _ in answers]
        for loop, future, response in answers:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(self._tell, future, response)
        return len(answers)

    def close(self) -> None:
        """Take no more requests."""
        self._waiting.clear()
        os.close(self.descriptor)
        os.close(self._bell)

    def _forget(self, response: Any) -> None:
        """Take note that an answer reaches nobody."""
        if not isinstance(response, _Done | NixernetesError):
            self._unheard(response)

    def _tell(self, future: asyncio.Future[Any], response: Any) -> None:
        if future.done():  # whoever asked is gone
            self._forget(response)
        elif isinstance(response, NixernetesError):
            future.set_exception(response)
        else:
            future.set_result(response.gave if isinstance(response, _Done) else response)


def _guarded(work: Callable[[], Any]) -> Any:
    """Do some work; a bug of ours ends that alone, and not the world.

    Raises:
        NixernetesError: what it raises.

    """
    try:
        return work()
    except NixernetesError:
        raise
    except Exception as error:
        raise BugError(f"{type(error).__name__}: {error}") from error
