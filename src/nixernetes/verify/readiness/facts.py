"""What a cluster that runs answered: its version, what it serves, the controllers and objects that it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nixernetes.objects.fields import number_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.objects.well_known import APP_VERSION

__all__ = ["ClusterFacts", "RunningController", "running_controller"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningController:
    """A Deployment or StatefulSet of an engine.

    Attributes:
        key: the object.
        version: the version that it says it has: that of its image, else that of its label.
        is_ready: whether at least one of its pods is ready.

    """

    key: ObjectKey
    version: str
    is_ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFacts:
    """What a cluster answered.

    Attributes:
        context: the context through which it was asked.
        version: the version of its server.
        served: the kinds that it serves, with their versions.
        definitions: the definitions of custom kinds that were read.
        controllers: the controllers of engines.
        present: whether objects that were asked for are there.
        unread: what could not be read: about what, and why.

    """

    context: str
    version: str
    served: Mapping[GroupKind, tuple[str, ...]]
    definitions: Mapping[GroupKind, Manifest] = field(default_factory=dict)
    controllers: tuple[RunningController, ...] = ()
    present: Mapping[ObjectKey, bool] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


def running_controller(workload: Manifest) -> RunningController:
    """Return what a Deployment or StatefulSet says of itself."""
    version = labels_of(workload).get(APP_VERSION, "")
    for container in objects_at(workload, "spec", "template", "spec", "containers"):
        name, _, tag = text_at(container, "image").partition("@")[0].rpartition("/")[2].partition(":")
        if tag and (name in key_of(workload).name or name == "argocd"):
            version = tag
    return RunningController(
        key=key_of(workload), version=version, is_ready=number_at(workload, "status", "readyReplicas") > 0
    )
