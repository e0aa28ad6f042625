"""ASGI: a request of HTTP becomes one of an API server, and its answer goes back, streams as long as they last."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qsl

from nixernetes.cluster.server.requests import ApiRequest, ApiResponse, Streaming, UrlQuery

__all__ = ["Answer", "HttpFace"]

Answer = Callable[[ApiRequest], Awaitable[ApiResponse]]
Message = dict[str, Any]

_MOST_BYTES: Final = 4 * 1024 * 1024  # a little more than an API server takes, so that it can say so itself
_PEER: Final = "nixernetes.peer"
_CHUNK: Final = 1 << 20


class HttpFace:
    """An ASGI application.

    Args:
        answer: answers one request.

    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

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
            peer=scope.get(_PEER),
            impersonated=tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in scope["headers"]
                if name.startswith(b"impersonate-")
            ),
        )
        response = await self._answer(request)
        if response.stream is None:
            await _whole(response, request.method, send)
        else:
            await _streamed(response, response.stream, receive, send)


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


async def _streamed(
    response: ApiResponse,
    stream: Streaming,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    loop = asyncio.get_running_loop()
    more = asyncio.Event()
    stream.on_more(lambda: loop.call_soon_threadsafe(more.set))
    gone = asyncio.ensure_future(_gone(receive, more))
    if response.seconds:
        loop.call_later(response.seconds, more.set)
    ends = loop.time() + response.seconds if response.seconds else None
    try:
        await send({"type": "http.response.start", "status": response.status, "headers": _headers(response)})
        await send({"type": "http.response.body", "body": response.body, "more_body": True})
        while not gone.done():
            over = stream.is_over or (ends is not None and loop.time() >= ends)
            more.clear()
            for part in _chunks(stream.take()):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            if over:
                break
            await more.wait()
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        stream.close()


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
