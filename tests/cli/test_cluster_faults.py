"""A served cluster that is kept, whose disk is full, or whose clients do not read."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.kept_server import GONE, PATH, Client, Server

ROOM = 200_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    made.start("--no-controllers")
    yield made
    made.kill()
    made.forget_clients()


def config_map(name: str, size: int) -> object:
    return {"metadata": {"name": name}, "data": {"text": "x" * size}}


def names(client: Client) -> set[str]:
    return {item["metadata"]["name"] for item in client.ask("GET")[1]["items"]}


def test_a_full_disk_refuses_writes_keeps_what_is_acknowledged_and_ends(server: Server) -> None:
    client = server.connect()
    server.limit_files(server.largest() + ROOM)
    statuses = [client.ask("POST", body=config_map(f"c{number}", 5_000))[0] for number in range(60)]
    made = {f"c{number}" for number, status in enumerate(statuses) if status == 201}
    assert {*statuses} == {201, 500}
    assert statuses[-1] == 500
    assert len(made) > 10
    status, told = client.ask("POST", body=config_map("refused", 5_000))
    assert (status, told["reason"]) == (500, "InternalError")
    assert "the state cannot be written" in told["message"]
    assert names(client) == made, "who reads sees nothing of what was refused"

    server.kill()
    server.start("--no-controllers")
    client = server.connect()
    assert names(client) == made
    server.limit_files(1)
    assert client.ask("DELETE", f"{PATH}/c0")[0] == 500
    server.limit_files(-1)
    assert client.ask("DELETE", f"{PATH}/c0")[0] == 200, "nothing has to be restarted"
    assert client.ask("POST", body=config_map("after", 10))[0] == 201
    server.kill()
    server.start("--no-controllers")
    assert names(server.connect()) == made - {"c0"} | {"after"}


def test_a_client_that_does_not_read_holds_nobody_up_and_goes_on_where_it_was(server: Server) -> None:
    client = server.connect()
    since = client.ask("GET")[1]["metadata"]["resourceVersion"]
    slow, fast = (watching(server, since) for _ in range(2))
    versions = []
    for number in range(40):
        status, made = client.ask("POST", body=config_map(f"c{number}", 900_000))
        assert status == 201
        versions.append(made["metadata"]["resourceVersion"])
        assert told(fast.readline()) == versions[-1], "others are told at once"

    found: list[str] = []
    try:
        while line := slow.readline():
            found.append(told(line))
    except GONE:  # it was cut off, perhaps within a line
        pass
    assert found == versions[: len(found)]
    assert len(found) < 40, "what waits for a client is bounded"
    again = watching(server, found[-1] if found else since)
    assert [told(again.readline()) for _ in versions[len(found) :]] == versions[len(found) :]


def watching(server: Server, since: str) -> http.client.HTTPResponse:
    client = server.connect()
    client.connection.request("GET", f"{PATH}?watch=true&resourceVersion={since}", headers=client.headers)
    return client.connection.getresponse()


def told(line: bytes) -> str:
    version: str = json.loads(line)["object"]["metadata"]["resourceVersion"]
    return version
