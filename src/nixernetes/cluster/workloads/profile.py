"""How simulated workloads behave: how long they take, and which of them fail, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import SIMULATED_FAILURE

if TYPE_CHECKING:  # few clusters have nodes that are declared
    from nixernetes.cluster.workloads.scheduling.machines import Machine

__all__ = ["READY_AFTER", "Failure", "WorkloadProfile"]

READY_AFTER = "sim.nixernetes.dev/ready-after"


class Failure(StrEnum):
    """The ways a pod can fail; the words are the reasons that Kubernetes shows."""

    IMAGE_PULL = "ImagePullBackOff"
    CRASH = "CrashLoopBackOff"
    UNSCHEDULABLE = "Unschedulable"
    NEVER_READY = "NeverReady"
    ERROR = "Error"


def _alike(reason: str) -> Failure:
    """Return the failure that comes nearest to a reason that is none of them: never none at all."""
    return Failure.IMAGE_PULL if "Image" in reason else Failure.CRASH


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadProfile:
    """The behaviour of all workloads of a cluster; annotations on a pod template override it for that workload.

    Attributes:
        ready_after: from a pod's creation to its readiness (for a Job: to its end).
        failures: image pattern (``registry/app:*``, shell style) to how pods with that image fail.
        nodes: how many nodes there are: a DaemonSet has a pod on each.
        machines: the nodes, where it is declared what they have: pods go to those that take them, or wait.
        most_pods: how many pods a simulated cluster holds; workloads that want more stay short of them, and say so.
        metrics: whether the cluster measures its pods by itself; without, autoscalers need an APIService that does.
        address_after: from a LoadBalancer Service's or an Ingress' creation to its address.

    """

    ready_after: timedelta = timedelta(seconds=2)
    failures: Mapping[str, Failure] = field(default_factory=dict)
    nodes: int = 1
    machines: tuple[Machine, ...] = ()
    address_after: timedelta = timedelta(seconds=5)
    most_pods: int = 5_000
    metrics: bool = True

    def readiness(self, pod: Manifest) -> timedelta:
        """Return how long a pod takes; an annotation that is no duration counts for nothing."""
        text = annotations_of(pod).get(READY_AFTER, "")
        try:
            return parse_duration(text) if text else self.ready_after
        except ValueError:
            return self.ready_after

    def failure(self, pod: Manifest) -> Failure | None:
        """Return how a pod fails, or None."""
        told = annotations_of(pod).get(SIMULATED_FAILURE)
        if told:
            return Failure(told) if told in {str(item) for item in Failure} else _alike(told)
        for container in [*objects_at(pod, "spec", "initContainers"), *objects_at(pod, "spec", "containers")]:
            for pattern, failure in sorted(self.failures.items()):
                if glob_match(pattern, text_at(container, "image")):
                    return failure
        return None
