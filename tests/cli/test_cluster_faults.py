"""A served cluster that is kept, whose disk is full, or whose clients do not read."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import resource
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.kept_server import GONE, PATH, Client, Server

ROOM = 200_000
CLIENTS = 1_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as made:
        made.start("--no-controllers")
        yield made


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


def test_a_thousand_clients_are_told_of_everything(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < CLIENTS + 500:
        pytest.skip("this system lets no process open so many files")
    try:
        with Server(tmp_path) as server:
            resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))  # what macOS begins with; the server asks for more
            server.start("--no-controllers")
            resource.setrlimit(resource.RLIMIT_NOFILE, (CLIENTS + 500, hard))
            assert asyncio.run(many(server)) == [["c0", "c1", "c2"]] * CLIENTS
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def many(server: Server) -> list[list[str]]:
    """Open watches, create three objects once all are open, and return what each was told."""
    writer = server.connect()
    since = writer.ask("GET")[1]["metadata"]["resourceVersion"]
    address, token, _ = server.config()
    host, port = address.removeprefix("https://").split(":")
    trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusted.check_hostname, trusted.verify_mode = False, ssl.CERT_NONE
    words = (
        f"GET {PATH}?watch=true&resourceVersion={since} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    turns, opened, ready = asyncio.Semaphore(50), 0, asyncio.Event()

    async def one() -> list[str]:
        nonlocal opened
        async with turns:
            reader, stream = await asyncio.open_connection(host, int(port), ssl=trusted)
            stream.write(words.encode())
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        opened += 1
        if opened == CLIENTS:
            ready.set()
        found: list[str] = []
        while len(found) < 3:
            line = await reader.readline()
            if line.startswith(b"{"):
                found.append(json.loads(line)["object"]["metadata"]["name"])
        stream.transport.abort()
        with contextlib.suppress(OSError):
            await stream.wait_closed()  # else the loop may be gone before the connection is
        return found

    clients = [asyncio.ensure_future(one()) for _ in range(CLIENTS)]
    await asyncio.wait([asyncio.ensure_future(ready.wait()), *clients], return_when=asyncio.FIRST_COMPLETED)
    for number in range(3):
        status, _ = await asyncio.to_thread(writer.ask, "POST", PATH, config_map(f"c{number}", 10))
        assert status == 201
    return await asyncio.gather(*clients)


def watching(server: Server, since: str) -> http.client.HTTPResponse:
    client = server.connect()
    client.connection.request("GET", f"{PATH}?watch=true&resourceVersion={since}", headers=client.headers)
    return client.connection.getresponse()


def told(line: bytes) -> str:
    version: str = json.loads(line)["object"]["metadata"]["resourceVersion"]
    return version
