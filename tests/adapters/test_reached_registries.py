"""Helm repositories and OCI registries of one run: what cannot be reached is asked once, what is mapped never."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.adapters.registry_server import RegistryServer, archive, served

from nixernetes.adapters.registries import reachability
from nixernetes.adapters.registries.chart_repositories import HttpCharts
from nixernetes.adapters.registries.oci_registry import HttpRegistries
from nixernetes.adapters.registries.reached_registries import Registries, Repositories
from nixernetes.errors import RemoteError
from nixernetes.render.sources.credentials import Credentials
from nixernetes.render.sources.oci import OciRef

ROBOT = Credentials(username="me", password="pw")
server = pytest.fixture(served)
Fails = Callable[[type, str, Exception | None], list[str]]


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Fails:
    """Let a method fail, with a cause; the list has what was asked."""

    monkeypatch.setattr(reachability.socket, "create_connection", lambda *_: socket.socket())

    def fail(kind: type, method: str, cause: Exception | None) -> list[str]:
        asked: list[str] = []

        def ask(_: object, url: str, *__: object, **___: object) -> None:
            asked.append(url)
            raise RemoteError(f"failed to fetch {url}", subject=url) from cause

        monkeypatch.setattr(kind, method, ask)
        return asked

    return fail


@pytest.fixture
def repositories() -> Iterator[Repositories]:
    found = Repositories({})
    yield found
    found.close()


@pytest.fixture
def registries() -> Iterator[Registries]:
    found = Registries({})
    yield found
    found.close()


def test_a_host_that_cannot_be_reached_is_asked_once_and_named_for_each(
    fails: Fails, repositories: Repositories
) -> None:
    asked = fails(HttpCharts, "pull", httpx.ConnectError("refused"))
    for path in ("a", "b"):
        with pytest.raises(RemoteError) as caught:
            repositories.pull(f"https://charts.example/{path}", "web", "")
        assert str(caught.value) == f"https://charts.example/{path}: charts.example cannot be reached: refused"
    with pytest.raises(RemoteError, match=r"other\.example cannot be reached"):
        repositories.pull("https://other.example", "web", "")
    assert asked == ["https://charts.example/a", "https://other.example"]


@pytest.mark.parametrize("cause", [None, httpx.HTTPStatusError("x", request=None, response=None)])  # type: ignore[arg-type]
def test_a_host_that_answers_is_asked_again(fails: Fails, repositories: Repositories, cause: Exception | None) -> None:
    asked = fails(HttpCharts, "index", cause)
    for _ in range(2):
        with pytest.raises(RemoteError, match="failed to fetch"):
            repositories.index("https://charts.example")
    assert len(asked) == 2


def test_a_registry_that_cannot_be_reached_is_asked_once(fails: Fails, registries: Registries) -> None:
    asked = fails(HttpRegistries, "artifact", httpx.ReadTimeout(""))
    fails(HttpRegistries, "resolve", httpx.ReadTimeout(""))
    with pytest.raises(RemoteError, match=r"registry\.example cannot be reached: ReadTimeout"):
        registries.artifact("oci://registry.example/a", OciRef())
    with pytest.raises(RemoteError, match=r"oci://registry\.example/b: registry\.example cannot be reached"):
        registries.resolve("oci://registry.example/b", OciRef())
    assert asked == ["oci://registry.example/a"]


def test_a_registry_is_asked_as_it_is_told(server: RegistryServer, registries: Registries) -> None:
    digest = server.push("apps", ["v1"], archive({"a.yaml": "a"}))
    server.password = True
    url = f"oci://{server.host}/apps"
    assert registries.resolve(url, OciRef(tag="v1"), ROBOT) == f"v1@{digest}"
    assert registries.artifact(url, OciRef(digest=digest), ROBOT).revision == digest
    with pytest.raises(RemoteError, match="401"):
        registries.resolve(url, OciRef(tag="v1"))


def test_what_is_mapped_is_not_asked(tmp_path: Path, fails: Fails) -> None:
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.2.3\n")
    asked = [fails(HttpCharts, "pull", None), fails(HttpRegistries, "artifact", None)]
    charts = Repositories({"https://charts.example/web": tmp_path})
    artifacts = Registries({"oci://registry.example/apps/": tmp_path})
    assert charts.pull("https://charts.example/", "web", "1.x").version == "1.2.3"
    revision = artifacts.resolve("oci://registry.example/apps", OciRef(tag="v1"))
    assert revision == artifacts.artifact("oci://registry.example/apps", OciRef(tag="v1")).revision
    assert revision.startswith("v1@sha256:")
    own = revision.removeprefix("v1@")
    assert artifacts.resolve("oci://registry.example/apps", OciRef(digest=own)) == own
    with pytest.raises(RemoteError, match="is asked for"):
        artifacts.resolve("oci://registry.example/apps", OciRef(digest="sha256:" + "0" * 64))
    assert asked == [[], []]
    charts.close()
    artifacts.close()


def test_where_nothing_answers_no_client_is_loaded() -> None:
    program = """
import sys
from nixernetes.adapters.registries.reached_registries import Registries
from nixernetes.errors import RemoteError
from nixernetes.render.sources.oci import OciRef
try:
    Registries({}).artifact("oci://localhost:1/apps", OciRef(tag="v1"))
except RemoteError as error:
    print(error, "httpx" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "localhost:1 cannot be reached" in done.stdout
    assert done.stdout.strip().endswith("False")


def test_a_dead_host_is_tried_again_where_a_run_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(reachability.time, "monotonic", lambda: now[0])
    hosts = reachability.Reachability(1, again_after_seconds=60)

    def refused(*_: object) -> socket.socket:
        tried.append(now[0])
        raise ConnectionRefusedError("refused")

    tried: list[float] = []
    monkeypatch.setattr(reachability.socket, "create_connection", refused)
    for moment in (0.0, 59.0, 61.0):
        now[0] = moment
        with pytest.raises(RemoteError, match="cannot be reached"):
            hosts.ask("https://charts.example", lambda: None)
    assert tried == [0.0, 61.0]
