"""What a server writes into a new pod: its state, the class of its quality of service.

After Kubernetes 1.34.4: ``pkg/registry/core/pod/strategy.go`` (``PrepareForCreate``) and
``pkg/apis/core/helper/qos/qos.go`` (``ComputePodQOS``).
"""

from __future__ import annotations

from itertools import chain
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.fields import mapping_at, objects_at
from nixernetes.objects.manifest import Manifest

__all__ = ["first_status", "quality_of_service", "without_disabled"]

_RESTARTS: Final = ("restartPolicy", "restartPolicyRules")  # ContainerRestartRules is alpha in 1.34
_IMAGE: Final = "image"  # volumes of images are off by default
_COUNTED: Final = ("cpu", "memory")


def first_status(pod: Manifest) -> Manifest:
    """Return the status of a pod that was just created."""
    status: Manifest = {"phase": "Pending", "qosClass": quality_of_service(pod)}
    if objects_at(pod, "spec", "schedulingGates"):
        gated = {
            "type": "PodScheduled",
            "status": "False",
            "lastProbeTime": None,
            "lastTransitionTime": pod["metadata"]["creationTimestamp"],
            "reason": "SchedulingGated",
            "message": "Scheduling is blocked due to non-empty scheduling gates",
        }
        status["conditions"] = [gated]
    return status


def quality_of_service(pod: Manifest) -> str:
    """Return ``Guaranteed``, ``Burstable`` or ``BestEffort``."""
    spec = mapping_at(pod, "spec")
    asked: dict[str, set[str]] = {"requests": set(), "limits": set()}
    is_guaranteed = True
    whole = [spec] if mapping_at(spec, "resources") else []  # what the pod asks for counts for all of its containers
    for container in whole or chain(objects_at(spec, "containers"), objects_at(spec, "initContainers")):
        told = {}
        for part, names in asked.items():
            amounts = mapping_at(container, "resources", part)
            told[part] = {name: text for name in _COUNTED if _is_something(text := str(amounts.get(name, "0")))}
            names.update(told[part])
        is_guaranteed = is_guaranteed and set(told["limits"]) == set(_COUNTED) and told["requests"] == told["limits"]
    if not asked["requests"] and not asked["limits"]:
        return "BestEffort"
    return "Guaranteed" if is_guaranteed else "Burstable"


def _is_something(text: str) -> bool:
    try:
        return quantities.parse(text).nano > 0
    except InputError:
        return False


def without_disabled(spec: Manifest) -> Manifest:
    """Return a pod's spec without what only features that are off have (``dropDisabledFields``, ``pkg/api/pod``)."""
    changed: Manifest = {}
    for part in ("containers", "initContainers"):
        found = objects_at(spec, part)
        if any(_has_restart_rules(each, part) for each in found):
            changed[part] = [
                {name: value for name, value in each.items() if name not in _RESTARTS}
                if _has_restart_rules(each, part)
                else each
                for each in found
            ]
    volumes = objects_at(spec, "volumes")
    if any(_IMAGE in each for each in volumes):
        changed["volumes"] = [
            {name: value for name, value in each.items() if name != _IMAGE} if _IMAGE in each else each
            for each in volumes
        ]
    return {**spec, **changed} if changed else spec


def _has_restart_rules(container: Manifest, part: str) -> bool:
    is_sidecar = part == "initContainers" and container.get("restartPolicy") == "Always"
    return not is_sidecar and any(name in container for name in _RESTARTS)
