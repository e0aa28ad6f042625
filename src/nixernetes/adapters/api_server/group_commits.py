"""Answers that wait until what they tell of is kept; those that come together wait for one write to the disk.

Requests are handled one after the other, in memory; the changes of all that arrived together are then kept at once, in
a thread, and only then is anyone answered, readers too: nobody sees what a crash could undo. What arrives while the
disk is busy is handled meanwhile, and kept together afterwards. Where nothing can be kept the cluster goes back, and
each request is tried by itself, so that one that is too large for the disk takes no other with it.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse
from nixernetes.cluster.storage.journal import Journal
from nixernetes.cluster.storage.port import StorageError

__all__ = ["GroupCommits"]


class Answering(Protocol):
    """Answers requests in memory."""

    def handle(self, request: ApiRequest) -> ApiResponse:
        """Answer one request."""
        ...

    def refuse(self, error: ApiError) -> ApiResponse:
        """Answer a request that came to nothing."""
        ...

    def settle(self, kept: int | None = None) -> None:
        """Tell those who watch of what is kept now; forget what was taken back."""
        ...


@dataclass(slots=True)
class _Asked:
    request: ApiRequest
    response: ApiResponse
    told: asyncio.Future[ApiResponse]


class GroupCommits:
    """Answers the requests of one server; used in the loop of the server alone.

    Args:
        api: answers in memory.
        journal: keeps what changes.

    """

    def __init__(self, api: Answering, journal: Journal) -> None:
        self._api = api
        self._journal = journal
        self._waiting: list[_Asked] = []
        self._riding: list[_Asked] = []  # those whose changes are on their way to the disk
        self._write: Future[None] | None = None
        self._disk = ThreadPoolExecutor(1, "disk")
        self._is_called = False
        self._is_full = False  # whether nothing could be kept when that was tried last

    def begin(self) -> None:
        """Keep what the cluster begins with.

        Raises:
            StorageError: it cannot be kept.

        """
        self._keep()

    async def answer(self, request: ApiRequest) -> ApiResponse:
        """Answer one request."""
        if self._journal.waits and (request.query.has("watch") or "/watch/" in request.path):
            self.commit()  # what a stream begins with has to be kept
        response = self._api.handle(request)
        if not self._journal.waits:
            return response
        loop = asyncio.get_running_loop()
        asked = _Asked(request, response, loop.create_future())
        self._waiting.append(asked)
        self._call(loop)
        return await asked.told

    def soon(self) -> bool:
        """Keep what changed without waiting for it; tell whether that is likely to succeed."""
        if self._is_full:
            return self.commit()
        if self._journal.waits:
            self._call(asyncio.get_running_loop())
        return True

    def _call(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._write is None and not self._is_called:
            self._is_called = True
            loop.call_soon(self._begin_write, loop)

    def commit(self) -> bool:
        """Keep what changed, and answer all who wait for it; tell whether it is kept. The disk is waited for."""
        if self._write is not None and not self._end_write():
            return False
        waiting, self._waiting = self._waiting, []
        try:
            self._keep()
        except StorageError as error:
            self._is_full = True
            self._failed(waiting, error)
            return False
        self._is_full = False
        for asked in waiting:
            _tell(asked, asked.response)
        return True

    def _begin_write(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the disk keep what changed."""
        self._is_called = False
        if self._write is not None or not (self._waiting or self._journal.waits):
            return
        self._riding, self._waiting = self._waiting, []
        changes = self._journal.take()
        if not changes:  # readers, who waited for what others wrote
            self._arrived()
            return
        write = self._write = self._disk.submit(self._journal.write, changes)
        write.add_done_callback(lambda done: loop.call_soon_threadsafe(self._written, done, loop))

    def _written(self, write: Future[None], loop: asyncio.AbstractEventLoop) -> None:
        if write is self._write:  # else somebody waited for it
            self._end_write()
        self._begin_write(loop)

    def _end_write(self) -> bool:
        """Wait for the disk, answer those whose changes it keeps, and tell whether it does."""
        write, self._write = self._write, None
        try:
            if write is not None:
                write.result()
        except StorageError as error:
            self._journal.undo()
            self._api.settle()
            self._is_full = True
            waiting = [*self._riding, *self._waiting]
            self._riding, self._waiting = [], []
            self._failed(waiting, error)
            return False
        self._journal.done()
        self._api.settle(self._journal.kept)
        self._arrived()
        return True

    def _arrived(self) -> None:
        riding, self._riding = self._riding, []
        for asked in riding:
            _tell(asked, asked.response)

    def _failed(self, waiting: list[_Asked], error: StorageError) -> None:
        for asked in waiting:
            _tell(asked, self._refused(error) if len(waiting) == 1 else self._again(asked.request))

    def _again(self, request: ApiRequest) -> ApiResponse:
        """Answer a request by itself."""
        response = self._api.handle(request)
        try:
            self._keep()
        except StorageError as error:
            return self._refused(error)
        return response

    def _keep(self) -> None:
        try:
            self._journal.keep()
        finally:
            self._api.settle()

    def _refused(self, error: StorageError) -> ApiResponse:
        return self._api.refuse(ApiError("InternalError", f"Internal error occurred: {error.message}"))


def _tell(asked: _Asked, response: ApiResponse) -> None:
    if not asked.told.done():
        asked.told.set_result(response)
