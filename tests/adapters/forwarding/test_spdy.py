"""Connections to ports of pods, as a client of SPDY/3.1 makes them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from nixernetes.adapters.api_server.forwarding.header_blocks import HeaderReader, HeaderWriter
from nixernetes.adapters.api_server.forwarding.protocol import PortForwarding
from nixernetes.adapters.api_server.forwarding.spdy import SpdyFrames
from nixernetes.errors import InputError

_CONTROL = b"\x80\x03"


def _control(kind: int, body: bytes, flags: int = 0) -> bytes:
    return _CONTROL + kind.to_bytes(2, "big") + bytes([flags]) + len(body).to_bytes(3, "big") + body


def _opened(writer: HeaderWriter, stream: int, **headers: str) -> bytes:
    return _control(1, stream.to_bytes(4, "big") + b"\0" * 6 + writer.write(headers))


def _data(stream: int, data: bytes, *, is_last: bool = False) -> bytes:
    return stream.to_bytes(4, "big") + bytes([is_last]) + len(data).to_bytes(3, "big") + data


def test_headers_go_both_ways_compressed_with_what_came_before() -> None:
    writer, reader = HeaderWriter(), HeaderReader()
    first, second = writer.write({"streamType": "data", "port": "80"}), writer.write({"streamType": "data"})
    assert reader.read(first) == {"streamtype": "data", "port": "80"}
    assert reader.read(second) == {"streamtype": "data"}
    assert len(second) < len(first)


def test_frames_come_in_pieces() -> None:
    frames, writer = SpdyFrames(), HeaderWriter()
    sent = (
        _opened(writer, 1, port="80") + _data(1, b"hello", is_last=True) + _control(6, b"\0\0\0\7") + _control(9, b"")
    )
    found = [event for at in range(len(sent)) for event in frames.receive(sent[at : at + 1])]
    assert [(event.kind, event.stream, event.data, event.is_last) for event in found] == [
        ("opened", 1, b"", False),
        ("data", 1, b"hello", True),
        ("ping", 7, b"", False),
    ]
    assert found[0].headers == {"port": "80"}


def test_what_is_sent_is_cut_into_frames_and_the_last_says_so() -> None:
    sent = SpdyFrames().data(3, b"x" * 40_000, is_last=True)
    found = SpdyFrames().receive(sent)
    assert [(len(event.data), event.is_last) for event in found] == [(32 * 1024, False), (40_000 - 32 * 1024, True)]


@pytest.mark.parametrize(
    "sent",
    [
        b"\x80\x02\0\1\0\0\0\0",
        b"\0\0\0\1\0\xff\xff\xff",
        _control(1, b"\0" * 10 + b"no headers"),
        _control(1, b"\0" * 10 + HeaderWriter().write({"a": "b" * 100_000})),
    ],
)
def test_what_is_no_spdy_is_refused(sent: bytes) -> None:
    with pytest.raises(InputError):
        SpdyFrames().receive(sent)


class Echo:
    """Says what it hears until it hears the end."""

    is_over = False

    def receive(self, data: bytes) -> bytes:
        if data == b"fail":
            raise InputError("that went wrong")
        self.is_over = data == b"bye"
        return data


class Ports:
    """Somebody listens at port 80."""

    def connect(self, port: int) -> Echo | None:
        return Echo() if port == 80 else None


class Wire:
    """A connection that keeps what is sent."""

    def __init__(self) -> None:
        self.sent = b""
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.sent += data

    def close(self) -> None:
        self.is_closed = True


async def _here(work: Any) -> Any:
    return work()


def _answered(*sent: bytes) -> tuple[list[tuple[int, bytes, bool]], Wire]:
    """Return the data that comes back: stream, text, whether it is the last."""

    async def talk() -> Wire:
        wire = Wire()
        protocol = PortForwarding(wire, Ports(), _here)
        for each in sent:
            protocol.data_received(each)
        protocol.connection_lost(None)
        await protocol.done()
        return wire

    wire = asyncio.run(talk())
    events = [event for event in SpdyFrames().receive(wire.sent) if event.kind == "data"]
    return [(event.stream, event.data, event.is_last) for event in events], wire


def _connected(port: str) -> bytes:
    writer = HeaderWriter()
    error = _opened(writer, 1, streamType="error", port=port, requestID="0")
    return error + _data(1, b"", is_last=True) + _opened(writer, 3, streamType="data", port=port, requestID="0")


def test_who_listens_is_heard_until_either_side_ends() -> None:
    assert _answered(_connected("80"), _data(3, b"hello"), _data(3, b"", is_last=True))[0] == [
        (3, b"hello", False),
        (1, b"", True),
        (3, b"", True),
    ]
    assert _answered(_connected("80"), _data(3, b"bye"), _data(3, b"more"))[0] == [
        (3, b"bye", False),
        (1, b"", True),
        (3, b"", True),
    ]


@pytest.mark.parametrize("port", ["81", "many"])
def test_where_nobody_listens_the_connection_is_refused(port: str) -> None:
    refused = f"dial tcp4 127.0.0.1:{port}: connect: connection refused"
    assert _answered(_connected(port), _data(3, b"hello"))[0] == [(1, refused.encode(), True), (3, b"", True)]


def test_what_goes_wrong_is_told_on_the_stream_of_errors() -> None:
    assert _answered(_connected("80"), _data(3, b"fail"))[0] == [(1, b"that went wrong", True), (3, b"", True)]


def test_a_client_that_speaks_something_else_is_sent_away() -> None:
    assert _answered(b"GET / HTTP/1.1\r\n\r\n" * 1000)[1].is_closed
    assert _answered(_control(7, b"\0" * 8))[1].is_closed
