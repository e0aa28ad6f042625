"""Fields of the API that stand for others: Kubernetes holds one of them, and tells both.

After Kubernetes 1.34.4, ``pkg/apis/core/v1``: ``conversion.go`` (``Convert_core_PodSpec_To_v1_PodSpec``,
``Convert_core_NodeSpec_To_v1_NodeSpec``) and ``defaults.go`` (``SetDefaults_NodeStatus``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nixernetes.objects.fields import items_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["CONVERTED"]


def _pod(spec: Json) -> Json:
    account = text_at(spec, "serviceAccountName") or text_at(spec, "serviceAccount")
    return {"serviceAccountName": account, "serviceAccount": account} if account else {}


def _node(spec: Json) -> Json:
    first, networks = text_at(spec, "podCIDR"), items_at(spec, "podCIDRs")
    if first and first not in networks:
        return {"podCIDRs": [first, *networks[1:]]}
    return {"podCIDR": networks[0]} if networks and not first else {}


def _node_status(status: Json) -> Json:
    return {"allocatable": status["capacity"]} if "capacity" in status and not status.get("allocatable") else {}


CONVERTED: Final[dict[str, Callable[[Json], Json]]] = {"PodSpec": _pod, "NodeSpec": _node, "NodeStatus": _node_status}
"""What is told beside what is given, by type: functions that return what changes, and nothing else."""
