"""Serving: uvicorn with TLS, in a thread of its own or in the caller's."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import socket
import ssl
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from nixernetes.adapters.api_server.certificates import Authority, Pair
from nixernetes.adapters.api_server.forwarding.protocol import PortForwarding, RunsAsOwner
from nixernetes.adapters.api_server.http import CUT, PEER, TAKE_OVER, Answer, HttpFace
from nixernetes.cluster.server.requests import ApiResponse
from nixernetes.errors import InputError

__all__ = ["CuttingProtocol", "HttpServer", "QuietServer", "encryption", "listening", "quiet_config"]

_MOST_CONNECTIONS: Final = 2000
_OTHER_FILES: Final = 512  # beside connections
_IDLE_SECONDS: Final = 90  # what an API server waits: clients keep connections that long
_USUAL_SECONDS: Final = 5  # what uvicorn waits
_STOP_SECONDS: Final = 1
_CLOSING_STEPS: Final = 3  # of a loop: an aborted connection is closed in its next steps
_MOST_HEAD_BYTES: Final = 1 << 20  # of a request line with its headers, as in Go
_HEAD_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
    b"\r\n431 Request Header Fields Too Large"
)


class CuttingProtocol(HttpToolsProtocol):
    """Puts into the scope what cuts the connection off."""

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.scope[CUT] = self.transport.abort  # type: ignore[typeddict-unknown-key]


class _Protocol(CuttingProtocol):
    """Puts into the scope the subject of the client's certificate too, which TLS has verified.

    Headers that never end are refused: nothing below counts them.
    """

    _subject: tuple[str, tuple[str, ...]] | None = None
    _head_bytes: int | None = 0  # that have come of it; None once it is whole
    as_owner: RunsAsOwner

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Note who has connected."""
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        certificate = tls.getpeercert() if tls is not None else None
        self._subject = _subject(certificate) if certificate else None

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._head_bytes is not None:
            self._head_bytes += len(data)
            if self._head_bytes > _MOST_HEAD_BYTES:
                self.transport.write(_HEAD_TOO_LARGE)
                self.transport.close()
                return
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._head_bytes = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a request."""
        self._head_bytes = 0
        super().on_message_complete()

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.scope[PEER] = self._subject  # type: ignore[typeddict-unknown-key]
        self.scope[TAKE_OVER] = self._take_over  # type: ignore[typeddict-unknown-key]

    def _take_over(self, response: ApiResponse) -> None:
        """Let the connection lead to ports of a pod from now on."""
        if response.tunnel is None or self.transport.is_closing():
            return
        self.cycle.disconnected = True  # for uvicorn this connection is over
        self.connections.discard(self)
        lines = ["HTTP/1.1 101 Switching Protocols", *(f"{name}: {value}" for name, value in response.headers)]
        self.transport.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        as_owner: RunsAsOwner = self.as_owner
        self.transport.set_protocol(PortForwarding(self.transport, response.tunnel, as_owner))


async def _here(work: Callable[[], Any]) -> Any:  # whatever it gives
    return work()


def _subject(certificate: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    pairs = [pair for part in certificate.get("subject", ()) for pair in part]
    name = next((value for key, value in pairs if key == "commonName"), "")
    return name, tuple(value for key, value in pairs if key == "organizationName")


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        InputError: the address is taken, or is not ours.

    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends small packets at once on every connection that is accepted.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise InputError(f"cannot listen there: {error.strerror or error}", subject=f"{host}:{port}") from error
    return made


def quiet_config(
    application: Callable[..., Awaitable[None]],
    protocol: type[CuttingProtocol],
    most_connections: int,
    *,
    idle_seconds: int = _USUAL_SECONDS,
) -> uvicorn.Config:
    """Return how an application is served: without a word, without headers that tell who we are.

    Args:
        application: what is served.
        protocol: how requests are read.
        most_connections: so many at once.
        idle_seconds: how long a connection is kept on which nothing comes.

    """
    return uvicorn.Config(
        application,
        http=protocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        access_log=False,
        log_level=logging.ERROR,
        log_config=None,
        limit_concurrency=most_connections,
        timeout_keep_alive=idle_seconds,
        timeout_graceful_shutdown=_STOP_SECONDS,
        server_header=False,
        date_header=False,
        proxy_headers=False,
    )


class HttpServer:
    """One server on one socket.

    Args:
        answer: answers one request, in the loop of the server.
        sock: where it listens.
        authority: signs its certificate, and those of clients.
        hosts: the names and addresses that it is reached by.
        begin: called in the loop of the server when it begins.
        as_owner: runs what connections to ports touch; default: in the loop of the server.

    """

    def __init__(
        self,
        answer: Answer,
        sock: socket.socket,
        authority: Authority,
        hosts: tuple[str, ...],
        begin: Callable[[], None] = lambda: None,
        as_owner: RunsAsOwner = _here,
    ) -> None:
        self._socket = sock
        self._begin = begin
        protocol = type("_OwnedProtocol", (_Protocol,), {"as_owner": staticmethod(as_owner)})
        config = quiet_config(HttpFace(answer), protocol, _MOST_CONNECTIONS, idle_seconds=_IDLE_SECONDS)
        config.load()
        config.ssl = encryption(authority, authority.server(hosts))
        self._server = QuietServer(config)

    async def serve(self, started: Callable[[], None] = lambda: None) -> None:
        """Serve in the present loop until stopped."""
        _make_room(_MOST_CONNECTIONS + _OTHER_FILES)
        self._begin()
        self._server.told = started
        await self._server.serve(sockets=[self._socket])

    def stop(self) -> None:
        """Stop; may be called from any thread."""
        self._server.should_exit = True

    @contextlib.contextmanager
    def in_thread(self) -> Iterator[None]:
        """Serve in a thread of its own; enter when it answers."""
        ready = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self.serve(ready.set)), name="api-server", daemon=True)
        thread.start()
        try:
            ready.wait(10)
            yield
        finally:
            self.stop()
            thread.join(5)


class QuietServer(uvicorn.Server):
    """A server that leaves signals to the program, and says when it answers."""

    told: Callable[[], None] = staticmethod(lambda: None)

    def install_signal_handlers(self) -> None:
        """Leave signals to the program."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End, and cut off who has not answered the end of its encryption: the loop ends, too."""
        await super().shutdown(sockets)
        for each in list(self.server_state.connections):
            each.transport.abort()
        for _ in range(_CLOSING_STEPS):
            await asyncio.sleep(0)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, and say so."""
        await super().startup(sockets)
        self.told()


def _make_room(files: int) -> None:
    """Let the process open so many files, as far as it may: systems begin with 256 or 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = files if hard == resource.RLIM_INFINITY else min(files, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # the system has a lower limit of its own
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def encryption(authority: Authority, pair: Pair) -> ssl.SSLContext:
    """Return how a server encrypts; clients of the authority may prove who they are by their certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_verify_locations(cadata=authority.pair.certificate.decode())
    with tempfile.TemporaryDirectory(prefix="nixernetes-") as folder:  # OpenSSL reads them from files alone
        certificate, key = Path(folder) / "tls.crt", Path(folder) / "tls.key"
        certificate.write_bytes(pair.certificate)
        key.touch(mode=0o600)
        key.write_bytes(pair.key)
        context.load_cert_chain(certificate, key)
    return context
