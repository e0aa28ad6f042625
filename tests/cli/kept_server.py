"""``nixernetes cluster serve --state`` in a process of its own, and clients of it."""

from __future__ import annotations

import http.client
import json
import resource
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

from nixernetes.objects import yamls

__all__ = ["COMMAND", "GONE", "PATH", "Client", "Server"]

COMMAND = Path(sys.executable).with_name("nixernetes")
PATH = "/api/v1/namespaces/default/configmaps"
GONE = (OSError, http.client.HTTPException, ValueError)  # what a client meets when its server dies


class Server:
    """``nixernetes cluster serve`` in a process of its own.

    Args:
        folder: where its state and its kubeconfig are.

    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._clients: list[Client] = []

    def __enter__(self) -> Self:
        """Do nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""
        if self._process is not None:
            self.kill()
        self.forget_clients()

    def start(self, *flags: str) -> None:
        """Start, and wait until it answers; clients of before are forgotten."""
        self.forget_clients()
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

    def forget_clients(self) -> None:
        """Close the connections of all clients."""
        for client in self._clients:
            client.connection.close()
        self._clients.clear()

    def limit_files(self, size: int) -> None:
        """Let no file of its grow beyond a size, as a disk does that is full; -1 for no limit."""
        assert self._process is not None
        _, most = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, most))

    def largest(self) -> int:
        """Return the size of its largest file."""
        return max(file.stat().st_size for file in (self._folder / "state").iterdir())

    def config(self) -> tuple[str, str, str]:
        """Return address, token and certificate of the authority."""
        config = yamls.parse((self._folder / "kubeconfig").read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        return cluster["server"], user["token"], cluster["certificate-authority-data"]

    def connect(self) -> Client:
        """Return a client."""
        server, token, _ = self.config()
        self._clients.append(Client(server.removeprefix("https://"), token))
        return self._clients[-1]


class Client:
    """One connection."""

    def __init__(self, address: str, token: str) -> None:
        trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusted.check_hostname, trusted.verify_mode = False, ssl.CERT_NONE
        self.connection = http.client.HTTPSConnection(address, context=trusted, timeout=20)
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(
        self, method: str, path: str = PATH, body: object = None, media: str = "application/json"
    ) -> tuple[int, Any]:
        """Return status and body of an answer."""
        data = json.dumps(body) if body is not None else None
        self.connection.request(method, path, data, {**self.headers, "Content-Type": media})
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())
