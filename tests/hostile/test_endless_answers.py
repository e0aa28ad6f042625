"""A server that is never done is left after a bounded number of reads, whatever it sends and whoever asks."""

from __future__ import annotations

import itertools
import socketserver
import threading
from collections.abc import Callable, Iterator

import httpcore
import pytest

from nixernetes.adapters.exchanges import Deadline
from nixernetes.adapters.notifying.web_sender import WebSender
from nixernetes.adapters.registries.chart_repositories import HttpCharts
from nixernetes.adapters.registries.oci_registry import HttpRegistries
from nixernetes.adapters.registries.reachability import Reachability
from nixernetes.adapters.repositories.fetched_remotes import FetchedRemotes
from nixernetes.adapters.repositories.git import GitSource
from nixernetes.engine.notices.requests import Channel, WebReply, WebRequest
from nixernetes.errors import NixernetesError, RemoteError

_READS = 12  # each step of a connection asks the clock, which ticks with every question
_CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "body": (_CHUNKS, b"400\r\n" + b"#" * 1024 + b"\r\n"),
    "compressed": (
        _CHUNKS.removesuffix(b"\r\n") + b"Content-Encoding: gzip\r\n\r\na\r\n\x1f\x8b\x08\0\0\0\0\0\0\xff\r\n",
        b"5\r\n\0\0\0\xff\xff\r\n",  # a block of nothing
    ),
    "interim answers": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
}


class _Endless(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, head: bytes, more: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.host = f"127.0.0.1:{self.server_address[1]}"
        self.parts = (head, more)


class _Handler(socketserver.BaseRequestHandler):
    server: _Endless

    def handle(self) -> None:
        head, more = self.server.parts
        try:
            if self.request.recv(65536):
                self.request.sendall(head)
            while True:
                self.request.sendall(more)
        except OSError:  # whoever asked has gone
            return


@pytest.fixture(params=ENDLESS.values(), ids=ENDLESS.keys())
def server(request: pytest.FixtureRequest) -> Iterator[_Endless]:
    with _Endless(*request.param) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _deadline() -> Deadline:
    ticks = itertools.count()
    return Deadline(_READS, clock=lambda: next(ticks))


def _index(host: str) -> None:
    HttpCharts(10, _deadline()).index(f"http://{host}")


def _tags(host: str) -> None:
    HttpRegistries(10, _deadline()).tags(f"oci://{host}/a/b")


def _file(host: str) -> None:
    remotes = FetchedRemotes(GitSource({}), {}, 10, _deadline())
    try:
        remotes.file(f"http://{host}/a.yaml")
    finally:
        remotes.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("ask", [_index, _tags, _file])
def test_an_answer_without_end_is_left(server: _Endless, ask: Callable[[str], None]) -> None:
    with pytest.raises(RemoteError, match=f"not complete within {_READS} seconds"):
        ask(server.host)


REFS = b"".join(b"003e%040x refs/heads/%05d\n" % (number, number) for number in range(1000))
GIT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n22\r\n001e# service=git-upload-pack\n0000\r\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("server", [(GIT, b"%x\r\n%s\r\n" % (len(REFS), REFS))], indirect=True)
def test_a_git_server_without_end_is_left_and_not_asked_again(server: _Endless) -> None:
    remotes = FetchedRemotes(GitSource({}), {}, 1)
    try:
        with pytest.raises(RemoteError, match=r"it takes more than 1 seconds, or too much"):
            remotes.repository(f"http://{server.host}/x", "main")
        with pytest.raises(RemoteError, match="did not answer before"):
            remotes.repository(f"http://{server.host}/y", "main")
    finally:
        remotes.close()


def _ask(sender: WebSender, address: str) -> WebReply:
    sender.deadline.begin()
    return sender.ask(WebRequest(url=address), Channel())


def test_of_a_receiver_of_notifications_no_more_than_the_status_is_read(server: _Endless) -> None:
    sender = WebSender(10, deadline=_deadline())
    if server.parts[0]:
        assert _ask(sender, f"http://{server.host}/x").is_success
        return
    for _ in range(3):
        with pytest.raises(RemoteError, match="not delivered: the answer was not complete"):
            _ask(sender, f"http://{server.host}/x")


def test_a_receiver_that_did_not_answer_is_not_asked_again_soon() -> None:
    asked: list[float] = []
    clock = itertools.count()

    def ticks() -> float:
        asked.append(next(clock))
        return asked[-1]

    sender = WebSender(10, clock=lambda: 0.0, deadline=Deadline(15, ticks))
    sender.deadline.begin()
    for _ in range(100):
        with pytest.raises(RemoteError, match="not delivered"):
            sender.ask(WebRequest(url="http://127.0.0.1:9/x"), Channel())
    assert len(asked) < 10


def test_no_step_takes_longer_than_what_is_left() -> None:
    now = [0.0]
    deadline = Deadline(60, clock=lambda: now[0])
    deadline.begin()
    assert (deadline.within(10), deadline.within(None)) == (10, 60)
    now[0] = 55.0
    assert deadline.within(10) == 5
    now[0] = 60.0
    with pytest.raises(httpcore.ReadTimeout, match="within 60 seconds"):
        deadline.within(10)
    deadline.begin()
    assert deadline.within(10) == 10


ADDRESSES = [
    "http://[::1",
    "https://a..b/x",
    f"http://{'a' * 80}.com/",
    "http://\u202ex/",
    "http://h:99999/",
    "http:///x",
]


@pytest.mark.parametrize("address", [*ADDRESSES, "http://h:port/", "http://", "http://user:hunter2@["])
def test_an_address_that_no_host_may_have_is_told_before_anybody_is_asked(address: str) -> None:
    asks: list[Callable[[], object]] = [
        lambda: HttpCharts(1).index(address),
        lambda: HttpRegistries(1).tags(address.replace("http:", "oci:").replace("https:", "oci:")),
        lambda: _ask(WebSender(1), address),
        lambda: Reachability(1).probe(address),
    ]
    for ask in asks:
        with pytest.raises(NixernetesError, match=r"not a URL|must be") as told:
            ask()
        assert "hunter2" not in str(told.value)
