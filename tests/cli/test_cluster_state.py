"""A served cluster that is killed under load loses nothing that it acknowledged, and does nothing twice."""

from __future__ import annotations

import http.client
import json
import ssl
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from nixernetes.objects import yamls

COMMAND = Path(sys.executable).with_name("nixernetes")
PATH = "/api/v1/namespaces/default/configmaps"
WRITERS = 4
Gone = (OSError, http.client.HTTPException, ValueError)


class Server:
    """``nixernetes cluster serve`` in a process of its own.

    Args:
        folder: where its state and its kubeconfig are.

    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None

    def start(self, *flags: str) -> None:
        """Start, and wait until it answers."""
        state = ("--state", str(self._folder / "state"), "--kubeconfig", str(self._folder / "kubeconfig"))
        command = [str(COMMAND), "cluster", "serve", *state, *flags]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self._process.stdout is not None
        lines = [self._process.stdout.readline() for _ in range(2)]
        assert lines[1].startswith("export KUBECONFIG="), "".join(lines) + self._process.stdout.read()

    def kill(self) -> None:
        """End it at once, as ``kill -9`` does."""
        assert self._process is not None
        self._process.kill()
        self._process.communicate()

    def config(self) -> tuple[str, str, str]:
        """Return address, token and certificate of the authority."""
        config = yamls.parse((self._folder / "kubeconfig").read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        return cluster["server"], user["token"], cluster["certificate-authority-data"]

    def connect(self) -> Client:
        """Return a client."""
        server, token, _ = self.config()
        return Client(server.removeprefix("https://"), token)


class Client:
    """One connection."""

    def __init__(self, address: str, token: str) -> None:
        trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusted.check_hostname, trusted.verify_mode = False, ssl.CERT_NONE
        self.connection = http.client.HTTPSConnection(address, context=trusted, timeout=20)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str = PATH, body: object = None) -> tuple[int, Any]:
        """Return status and body of an answer."""
        data = json.dumps(body) if body is not None else None
        self.connection.request(method, path, data, self.headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())


class Writer:
    """Writes, one request after the other, and notes what was acknowledged and what was under way.

    Args:
        name: its name.

    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.made: dict[str, str] = {}  # object: its resourceVersion
        self.gone: set[str] = set()
        self.open: str = ""
        self.count = 0
        self.generated = 0
        self.trying = ""
        self._number = 0

    def run(self, client: Client) -> None:
        """Write until the server is gone."""
        try:
            while True:
                self._step(client)
        except Gone:
            client.connection.close()

    def _step(self, client: Client) -> None:
        self._number += 1
        self.open, self.trying = f"{self.name}-{self._number}", "create"
        status, made = client.ask("POST", body={"metadata": {"name": self.open}, "data": {"by": self.name}})
        assert status == 201, made
        self.made[self.open] = made["metadata"]["resourceVersion"]
        self.trying = "count"
        status, found = client.ask("GET", f"{PATH}/count-{self.name}")
        found["data"] = {"count": str(int(found["data"]["count"]) + 1)}
        status, found = client.ask("PUT", f"{PATH}/count-{self.name}", found)
        assert status == 200, found
        self.count += 1
        self.trying = "generate"
        meta = {"generateName": "g-", "labels": {"by": self.name}}
        assert client.ask("POST", body={"metadata": meta})[0] == 201
        self.generated += 1
        if self._number % 3 == 0:
            self.trying = "delete"
            assert client.ask("DELETE", f"{PATH}/{self.open}")[0] == 200
            del self.made[self.open]
            self.gone.add(self.open)
        self.trying = ""


class Listener:
    """Watches, and notes what it was told."""

    def __init__(self) -> None:
        self.told: dict[str, int] = {}

    def run(self, client: Client, since: str) -> None:
        """Listen until the server is gone."""
        try:
            client.connection.request("GET", f"{PATH}?watch=true&resourceVersion={since}", headers=client.headers)
            answer = client.connection.getresponse()
            while line := answer.readline():
                event = json.loads(line)
                name, version = event["object"]["metadata"]["name"], event["object"]["metadata"]["resourceVersion"]
                assert int(version) > self.told.get("", 0), "events come in order, none twice"
                self.told[name] = self.told[""] = int(version)
        except Gone:
            pass
        finally:
            client.connection.close()


def check(server: Server, writers: list[Writer], listener: Listener) -> None:
    """Compare what is there with what was acknowledged, and take over what is known of what was under way."""
    client = server.connect()
    status, listed = client.ask("GET")
    assert status == 200
    items = {item["metadata"]["name"]: item for item in listed["items"]}
    revision = int(listed["metadata"]["resourceVersion"])
    assert listener.told.get("", 0) <= revision, "nobody was told of what is not kept"
    for writer in writers:
        for name, version in writer.made.items():
            unsure = name == writer.open and writer.trying == "delete"
            assert unsure or items[name]["metadata"]["resourceVersion"] == version
            assert int(version) <= revision
        assert not writer.gone & {*items}
        mine = {name for name, item in items.items() if item.get("data", {}).get("by") == writer.name}
        extra = {writer.open} if writer.trying == "create" else set()
        assert mine - {*writer.made} <= extra
        count = int(items[f"count-{writer.name}"]["data"]["count"])
        assert count in (writer.count, writer.count + (writer.trying == "count"))
        generated = sum(item["metadata"].get("labels", {}).get("by") == writer.name for item in items.values())
        assert generated in (writer.generated, writer.generated + (writer.trying == "generate"))
        writer.count, writer.generated = count, generated
        writer.made = {name: items[name]["metadata"]["resourceVersion"] for name in mine}
    client.connection.close()


def survive(folder: Path, kills: int) -> None:
    """Kill a server under load again and again."""
    server = Server(folder)
    server.start("--no-controllers")
    config = server.config()
    client = server.connect()
    writers = [Writer(f"w{number}") for number in range(WRITERS)]
    for writer in writers:
        body = {"metadata": {"name": f"count-{writer.name}"}, "data": {"count": "0"}}
        assert client.ask("POST", body=body)[0] == 201
    client.connection.close()
    for number in range(kills):
        client = server.connect()
        since = client.ask("GET")[1]["metadata"]["resourceVersion"]
        client.connection.close()
        listener = Listener()
        threads = [threading.Thread(target=listener.run, args=(server.connect(), since))]
        threads += [threading.Thread(target=writer.run, args=(server.connect(),)) for writer in writers]
        for thread in threads:
            thread.start()
        threads[-1].join(0.05 + number % 7 * 0.05)  # the kill falls wherever it falls
        server.kill()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()
        server.start("--no-controllers")
        assert server.config() == config, "old kubeconfigs go on working"
        check(server, writers, listener)
    server.kill()
    assert sum(writer.count for writer in writers) > kills


def test_nothing_acknowledged_is_lost_when_a_server_is_killed(tmp_path: Path) -> None:
    survive(tmp_path, 3)


@pytest.mark.slow
def test_three_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    survive(tmp_path, 300)


def test_two_servers_on_one_state_are_refused(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.start()
    try:
        command = [COMMAND, "cluster", "serve", "--state", tmp_path / "state", "--kubeconfig", tmp_path / "other"]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        server.kill()
    assert found.returncode == 2
    assert "another server uses it" in found.stderr
    assert not (tmp_path / "other").exists()
