"""Ports of pods are reached where somebody listens, by SPDY alone."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cluster.server.client import ApiClient

from nixernetes.objects.manifest import Manifest

_PATH = "/api/v1/namespaces/default/pods"


class Listening:
    """Somebody listens at port 80 of one pod, and repeats what it hears."""

    is_over = False

    def knows(self, pod: Manifest) -> bool:
        return bool(pod["metadata"]["name"] == "web")

    def log(self, pod: Manifest, container: str) -> None:
        del pod, container

    def connect(self, pod: Manifest, port: int) -> Listening | None:
        return self if self.knows(pod) and port == 80 else None

    def receive(self, data: bytes) -> bytes:
        return data


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    client = ApiClient(Listening())
    for name in ("web", "other"):
        spec: Any = {"containers": [{"name": "main", "image": "a"}]}
        client.made(_PATH, {"metadata": {"name": name}, "spec": spec})
    return client


def test_a_pod_is_reached(client: ApiClient) -> None:
    answer = client.ask("POST", f"{_PATH}/web/portforward", upgrade="SPDY/3.1")
    assert answer.status == 101
    assert dict(answer.headers)["Upgrade"] == "SPDY/3.1"
    assert answer.tunnel is not None
    there = answer.tunnel.connect(80)
    assert there is not None
    assert there.receive(b"hello") == b"hello"
    assert answer.tunnel.connect(81) is None


@pytest.mark.parametrize(
    ("name", "upgrade", "status", "told"),
    [
        ("web", "", 400, "Upgrade request required"),
        ("web", "websocket", 400, "Upgrade request required"),
        ("other", "SPDY/3.1", 400, "pod other does not have a host assigned"),
        ("nobody", "SPDY/3.1", 404, "not found"),
    ],
)
def test_what_cannot_be_reached_is_refused(client: ApiClient, name: str, upgrade: str, status: int, told: str) -> None:
    answer = client.ask("POST", f"{_PATH}/{name}/portforward", upgrade=upgrade)
    assert (answer.status, answer.tunnel) == (status, None)
    assert told in answer.body.decode()
