"""What a client of a port says goes to who is there, and the answers back.

After client-go v0.34.4, ``tools/portforward``: for each connection a stream of errors and one of data, which name
their port and the same request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

from nixernetes.adapters.api_server.forwarding.spdy import SpdyEvent, SpdyFrames
from nixernetes.cluster.server.requests import Conversation, Tunnel
from nixernetes.errors import NixernetesError

__all__ = ["PortForwarding", "RunsAsOwner"]

_MOST_STREAMS: Final = 256
_MOST_WAITING: Final = 4 << 20  # bytes that a client has sent ahead

RunsAsOwner: TypeAlias = Callable[[Callable[[], Any]], Awaitable[Any]]


class _Transport(Protocol):
    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class _Connection:
    errors: int
    data: int
    conversation: Conversation | None = None
    is_over: bool = False


class PortForwarding(asyncio.Protocol):
    """A connection that carries those to ports of a pod.

    Args:
        transport: the connection.
        tunnel: knows the ports.
        as_owner: runs what touches the world where it may be touched.

    """

    def __init__(self, transport: _Transport, tunnel: Tunnel, as_owner: RunsAsOwner) -> None:
        self._transport = transport
        self._tunnel = tunnel
        self._as_owner = as_owner
        self._frames = SpdyFrames()
        self._errors: dict[str, int] = {}
        self._connections: dict[int, _Connection] = {}
        self._events: asyncio.Queue[SpdyEvent | None] = asyncio.Queue()
        self._waiting = 0
        self._task = asyncio.get_running_loop().create_task(self._work())

    def data_received(self, data: bytes) -> None:
        """Take what the client sends."""
        self._waiting += len(data)
        try:
            events = self._frames.receive(data)
        except NixernetesError:
            self._transport.close()
            return
        if self._waiting > _MOST_WAITING:
            self._transport.close()
        for event in events:
            self._events.put_nowait(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """End: the client is gone."""
        del exc
        self._events.put_nowait(None)

    async def done(self) -> None:
        """Wait until all that was asked for before the end is done."""
        await self._task

    async def _work(self) -> None:
        """Do what the client asks for, one after the other."""
        while (event := await self._events.get()) is not None:
            if event.kind == "opened":
                await self._open(event)
            elif event.kind == "data":
                self._waiting = max(0, self._waiting - len(event.data))
                await self._say(event)
            elif event.kind == "reset":
                self._connections.pop(event.stream, None)
            elif event.kind == "ping":
                self._transport.write(self._frames.pong(event.stream))
            elif event.kind == "leaves":
                self._transport.close()

    async def _open(self, event: SpdyEvent) -> None:
        self._transport.write(self._frames.reply(event.stream))
        request = event.headers.get("requestid", "")
        if event.headers.get("streamtype") == "error":
            self._errors[request] = event.stream
            if len(self._errors) + len(self._connections) > _MOST_STREAMS:
                self._transport.close()
            return
        port = event.headers.get("port", "")
        made = _Connection(self._errors.pop(request, 0), event.stream)
        self._connections[event.stream] = made
        try:
            made.conversation = await self._as_owner(lambda: self._tunnel.connect(int(port)))
        except (NixernetesError, ValueError):
            made.conversation = None
        if made.conversation is None:
            self._end(made, f"dial tcp4 127.0.0.1:{port}: connect: connection refused")

    async def _say(self, event: SpdyEvent) -> None:
        found = self._connections.get(event.stream)
        if found is None or found.conversation is None:
            return
        try:
            answer = await self._as_owner(lambda: _heard(found.conversation, event.data))
        except NixernetesError as error:
            self._end(found, str(error))
            return
        if answer:
            self._transport.write(self._frames.data(found.data, answer))
        if event.is_last or found.conversation.is_over:
            self._end(found)

    def _end(self, connection: _Connection, error: str = "") -> None:
        """End a connection on our side, and say why where it failed."""
        self._connections.pop(connection.data, None)
        told = self._frames.data(connection.errors, error.encode(), is_last=True) if connection.errors else b""
        self._transport.write(told + self._frames.data(connection.data, b"", is_last=True))


def _heard(conversation: Conversation | None, data: bytes) -> bytes:
    return conversation.receive(data) if conversation is not None else b""
