"""A notification is delivered, or why it was not is told without its address."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import monotonic, sleep

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from nixernetes.adapters.clock import SystemClock
from nixernetes.adapters.notifying import web_sender
from nixernetes.adapters.notifying.app_tokens import app_token
from nixernetes.adapters.notifying.couriers import Courier
from nixernetes.adapters.notifying.foreign_senders import send_foreign
from nixernetes.adapters.notifying.web_sender import WebSender
from nixernetes.engine.notices.requests import (
    Channel,
    Exchange,
    ForeignMessage,
    Parcel,
    Resending,
    WebRequest,
    accepted,
)
from nixernetes.errors import InputError, NixernetesError, RemoteError


class _Receiver(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[tuple[str, str, str, bytes]] = []
        self.statuses: list[int] = []
        self.location = ""
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: _Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers.get("Content-Type", "")
        self.server.received.append((self.command, self.path, kind, body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 202)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_PUT = do_POST  # noqa: N815  # the name that the library calls

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[_Receiver]:
    with _Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def sender() -> Iterator[WebSender]:
    sender = WebSender(5, sleep=lambda _: None)
    sender.deadline.begin(60)
    yield sender
    sender.close()


def _parcel(url: str, channel: Channel | None = None, method: str = "POST") -> Parcel:
    def talk() -> Exchange:
        headers = {"Content-Type": "application/json"}
        accepted((yield WebRequest(method=method, url=url, headers=headers, body="ü".encode())))

    return Parcel(exchange=talk, channel=channel or Channel())


def _delivered(parcel: Parcel, sender: WebSender | None = None) -> NixernetesError | None:
    made: Callable[[], WebSender] = (lambda: sender) if sender is not None else WebSender
    courier = Courier(sender=made)
    courier.take(7, parcel)
    ((number, error),) = courier.finished()
    assert number == 7
    courier.close()
    return error


def test_a_request_goes_out_as_it_is(receiver: _Receiver) -> None:
    assert _delivered(_parcel(receiver.url + "/hook", method="PUT")) is None
    assert receiver.received == [("PUT", "/hook", "application/json", "ü".encode())]


def test_a_refusal_names_the_status_and_not_the_secret_path(receiver: _Receiver) -> None:
    receiver.statuses = [403]
    error = _delivered(_parcel(receiver.url + "/s3cret"))
    assert error is not None
    assert error.message == "the notification was refused with status 403"
    assert "s3cret" not in str(error)


def test_what_may_pass_is_sent_again_and_what_may_not_is_not(receiver: _Receiver, sender: WebSender) -> None:
    often = Channel(seconds=60, resending=Resending(times=4, first_seconds=2))
    receiver.statuses = [503, 429, 500]
    assert _delivered(_parcel(receiver.url, often), sender) is None
    assert len(receiver.received) == 4
    receiver.statuses = [501]
    assert _delivered(_parcel(receiver.url, often), sender) is not None
    assert len(receiver.received) == 5


def test_pauses_double_and_end_with_the_time_that_is_left(receiver: _Receiver) -> None:
    pauses: list[float] = []
    sender = WebSender(5, sleep=pauses.append)
    channel = Channel(seconds=60, resending=Resending(times=4, first_seconds=2, last_seconds=10))
    receiver.statuses = [500] * 5
    assert _delivered(_parcel(receiver.url, channel), sender) is not None
    assert pauses == [2, 4, 8, 10]
    short = Channel(seconds=3, resending=Resending(times=4, first_seconds=2))
    receiver.statuses = [500] * 5
    pauses.clear()
    sender = WebSender(5, sleep=pauses.append)
    _delivered(_parcel(receiver.url, short), sender)
    assert pauses[0] == 2


def test_a_redirect_is_not_followed(receiver: _Receiver) -> None:
    receiver.statuses, receiver.location = [307], "http://169.254.169.254/latest/meta-data"
    error = _delivered(_parcel(receiver.url))
    assert error is not None
    assert "status 307" in error.message
    assert len(receiver.received) == 1


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "100.100.100.200", "::ffff:169.254.1.1", "nonsense"])
def test_the_addresses_of_a_link_are_told_nothing(address: str) -> None:
    assert not web_sender._may_be_told(address)
    assert web_sender._may_be_told("127.0.0.1")
    assert web_sender._may_be_told("10.0.0.1")


def test_nobody_listening_is_a_remote_error() -> None:
    error = _delivered(_parcel("http://127.0.0.1:9/secret"))
    assert isinstance(error, RemoteError)
    assert "secret" not in str(error)


@pytest.mark.parametrize("url", ["ftp://x/y", "no url", "http://[::1"])
def test_an_address_that_is_not_http_is_refused(url: str) -> None:
    assert isinstance(_delivered(_parcel(url)), InputError)


def test_a_thread_delivers_beside_the_run(receiver: _Receiver) -> None:
    courier = Courier(2)
    for number in range(3):
        courier.take(number, _parcel(receiver.url))
    found: list[tuple[int, NixernetesError | None]] = []
    until = monotonic() + 20
    while len(found) < 3 and monotonic() < until:
        found += courier.finished()
        threading.Event().wait(0.005)
    courier.close()
    assert sorted(found, key=lambda one: one[0]) == [(0, None), (1, None), (2, None)]


def test_a_proxy_is_used_that_the_channel_names(receiver: _Receiver) -> None:
    error = _delivered(_parcel("http://hooks.example.com/x", Channel(proxy=receiver.url)))
    assert error is None
    assert receiver.received[0][1] == "http://hooks.example.com/x"


@pytest.mark.parametrize("protocol", ["Google Pub/Sub", "AMQP to Azure Event Hubs", "Amazon SQS", "NATS with nkey"])
def test_what_is_not_spoken_here_is_refused(protocol: str) -> None:
    def talk() -> Exchange:
        yield ForeignMessage(protocol=protocol, address="x")

    error = _delivered(Parcel(exchange=talk))
    assert isinstance(error, InputError)
    assert f"{protocol} is not spoken here" in error.message


class _Bus(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b'INFO {"server_id":"x"}\r\n')
        self.server.lines = []  # type: ignore[attr-defined]
        while line := self.rfile.readline():
            self.server.lines.append(line)  # type: ignore[attr-defined]
            if line.startswith(b"PING"):
                self.wfile.write(b"PONG\r\n")


def test_nats_is_spoken() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _Bus) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()

        def talk() -> Exchange:
            address = f"nats://127.0.0.1:{server.server_address[1]}"
            yield ForeignMessage(protocol="NATS", address=address, subject="flux", body=b"hello", login=("u", "p"))

        assert _delivered(Parcel(exchange=talk)) is None
        thread.join()
        lines: list[bytes] = server.lines  # type: ignore[attr-defined]
    assert lines[0].startswith(b"CONNECT ")
    assert b'"user": "u", "pass": "p"' in lines[0]
    assert lines[1:] == [b"PUB flux 5\r\n", b"hello\r\n", b"PING\r\n"]


class _SlowBus(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError):
            for _ in range(30):
                self.wfile.write(b"I")
                sleep(0.1)


def test_a_bus_that_says_little_by_little_is_not_waited_for() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _SlowBus) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        message = ForeignMessage(protocol="NATS", address=f"nats://127.0.0.1:{server.server_address[1]}", subject="x")
        with pytest.raises(RemoteError, match="TimeoutError"):
            send_foreign(message, Channel(), 0.3)
        thread.join()


class _Mailbox(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 mail\r\n")
        said: list[bytes] = []
        self.server.said = said  # type: ignore[attr-defined]
        in_data = False
        while line := self.rfile.readline():
            said.append(line.rstrip())
            if in_data:
                if line == b".\r\n":
                    in_data = False
                    self.wfile.write(b"250 taken\r\n")
                continue
            word = line[:4].upper()
            in_data = word == b"DATA"
            self.wfile.write(b"354 go on\r\n" if in_data else b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


def test_mail_is_sent() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _Mailbox) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()

        def talk() -> Exchange:
            address = f"127.0.0.1:{server.server_address[1]}"
            headers = {"Subject": "s\nBcc: evil@x.org", "Subtype": "plain"}
            yield ForeignMessage(
                protocol="SMTP", address=address, subject="a@b.c, d@e.f", headers=headers, body=b"hi", sender="x@y.z"
            )

        assert _delivered(Parcel(exchange=talk)) is None
        thread.join()
        said: list[bytes] = server.said  # type: ignore[attr-defined]
    assert b"Subject: s Bcc: evil@x.org" in said
    assert [line for line in said if line.lower().startswith(b"rcpt")] == [b"rcpt TO:<a@b.c>", b"rcpt TO:<d@e.f>"]


def test_nothing_listens_where_mail_goes() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def talk() -> Exchange:
        yield ForeignMessage(protocol="SMTP", address=f"127.0.0.1:{port}", subject="a@b.c", sender="x@y.z")

    assert isinstance(_delivered(Parcel(exchange=talk)), RemoteError)


def test_an_app_signs_its_token() -> None:
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505  # a short one is made fast, and guards nothing
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    head, claims, _ = app_token("7", pem, lambda: 1_000.0).split(".")
    assert (head, claims) == (
        "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9",
        "eyJpYXQiOjk0MCwiZXhwIjoxMzAwLCJpc3MiOiI3In0",
    )
    with pytest.raises(InputError, match="must be an RSA key"):
        app_token("7", "not a key")


def test_the_system_clock_is_in_utc() -> None:
    assert SystemClock().now().tzinfo is not None
