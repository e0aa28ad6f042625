"""ASGI: a request of HTTP becomes one of an API server, and its answer goes back, streams as long as they last."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qsl

from nixernetes.cluster.server.requests import ApiRequest, ApiResponse, Streaming, UrlQuery

__all__ = ["CUT", "PEER", "Answer", "HttpFace"]

Answer = Callable[[ApiRequest], Awaitable[ApiResponse]]
Message = dict[str, Any]

_MOST_BYTES: Final = 4 * 1024 * 1024  # a little more than an API server takes, so that it can say so itself
PEER: Final = "nixernetes.peer"  # in the scope: the subject of the client's certificate
CUT: Final = "nixernetes.cut"  # in the scope: ends the connection, whatever waits to be sent
TAKE_OVER: Final = "nixernetes.take_over"  # in the scope: lets the connection lead to ports of a pod
_PATIENCE_SECONDS: Final = 5  # for a client that does not take the end of its stream
_CHUNK: Final = 1 << 20


class HttpFace:
    """An ASGI application.

    Args:
        answer: answers one request.
        patience_seconds: how long the end of a stream waits for a client that does not read; it is then cut off.

    """

    def __init__(self, answer: Answer, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._answer = answer
        self._patience = patience_seconds

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        body = await _body(receive)
        if body is None:
            return
        query = scope["query_string"].decode("latin-1")
        request = ApiRequest(
            method=scope["method"],
            path=scope["path"],
            query=UrlQuery(parse_qsl(query, keep_blank_values=True)),
            headers={name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])},
            body=body,
            peer=scope.get(PEER),
            impersonated=tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in scope["headers"]
                if name.startswith(b"impersonate-")
            ),
        )
        response = await self._answer(request)
        if response.tunnel is not None:
            scope[TAKE_OVER](response)
        elif response.stream is None:
            await _whole(response, request.method, send)
        else:
            ending = _Ending(response.stream, response.seconds, scope.get(CUT, lambda: None), self._patience)
            await _streamed(response, ending, receive, send)


async def _body(receive: Callable[[], Awaitable[Message]]) -> bytes | None:
    """Return the body, cut where it is too long; None when the client went away."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part: bytes = message.get("body", b"")
        if size <= _MOST_BYTES:
            parts.append(part)
            size += len(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _headers(response: ApiResponse) -> list[tuple[bytes, bytes]]:
    named = [("content-type", response.content_type), *response.headers] if response.content_type else response.headers
    return [(name.encode("latin-1"), value.encode("utf-8")) for name, value in named]


async def _whole(response: ApiResponse, method: str, send: Callable[[Message], Awaitable[None]]) -> None:
    length = (b"content-length", str(len(response.body)).encode())
    headers = [*_headers(response), length] if response.status not in (204, 304) else _headers(response)
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else response.body})


class _Ending:
    """When a stream ends, and that it does: its client may have ceased to read.

    Args:
        stream: the stream.
        seconds: how long it lasts; 0 for as long as it has something to tell.
        cut: ends the connection.
        patience: how many seconds after its end it is cut.

    """

    def __init__(self, stream: Streaming, seconds: float, cut: Callable[[], object], patience: float) -> None:
        self.stream = stream
        self.more = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._cut = cut
        self._patience = patience
        self._is_due = self._is_told = False
        self._timers = [self._loop.call_later(seconds, self._fall_due)] if seconds else []
        stream.on_more(lambda: self._loop.call_soon_threadsafe(self._look))  # it may be told in another thread
        self._look()

    @property
    def is_over(self) -> bool:
        """Tell whether nothing comes after what can be taken now."""
        return self.stream.is_over or self._is_due

    def close(self) -> None:
        """Forget all of it."""
        self._is_told = True
        for timer in self._timers:
            timer.cancel()
        self.stream.close()

    def _fall_due(self) -> None:
        self._is_due = True
        self._look()

    def _look(self) -> None:
        self.more.set()
        if self.is_over and not self._is_told:
            self._is_told = True
            self._timers.append(self._loop.call_later(self._patience, self._cut))


async def _streamed(
    response: ApiResponse,
    ending: _Ending,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    gone = asyncio.ensure_future(_gone(receive, ending.more))
    try:
        await send({"type": "http.response.start", "status": response.status, "headers": _headers(response)})
        await send({"type": "http.response.body", "body": response.body, "more_body": True})
        while not gone.done():
            over = ending.is_over
            ending.more.clear()
            for part in _chunks(ending.stream.take()):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            if over:
                break
            await ending.more.wait()
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        ending.close()


def _chunks(parts: list[bytes]) -> list[bytes]:
    """Return what there is to send in pieces of about a megabyte."""
    found, held, size = [], [], 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= _CHUNK:
            found.append(b"".join(held))
            held, size = [], 0
    return [*found, b"".join(held)] if held else found


async def _gone(receive: Callable[[], Awaitable[Message]], more: asyncio.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    more.set()
