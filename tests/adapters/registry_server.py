"""An OCI registry for tests: answers by path, over loopback HTTP."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from nixernetes.render.sources.oci import CHART_LAYER

__all__ = ["RegistryServer", "archive", "digest", "served"]


def archive(files: dict[str, str]) -> bytes:
    """Return files as a compressed tar archive; equal files give equal bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return gzip.compress(buffer.getvalue(), mtime=0)


def digest(data: bytes) -> str:
    """Return the digest as registries spell it."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


class RegistryServer(ThreadingHTTPServer):
    """A registry with answers by path; a token is needed where ``password`` is set."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.host = f"127.0.0.1:{self.server_port}"
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.password = False
        self.seen: list[tuple[str, str]] = []

    def push(self, name: str, tags: list[str], layer: bytes) -> str:
        """Store a layer under tags; return the digest of its manifest."""
        entry = {"mediaType": CHART_LAYER, "digest": digest(layer), "size": len(layer)}
        manifest = json.dumps({"schemaVersion": 2, "layers": [entry]}).encode()
        for tag in (*tags, digest(manifest)):
            self.answers[f"/v2/{name}/manifests/{tag}"] = (200, {}, manifest)
        self.answers[f"/v2/{name}/blobs/{digest(layer)}"] = (200, {}, layer)
        self.answers.setdefault(f"/v2/{name}/tags/list", (200, {}, json.dumps({"tags": tags}).encode()))
        return digest(manifest)


class _Handler(BaseHTTPRequestHandler):
    server: RegistryServer

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


def served() -> Iterator[RegistryServer]:
    """Yield a registry that runs meanwhile."""
    with RegistryServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
