"""Why a pod is not ready: what the scheduler and the kubelet say of it in its status."""

from __future__ import annotations

from nixernetes.health.conditions import condition
from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["why_not_ready"]


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
