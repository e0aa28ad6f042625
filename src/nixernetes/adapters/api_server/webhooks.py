"""Calls the admission webhooks that a server needs, and asks it again."""

from __future__ import annotations

import errno
import ipaddress
import json
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

import httpx

from nixernetes.cluster.admission.webhook_calls import WebhookAnswer, WebhookCall, WebhookNeededError
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse

__all__ = ["WebhookCaller", "called"]

_MOST_CALLS: Final = 100  # for one request
_MOST_BYTES: Final = 16 * 1024 * 1024
_OK: Final = 200
_ERRNOS: Final = {
    errno.ECONNREFUSED: "connection refused",
    errno.EHOSTUNREACH: "no route to host",
    errno.ENETUNREACH: "network is unreachable",
    errno.ECONNRESET: "connection reset by peer",
}
_FOREIGN: Final = "this server calls webhooks on this machine alone (127.0.0.1, ::1, localhost)"

Handle = Callable[[ApiRequest], Awaitable[ApiResponse]]


class WebhookCaller:
    """Answers requests whose admission asks webhooks.

    Args:
        handle: answers one request, or raises that a webhook has to be asked.
        refuse: gives the answer to a request that is refused.

    """

    def __init__(self, handle: Handle, refuse: Callable[[ApiError], ApiResponse]) -> None:
        self._handle = handle
        self._refuse = refuse

    async def answer(self, request: ApiRequest) -> ApiResponse:
        """Answer one request; a webhook is asked once for the same thing."""
        answers: dict[str, WebhookAnswer] = {}
        for _ in range(_MOST_CALLS):
            try:
                return await self._handle(replace(request, webhooks=answers))
            except WebhookNeededError as needed:
                answers = {**answers, needed.call.key: await called(needed.call)}
        why = f"Internal error occurred: one request asks webhooks more than {_MOST_CALLS} times"
        return self._refuse(ApiError("InternalError", why))


async def called(call: WebhookCall) -> WebhookAnswer:
    """Make a call; what keeps it from being made is told as Go's client tells it."""
    if not _is_here(call.url):
        return _problem(call, _FOREIGN)
    try:
        trusted = ssl.create_default_context(cadata=call.authority or None)
    except ssl.SSLError:
        return _problem(call, "unable to load root certificates: unable to parse bytes as PEM block")
    headers = {"content-type": "application/json", "accept": "application/json"}
    body = json.dumps(call.review).encode()
    try:
        async with (
            httpx.AsyncClient(verify=trusted, timeout=call.seconds, trust_env=False) as client,
            client.stream("POST", call.url, content=body, headers=headers) as response,
        ):
            data = bytearray()
            async for chunk in response.aiter_bytes():
                data += chunk
                if len(data) > _MOST_BYTES:
                    return _problem(call, f"the response is larger than {_MOST_BYTES} bytes")
            status = response.status_code
    except (httpx.HTTPError, OSError) as error:
        return _problem(call, _words(error, call.url))
    if status != _OK:
        return WebhookAnswer(problem=f"the server answered with status {status}")
    try:
        review = json.loads(bytes(data))
    except (ValueError, RecursionError):
        return WebhookAnswer(problem="the server did not answer with JSON")
    return WebhookAnswer(review=review if isinstance(review, dict) else {})


def _problem(call: WebhookCall, why: str) -> WebhookAnswer:
    return WebhookAnswer(problem=f'Post "{call.url}": {why}')


def _is_here(url: str) -> bool:
    """Tell whether a URL is one of this machine: objects, and Secrets among them, do not leave it."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _words(error: BaseException, url: str) -> str:
    """Return what Go's client says of an error."""
    parts = urlsplit(url)
    place = f"{parts.hostname}:{parts.port or 443}"
    if isinstance(error, httpx.TimeoutException):
        return "context deadline exceeded"
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, ssl.SSLCertVerificationError):
            return f"tls: failed to verify certificate: {found.verify_message}"
        if isinstance(found, socket.gaierror):
            return f"dial tcp: lookup {parts.hostname}: no such host"
        if isinstance(found, OSError) and found.errno in _ERRNOS:
            return f"dial tcp {place}: connect: {_ERRNOS[found.errno]}"
        if isinstance(found, BaseExceptionGroup) and found.exceptions:
            found = found.exceptions[0]
        else:
            found = found.__cause__ or found.__context__
    return str(error) or type(error).__name__
