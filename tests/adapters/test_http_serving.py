"""Bytes that are no request of HTTP end their own connection, and nothing else."""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlparse

import pytest

from nixernetes.testing import TestCluster, cluster

LINE = b"GET /livez HTTP/1.1\r\nHost: a\r\n"
ENDLESS = b"x: " + b"y" * (2 << 20)


def said(found: TestCluster, *sent: bytes) -> bytes:
    """Return what a server says to bytes before it closes the connection."""
    address = urlparse(found.server)
    trusted = ssl.create_default_context(cadata=found.authority.decode())
    with (
        socket.create_connection((address.hostname, address.port), timeout=30) as plain,
        trusted.wrap_socket(plain, server_hostname=address.hostname) as connection,
    ):
        answer = b""
        try:
            for part in sent:
                connection.sendall(part)
            while more := connection.recv(65_536):
                answer += more
        except OSError:  # it was closed while we were writing
            pass
        return answer


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ([b"\0\1\2\r\n\r\n"], b"400"),
        ([b"GET / HTTP/9.9\r\n\r\n"], b"400"),
        ([b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"], b"400"),
        ([b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"], b"400"),
        ([LINE, b"Connection: close\r\n\r\n"], b"200"),
    ],
)
def test_what_is_no_request_is_refused(sent: list[bytes], status: bytes) -> None:
    with cluster(controllers=False) as found:
        assert said(found, *sent).startswith(b"HTTP/1.1 " + status)


@pytest.mark.parametrize(
    "sent", [[LINE, ENDLESS], [b"GET /" + b"y" * (2 << 20)], [LINE, b"Connection: close\r\n" * 100_000]]
)
def test_headers_without_an_end_are_refused(sent: list[bytes]) -> None:
    with cluster(controllers=False) as found:
        assert said(found, *sent)[:12] in {b"HTTP/1.1 431", b""}  # or it was closed before we looked
        large = b"x: " + b"y" * 500_000 + b"\r\n"
        assert said(found, LINE, large, b"\r\n", LINE, large, b"Connection: close\r\n\r\n").count(b" 200 ") == 2
