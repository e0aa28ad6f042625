"""HTTP with servers that may be hostile: one deadline for all that a question takes, and a limit of bytes.

A library's own timeouts are for one read, so that a server that sends a byte now and then is never done. Here the
streams of the connections themselves know when the answer must have come: headers, bodies, redirects and pages.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import httpcore
import httpx

from nixernetes.adapters.addresses import split_address
from nixernetes.errors import RemoteError

__all__ = ["Answered", "Deadline", "Exchanges"]

# A proxy of the environment cannot reach what listens on this machine.
_DIRECT = {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}


class Answered(NamedTuple):
    """What a server answered.

    Attributes:
        response: status and headers; its body is read and gone.
        body: the body, ``b""`` where it was not wanted.

    """

    response: httpx.Response
    body: bytes


class Deadline:
    """When the answer to the question that is asked now must have come.

    Args:
        seconds: how long a question may take, from its first byte to the last byte of its answer.
        clock: seconds that only grow.

    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._end = 0.0

    def begin(self, seconds: float | None = None) -> None:
        """Begin a question; what is asked from now on is a part of it.

        Args:
            seconds: how long this one and those after it may take; None: as before.

        """
        self._seconds = self._seconds if seconds is None else seconds
        self._end = self._clock() + self._seconds

    def left(self) -> float:
        """Return how many seconds are left, negative ones when none is."""
        return self._end - self._clock()

    def within(self, seconds: float | None) -> float:
        """Return how long one step may take that should take no longer than so many seconds.

        Raises:
            httpcore.ReadTimeout: no time is left.

        """
        left = self.left()
        if left <= 0:
            raise httpcore.ReadTimeout(f"the answer was not complete within {self._seconds:g} seconds")
        return left if seconds is None else min(seconds, left)


class Exchanges:
    """One HTTP client. Redirects are not followed: who is told what is for the caller to decide.

    Args:
        step_seconds: how long a connection, one read or one write may take.
        deadline: when all must be done.
        verify: the certificates that are trusted, and one's own.
        by_proxy: whether the proxies of the environment are used.
        proxy: the URL of a proxy that everything goes through, or ``""``.
        may_reach: whether a host may be told anything, asked with the address that its name was found to have.

    """

    def __init__(
        self,
        step_seconds: float,
        deadline: Deadline,
        *,
        verify: ssl.SSLContext | bool = True,
        by_proxy: bool = True,
        proxy: str = "",
        may_reach: Callable[[str], bool] = lambda _: True,
    ) -> None:
        mounts = _DIRECT if by_proxy else None
        self._client = httpx.Client(
            timeout=step_seconds, mounts=mounts, verify=verify, trust_env=by_proxy, proxy=proxy or None
        )
        for transport in (self._client._transport, *self._client._mounts.values()):  # noqa: SLF001 - see below
            pool: Any = getattr(transport, "_pool", None)
            if pool is not None:  # httpx has no public way to hand this on to httpcore, where it is public
                pool._network_backend = _Network(pool._network_backend, deadline, may_reach)  # noqa: SLF001

    def ask(
        self,
        address: str,
        limit_bytes: int,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        wanted: Callable[[httpx.Response], bool] = lambda _: True,
    ) -> Answered:
        """Return what a server answers.

        Args:
            address: what is asked.
            limit_bytes: how large a body may be.
            method: the method.
            headers: headers of the request.
            content: the body of the request.
            wanted: whether the body of an answer is read, told by its status and headers.

        Raises:
            httpx.HTTPError: nobody answered, or not in time, or more than the limit.
            RemoteError: the address is none, or it or a header cannot be sent.

        """
        parts = split_address(address)
        try:
            with self._client.stream(method, address, headers=headers, content=content) as response:
                return Answered(response, _body(response, limit_bytes) if wanted(response) else b"")
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise RemoteError(f"cannot be asked: {error}", subject=parts.netloc.rpartition("@")[2]) from error

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _body(response: httpx.Response, limit_bytes: int) -> bytes:
    data = bytearray()
    for part in response.iter_bytes():
        data += part
        if len(data) > limit_bytes:
            raise httpx.RequestError(f"the answer is larger than {limit_bytes / 1024 / 1024:g} MiB")
    return bytes(data)


class _Stream(httpcore.NetworkStream):
    """A connection on which each step has what is left of the time."""

    def __init__(self, below: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._below = below
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._below.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._below.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._below.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(
            self._below.start_tls(ssl_context, server_hostname, self._deadline.within(timeout)), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._below.get_extra_info(info)


class _Network(httpcore.NetworkBackend):
    """Opens such connections."""

    def __init__(self, below: httpcore.NetworkBackend, deadline: Deadline, may_reach: Callable[[str], bool]) -> None:
        self._below = below
        self._deadline = deadline
        self._may_reach = may_reach

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._below.connect_tcp(host, port, self._deadline.within(timeout), local_address, socket_options)
        peer = stream.get_extra_info("server_addr")
        if peer and not self._may_reach(str(peer[0])):
            stream.close()
            raise httpcore.ConnectError("the address is one of this link: clouds keep credentials of machines there")
        return _Stream(stream, self._deadline)
