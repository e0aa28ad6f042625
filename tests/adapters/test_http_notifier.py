"""A notification is delivered, or the error says so without its address."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from nixernetes.adapters.clock import SystemClock
from nixernetes.adapters.http_notifier import HttpNotifier
from nixernetes.errors import InputError, RemoteError


class _Receiver(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[tuple[str, str, bytes]] = []
        self.status = 202
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: _Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, self.headers.get("Content-Type", ""), body))
        self.send_response(self.server.status)
        self.end_headers()

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
def notifier() -> Iterator[HttpNotifier]:
    notifier = HttpNotifier(timeout_seconds=5)
    yield notifier
    notifier.close()


def test_a_mapping_goes_as_json_and_text_as_it_is(receiver: _Receiver, notifier: HttpNotifier) -> None:
    notifier.post(receiver.url + "/hook", {}, {"message": "ü"})
    notifier.post(receiver.url + "/text", {"Content-Type": "text/plain"}, "plain")
    (path, kind, body), text = receiver.received
    assert (path, kind, json.loads(body)) == ("/hook", "application/json", {"message": "ü"})
    assert text == ("/text", "text/plain", b"plain")


def test_a_refusal_names_the_status_and_not_the_secret_path(receiver: _Receiver, notifier: HttpNotifier) -> None:
    receiver.status = 500
    with pytest.raises(RemoteError, match="status 500") as caught:
        notifier.post(receiver.url + "/services/secret-token", {}, {})
    assert "secret-token" not in str(caught.value)


def test_nobody_listening_is_a_remote_error(notifier: HttpNotifier) -> None:
    with pytest.raises(RemoteError, match="not delivered"):
        notifier.post("http://127.0.0.1:9/x", {}, {})


@pytest.mark.parametrize("url", ["ftp://x/y", "nonsense", "http://", "http://[::1"])
def test_an_address_that_is_not_http_is_refused(notifier: HttpNotifier, url: str) -> None:
    with pytest.raises(InputError, match="address"):
        notifier.post(url, {}, {})


def test_the_systems_clock_is_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
