"""The pods of a workload, and why those that are not ready are not: what the kubelet says of them."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.app.console import origins
from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.worlds import World
from nixernetes.cluster.columns import columns_of
from nixernetes.health.waiting_pods import why_not_ready
from nixernetes.objects.identity import key_of
from nixernetes.objects.kinds import POD

__all__ = ["pods_of"]

_DEPTH = 4  # from a pod to a Deployment or a CronJob is less


def pods_of(world: World, item: LiveObject) -> Iterator[str]:
    """Yield a line for each pod that an object controls, over other objects or by itself."""
    if not item.key.namespace or item.key.group_kind == POD:
        return
    for pod in world.clusters[item.cluster].list(POD, namespace=item.key.namespace):
        if _is_controlled(world, LiveObject(item.cluster, pod), item):
            shown = "  ".join(cell(pod) for cell in columns_of(POD).cells[:2])
            why = why_not_ready(pod)
            line = f"{'◌' if why else '✔'} {key_of(pod)}  {shown}"
            yield f"{line}  {why}" if why else line


def _is_controlled(world: World, pod: LiveObject, item: LiveObject) -> bool:
    held: LiveObject | None = pod
    for _ in range(_DEPTH):
        held = origins.controller(world, held) if held is not None else None
        if held is None:
            return False
        if held.key == item.key:
            return True
    return False
