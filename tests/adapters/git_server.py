"""A server of files and Git repositories in a folder, over HTTP on the loopback address."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Handler(BaseHTTPRequestHandler):
    """Serves the files of a folder, and its repositories through git's own server."""

    root: Path

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if ".git/" in path:
            self._git(path, query, b"")
        elif path == "/page":
            self._answer(200, "text/html; charset=utf-8", b"<html>")
        elif (self.root / path.lstrip("/")).is_file():
            self._answer(200, "text/plain", (self.root / path.lstrip("/")).read_bytes())
        else:
            self._answer(404, "text/plain", b"none")

    def do_POST(self) -> None:
        path, _, query = self.path.partition("?")
        self._git(path, query, self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self, status: int, kind: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _git(self, path: str, query: str, body: bytes) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
        }
        done = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=True)
        head, _, data = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self._answer(int(headers.pop("Status", "200").split()[0]), headers.get("Content-Type", ""), data)


@contextmanager
def serve_git(root: Path) -> Iterator[str]:
    """Serve a folder; yield the address."""
    handler = type("Handler", (_Handler,), {"root": root})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
