"""The HTTP face ends every stream, whether its client reads or not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from nixernetes.adapters.api_server.http import CUT, HttpFace
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse
from nixernetes.cluster.server.watching import Told, Watch, Watches

Message = dict[str, Any]


class Connection:
    """A connection whose client reads nothing, or all of it, and stays."""

    def __init__(self, *, reads: bool) -> None:
        self.sent: list[Message] = []
        self.is_cut = False
        self.reads = reads
        self._over = asyncio.Event()
        self._asked = False

    def cut(self) -> None:
        """End it."""
        self.is_cut = True
        self._over.set()

    async def receive(self) -> Message:
        """Give a request without a body, and then wait for the end."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request"}
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Send, which takes until the client reads."""
        if message.get("body") and not self.reads:
            await self._over.wait()
        self.sent.append(message)


def told(watches: Watches, connection: Connection, seconds: float, then: Callable[[Watch], None]) -> Watch:
    """Serve a watch that begins with one event, and do something once that is under way."""
    watch = watches.open("k", lambda _: True, lambda each: each.type.encode(), [Told("ADDED", {})])

    async def answer(_: ApiRequest) -> ApiResponse:
        asyncio.get_running_loop().call_soon(asyncio.get_running_loop().call_soon, then, watch)
        return ApiResponse(status=200, content_type="application/json", stream=watch, seconds=seconds)

    async def serve() -> None:
        face = HttpFace(answer, patience_seconds=10 if connection.reads else 0)
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], CUT: connection.cut}
        await asyncio.wait_for(face(scope, connection.receive, connection.send), 20)

    asyncio.run(serve())
    return watch


def test_a_client_that_does_not_take_the_end_of_a_watch_is_cut_off() -> None:
    watches, connection = Watches(), Connection(reads=False)
    told(watches, connection, 0, Watch.close)
    assert connection.is_cut
    assert len(watches) == 0


def test_a_client_that_does_not_read_is_cut_off_when_its_time_is_over() -> None:
    watches, connection = Watches(), Connection(reads=False)
    told(watches, connection, 0.01, lambda _: None)
    assert connection.is_cut
    assert len(watches) == 0


def test_a_client_that_reads_takes_the_end_and_keeps_its_connection() -> None:
    watches, connection = Watches(), Connection(reads=True)
    told(watches, connection, 0, Watch.end)
    assert not connection.is_cut
    assert connection.sent[-1] == {"type": "http.response.body", "body": b""}
    assert len(watches) == 0
