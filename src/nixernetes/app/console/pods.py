"""The pods of a workload, and why those that are not ready are not: what the kubelet says of them."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.app.console import origins
from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.worlds import World
from nixernetes.cluster.columns import columns_of
from nixernetes.health.conditions import condition
from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.kinds import POD
from nixernetes.objects.manifest import Manifest

__all__ = ["pods_of", "why_not_ready"]

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


def why_not_ready(pod: Manifest) -> str:
    """Return why a pod is not ready; ``""`` for one that is, or that is done."""
    if condition(pod, "Ready").is_true or text_at(pod, "status", "phase") == "Succeeded":
        return ""
    scheduled = condition(pod, "PodScheduled")
    if scheduled.is_false:
        return f"{scheduled.reason}: {scheduled.message}"
    for part in ("initContainerStatuses", "containerStatuses"):
        for status in objects_at(pod, "status", part):
            waiting = text_at(status, "state", "waiting", "reason")
            ended = text_at(status, "state", "terminated", "reason")
            if waiting or (ended and ended != "Completed"):
                state = "waiting" if waiting else "terminated"
                told = f"{waiting or ended}: {text_at(status, 'state', state, 'message')}".rstrip(": ")
                return f"container {text_at(status, 'name')} ({text_at(status, 'image')}): {told}"
    waits = [
        text_at(each, "name") for each in objects_at(pod, "status", "containerStatuses") if not flag_at(each, "ready")
    ]
    ready = condition(pod, "Ready")
    return (
        f"container {waits[0]} runs and is not ready"
        if waits
        else f"{ready.reason or 'starting'}: {ready.message}".rstrip(": ")
    )


def _is_controlled(world: World, pod: LiveObject, item: LiveObject) -> bool:
    held: LiveObject | None = pod
    for _ in range(_DEPTH):
        held = origins.controller(world, held) if held is not None else None
        if held is None:
            return False
        if held.key == item.key:
            return True
    return False
