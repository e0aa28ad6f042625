"""SPDY/3.1, the side of the server, without I/O: bytes become what happened, and what is to be sent becomes bytes.

After the draft of SPDY 3.1, as ``moby/spdystream`` v0.5.0 speaks it: no flow control, no pushes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from nixernetes.adapters.api_server.forwarding.header_blocks import HeaderReader, HeaderWriter
from nixernetes.errors import InputError

__all__ = ["SpdyEvent", "SpdyFrames"]

_HEAD: Final = 8
_MOST_BYTES: Final = 1 << 20  # of a frame; clients send 32 KiB
_VERSION: Final = 3
_CONTROL: Final = 0x80
_SYN_STREAM, _SYN_REPLY, _RST_STREAM, _PING, _GOAWAY = 1, 2, 3, 6, 7
_FIN: Final = 1
_PIECE: Final = 32 * 1024
_STREAM_HEAD: Final = 10  # of a SYN_STREAM: stream, associated stream, priority, slot


@dataclass(frozen=True, slots=True, kw_only=True)
class SpdyEvent:
    """What the client did.

    Attributes:
        kind: ``opened``, ``data``, ``reset``, ``ping`` or ``leaves``.
        stream: of which stream; of a ping its number.
        headers: those of a stream that is opened.
        data: what came.
        is_last: whether the client sends nothing more on the stream.

    """

    kind: str
    stream: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes = b""
    is_last: bool = False


class SpdyFrames:
    """The frames of one connection."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._reader = HeaderReader()
        self._writer = HeaderWriter()

    def receive(self, data: bytes) -> list[SpdyEvent]:
        """Return what bytes of the client tell; half a frame is kept.

        Raises:
            InputError: it is no SPDY, or a frame is too large.

        """
        self._held += data
        found = []
        while len(self._held) >= _HEAD:
            length = int.from_bytes(self._held[5:_HEAD], "big")
            if length > _MOST_BYTES:
                raise InputError(f"a frame of {length} bytes is too large")
            if len(self._held) < _HEAD + length:
                break
            head, body = bytes(self._held[:_HEAD]), bytes(self._held[_HEAD : _HEAD + length])
            del self._held[: _HEAD + length]
            event = self._control(head, body) if head[0] & _CONTROL else _data(head, body)
            if event is not None:
                found.append(event)
        return found

    def _control(self, head: bytes, body: bytes) -> SpdyEvent | None:
        version, kind = int.from_bytes(head[:2], "big") & 0x7FFF, int.from_bytes(head[2:4], "big")
        if version != _VERSION:
            raise InputError(f"version {version} of SPDY is not spoken here")
        stream = int.from_bytes(body[:4], "big") & 0x7FFFFFFF
        if kind == _SYN_STREAM:
            headers = self._reader.read(body[_STREAM_HEAD:])
            return SpdyEvent(kind="opened", stream=stream, headers=headers, is_last=bool(head[4] & _FIN))
        names = {_RST_STREAM: "reset", _PING: "ping", _GOAWAY: "leaves"}
        return SpdyEvent(kind=names[kind], stream=stream) if kind in names else None

    def reply(self, stream: int) -> bytes:
        """Accept a stream."""
        return _frame(_SYN_REPLY, _number(stream) + self._writer.write({}))

    def pong(self, number: int) -> bytes:
        """Answer a ping."""
        return _frame(_PING, _number(number))

    def data(self, stream: int, data: bytes, *, is_last: bool = False) -> bytes:
        """Send data, and nothing more on the stream where it is the last."""
        pieces = [data[at : at + _PIECE] for at in range(0, len(data), _PIECE)] or ([b""] if is_last else [])
        flags = [_FIN if is_last and at == len(pieces) - 1 else 0 for at in range(len(pieces))]
        return b"".join(
            _number(stream) + bytes([flag]) + len(piece).to_bytes(3, "big") + piece
            for flag, piece in zip(flags, pieces, strict=True)
        )


def _data(head: bytes, body: bytes) -> SpdyEvent:
    stream = int.from_bytes(head[:4], "big")
    return SpdyEvent(kind="data", stream=stream, data=body, is_last=bool(head[4] & _FIN))


def _number(value: int) -> bytes:
    return value.to_bytes(4, "big")


def _frame(kind: int, body: bytes) -> bytes:
    version = (0x8000 | _VERSION).to_bytes(2, "big")
    return version + kind.to_bytes(2, "big") + b"\0" + len(body).to_bytes(3, "big") + body
