"""Requests of notifications over HTTP."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from typing import Final

import httpx

from nixernetes.adapters.addresses import split_address
from nixernetes.adapters.exchanges import Answered, Deadline, Exchanges
from nixernetes.adapters.notifying.app_tokens import app_token
from nixernetes.adapters.registries.connections import trusted
from nixernetes.engine.notices.requests import Channel, WebReply, WebRequest
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.bounded import Bounded

__all__ = ["WebSender"]

_AGAIN_SECONDS: Final = 60.0  # after which a host that did not answer is asked again: each event would wait for it
_LARGEST: Final = 1 << 20  # bytes of an answer that counts: statuses and comments of a page
_FLAWED: Final = 500
_TOO_MANY: Final = 429
_NOT_IMPLEMENTED: Final = 501
_CLIENTS: Final = 16
_HOSTS: Final = 1_024
# Where clouds keep the credentials of their machines, outside of the addresses of the link.
_METADATA: Final = frozenset(("100.100.100.200", "168.63.129.16", "fd00:ec2::254"))

_Trust = tuple[str, str, str, str, bool]


class WebSender:
    """Sends requests, one at a time. It keeps the 16 clients made last, and of 1,024 hosts that they did not answer.

    Args:
        step_seconds: how long a connection, one read or one write may take.
        clock: seconds that only grow.
        sleep: waits for so many seconds.
        deadline: when what is sent must have been taken; each notification begins it.

    """

    def __init__(
        self,
        step_seconds: float = 15.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        deadline: Deadline | None = None,
    ) -> None:
        self._step = step_seconds
        self._clock = clock
        self._sleep = sleep
        self.deadline = deadline or Deadline(step_seconds)
        self._clients: dict[_Trust, Exchanges] = {}
        self._dead: Bounded[str, tuple[float, str]] = Bounded(_HOSTS)

    def ask(self, request: WebRequest, channel: Channel) -> WebReply:
        """Send one request, again where that may help, and return the answer.

        Raises:
            InputError: the address is not one of HTTP, or a certificate cannot be used.
            RemoteError: nobody answered in time, or the address is none that may be told anything.

        """
        host, resending = host_named(request.url), channel.resending
        until, problem = self._dead.get(host) or (0.0, "")
        if self._clock() < until:
            raise RemoteError(f"the notification was not delivered: {problem}", subject=host)
        answer: Answered | None = None
        for attempt in range(resending.times + 1):
            answer, problem = self._once(request, channel)
            if answer is not None and not _may_pass(answer.response.status_code):
                break
            pause = min(resending.first_seconds * 2**attempt, resending.last_seconds)
            if attempt == resending.times or self.deadline.left() <= pause:
                break
            self._sleep(pause)
        if answer is None:
            self._dead.put(host, (self._clock() + _AGAIN_SECONDS, problem))
            raise RemoteError(f"the notification was not delivered: {problem}", subject=host)
        return WebReply(status=answer.response.status_code, body=answer.body)

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _once(self, request: WebRequest, channel: Channel) -> tuple[Answered | None, str]:
        """Return the answer, or why there is none; no more of it is read than counts."""
        headers = dict(request.headers)
        if request.signed_by[0]:
            headers["Authorization"] = f"Bearer {app_token(*request.signed_by)}"
        try:
            answer = self._client(channel).ask(
                request.url,
                _LARGEST,
                method=request.method,
                headers=headers,
                content=request.body,
                wanted=lambda _: request.reads or request.is_answered,
            )
        except httpx.HTTPError as error:
            return None, str(error) or type(error).__name__  # httpx leaves some empty, and none names the address
        return answer, ""

    def _client(self, channel: Channel) -> Exchanges:
        key = (channel.proxy, channel.ca, channel.certificate, channel.key, channel.is_insecure)
        if key not in self._clients:
            while len(self._clients) >= _CLIENTS:
                self._clients.pop(next(iter(self._clients))).close()
            verify = False if channel.is_insecure else trusted(channel.ca, channel.certificate, channel.key)
            try:
                # The environment's proxies are not ours to use for a user's tokens unless told so.
                self._clients[key] = Exchanges(
                    self._step,
                    self.deadline,
                    verify=verify,
                    by_proxy=False,
                    proxy=channel.proxy,
                    may_reach=_may_be_told,
                )
            except (ValueError, ImportError, httpx.InvalidURL):
                raise InputError("the proxy of a notification cannot be used: write http://host:port") from None
        return self._clients[key]


def host_named(url: str) -> str:
    """Return the scheme, host and port of an address.

    Raises:
        InputError: it is not one of HTTP.

    """
    try:
        split_address(url)
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, RemoteError) as error:
        raise InputError("the address of a notification is not a URL: write https://host/path") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise InputError("the address of a notification must be http:// or https://")
    return f"{parsed.scheme}://{parsed.netloc.decode()}"


def _may_pass(status: int) -> bool:
    """Tell whether what a status tells of may pass by itself."""
    return status == _TOO_MANY or (status >= _FLAWED and status != _NOT_IMPLEMENTED)


def _may_be_told(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    plain = getattr(found, "ipv4_mapped", None) or found
    return not plain.is_link_local and str(plain) not in _METADATA
