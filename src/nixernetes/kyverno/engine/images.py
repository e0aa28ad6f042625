"""Image references as Kyverno takes them apart (``pkg/utils/image``): without a registry it is ``docker.io``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import DOCKER_REGISTRY

__all__ = ["POD_SPECS", "images_of", "normalized", "parts"]

_REFERENCE: Final = re.compile(r"([^@]+?)(?::([\w][\w.-]{0,127}))?(?:@([\w+.-]+:[0-9a-fA-F]{32,}))?")
_KINDS: Final = ("containers", "initContainers", "ephemeralContainers")
POD_SPECS: Final[dict[str, tuple[str, ...]]] = {
    "Pod": ("spec",),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
} | dict.fromkeys(
    ("Deployment", "DaemonSet", "Job", "StatefulSet", "ReplicaSet", "ReplicationController"),
    ("spec", "template", "spec"),
)


def parts(reference: str) -> dict[str, str] | None:
    """Return registry, path, name, tag, digest and the whole reference; None if it is not one."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    path, tag, digest = found[1], found[2] or "", found[3] or ""
    registry, slash, rest = path.partition("/")
    if not slash or not ("." in registry or ":" in registry or registry == "localhost"):
        registry, rest = DOCKER_REGISTRY, path
    if not tag and not digest:
        tag = "latest"
    whole = f"{registry}/{rest}"
    held = {"registry": registry, "path": rest, "name": rest.rpartition("/")[2]}
    held |= {"tag": tag} if tag else {}
    held |= {"digest": digest} if digest else {}
    held["reference"] = f"{whole}@{digest}" if digest else f"{whole}:{tag}"
    held["referenceWithTag"] = f"{whole}:{tag}"
    return held


def normalized(reference: str) -> str:
    """Return a reference with its registry and tag; the text itself if it is none."""
    found = parts(reference)
    return found["reference"] if found else reference


def images_of(manifest: Manifest) -> dict[str, Json]:
    """Return ``images`` of a pod or a controller of pods: kind of container, then container, then parts."""
    kind = text_at(manifest, "kind")
    if kind not in POD_SPECS:
        return {}
    spec = mapping_at(manifest, *POD_SPECS[kind])
    found = {name: dict(_named(spec, name)) for name in _KINDS}
    return {name: held for name, held in found.items() if held}


def _named(spec: Json, name: str) -> Iterator[tuple[str, Json]]:
    for container in objects_at(spec, name):
        held = parts(text_at(container, "image")) if text_at(container, "image") else None
        if held is not None:
            yield text_at(container, "name"), held
