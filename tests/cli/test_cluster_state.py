"""A served cluster that is killed under load loses nothing that it acknowledged, and does nothing twice."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.cli.kept_server import COMMAND, GONE, PATH, Client, Server

from nixernetes.cli.clusters.serve import main

WRITERS = 4
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
MERGE = "application/merge-patch+json"
_log = logging.getLogger(__name__)


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
        self.scaled = 0
        self.acknowledged = 0
        self.trying = ""
        self._number = 0

    def run(self, client: Client) -> None:
        """Write until the server is gone."""
        try:
            while True:
                self._step(client)
        except GONE:
            client.connection.close()

    def begin(self, client: Client) -> None:
        """Create what is changed again and again."""
        meta = {"name": f"count-{self.name}"}
        assert client.ask("POST", body={"metadata": meta, "data": {"count": "0"}})[0] == 201
        labels = {"by": self.name}
        pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": "main:1"}]}}
        spec = {"replicas": 0, "selector": {"matchLabels": labels}, "template": pod}
        body = {"metadata": {"name": self.name}, "spec": spec}
        assert client.ask("POST", DEPLOYMENTS, body)[0] == 201

    def _step(self, client: Client) -> None:
        self._number += 1
        self.open, self.trying = f"{self.name}-{self._number}", "create"
        body = {"metadata": {"name": self.open}, "data": {"by": self.name}}
        self.made[self.open] = self._written(client.ask("POST", body=body), 201)["resourceVersion"]
        self.trying = "count"
        _, found = client.ask("GET", f"{PATH}/count-{self.name}")
        found["data"] = {"count": str(int(found["data"]["count"]) + 1)}
        self._written(client.ask("PUT", f"{PATH}/count-{self.name}", found), 200)
        self.count += 1
        self.trying = "generate"
        meta = {"generateName": "g-", "labels": {"by": self.name}}
        self._written(client.ask("POST", body={"metadata": meta}), 201)
        self.generated += 1
        self.trying = "scale"
        replicas = {"spec": {"replicas": 1 + self.scaled % 2}}
        self._written(client.ask("PATCH", f"{DEPLOYMENTS}/{self.name}", replicas, MERGE), 200)
        self.scaled += 1
        if self._number % 3 == 0:
            self.trying = "delete"
            self._written(client.ask("DELETE", f"{PATH}/{self.open}"), 200)
            del self.made[self.open]
            self.gone.add(self.open)
        self.trying = ""

    def _written(self, answer: tuple[int, Any], status: int) -> Any:
        """Return the metadata of what a write made."""
        assert answer[0] == status, answer
        self.acknowledged += 1
        return answer[1].get("metadata")


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
        except GONE:
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
        _, found = client.ask("GET", f"{DEPLOYMENTS}/{writer.name}")
        scaled = found["metadata"]["generation"] - 1
        assert scaled in (writer.scaled, writer.scaled + (writer.trying == "scale"))
        writer.scaled = scaled
        generated = sum(item["metadata"].get("labels", {}).get("by") == writer.name for item in items.values())
        assert generated in (writer.generated, writer.generated + (writer.trying == "generate"))
        writer.count, writer.generated = count, generated
        writer.made = {name: items[name]["metadata"]["resourceVersion"] for name in mine}
    client.connection.close()


def survive(folder: Path, kills: int) -> int:
    """Kill a server under load again and again, every second one with controllers; return the acknowledged writes."""
    writers = [Writer(f"w{number}") for number in range(WRITERS)]
    with Server(folder) as server:
        server.start("--nodes=2")
        config = server.config()
        for writer in writers:
            writer.begin(server.connect())
        for number in range(kills):
            listener = killed(server, writers, 0.05 + number % 7 * 0.05)  # the kill falls wherever it falls
            server.start("--nodes=2" if number % 2 else "--no-controllers")
            assert server.config() == config, "old kubeconfigs go on working"
            check(server, writers, listener)
    return sum(writer.acknowledged for writer in writers)


def killed(server: Server, writers: list[Writer], seconds: float) -> Listener:
    """Kill a server while writers write and somebody listens; return who listened."""
    since = server.connect().ask("GET")[1]["metadata"]["resourceVersion"]
    listener = Listener()
    threads = [threading.Thread(target=listener.run, args=(server.connect(), since))]
    threads += [threading.Thread(target=writer.run, args=(server.connect(),)) for writer in writers]
    for thread in threads:
        thread.start()
    threads[-1].join(seconds)
    server.kill()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return listener


def test_nothing_acknowledged_is_lost_when_a_server_is_killed(tmp_path: Path) -> None:
    assert survive(tmp_path, 3) > 3


@pytest.mark.slow
def test_many_kills_lose_nothing(tmp_path: Path) -> None:
    """Three hundred take a quarter of an hour: ``NIXERNETES_TEST_KILLS`` says how many."""
    kills = int(os.environ.get("NIXERNETES_TEST_KILLS", "8"))
    acknowledged = survive(tmp_path, kills)
    _log.info("%d kills, %d writes acknowledged: none of them lost, none done twice", kills, acknowledged)
    assert acknowledged > kills


def test_two_servers_on_one_state_are_refused(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        server.start()
        command = [COMMAND, "cluster", "serve", "--state", tmp_path / "state", "--kubeconfig", tmp_path / "other"]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 2
    assert "another server uses it" in found.stderr
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--port", "70000"], "argument --port: 70000 is not between 0 and 65535"),
        (["--nodes", "-1"], "argument --nodes: -1 is not between 0 and 1000"),
        (["--sate", "x"], "unrecognized arguments: --sate x"),
        (["--state", "/dev/null/x"], "error: /dev/null/x: cannot be used"),
    ],
)
def test_what_cannot_be_served_is_told_in_a_line(
    flags: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(flags)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err
