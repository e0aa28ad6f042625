"""Nodes that are declared: what they have for pods, and what they look like as objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from nixernetes.cost.node_pools import NodePool
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import NODE_OS

__all__ = ["Machine", "machines_of"]

_HOSTNAME: Final = "kubernetes.io/hostname"
_PODS: Final = "pods"
_MOST_PODS: Final = "110"  # what a kubelet takes unless it is told otherwise
_SELF: Final = {NODE_OS: "linux", "kubernetes.io/arch": "amd64"}
_PRESSURES: Final = {
    "MemoryPressure": ("KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    "DiskPressure": ("KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    "PIDPressure": ("KubeletHasSufficientPID", "kubelet has sufficient PID available"),
}


@dataclass(frozen=True, slots=True)
class Machine:
    """One node.

    Attributes:
        name: its name.
        pool: the nodes that it is one of, with its own name among the labels.

    """

    name: str
    pool: NodePool

    @property
    def amounts(self) -> Mapping[str, str]:
        """Return what it has for pods, as an API server writes it."""
        return {_PODS: _MOST_PODS, **{name: str(each) for name, each in self.pool.allocatable.items()}}

    def node(self, now: str, version: str) -> tuple[Manifest, Json]:
        """Return it as an object, and the status of that.

        Args:
            now: the present moment.
            version: the version of its kubelet.

        """
        taints = [{"key": each.key, "value": each.value, "effect": each.effect} for each in self.pool.taints]
        manifest: Manifest = {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": self.name, "labels": dict(self.pool.labels)},
            "spec": {"taints": [{name: value for name, value in each.items() if value} for each in taints]}
            if taints
            else {},
        }
        times = {"lastHeartbeatTime": now, "lastTransitionTime": now}
        conditions: list[Json] = [
            {"type": kind, "status": "False", "reason": reason, "message": message, **times}
            for kind, (reason, message) in _PRESSURES.items()
        ]
        ready = {"reason": "KubeletReady", "message": "kubelet is posting ready status"}
        conditions.append({"type": "Ready", "status": "True", **ready, **times})
        told = {"kubeletVersion": version, "operatingSystem": "linux", "architecture": "amd64"}
        return manifest, {
            "capacity": dict(self.amounts),
            "allocatable": dict(self.amounts),
            "conditions": conditions,
            "addresses": [{"type": "Hostname", "address": self.name}],
            "nodeInfo": {**told, "osImage": "Nixernetes", "containerRuntimeVersion": "simulated://1"},
        }


def machines_of(pool: NodePool) -> Iterator[Machine]:
    """Yield the nodes of a pool that says how many they are."""
    for number in range(1, (pool.count or 0) + 1):
        name = f"{pool.name}-{number}"
        labels = {**_SELF, **pool.labels, _HOSTNAME: name}
        own = NodePool(name=name, labels=labels, taints=pool.taints, allocatable=pool.allocatable, count=1)
        yield Machine(name, own)
