"""A Kubernetes API for tests: a cluster that answers kubectl, helm and client libraries within the process."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nixernetes.adapters.api_server.kubeconfigs import kubeconfig, write_kubeconfig
from nixernetes.app.serving.clusters import served
from nixernetes.cluster.workloads import WorkloadProfile

__all__ = ["TestCluster", "cluster"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCluster:
    """A cluster that answers.

    Attributes:
        kubeconfig: the file by which clients find it; for ``KUBECONFIG``.
        server: its URL.
        token: the bearer token of its administrator.
        authority: the certificate of its authority, in PEM.

    """

    __test__ = False  # pytest looks for tests in whatever is called so

    kubeconfig: Path
    server: str
    token: str
    authority: bytes


@contextmanager
def cluster(*, nodes: int = 0, controllers: bool = True) -> Iterator[TestCluster]:
    """Serve an empty cluster of its own while a ``with`` block lasts, as ``nixernetes cluster serve`` does.

    Args:
        nodes: how many nodes run pods; without any they stay Pending.
        controllers: whether controllers run beside the API server.

    Raises:
        InputError: nothing can listen on the loopback address.

    """
    profile = WorkloadProfile(nodes=nodes, metrics=False) if controllers else None
    found = served("test", profile=profile)
    with tempfile.TemporaryDirectory(prefix="nixernetes-") as folder, found.server.in_thread():
        file = Path(folder) / "kubeconfig"
        write_kubeconfig(file, kubeconfig([found.context]))
        context = found.context
        yield TestCluster(kubeconfig=file, server=context.server, token=context.token, authority=context.authority)
    found.api.end()
