"""The real controllers of Flux run against our API server, and end where our engine ends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.git_server import serve_git
from tests.app.served.running import DEMO, Program, client, running

from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.app.build import build
from nixernetes.gitops.definitions import definition_of
from nixernetes.objects import kinds, yamls
from nixernetes.testing import cluster

_NEEDED = ("kubectl", "source-controller", "kustomize-controller")
_missing = [name for name in _NEEDED if not client(name)]
pytestmark = pytest.mark.skipif(bool(_missing), reason=f"not here: {', '.join(_missing)}: scripts/build_clients.py")
_URL = "https://github.com/myorg/platform-config"
_WATCHED = (
    kinds.BUCKET,
    kinds.EXTERNAL_ARTIFACT,
    kinds.GIT_REPOSITORY,
    kinds.HELM_CHART,
    kinds.HELM_RELEASE,
    kinds.HELM_REPOSITORY,
    kinds.KUSTOMIZATION,
    kinds.OCI_REPOSITORY,
)
_KINDS = ("gitrepositories,kustomizations", "-n", "flux-system", "-o", "json")


class Controller:
    """A controller of Flux that runs until it is ended."""

    def __init__(self, name: str, kubeconfig: Path, home: Path, *flags: str) -> None:
        told = {"KUBECONFIG": str(kubeconfig), "HOME": str(home), "RUNTIME_NAMESPACE": "flux-system"}
        command = [client(name), "--metrics-addr=0", "--health-addr=0", "--events-addr=", *flags]
        self._log = (home / f"{name}.log").open("wb")
        self._process = subprocess.Popen(
            command, env={**os.environ, **told}, stdout=self._log, stderr=self._log, cwd=home
        )

    def end(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(30)
        self._log.close()


@contextmanager
def _controllers(kubeconfig: Path, home: Path) -> Iterator[None]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    storage = home / "storage"
    storage.mkdir()
    with ExitStack() as left:
        flags = (f"--storage-path={storage}", f"--storage-addr={address}", f"--storage-adv-addr={address}")
        left.callback(Controller("source-controller", kubeconfig, home, *flags).end)
        left.callback(Controller("kustomize-controller", kubeconfig, home).end)
        yield


def _committed(home: Path, url: str) -> Path:
    """Build the platform of the demo into a repository that is served; return the folder."""
    folder = home / "platform.git"
    build(DEMO, folder)
    for path in folder.rglob("*.yaml"):
        text = path.read_text()
        if _URL in text:
            path.write_text(text.replace(_URL, url))
    init_repository(folder)
    commit_folder(folder, "Build the platform", "A <a@example.com>", datetime(2026, 1, 1, tzinfo=UTC))
    return folder


def _deliveries(said: str) -> dict[str, tuple[str, ...]]:
    """Return what each Kustomization that is ready holds, and why it is ready."""
    found: Any = json.loads(said)["items"]
    return {each["metadata"]["name"]: _told(each["status"]) for each in found if each["kind"] == "Kustomization"}


def _told(status: Mapping[str, Any]) -> tuple[str, ...]:
    ready = next(each for each in status["conditions"] if each["type"] == "Ready")
    return (ready["status"], ready["reason"], *sorted(each["id"] for each in status["inventory"]["entries"]))


def _is_done(said: str) -> bool:
    found = [each for each in json.loads(said)["items"] if each["kind"] == "Kustomization"]
    conditions = [each.get("status", {}).get("conditions", []) for each in found]
    ready = [any(one["type"] == "Ready" and one["status"] == "True" for one in each) for each in conditions]
    return len(found) > 1 and all(ready)


def test_they_end_with_the_inventory_of_our_engine(tmp_path: Path) -> None:
    home = tmp_path / "real"
    home.mkdir()
    with cluster(nodes=1) as found, serve_git(home) as server:
        kubectl = Program(client("kubectl"), found.kubeconfig, home)
        folder = _committed(home, f"{server}/platform.git")
        definitions = home / "definitions.yaml"
        definitions.write_text("---\n".join(yamls.dump(definition_of(kind)) for kind in _WATCHED))
        kubectl.run("create", "namespace", "flux-system")
        kubectl.run("create", "-f", str(definitions))
        kubectl.run("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
        with _controllers(found.kubeconfig, home):
            begin = folder / "clusters" / "us-east-1" / "flux-system"
            kubectl.run("apply", "-f", str(begin / "gitrepositories"))
            kubectl.run("apply", "-f", str(begin / "kustomizations" / "flux-system.yaml"))
            real = _deliveries(kubectl.until(_is_done, "get", *_KINDS))
            kubectl.run("get", "deployment", "shop", "-n", "production")
    ours = tmp_path / "ours"
    ours.mkdir()
    with running(ours, engine="flux") as kubeconfig:
        kubectl = Program(client("kubectl"), kubeconfig, ours)
        assert _deliveries(kubectl.run("get", *_KINDS, "--context", "us-east-1")) == real
    assert set(real) == {"database", "flux-system", "sale", "shop"}
