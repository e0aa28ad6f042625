"""Answers that wait until what they tell of is kept; those that come together wait for one write to the disk.

Requests are handled one after the other, in memory; the changes of all that arrived together are then kept at once, and
only then is anyone answered, readers too: nobody sees what a crash could undo. Where nothing can be kept the cluster
goes back, and each request is tried by itself, so that one that is too large for the disk takes no other with it.
"""

from __future__ import annotations

import asyncio
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

    def settle(self) -> None:
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
        if not self._waiting:
            loop.call_soon(self.commit)
        self._waiting.append(asked)
        return await asked.told

    def commit(self) -> bool:
        """Keep what changed, and answer all who wait for it; tell whether it is kept."""
        waiting, self._waiting = self._waiting, []
        try:
            self._keep()
        except StorageError as error:
            for asked in waiting:
                _tell(asked, self._refused(error) if len(waiting) == 1 else self._again(asked.request))
            return False
        for asked in waiting:
            _tell(asked, asked.response)
        return True

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
