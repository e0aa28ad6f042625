"""The log of a container: which lines a client wants, and one that goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.cluster.server.client import ApiClient

from nixernetes.cluster.server.parts.logs import WrittenLine
from nixernetes.cluster.server.requests import ApiResponse
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.manifest import Manifest

_START = VirtualClock().now()
_PATH = "/api/v1/namespaces/default/pods/web"


class KnownLog:
    """A log of three lines, a minute apart."""

    def __init__(self) -> None:
        self.told: list[Callable[[WrittenLine], None]] = []

    def knows(self, pod: Manifest) -> bool:
        return bool(pod["metadata"]["name"] == "web")

    def log(self, pod: Manifest, container: str) -> KnownLog | None:
        return self if container == "main" and self.knows(pod) else None

    def connect(self, pod: Manifest, port: int) -> None:
        del pod, port

    def lines(self) -> list[WrittenLine]:
        return [
            WrittenLine(_START - timedelta(minutes=2 - at), text) for at, text in enumerate(("one", "two", "three"))
        ]

    def follow(self, told: Callable[[WrittenLine], None]) -> Callable[[], None]:
        self.told.append(told)
        return lambda: self.told.remove(told)


@pytest.fixture(name="log")
def a_log() -> KnownLog:
    return KnownLog()


@pytest.fixture(name="client")
def a_client(log: KnownLog) -> ApiClient:
    client = ApiClient(log)
    for name, containers in (("web", ("main",)), ("two", ("main", "side"))):
        spec: Any = {"containers": [{"name": each, "image": "a"} for each in containers]}
        client.made("/api/v1/namespaces/default/pods", {"metadata": {"name": name}, "spec": spec})
    return client


def logged(client: ApiClient, **query: str) -> ApiResponse:
    return client.ask("GET", f"{_PATH}/log", **query)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({}, "one\ntwo\nthree\n"),
        ({"container": "main"}, "one\ntwo\nthree\n"),
        ({"tailLines": "1"}, "three\n"),
        ({"tailLines": "0"}, ""),
        ({"tailLines": "9"}, "one\ntwo\nthree\n"),
        ({"sinceSeconds": "90"}, "two\nthree\n"),
        ({"sinceTime": "2026-01-01T00:00:00Z"}, "three\n"),
        ({"limitBytes": "5"}, "one\nt"),
        ({"tailLines": "1", "timestamps": "true"}, "2026-01-01T00:00:00.000000000Z three\n"),
    ],
)
def test_a_client_gets_the_lines_that_it_wants(client: ApiClient, query: dict[str, str], text: str) -> None:
    answer = logged(client, **query)
    assert (answer.status, answer.content_type, answer.body.decode()) == (200, "text/plain", text)


@pytest.mark.parametrize(
    ("query", "status", "part"),
    [
        ({"tailLines": "-1"}, 422, "tailLines"),
        ({"limitBytes": "0"}, 422, "limitBytes"),
        ({"sinceSeconds": "0"}, 422, "sinceSeconds"),
        ({"sinceSeconds": "1", "sinceTime": "2026-01-01T00:00:00Z"}, 422, "at most one of"),
        ({"tailLines": "many"}, 400, "many"),
        ({"sinceTime": "yesterday"}, 400, "yesterday"),
        ({"container": "other"}, 400, "container other is not valid for pod web"),
        ({"previous": "true"}, 400, 'previous terminated container \\"main\\" in pod \\"web\\" not found'),
    ],
)
def test_what_makes_no_sense_is_refused(client: ApiClient, query: dict[str, str], status: int, part: str) -> None:
    answer = logged(client, **query)
    assert answer.status == status
    assert part in answer.body.decode()


def test_a_log_that_is_followed_goes_on_until_the_client_leaves(client: ApiClient, log: KnownLog) -> None:
    answer = logged(client, follow="true", tailLines="1")
    assert answer.stream is not None
    woken: list[bool] = []
    answer.stream.on_more(lambda: woken.append(True))
    assert answer.stream.take() == [b"three\n"]
    log.told[0](WrittenLine(_START, "four"))
    assert (woken, answer.stream.take()) == ([True], [b"four\n"])
    answer.stream.close()
    assert (log.told, answer.stream.is_over) == ([], True)


def test_a_log_that_is_followed_ends_with_its_bytes(client: ApiClient, log: KnownLog) -> None:
    answer = logged(client, follow="true", tailLines="0", limitBytes="3")
    assert answer.stream is not None
    log.told[0](WrittenLine(_START, "four"))
    assert (answer.stream.take(), answer.stream.is_over, log.told) == ([b"fou"], True, [])
    answer = logged(client, follow="true", limitBytes="3")
    assert answer.stream is not None
    assert (answer.stream.take(), answer.stream.is_over, log.told) == ([b"one"], True, [])


def test_a_pod_that_stands_for_nothing_has_no_log(client: ApiClient) -> None:
    assert client.ask("GET", "/api/v1/namespaces/default/pods/two/log", container="main").status == 204
