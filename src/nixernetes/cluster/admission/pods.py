"""What admission plugins write into every new pod: its priority, and how long it bears a node that is gone.

After Kubernetes 1.34.4: ``plugin/pkg/admission/priority`` and ``plugin/pkg/admission/defaulttolerationseconds``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nixernetes.cluster.api import ApiError, Details
from nixernetes.objects.fields import flag_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import NODE_NOT_READY

__all__ = ["with_priority", "with_tolerations"]

_SECONDS: Final = 300
_UNBORN: Final = (NODE_NOT_READY, "node.kubernetes.io/unreachable")
_NO_EXECUTE: Final = "NoExecute"
_LOWER: Final = "PreemptLowerPriority"
_SYSTEM: Final = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}


def with_tolerations(pod: Manifest) -> Manifest:
    """Return a pod that stays five minutes on a node that is not ready or not reached, unless it says otherwise."""
    spec = mapping_at(pod, "spec")
    told = objects_at(spec, "tolerations")
    missing = [
        {"key": key, "operator": "Exists", "effect": _NO_EXECUTE, "tolerationSeconds": _SECONDS}
        for key in _UNBORN
        if not any(text_at(each, "key") in ("", key) and text_at(each, "effect") in ("", _NO_EXECUTE) for each in told)
    ]
    return {**pod, "spec": {**spec, "tolerations": [*told, *missing]}} if missing else pod


def with_priority(pod: Manifest, classes: Iterable[Manifest]) -> Manifest:
    """Return a pod with the priority of its class, or of the one that is the default.

    Args:
        pod: the pod.
        classes: the PriorityClasses of the cluster.

    Raises:
        ApiError: Forbidden, there is no such class, or the pod states another priority.

    """
    spec = mapping_at(pod, "spec")
    name, found = text_at(spec, "priorityClassName"), list(classes)
    if not name:
        defaults = [each for each in found if flag_at(each, "globalDefault")]
        chosen = min(defaults, key=lambda each: number_at(each, "value"), default=None)
        name = text_at(chosen, "metadata", "name") if chosen is not None else ""
    else:
        chosen = next((each for each in found if text_at(each, "metadata", "name") == name), None)
        if chosen is None and name not in _SYSTEM:
            raise _forbidden(pod, f"no PriorityClass with name {name} was found")
    value = number_at(chosen, "value") if chosen is not None else _SYSTEM.get(name, 0)
    preemption = text_at(chosen, "preemptionPolicy") or _LOWER
    told: Json = spec.get("priority")
    if told is not None and told != value:
        rest = f"must not be provided in pod spec; priority admission controller computed {value} from the given "
        raise _forbidden(pod, f"the integer value of priority ({told}) {rest}PriorityClass name")
    asked = text_at(spec, "preemptionPolicy")
    if asked and asked != preemption:
        rest = f"must not be provided in pod spec; priority admission controller computed {preemption} from the given "
        raise _forbidden(pod, f"the string value of PreemptionPolicy ({asked}) {rest}PriorityClass name")
    added: Json = {"priority": value, "preemptionPolicy": preemption}
    return {**pod, "spec": {**spec, **({"priorityClassName": name} if name else {}), **added}}


def _forbidden(pod: Manifest, why: str) -> ApiError:
    name = text_at(pod, "metadata", "name")
    return ApiError("Forbidden", f'pods "{name}" is forbidden: {why}', details=Details(name=name, kind="pods"))
