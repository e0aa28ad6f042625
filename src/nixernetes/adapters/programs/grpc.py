"""gRPC over HTTP/2, the side of the server: calls with one request and one answer.

After the protocol of gRPC over HTTP/2: a message behind a byte of compression and four of its length, and the status
in the trailers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, DataReceived, RequestReceived, StreamEnded, StreamReset, WindowUpdated
from h2.exceptions import H2Error

from nixernetes.errors import InputError, NixernetesError, NotYetError

__all__ = ["GrpcConversation"]

_MOST_BYTES: Final = 4 << 20  # of a message: gRPC's own default
_MOST_CALLS: Final = 100
_HEAD: Final = 5
_KIND: Final = ("content-type", "application/grpc")
_OK, _INVALID, _UNKNOWN, _UNIMPLEMENTED, _UNAVAILABLE = 0, 3, 2, 12, 14


@dataclass(slots=True)
class _Call:
    path: str
    body: bytearray = field(default_factory=bytearray)


class GrpcConversation:
    """One connection.

    Args:
        call: answers a call, by its path and its message; None where there is no such method.

    """

    def __init__(self, call: Callable[[str, bytes], bytes | None]) -> None:
        self._call = call
        self._calls: dict[int, _Call] = {}
        self._unsent: dict[int, tuple[bytes, int, str]] = {}
        self._connection = H2Connection(H2Configuration(client_side=False))
        self._connection.initiate_connection()
        self.is_over = False

    def receive(self, data: bytes) -> bytes:
        """Return what is answered.

        Raises:
            InputError: it is not HTTP/2, or too much of it.

        """
        try:
            events = self._connection.receive_data(data) if data else []
            for event in events:
                self._take(event)
        except (H2Error, UnicodeDecodeError) as error:
            raise InputError(f"HTTP/2: {error}") from error
        return bytes(self._connection.data_to_send())

    def _take(self, event: object) -> None:
        match event:
            case RequestReceived(stream_id=int(stream), headers=headers):
                if len(self._calls) >= _MOST_CALLS:
                    raise InputError("too many calls at once")
                self._calls[stream] = _Call(
                    next((value.decode() for name, value in headers or () if name == b":path"), "")
                )
            case DataReceived(stream_id=int(stream), data=data, flow_controlled_length=int(length)):
                self._connection.acknowledge_received_data(length, stream)
                call = self._calls.get(stream)
                if call is not None:
                    call.body += data or b""
                    if len(call.body) > _MOST_BYTES:
                        raise InputError("a message is too long")
            case StreamEnded(stream_id=int(stream)):
                if (call := self._calls.pop(stream, None)) is not None:
                    self._answer(stream, call)
            case StreamReset(stream_id=int(stream)):
                self._calls.pop(stream, None)
                self._unsent.pop(stream, None)
            case WindowUpdated():
                for stream in list(self._unsent):
                    self._send(stream)
            case ConnectionTerminated():
                self.is_over = True
            case _:
                pass

    def _answer(self, stream: int, call: _Call) -> None:
        self._connection.send_headers(stream, [(":status", "200"), _KIND])
        self._unsent[stream] = self._told(call)
        self._send(stream)

    def _told(self, call: _Call) -> tuple[bytes, int, str]:
        """Return the message of an answer, its status, and what went wrong."""
        if (
            len(call.body) < _HEAD
            or call.body[0]
            or int.from_bytes(call.body[1:_HEAD], "big") != len(call.body) - _HEAD
        ):
            return b"", _INVALID, "there has to be one message, and it must not be compressed"
        try:
            found = self._call(call.path, bytes(call.body[_HEAD:]))
        except NotYetError as error:
            return b"", _UNAVAILABLE, str(error)  # clients ask again
        except NixernetesError as error:
            return b"", _UNKNOWN, error.message
        if found is None:
            return b"", _UNIMPLEMENTED, f"not evaluated: {call.path} is not answered here"
        return b"\0" + len(found).to_bytes(4, "big") + found, _OK, ""

    def _send(self, stream: int) -> None:
        """Send what the client takes by now; the status comes last."""
        left, status, error = self._unsent.pop(stream)
        while left:
            size = min(
                self._connection.local_flow_control_window(stream), self._connection.max_outbound_frame_size, len(left)
            )
            if size <= 0:
                self._unsent[stream] = (left, status, error)
                return
            self._connection.send_data(stream, left[:size])
            left = left[size:]
        trailers = [("grpc-status", str(status)), *([("grpc-message", quote(error, safe=" "))] if error else [])]
        self._connection.send_headers(stream, trailers, end_stream=True)
