"""The clusters of a running world are asked over HTTPS, each at its own address."""

from __future__ import annotations

import base64
import json
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nixernetes.adapters.control.claims import ControlDoor
from nixernetes.app.serving.worlds import ServedWorld
from nixernetes.app.worlds import World
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects import yamls
from nixernetes.objects.clocks import VirtualClock


@pytest.fixture
def doors() -> list[ControlDoor]:
    """Return how the world is asked by console commands, once it is served."""
    return []


@pytest.fixture(name="config")
def a_served_world(tmp_path: Path, doors: list[ControlDoor]) -> Iterator[Any]:
    """Serve two clusters, and yield the kubeconfig."""
    clock = VirtualClock()
    world = World(clock)
    world.clusters = {name: EmbeddedCluster(name=name, clock=clock) for name in ("one", "two")}
    over = threading.Event()
    with ServedWorld(tmp_path / "kubeconfig", doors.append) as served:
        served.step(world)
        owner = threading.Thread(target=lambda: [served.step(world) for _ in iter(lambda: over.wait(0.005), True)])
        owner.start()
        yield yamls.parse(served.file.read_text())
        over.set()
        owner.join()
    assert not served.file.exists()


def asked(config: Any, name: str, path: str, **headers: str) -> tuple[int, Any]:
    """Return status and body of what a cluster answers to its administrator."""
    cluster = next(each["cluster"] for each in config["clusters"] if each["name"] == name)
    user = next(each["user"] for each in config["users"] if each["name"] == name)
    trusted = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
    told = {"Authorization": f"Bearer {user['token']}"}
    told |= {key.replace("_", "-"): value for key, value in headers.items()}
    request = urllib.request.Request(f"{cluster['server']}{path}", headers=told)  # noqa: S310  # https, of our own
    try:
        with urllib.request.urlopen(request, context=trusted) as answer:  # noqa: S310  # see above
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_each_cluster_answers_for_itself(config: Any) -> None:
    assert [each["name"] for each in config["contexts"]] == ["one", "two"]
    for name in ("one", "two"):
        assert asked(config, name, "/api/v1/namespaces/default")[1]["metadata"]["name"] == "default"
    uids = {asked(config, name, "/api/v1/namespaces/default")[1]["metadata"]["uid"] for name in ("one", "two")}
    assert len(uids) == 2


def test_who_acts_as_somebody_else_may_do_what_that_one_may(config: Any) -> None:
    path = "/api/v1/namespaces/default/pods"
    assert asked(config, "one", path)[0] == 200
    status, body = asked(config, "one", path, Impersonate_User="bob")
    assert (status, body["reason"]) == (403, "Forbidden")


def test_another_token_is_nobody(config: Any) -> None:
    assert asked(config, "one", "/api/v1/pods", Authorization="Bearer wrong")[0] == 401


def posted(door: ControlDoor, body: bytes, token: str = "") -> tuple[int, Any]:
    """Return status and body of what the world answers to a console command."""
    trusted = ssl.create_default_context(cadata=door.authority)
    headers = {"Authorization": f"Bearer {token or door.token}"}
    request = urllib.request.Request(f"{door.address}/control", body, headers)  # noqa: S310  # https, of our own
    try:
        with urllib.request.urlopen(request, context=trusted) as answer:  # noqa: S310  # see above
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.mark.usefixtures("config")
def test_what_is_not_a_request_is_told_and_ends_nothing(doors: list[ControlDoor]) -> None:
    (door,) = doors
    for sent in (b"nonsense", b"[" * 40_000, b"\xff", b""):
        status, body = posted(door, sent)
        assert status == 400
        assert body["error"].startswith("not a JSON request")
    for sent in (b'{"do": "no"}', b"[]", b"5", b'{"do": {}}', b'{"do": "outcome", "wait": {"object": 5}}'):
        status, body = posted(door, sent)
        assert status == 200
        assert "error" in body
    assert posted(door, b" " * (4 * 1024 * 1024 + 1))[0] == 413
    assert posted(door, b'{"do": "get"}')[1]["report"]["deliveries"] == []


@pytest.mark.usefixtures("config")
def test_console_commands_need_the_token(doors: list[ControlDoor]) -> None:
    (door,) = doors
    for token in ("wrong", f"{door.token}x", "\u00fc"):
        assert posted(door, b'{"do": "get"}', token) == (401, {"error": "Unauthorized"})
