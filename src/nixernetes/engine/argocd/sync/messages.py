"""What a sync says while it waits, and of an object whose kind is not there."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.cluster.api import Reader
from nixernetes.engine.argocd.sync.ordering import Task
from nixernetes.objects import schema
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json

__all__ = ["augmented", "waiting"]

_NOT_FOUND = "the server could not find the requested resource"
_TOO_LONG = "metadata.annotations: Too long: must have at most 262144 bytes"
_ADVICE = (
    " \n -Additional Info: This error usually means that you are trying to add a large resource on client side. "
    "Consider using Server-side apply or syncing with replace enabled. Note: Syncing with Replace enabled is "
    "potentially destructive as it may cause resource deletion and re-creation."
)


def waiting(tasks: Sequence[Task], unconfirmed: Sequence[Task], *, deletion: bool) -> str:
    """Return for what a sync waits (``setRunningPhase`` of gitops-engine).

    Args:
        tasks: what it waits for; ``""`` for none.
        unconfirmed: those that a person must confirm; they come first.
        deletion: whether they are to go.

    """
    if not tasks:
        return ""
    of_hooks = [task for task in tasks if task.hook]
    first, more = (of_hooks or tasks)[0], len(tasks) - 1
    reason = "completion of hook" if of_hooks else "healthy state of"
    if deletion:
        reason = "deletion of hook" if of_hooks else "deletion of"
    if unconfirmed:
        reason, first, more = "pruning confirmation of", unconfirmed[0], len(unconfirmed) - 1
    text = f"waiting for {reason} {first.key.group}/{first.key.kind}/{first.key.name}"
    word = "hooks" if len(of_hooks) == len(tasks) else "resources"
    return f"{text} and {more} more {word}" if more else text


def augmented(api: Reader, result: Json) -> str:
    """Return the message of a result, or what helps more (``AugmentSyncMsg`` in ``util/argo/argo.go``)."""
    message, group, kind = str(result["message"]), result["group"], result["kind"]
    if _TOO_LONG in message and not message.endswith(_ADVICE):
        return message + _ADVICE
    if _NOT_FOUND not in message:
        return message
    named = f"for requested resource {result['namespace']}/{result['name']}. "
    there = [
        known
        for known in sorted(schema.known_kinds())
        if known[2] == kind and api.is_namespaced(GroupKind(known[0], kind)) is not None
    ]
    same = [known for known in there if known[0] == group] or there
    if not same:
        made = f'Make sure the "{kind}" CRD is installed on the destination cluster.'
        return f"The Kubernetes API could not find {group}/{kind} {named}{made}"
    other, version, _ = same[0]
    return (
        f'The Kubernetes API could not find version "{result["version"]}" of {group}/{kind} {named}'
        f'Version "{version}" of {other}/{kind} is installed on the destination cluster.'
    )
