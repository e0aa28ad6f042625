"""Nodes that are declared become objects of their cluster, ready to take pods."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import NODE

if TYPE_CHECKING:
    from nixernetes.cluster.embedded import EmbeddedCluster
    from nixernetes.cluster.workloads.scheduling.machines import Machine

__all__ = ["join"]

_KUBELET: Final = "kubelet"


def join(cluster: EmbeddedCluster, machines: Iterable[Machine], version: str) -> None:
    """Let nodes be part of a cluster; those that are there already stay as they are.

    Args:
        cluster: the cluster.
        machines: the nodes.
        version: the version of their kubelets, as ``1.34.4``.

    """
    for machine in machines:
        if cluster.get(ObjectKey(*NODE, "", machine.name)) is None:
            manifest, status = machine.node(cluster.now(), f"v{version}")
            cluster.put_status(cluster.create(manifest, manager=_KUBELET), status, {})
