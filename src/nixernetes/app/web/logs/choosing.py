"""Which pod and which container of several a log is of."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.app.web.logs.values import LogPod, LogQuestion
from nixernetes.errors import InputError
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["chosen", "pods_of"]

_PARTS = ("containers", "initContainers", "ephemeralContainers")


def pods_of(pods: Sequence[Manifest]) -> tuple[LogPod, ...]:
    """Return the pods that can be chosen, by name."""
    return tuple(
        LogPod(
            name=key_of(pod).name,
            phase=text_at(pod, "status", "phase"),
            containers=tuple(
                text_at(each, "name") for part in _PARTS for each in objects_at(mapping_at(pod, "spec"), part)
            ),
        )
        for pod in sorted(pods, key=lambda pod: key_of(pod).name)
    )


def chosen(question: LogQuestion, pods: Sequence[LogPod]) -> tuple[LogPod, str]:
    """Return the pod and the container that are meant; there is at least one pod.

    Raises:
        InputError: there is no such pod or container any more.

    """
    pod = next((each for each in pods if question.pod in ("", each.name)), None)
    if pod is None:
        raise InputError(f"{question.id.key} has no pod {question.pod!r} any more: it has {_listed(pods)}")
    if question.container and question.container not in pod.containers:
        raise InputError(f"container {question.container} is not valid for pod {pod.name}")
    return pod, question.container or next(iter(pod.containers), "")


def _listed(pods: Sequence[LogPod]) -> str:
    names = [pod.name for pod in pods[:5]]
    return ", ".join(names) + (f" and {len(pods) - len(names)} more" if len(pods) > len(names) else "")
