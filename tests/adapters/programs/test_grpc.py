"""gRPC in TLS, without a socket between client and server."""

from __future__ import annotations

import ssl
from collections.abc import Iterable

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, Event, TrailersReceived

from nixernetes.adapters.api_server.certificates import Authority
from nixernetes.adapters.api_server.serving import encryption
from nixernetes.adapters.programs.grpc import GrpcConversation
from nixernetes.adapters.programs.tls import EncryptedConversation
from nixernetes.errors import InputError, NotYetError

_BIG = b"b" * 200_000


def _call(path: str, body: bytes) -> bytes | None:
    if path == "/fails":
        raise InputError("there is 100% nothing")
    if path == "/later":
        raise NotYetError("being rendered")
    return {"/echo": body, "/big": _BIG}.get(path)


class Client:
    """A client of HTTP/2 that talks to a conversation."""

    def __init__(self) -> None:
        self.server = GrpcConversation(_call)
        self.connection = H2Connection(H2Configuration())
        self.connection.initiate_connection()

    def exchange(self) -> list[Event]:
        """Carry what is to be sent both ways until nothing is."""
        found: list[Event] = []
        while sent := self.connection.data_to_send():
            answer = self.server.receive(sent)
            events = self.connection.receive_data(answer) if answer else []
            for event in events:
                if isinstance(event, DataReceived) and event.flow_controlled_length:
                    self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            found += events
        return found

    def call(self, path: str, message: bytes) -> tuple[bytes, dict[bytes, bytes]]:
        """Return the answer and the trailers."""
        stream = self.connection.get_next_available_stream_id()
        headers = [(":method", "POST"), (":scheme", "https"), (":authority", "a"), (":path", path)]
        self.connection.send_headers(stream, headers)
        self.connection.send_data(stream, message, end_stream=True)
        events = self.exchange()
        return _data(events), next(dict(each.headers) for each in events if isinstance(each, TrailersReceived))


def _data(events: Iterable[Event]) -> bytes:
    return b"".join(event.data for event in events if isinstance(event, DataReceived))


def _message(text: bytes) -> bytes:
    return b"\0" + len(text).to_bytes(4, "big") + text


def test_a_call_is_answered_with_a_message_and_its_status() -> None:
    client = Client()
    assert client.call("/echo", _message(b"hello")) == (_message(b"hello"), {b"grpc-status": b"0"})
    assert client.call("/echo", _message(b"again"))[0] == _message(b"again")


def test_a_long_answer_waits_for_the_client_to_take_it() -> None:
    assert Client().call("/big", _message(b""))[0] == _message(_BIG)


@pytest.mark.parametrize(
    ("path", "message", "status", "told"),
    [
        ("/fails", _message(b""), b"2", b"there is 100%25 nothing"),
        ("/later", _message(b""), b"14", b"being rendered"),
        ("/nowhere", _message(b""), b"12", b"not evaluated%3A %2Fnowhere is not answered here"),
        ("/echo", b"\1" + _message(b"")[1:], b"3", b"there has to be one message%2C and it must not be compressed"),
        ("/echo", b"", b"3", b"there has to be one message%2C and it must not be compressed"),
    ],
)
def test_what_fails_is_a_status(path: str, message: bytes, status: bytes, told: bytes) -> None:
    assert Client().call(path, message) == (b"", {b"grpc-status": status, b"grpc-message": told})


def test_what_is_no_http2_is_refused() -> None:
    with pytest.raises(InputError, match="HTTP/2"):
        GrpcConversation(_call).receive(b"GET / HTTP/1.1\r\n\r\n" + b"\xff" * 64)


def test_it_is_heard_through_tls() -> None:
    authority = Authority()
    server = EncryptedConversation(encryption(authority, authority.server(("here",))), GrpcConversation(_call))
    context = ssl.create_default_context(cadata=authority.pair.certificate.decode())
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="here")
    for _ in range(3):
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            incoming.write(server.receive(outgoing.read()))
    incoming.write(server.receive(outgoing.read()))
    client = H2Connection(H2Configuration())
    client.receive_data(tls.read(1 << 16))
    assert not server.is_over
    tls.write(b"what is this, and why is it so long?")
    with pytest.raises(InputError, match="HTTP/2"):
        server.receive(outgoing.read())


def test_what_is_no_tls_is_refused() -> None:
    authority = Authority()
    server = EncryptedConversation(encryption(authority, authority.server(("here",))), GrpcConversation(_call))
    with pytest.raises(InputError, match="TLS"):
        server.receive(b"GET / HTTP/1.1\r\n\r\n")
