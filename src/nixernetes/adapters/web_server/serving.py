"""The page served: plain HTTP on the loopback address, in a thread of its own or in the caller's."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import uvicorn

from nixernetes.adapters.api_server.serving import QuietServer, listening
from nixernetes.adapters.web_server.application import web_application
from nixernetes.adapters.web_server.changes import ChangeFeed
from nixernetes.adapters.web_server.doors import Door, Role
from nixernetes.adapters.web_server.questions import Answering

__all__ = ["WebServer"]

_HOST: Final = "127.0.0.1"
_MOST_CONNECTIONS: Final = 200
_STOP_SECONDS: Final = 1


class WebServer:
    """The page at one port.

    Args:
        ask: answers the questions of the API.
        described: the API as an OpenAPI document.
        port: the port; 0 takes a free one.
        told: called with the next address after one was used.
        only_reads: whether nobody may change anything.

    Raises:
        InputError: the port is taken.

    """

    def __init__(
        self,
        ask: Answering,
        described: Mapping[str, object],
        port: int = 0,
        *,
        told: Callable[[str], None] = lambda _: None,
        only_reads: bool = False,
    ) -> None:
        self._socket: socket.socket = listening(_HOST, port)
        role = Role.VIEWER if only_reads else Role.OPERATOR
        self.door = Door(self._socket.getsockname()[1], told, role=role)
        self.feed = ChangeFeed()
        config = uvicorn.Config(
            web_application(ask, self.feed, self.door, described),
            ws="none",
            lifespan="off",
            loop="asyncio",
            access_log=False,
            log_level=logging.ERROR,
            log_config=None,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_graceful_shutdown=_STOP_SECONDS,
            server_header=False,
            date_header=False,
            proxy_headers=False,
        )
        self._server = QuietServer(config)

    async def serve(self, started: Callable[[], None] = lambda: None) -> None:
        """Serve in the present loop until stopped."""
        self._server.told = started
        await self._server.serve(sockets=[self._socket])

    @contextlib.contextmanager
    def in_thread(self) -> Iterator[None]:
        """Serve in a thread of its own; enter when it answers."""
        ready = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self.serve(ready.set)), name="web-server", daemon=True)
        thread.start()
        try:
            ready.wait(10)
            yield
        finally:
            self._server.should_exit = True
            thread.join(5)
