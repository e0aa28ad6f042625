"""A real kube-apiserver with its etcd, where two environment variables name the programs; tests skip elsewhere.

``NIXERNETES_TEST_KUBE_APISERVER`` and ``NIXERNETES_TEST_ETCD``. Both build as Go modules (``k8s.io/kubernetes/cmd/
kube-apiserver``, ``go.etcd.io/etcd/server/v3``); the first must be linked with its version
(``-X k8s.io/component-base/version.gitVersion=v1.34.4``). No controllers run beside it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.adapters.kube.connections import ApiConnection
from nixernetes.adapters.kube.kubeconfig_files import read_kubeconfig
from nixernetes.errors import NixernetesError
from nixernetes.objects import yamls
from nixernetes.objects.kinds import NAMESPACE

API_SERVER = "NIXERNETES_TEST_KUBE_APISERVER"
ETCD = "NIXERNETES_TEST_ETCD"
LONG = 120.0  # seconds until it must answer


def has_real_api_server() -> bool:
    """Tell whether both programs are named."""
    return bool(os.environ.get(API_SERVER) and os.environ.get(ETCD))


@contextmanager
def real_api_server() -> Iterator[Path]:
    """Run a kube-apiserver and yield the kubeconfig of its administrator; skips where the programs are not named."""
    if not has_real_api_server():
        pytest.skip(f"{API_SERVER} and {ETCD} name no programs")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="real-")))
        ports = [_free_port() for _ in range(3)]
        etcd = f"http://127.0.0.1:{ports[0]}"
        peer = f"http://127.0.0.1:{ports[1]}"
        _start(
            stack,
            folder / "etcd.log",
            os.environ[ETCD],
            f"--data-dir={folder / 'etcd'}",
            f"--listen-client-urls={etcd}",
            f"--advertise-client-urls={etcd}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            "--unsafe-no-fsync",
        )
        key = folder / "key.pem"
        subprocess.run(["openssl", "genrsa", "-out", str(key), "2048"], check=True, capture_output=True)
        (folder / "tokens.csv").write_text('admin-token,admin,admin,"system:masters"\n')
        _start(
            stack,
            folder / "api-server.log",
            os.environ[API_SERVER],
            f"--etcd-servers={etcd}",
            f"--secure-port={ports[2]}",
            "--bind-address=127.0.0.1",
            f"--cert-dir={folder / 'certificates'}",
            f"--token-auth-file={folder / 'tokens.csv'}",
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-signing-key-file={key}",
            f"--service-account-key-file={key}",
            "--disable-admission-plugins=ServiceAccount",  # no controller makes accounts here
            "--service-cluster-ip-range=10.96.0.0/16",
        )
        file = folder / "kubeconfig"
        file.write_text(_kubeconfig(ports[2]))
        _wait_for(file, folder / "api-server.log")
        yield file


def _kubeconfig(port: int) -> str:
    cluster = {"server": f"https://127.0.0.1:{port}", "insecure-skip-tls-verify": True}
    return yamls.dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "real", "cluster": cluster}],
            "users": [{"name": "real", "user": {"token": "admin-token"}}],
            "contexts": [{"name": "real", "context": {"cluster": "real", "user": "real"}}],
            "current-context": "real",
        }
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _start(stack: ExitStack, log: Path, *command: str) -> None:
    process = subprocess.Popen(command, stdout=stack.enter_context(log.open("wb")), stderr=subprocess.STDOUT)
    stack.callback(process.wait)
    stack.callback(process.kill)


def _wait_for(file: Path, log: Path) -> None:
    """Wait until the server answers and its namespaces are there."""
    until = time.monotonic() + LONG
    while time.monotonic() < until:
        client = KubeClient(ApiConnection(read_kubeconfig(file, {}).context()))
        try:
            if "default" in {each["metadata"]["name"] for each in client.list(NAMESPACE)}:
                return
        except NixernetesError:
            time.sleep(0.2)
        finally:
            client.close()
    pytest.fail(f"the API server does not answer: {log.read_text()[-2000:]}")
