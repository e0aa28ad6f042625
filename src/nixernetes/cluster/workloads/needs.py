"""What a pod needs of its namespace before it can start, and what scheduler and kubelet say while it is missing.

A claim is needed to be scheduled, the ConfigMaps and Secrets of volumes to be set up, those of ``env`` and ``envFrom``
to make a container. What is ``optional`` is not needed. After Kubernetes 1.34: ``pkg/scheduler`` (VolumeBinding),
``pkg/volume`` (configmap, secret, projected) and ``pkg/kubelet/kubelet_pods.go`` (``makeEnvironmentVariables``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.objects.fields import flag_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import CONFIG_MAP, PERSISTENT_VOLUME_CLAIM, SECRET
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Find", "Missing", "missing"]

Find = Callable[[ObjectKey], Manifest | None]
"""Gives an object; None where it is missing. One that something else makes has an unknown content: ``{}``."""

_NO_NODE: Final = (
    '0/{nodes} nodes are available: persistentvolumeclaim "{name}" not found. preemption: 0/{nodes} nodes are '
    "available: {nodes} Preemption is not helpful for scheduling."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Why a pod does not start.

    Attributes:
        scheduling: the scheduler's message, or ``""``.
        mounting: the kubelet's message about a volume, or ``""``.
        containers: by the name of a container, the kubelet's message about what its environment is made of.

    """

    scheduling: str = ""
    mounting: str = ""
    containers: dict[str, str]


def missing(pod: Manifest, find: Find, nodes: int) -> Missing | None:
    """Return what keeps a pod from starting, or None.

    Args:
        pod: the pod.
        find: gives what is there.
        nodes: how many nodes there are, for the scheduler's message.

    """
    namespace = text_at(pod, "metadata", "namespace")
    for volume in objects_at(pod, "spec", "volumes"):
        name = text_at(volume, "persistentVolumeClaim", "claimName")
        if name and find(ObjectKey("", PERSISTENT_VOLUME_CLAIM.kind, namespace, name)) is None:
            return Missing(scheduling=_NO_NODE.format(nodes=nodes, name=name), containers={})
    for volume in objects_at(pod, "spec", "volumes"):
        said = next(_of_volume(volume, namespace, find), "")
        if said:
            name = text_at(volume, "name")
            return Missing(mounting=f'MountVolume.SetUp failed for volume "{name}" : {said}', containers={})
    said_of = {
        text_at(container, "name"): said
        for part in ("initContainers", "containers")
        for container in objects_at(pod, "spec", part)
        if (said := next(_of_container(container, namespace, find), ""))
    }
    return Missing(containers=said_of) if said_of else None


def _of_volume(volume: Json, namespace: str, find: Find) -> Iterator[str]:
    for source in (volume, *objects_at(volume, "projected", "sources")):
        for kind, part, name in (
            (CONFIG_MAP.kind, mapping_at(source, "configMap"), text_at(source, "configMap", "name")),
            (SECRET.kind, mapping_at(source, "secret"), _secret_name(source)),
        ):
            if not name or flag_at(part, "optional"):
                continue
            found = find(ObjectKey("", kind, namespace, name))
            if found is None:
                yield f'{kind.lower()} "{name}" not found'
                return
            word = "config" if kind == CONFIG_MAP.kind else "secret"
            for item in objects_at(part, "items"):
                if not _has(found, text_at(item, "key")):
                    yield f"references non-existent {word} key: {text_at(item, 'key')}"


def _secret_name(source: Json) -> str:
    return text_at(source, "secret", "secretName") or text_at(source, "secret", "name")  # the latter where projected


def _of_container(container: Json, namespace: str, find: Find) -> Iterator[str]:
    for source in objects_at(container, "envFrom"):
        for kind, part in ((CONFIG_MAP.kind, "configMapRef"), (SECRET.kind, "secretRef")):
            yield from _of_reference(kind, mapping_at(source, part), namespace, find)
    for variable in objects_at(container, "env"):
        for kind, part in ((CONFIG_MAP.kind, "configMapKeyRef"), (SECRET.kind, "secretKeyRef")):
            yield from _of_reference(kind, mapping_at(variable, "valueFrom", part), namespace, find)


def _of_reference(kind: str, reference: Json, namespace: str, find: Find) -> Iterator[str]:
    name, key = text_at(reference, "name"), text_at(reference, "key")
    if not name or flag_at(reference, "optional"):
        return
    found = find(ObjectKey("", kind, namespace, name))
    if found is None:
        yield f'{kind.lower()} "{name}" not found'
    elif key and not _has(found, key):
        yield f"couldn't find key {key} in {kind} {namespace}/{name}"


def _has(found: Manifest, key: str) -> bool:
    return not found or key in mapping_at(found, "data") or key in mapping_at(found, "binaryData")
