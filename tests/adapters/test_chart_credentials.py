"""Who asks a Helm repository over HTTP: passwords and certificates go where they must, and nowhere else."""

import base64
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.adapters.test_chart_repositories import chart

from nixernetes.adapters.registries.chart_repositories import HttpCharts
from nixernetes.errors import InputError, RemoteError
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials

WHO = Credentials(username="me", password="s3cret")
BASIC = "Basic " + base64.b64encode(b"me:s3cret").decode()
# Made for these tests alone: an authority, and a certificate of 127.0.0.1 with its key, for servers and clients.
CA = """\
-----BEGIN CERTIFICATE-----
MIIBhzCCAS2gAwIBAgIUF0jgqOthrb9jo6ipv+drwB6K8iowCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFdGVzdHMwIBcNMjYxMTIzMTUzMzE2WhgPMjEyNjEwMzAxNTMz
MTZaMBAxDjAMBgNVBAMMBXRlc3RzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
Lw0D2+NFVjlthta+Olm1p9fgounB1Qg8u+CGagV7NOMOEcO0cKm+Rqkxi6VAFttu
fMLB0ps/c09Ho7b9w1dEXqNjMGEwHQYDVR0OBBYEFI+dw1Jan8ZGNlB113j/v3yh
8EExMB8GA1UdIwQYMBaAFI+dw1Jan8ZGNlB113j/v3yh8EExMA8GA1UdEwEB/wQF
MAMBAf8wDgYDVR0PAQH/BAQDAgIEMAoGCCqGSM49BAMCA0gAMEUCIAN1Cnc6ItBX
NXztWNvdA/+E1axPhXe8VNyqsZfRhVdrAiEA7QGtwfjKmnnAkbvtf5A2/4aKJafW
zmABiWhaJimfWq4=
-----END CERTIFICATE-----
"""
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBtDCCAVqgAwIBAgIUU+/kt8924RFITl1/6xjgDbjLVBowCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFdGVzdHMwIBcNMjYxMTIzMTUzNDA2WhgPMjEyNjEwMzAxNTM0
MDZaMBQxEjAQBgNVBAMMCTEyNy4wLjAuMTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABK9LXdOIABY6sKO4lxH0PQYWcUiB7aCxSlUJ9ij0x8NZzVxvkwcJWXDSQJcJ
ZGNfOhGVOtA9LPQjuFIeja36eV6jgYswgYgwDwYDVR0RBAgwBocEfwAAATAdBgNV
HSUEFjAUBggrBgEFBQcDAQYIKwYBBQUHAwIwCwYDVR0PBAQDAgeAMB8GA1UdIwQY
MBaAFI+dw1Jan8ZGNlB113j/v3yh8EExMB0GA1UdDgQWBBRQWGaTkAtGadMEZQJg
XzOng0GPvDAJBgNVHRMEAjAAMAoGCCqGSM49BAMCA0gAMEUCIQDrOogqzFV+yIwS
xC7J4foLYfPL4z00V0bFYzGaHlyBUAIgKrVOycgw4Px5OCCoi9cWODLEctLZC/Vq
yT2Wi1bxx0I=
-----END CERTIFICATE-----
"""
KEY = """\
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIAWtv/EfqsieGozyUKOjJIIEbGAJdVCkwXv/etxXuUsxoAoGCCqGSM49
AwEHoUQDQgAEr0td04gAFjqwo7iXEfQ9BhZxSIHtoLFKVQn2KPTHw1nNXG+TBwlZ
cNJAlwlkY186EZU60D0s9CO4Uh6Nrfp5Xg==
-----END EC PRIVATE KEY-----
"""


class _Server:
    """Answers with files, says who asked, and asks for a password where it is told to."""

    def __init__(self, *, password: str = "", context: ssl.SSLContext | None = None) -> None:
        self.files: dict[str, bytes] = {}
        self.redirects: dict[str, str] = {}
        self.seen: list[tuple[str, str]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                given = self.headers.get("Authorization", "")
                owner.seen.append((self.path, given))
                if password and given != password:
                    self.send_response(401)
                    self.end_headers()
                    return
                if self.path in owner.redirects:
                    self.send_response(302)
                    self.send_header("Location", owner.redirects[self.path])
                    self.end_headers()
                    return
                data = owner.files.get(self.path)
                self.send_response(404 if data is None else 200)
                self.end_headers()
                self.wfile.write(data or b"")

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        scheme = "http" if context is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def publish(self, place: str = "app-1.0.0.tgz") -> None:
        index = f"apiVersion: v1\nentries:\n  app:\n  - {{name: app, version: 1.0.0, urls: ['{place}']}}\n"
        self.files["/index.yaml"] = index.encode()
        self.files["/app-1.0.0.tgz"] = chart("1.0.0")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


Start = Callable[..., _Server]


@pytest.fixture
def start() -> Iterator[Start]:
    servers: list[_Server] = []

    def started(*, password: str = "", context: ssl.SSLContext | None = None) -> _Server:
        servers.append(_Server(password=password, context=context))
        return servers[-1]

    yield started
    for each in servers:
        each.close()


@pytest.fixture
def charts() -> Iterator[HttpCharts]:
    found = HttpCharts(timeout_seconds=5)
    yield found
    found.close()


def test_a_password_opens_the_index_and_the_chart(start: Start, charts: HttpCharts) -> None:
    server = start(password=BASIC)
    server.publish()
    assert charts.pull(server.url, "app", "", WHO).version == "1.0.0"
    assert server.seen == [("/index.yaml", BASIC), ("/app-1.0.0.tgz", BASIC)]
    with pytest.raises(RemoteError, match="401 Unauthorized"):
        charts.pull(server.url, "app", "")
    with pytest.raises(RemoteError) as refused:
        charts.pull(server.url, "app", "", Credentials(username="me", password="wr0ng"))
    assert "wr0ng" not in str(refused.value)


@pytest.mark.parametrize(("passes", "given"), [(False, ""), (True, BASIC)])
def test_a_chart_elsewhere_gets_the_password_only_where_it_is_passed_on(
    start: Start, charts: HttpCharts, passes: bool, given: str
) -> None:
    server, other = start(password=BASIC), start()
    other.publish()
    server.publish(f"{other.url}/app-1.0.0.tgz")
    charts.pull(server.url, "app", "", Credentials(username="me", password="s3cret", pass_credentials=passes))
    assert other.seen == [("/app-1.0.0.tgz", given)]


def test_a_redirect_to_another_host_loses_the_password(start: Start, charts: HttpCharts) -> None:
    server, other = start(password=BASIC), start()
    other.publish()
    server.redirects["/index.yaml"] = f"{other.url}/index.yaml"
    charts.index(server.url, WHO)
    assert other.seen == [("/index.yaml", "")]


def _serving(folder: Path, *, asks: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (folder / "server.pem").write_text(CERTIFICATE + KEY)
    context.load_cert_chain(folder / "server.pem")
    if asks:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=CA)
    return context


def test_an_authority_of_ones_own_is_trusted(start: Start, charts: HttpCharts, tmp_path: Path) -> None:
    server = start(context=_serving(tmp_path))
    server.publish()
    with pytest.raises(RemoteError, match="certificate verify failed"):
        charts.index(server.url, ANONYMOUS)
    assert charts.pull(server.url, "app", "", Credentials(ca=CA)).version == "1.0.0"


def test_a_client_shows_its_certificate(start: Start, charts: HttpCharts, tmp_path: Path) -> None:
    server = start(context=_serving(tmp_path, asks=True))
    server.publish()
    with pytest.raises(RemoteError):
        charts.index(server.url, Credentials(ca=CA))
    assert charts.pull(server.url, "app", "", Credentials(ca=CA, certificate=CERTIFICATE, key=KEY)).version == "1.0.0"


def test_a_certificate_is_not_shown_to_another_host(start: Start, charts: HttpCharts, tmp_path: Path) -> None:
    other, server = start(context=_serving(tmp_path, asks=True)), start(context=_serving(tmp_path))
    other.publish()
    server.publish(f"{other.url}/app-1.0.0.tgz")
    who = Credentials(ca=CA, certificate=CERTIFICATE, key=KEY)
    with pytest.raises(RemoteError):
        charts.pull(server.url, "app", "", who)
    assert charts.pull(server.url, "app", "", replace(who, pass_credentials=True)).version == "1.0.0"


def test_redirects_come_to_an_end(start: Start, charts: HttpCharts) -> None:
    server = start()
    server.redirects["/index.yaml"] = "/index.yaml"
    with pytest.raises(RemoteError, match="redirects too often"):
        charts.index(server.url)


@pytest.mark.parametrize(
    ("who", "named"),
    [(Credentials(ca="nonsense"), "'ca.crt'"), (Credentials(certificate=CERTIFICATE, key="nonsense"), "'tls.key'")],
)
def test_what_is_no_certificate_is_told_and_not_shown(charts: HttpCharts, who: Credentials, named: str) -> None:
    with pytest.raises(InputError, match=named) as refused:
        charts.index("https://127.0.0.1:1", who)
    assert "nonsense" not in str(refused.value)


def test_a_password_in_a_url_is_not_shown(start: Start, charts: HttpCharts) -> None:
    server = start()
    with pytest.raises(RemoteError) as refused:
        charts.index(server.url.replace("127", "me:s3cret@127"), ANONYMOUS)
    assert "s3cret" not in str(refused.value)
