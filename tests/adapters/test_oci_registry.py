"""OCI registries over loopback HTTP: who asks, what is verified, what is refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nixernetes.adapters.chart_repositories import HttpCharts
from nixernetes.adapters.mapped_registries import MappedRegistries
from nixernetes.adapters.oci_registry import HttpRegistries
from nixernetes.errors import InputError, RemoteError
from nixernetes.render.credentials import Credentials
from nixernetes.render.oci import CHART_LAYER, OciRef


def _archive(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return gzip.compress(buffer.getvalue(), mtime=0)


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


class _Server(ThreadingHTTPServer):
    """A registry with answers by path; a token is needed where ``password`` is set."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.host = f"127.0.0.1:{self.server_port}"
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.password = False
        self.seen: list[tuple[str, str]] = []

    def push(self, name: str, tags: list[str], layer: bytes) -> str:
        entry = {"mediaType": CHART_LAYER, "digest": _digest(layer), "size": len(layer)}
        manifest = json.dumps({"schemaVersion": 2, "layers": [entry]}).encode()
        for tag in (*tags, _digest(manifest)):
            self.answers[f"/v2/{name}/manifests/{tag}"] = (200, {}, manifest)
        self.answers[f"/v2/{name}/blobs/{_digest(layer)}"] = (200, {}, layer)
        self.answers.setdefault(f"/v2/{name}/tags/list", (200, {}, json.dumps({"tags": tags}).encode()))
        return _digest(manifest)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        asked = self.headers.get("Authorization", "")
        self.server.seen.append((self.path, asked))
        status, headers, body = self.server.answers.get(self.path, (404, {}, b""))
        if self.path.startswith("/token"):
            status, body = (200, b'{"token": "t0"}') if asked == "Basic bWU6cHc=" else (401, b"")
        elif self.server.password and asked != "Bearer t0" and self.path.startswith("/v2/"):
            challenge = f'Bearer realm="http://{self.server.host}/token",service="here"'
            status, headers, body = 401, {"WWW-Authenticate": challenge}, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _served() -> Iterator[_Server]:
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


server = pytest.fixture(_served)
other = pytest.fixture(_served)


@pytest.fixture
def registries() -> Iterator[HttpRegistries]:
    registries = HttpRegistries(timeout_seconds=5)
    yield registries
    registries.close()


def test_a_tag_a_range_and_a_digest_name_an_artifact(server: _Server, registries: HttpRegistries) -> None:
    digest = server.push("a/b", ["1.0.0", "1.2.0", "latest"], _archive({"x.yaml": "x"}))
    url = f"oci://{server.host}/a/b"
    assert registries.resolve(url, OciRef()) == f"latest@{digest}"
    assert registries.resolve(url, OciRef(semver="1.x", tag="latest")) == f"1.2.0@{digest}"
    assert registries.resolve(url, OciRef(digest=digest, semver="1.x")) == digest
    assert registries.artifact(url, OciRef(tag="1.0.0")).tree.read("x.yaml") == b"x"
    with pytest.raises(RemoteError, match="404"):
        registries.resolve(url, OciRef(tag="none"))
    with pytest.raises(RemoteError, match="no match found for semver"):
        registries.resolve(url, OciRef(semver=">2"))


def test_a_token_is_fetched_with_the_credentials(server: _Server, registries: HttpRegistries) -> None:
    digest = server.push("a/b", ["latest"], _archive({"x": "x"}))
    server.password = True
    url = f"oci://{server.host}/a/b"
    assert registries.resolve(url, OciRef(), Credentials(username="me", password="pw")) == f"latest@{digest}"
    with pytest.raises(RemoteError, match="401") as caught:
        registries.resolve(url, OciRef(), Credentials(username="me", password="hidden"))
    assert "hidden" not in str(caught.value)


def test_another_host_does_not_see_the_credentials(server: _Server, other: _Server, registries: HttpRegistries) -> None:
    layer = _archive({"x": "x"})
    server.push("a/b", ["latest"], layer)
    server.password = True
    server.answers[f"/v2/a/b/blobs/{_digest(layer)}"] = (307, {"Location": f"http://{other.host}/blob"}, b"")
    other.answers["/blob"] = (200, {}, layer)
    who = Credentials(username="me", password="pw")
    assert registries.artifact(f"oci://{server.host}/a/b", OciRef(), who).tree.read("x") == b"x"
    assert other.seen == [("/blob", "")]


@pytest.mark.parametrize("layer", [b"plain text", _archive({"../x": "x"}), _archive({"/x": "x"})])
def test_hostile_layers_are_refused(server: _Server, registries: HttpRegistries, layer: bytes) -> None:
    server.push("a/b", ["latest"], layer)
    with pytest.raises(RemoteError, match=r"not a readable archive|leads out"):
        registries.artifact(f"oci://{server.host}/a/b", OciRef())


def test_a_layer_with_another_digest_is_refused(server: _Server, registries: HttpRegistries) -> None:
    layer = _archive({"x": "x"})
    server.push("a/b", ["latest"], layer)
    server.answers[f"/v2/a/b/blobs/{_digest(layer)}"] = (200, {}, b"other")
    with pytest.raises(RemoteError, match="does not have the digest"):
        registries.artifact(f"oci://{server.host}/a/b", OciRef())


def test_a_chart_is_pulled_by_exact_version_and_by_range(server: _Server) -> None:
    chart = _archive({"app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0+x\n"})
    server.push("charts/app", ["1.0.0_x"], chart)
    charts = HttpCharts(timeout_seconds=5)
    for version in ("1.0.0+x", "1.x", ""):
        assert charts.pull(f"oci://{server.host}/charts", "app", version).version == "1.0.0+x"
    with pytest.raises(RemoteError, match="could not locate"):
        charts.pull(f"oci://{server.host}/charts", "app", "2.x")
    charts.close()


def test_a_url_may_be_mapped_to_a_folder(tmp_path: Path, server: _Server, registries: HttpRegistries) -> None:
    (tmp_path / "x.yaml").write_text("x")
    mapped = MappedRegistries({"oci://example.com/a": tmp_path}, registries)
    found = mapped.artifact("oci://example.com/a", OciRef(tag="v1"))
    assert found.tree.read("x.yaml") == b"x"
    assert found.revision == f"v1@{found.digest}" == mapped.resolve("oci://example.com/a", OciRef(tag="v1"))
    with pytest.raises(InputError, match="by digest"):
        mapped.resolve("oci://example.com/a", OciRef(digest=found.digest))
    with pytest.raises(RemoteError, match="404"):
        mapped.resolve(f"oci://{server.host}/a", OciRef())
