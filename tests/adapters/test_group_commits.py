"""Whoever is answered was told what is kept; those who come together share one write to the disk."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence

from tests.cluster.storage.memory import MemoryChanges

from nixernetes.adapters.api_server.group_commits import GroupCommits
from nixernetes.adapters.api_server.state_folders import new_secrets
from nixernetes.app.serving.clusters import api_server
from nixernetes.cluster.history import Recorded
from nixernetes.cluster.provided import namespaces
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse, UrlQuery
from nixernetes.cluster.storage.opening import open_cluster
from nixernetes.cluster.storage.port import StorageError
from nixernetes.objects.clocks import VirtualClock

PATH = "/api/v1/namespaces/default/configmaps"
FULL = b'"message":"Internal error occurred: the state cannot be written: no room","reason":"InternalError","code":500'


class CountingChanges(MemoryChanges):
    """Counts how often it keeps something; refuses what is large."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[int] = []

    def keep(self, changes: Sequence[Recorded]) -> None:
        """Keep changes."""
        if len(json.dumps([change.event.object for change in changes])) > 100_000:
            raise StorageError("the state cannot be written: no room")
        super().keep(changes)
        self.times.append(len(changes))


class Served:
    """A server whose requests come together when a test says so.

    Args:
        store: keeps its changes.

    """

    def __init__(self, store: CountingChanges | None = None) -> None:
        self.store = store or CountingChanges()
        opened = open_cluster("test", VirtualClock(), self.store)
        for name in namespaces.FIRST:
            opened.cluster.namespace(name)
        secrets = new_secrets()
        self._token = secrets.token
        api = api_server(opened.cluster, "127.0.0.1:1", secrets, kept=opened)
        self.commits = GroupCommits(api, opened.journal)
        if isinstance(self.store, SlowChanges):
            self.store.is_free.set()
        self.commits.begin()
        self.cluster = opened.cluster
        self.store.times.clear()

    def request(self, method: str, path: str = PATH, body: object = None, **query: str) -> ApiRequest:
        """Return a request of the administrator."""
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        data = json.dumps(body).encode() if body is not None else b""
        return ApiRequest(method=method, path=path, query=UrlQuery(query.items()), headers=headers, body=data)

    def create(self, name: str, size: int = 0) -> ApiRequest:
        """Return a request that creates a ConfigMap."""
        return self.request("POST", body={"metadata": {"name": name}, "data": {"text": "x" * size}})

    def ask(self, *requests: ApiRequest) -> list[ApiResponse]:
        """Return the answers to requests that come together."""

        async def all_of() -> list[ApiResponse]:
            return await asyncio.gather(*(self.commits.answer(each) for each in requests))

        return asyncio.run(all_of())


def test_those_who_come_together_share_one_write() -> None:
    served = Served()
    answers = served.ask(*(served.create(f"c{number}") for number in range(8)), served.request("GET"))
    assert [answer.status for answer in answers] == [*[201] * 8, 200]
    assert served.store.times == [8]
    assert len(json.loads(answers[-1].body)["items"]) == 8
    served.ask(served.request("GET"))
    assert served.store.times == [8]


def test_a_full_disk_is_told_and_nothing_happened() -> None:
    served = Served()
    before = served.cluster.revision
    served.store.is_full = True
    answers = served.ask(served.create("a"), served.create("b"), served.request("GET", f"{PATH}/a"))
    assert [answer.status for answer in answers] == [500, 500, 404]
    assert FULL in answers[0].body
    assert served.cluster.revision == before
    served.store.is_full = False
    assert [answer.status for answer in served.ask(served.create("a"), served.request("GET", f"{PATH}/a"))] == [
        201,
        200,
    ]


def test_what_is_too_large_takes_no_other_with_it() -> None:
    served = Served()
    answers = served.ask(served.create("a"), served.create("large", 200_000), served.create("b"))
    assert [answer.status for answer in answers] == [201, 500, 201]
    found = json.loads(served.ask(served.request("GET"))[0].body)
    assert [item["metadata"]["name"] for item in found["items"]] == ["a", "b"]


def test_watches_are_told_of_what_is_kept_once_and_of_nothing_else() -> None:
    served = Served()
    served.store.is_full = True
    answers = served.ask(served.create("lost"), served.request("GET", watch="true"))
    stream = answers[1].stream
    assert answers[0].status == 500
    assert stream is not None
    assert stream.take() == []
    served.ask(served.create("lost"))
    assert stream.take() == []
    served.store.is_full = False
    answers = served.ask(served.create("a"), served.request("GET", watch="true"), served.create("b"))
    assert [json.loads(line)["object"]["metadata"]["name"] for line in stream.take()] == ["a", "b"]
    assert answers[1].stream is not None
    assert [json.loads(line)["object"]["metadata"]["name"] for line in answers[1].stream.take()] == ["a", "b"]


class SlowChanges(CountingChanges):
    """Keeps changes when a test says so; the disk is busy meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.is_free = threading.Event()

    def keep(self, changes: Sequence[Recorded]) -> None:
        """Keep changes."""
        assert self.is_free.wait(10)
        super().keep(changes)


async def _rest() -> None:
    """Let the loop do all that it can."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_what_comes_while_the_disk_is_busy_is_kept_together_afterwards() -> None:
    served = Served(slow := SlowChanges())

    async def run() -> list[int]:
        slow.is_free.clear()
        first = asyncio.ensure_future(served.commits.answer(served.create("first")))
        await _rest()
        others = [asyncio.ensure_future(served.commits.answer(served.create(f"c{number}"))) for number in range(5)]
        reader = asyncio.ensure_future(served.commits.answer(served.request("GET")))
        await _rest()
        assert not any(each.done() for each in (first, reader, *others)), "nobody is told of what is not kept"
        slow.is_free.set()
        return [answer.status for answer in await asyncio.gather(first, reader, *others)]

    assert asyncio.run(run()) == [201, 200, *[201] * 5]
    assert slow.times == [1, 5]


def test_what_came_after_what_is_not_kept_did_not_happen_either_and_is_tried_again() -> None:
    served = Served(slow := SlowChanges())
    before = served.cluster.revision

    async def run() -> list[int]:
        slow.is_free.clear()
        first = asyncio.ensure_future(served.commits.answer(served.create("large", 200_000)))
        await _rest()
        second = asyncio.ensure_future(served.commits.answer(served.create("small")))
        await _rest()
        slow.is_free.set()
        return [answer.status for answer in await asyncio.gather(first, second)]

    assert asyncio.run(run()) == [500, 201]
    assert served.cluster.revision == before + 1


def test_who_cannot_wait_waits_for_the_disk() -> None:
    """Controllers and new watches begin with what is kept."""
    served = Served(slow := SlowChanges())

    async def run() -> ApiResponse:
        slow.is_free.clear()
        first = asyncio.ensure_future(served.commits.answer(served.create("a")))
        await _rest()
        slow.is_free.set()
        answer = await served.commits.answer(served.request("GET", watch="true"))
        await _rest()
        assert first.done()
        assert served.commits.commit()
        return answer

    stream = asyncio.run(run()).stream
    assert stream is not None
    assert [json.loads(line)["object"]["metadata"]["name"] for line in stream.take()] == ["a"]
