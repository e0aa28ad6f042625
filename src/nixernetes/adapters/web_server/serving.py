"""The page served: plain HTTP on the loopback address, in a thread of its own or in the caller's."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from nixernetes.adapters.api_server.serving import CuttingProtocol, QuietServer, listening, quiet_config
from nixernetes.adapters.web_server.access.limits import AskingLimits
from nixernetes.adapters.web_server.access.login import opened_access
from nixernetes.adapters.web_server.access.places import HERE, PagePlace
from nixernetes.adapters.web_server.application import web_application
from nixernetes.adapters.web_server.changes import ChangeFeed
from nixernetes.adapters.web_server.doors import Door, Role
from nixernetes.adapters.web_server.questions import Answering

__all__ = ["WebServer"]

_MOST_CONNECTIONS: Final = 200


class WebServer:
    """The page at one port.

    Args:
        ask: answers the questions of the API.
        described: the API as an OpenAPI document.
        port: the port; 0 takes a free one.
        told: called with the next address after one was used.
        only_reads: whether nobody may change anything.
        place: where it listens, and who may come in; on this machine alone where nothing is said.

    Raises:
        InputError: the port is taken, or the place is not safe.

    """

    def __init__(
        self,
        ask: Answering,
        described: Mapping[str, object],
        port: int = 0,
        *,
        told: Callable[[str], None] = lambda _: None,
        only_reads: bool = False,
        place: PagePlace = HERE,
    ) -> None:
        place.checked()
        encryption = place.encryption()
        self._socket: socket.socket = listening(place.host, place.port or port)
        role = Role.VIEWER if only_reads else Role.OPERATOR
        self.door = Door(self._socket.getsockname()[1], told, role=role, url=place.url)
        access = opened_access(place, self.door) if place.roles is not None else None
        self.feed = ChangeFeed()
        self.limits = AskingLimits()
        application = web_application(ask, self.feed, self.door, described, access, self.limits)
        config = quiet_config(application, CuttingProtocol, _MOST_CONNECTIONS)
        if encryption is not None:
            config.load()
            config.ssl = encryption
        self._server = QuietServer(config)

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return int(self._socket.getsockname()[1])

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
