"""Pod templates: which kinds carry one, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    POD,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    ROLLOUT,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Manifest
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.places import FieldPath

__all__ = ["CARRIERS", "PodTemplate", "containers", "pod_templates", "template_of"]

CARRIERS: Final[dict[GroupKind, FieldPath]] = {
    POD: (),
    DEPLOYMENT: ("spec", "template"),
    STATEFUL_SET: ("spec", "template"),
    DAEMON_SET: ("spec", "template"),
    REPLICA_SET: ("spec", "template"),
    REPLICATION_CONTROLLER: ("spec", "template"),
    JOB: ("spec", "template"),
    CRON_JOB: ("spec", "jobTemplate", "spec", "template"),
    ROLLOUT: ("spec", "template"),
}
_LISTS: Final = ("initContainers", "containers", "ephemeralContainers")


@dataclass(frozen=True, slots=True)
class PodTemplate:
    """The pod template of an object.

    Attributes:
        owner: the object.
        path: where the template stands in it.
        template: the template, with ``metadata`` and ``spec``.

    """

    owner: Placed
    path: FieldPath
    template: Manifest

    @property
    def spec(self) -> Manifest:
        """The spec of the pods."""
        return mapping_at(self.template, "spec")

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the pods."""
        found = mapping_at(self.template, "metadata", "labels")
        return {key: value for key, value in found.items() if isinstance(value, str)}


def template_of(item: Placed) -> PodTemplate | None:
    """Return the pod template of an object, or None."""
    path = CARRIERS.get(item.key.group_kind)
    if path is None:
        return None
    found = at(item.manifest, *(str(step) for step in path))
    return PodTemplate(item, path, found) if isinstance(found, dict) else None


def pod_templates(cluster: ClusterObjects) -> Iterator[PodTemplate]:
    """Yield the pod templates of a cluster."""
    for item in cluster.of(*CARRIERS):
        found = template_of(item)
        if found is not None:
            yield found


def containers(pod: PodTemplate) -> Iterator[tuple[FieldPath, Manifest]]:
    """Yield the containers of a pod template, each with its path in the object."""
    for name in _LISTS:
        for index, container in enumerate(objects_at(pod.spec, name)):
            yield (*pod.path, "spec", name, index), container


def ports(pod: PodTemplate) -> Iterator[tuple[FieldPath, Manifest]]:
    """Yield the ports of the containers of a pod template, each with its path in the object."""
    for path, container in containers(pod):
        for index, port in enumerate(objects_at(container, "ports")):
            yield (*path, "ports", index), port


def is_named(port: Manifest, name: str) -> bool:
    """Tell whether a port has a name."""
    return text_at(port, "name") == name
