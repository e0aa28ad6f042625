"""Prints what a served cluster that is kept in a folder costs: writes, the restart after a kill, memory, disk.

    .venv/bin/python benchmarks/kept_cluster.py [OBJECTS]

OBJECTS (50,000): nine ConfigMaps for each Deployment, created by eight clients over HTTP. The server is then killed
and started again, until its first answer; the list after it has to be that of before, to the byte. Beside ours are the
figures of kube-apiserver 1.34.4 with etcd 3.6 on a machine of 2 cores, recorded once: compare orders, not percents.
"""

from __future__ import annotations

import base64
import http.client
import json
import multiprocessing
import os
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from nixernetes.objects import yamls

COMMAND = [sys.executable, "-m", "nixernetes", "cluster", "serve", "--no-controllers"]
SCRATCH = Path(__file__).parents[1] / "build"  # on the disk of the checkout; /tmp may be another file system
CLIENTS = 8
MAPS = "/api/v1/namespaces/default/configmaps"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"


class Server:
    """A server whose state is in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start, and return the seconds until the first answer."""
        config = self._folder / "kubeconfig"
        began = time.perf_counter()
        command = [*COMMAND, "--state", str(self._folder / "state"), "--kubeconfig", str(config)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._process.stdout.readline()
        with Client(self._folder) as client:
            client.ask("GET", "/api/v1/namespaces/default")
        return time.perf_counter() - began

    def kill(self) -> None:
        """End it at once."""
        assert self._process is not None
        self._process.kill()
        self._process.communicate()

    def cpu(self) -> float:
        """Return the seconds of CPU that it took so far."""
        assert self._process is not None
        words = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Return the MiB that it holds."""
        assert self._process is not None
        lines = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def disk(self) -> float:
        """Return the MiB of the folder."""
        return sum(file.stat().st_size for file in (self._folder / "state").iterdir()) / 2**20


class Client:
    """One connection."""

    def __init__(self, folder: Path) -> None:
        config = yamls.parse((folder / "kubeconfig").read_text(encoding="utf-8"))
        address = urllib.parse.urlparse(config["clusters"][0]["cluster"]["server"]).netloc
        authority = config["clusters"][0]["cluster"]["certificate-authority-data"]
        context = ssl.create_default_context(cadata=base64.b64decode(authority).decode())
        self._connection = http.client.HTTPSConnection(address, context=context, timeout=60)
        token = config["users"][0]["user"]["token"]
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, method: str, path: str, body: object = None) -> bytes:
        """Return the body of an answer; end where it is a refusal."""
        self._connection.request(method, path, None if body is None else json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text.decode()}")
        return text


def manifest(number: int) -> tuple[str, dict[str, Any]]:
    """Return the path and the body of an object."""
    meta = {"name": f"o-{number}", "labels": {"app": "bench"}}
    if number % 10:
        return MAPS, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"v": "1", "blob": "x" * 100}}
    container = {
        "name": "main",
        "image": "registry.example.com/app:1",
        "ports": [{"containerPort": 8080, "name": "http"}],
        "env": [{"name": f"E{index}", "value": str(index)} for index in range(8)],
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}},
    }
    template = {"metadata": {"labels": {"app": "bench"}}, "spec": {"containers": [container]}}
    spec = {"replicas": 0, "selector": {"matchLabels": {"app": "bench"}}, "template": template}
    return DEPLOYMENTS, {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec}


def create(folder: Path, numbers: Sequence[int]) -> None:
    """Create objects, one after the other."""
    with Client(folder) as client:
        for number in numbers:
            client.ask("POST", *manifest(number))


def rate(folder: Path, numbers: range, clients: int) -> float:
    """Create objects; return how many a second."""
    began = time.perf_counter()
    if clients == 1:
        create(folder, numbers)
    else:
        with multiprocessing.Pool(clients) as pool:
            pool.starmap(create, [(folder, numbers[index::clients]) for index in range(clients)], chunksize=1)
    return len(numbers) / (time.perf_counter() - began)


def listed(folder: Path) -> tuple[bytes, bytes]:
    """Return all objects."""
    with Client(folder) as client:
        return client.ask("GET", MAPS), client.ask("GET", DEPLOYMENTS)


def row(what: str, ours: str, real: str = "") -> None:
    """Print one figure."""
    print(f"| {what} | {ours} | {real} |", flush=True)


def main(objects: int) -> None:
    """Print the figures."""
    print(f"| {objects:,} objects | nixernetes cluster serve --state | kube-apiserver with etcd |\n|---|---|---|")
    SCRATCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=SCRATCH) as name:
        folder = Path(name)
        server = Server(folder)
        row("start to first answer, empty", f"{server.start():.2f} s, {server.cpu():.2f} s of CPU", "3.3-4.9 s")
        empty = server.memory()
        row("memory, empty", f"{empty:.0f} MiB", "303 MiB")
        first = min(1000, objects // 10)
        row("create, 1 client", f"{rate(folder, range(first), 1):,.0f} a second", "426 a second (ConfigMaps)")
        rest = range(first, objects)
        row("create, 8 clients", f"{rate(folder, rest, CLIENTS):,.0f} a second", "571 a second (ConfigMaps)")
        row("memory an object", f"{(server.memory() - empty) * 1024 / objects:.1f} KiB", "9-11 KiB (ConfigMaps)")
        row("disk an object", f"{server.disk() * 1024 / objects:.1f} KiB")
        before = listed(folder)
        server.kill()
        again = server.start()
        row("restart after a kill, to first answer", f"{again:.2f} s, {server.cpu():.2f} s of CPU")
        row("memory after it, an object", f"{(server.memory() - empty) * 1024 / objects:.1f} KiB")
        same = listed(folder) == before
        row("lists equal, to the byte", "yes" if same else "NO")
        server.kill()
        if not same:
            raise SystemExit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
