"""``resource-quota``: what a namespace holds fits its ResourceQuotas and LimitRanges.

An API server refuses a pod that does not say what a quota counts (``failed quota: must specify requests.cpu``), that is
more than the quota has left, or that passes the bounds of a LimitRange. A Deployment is taken all the same, and its
pods never come. After ``pkg/quota/v1/evaluator/core`` and ``plugin/pkg/admission/limitranger``; quotas with scopes are
about pods that cannot be told apart here, and are passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.cost.pods.limit_ranges import container_defaults
from nixernetes.cost.pods.requests import ContainerDefaults, amount_of, pod_requests
from nixernetes.errors import InputError
from nixernetes.languages.quantities import Family, Quantity
from nixernetes.objects.fields import at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    DEPLOYMENT,
    LIMIT_RANGE,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    RESOURCE_QUOTA,
    ROLLOUT,
    SERVICE,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Json
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.scaling import scaled_by
from nixernetes.verify.pods.workloads import PodTemplate, containers, pod_templates
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_STANDING: Final = (DEPLOYMENT, STATEFUL_SET, ROLLOUT, POD)  # whose pods are there all the time
_ONE: Final = 10**9  # in nano units
# what a quota counts, and of which part of a container's resources
_COMPUTE: Final = {
    "cpu": ("requests", "cpu"),
    "memory": ("requests", "memory"),
    "requests.cpu": ("requests", "cpu"),
    "requests.memory": ("requests", "memory"),
    "limits.cpu": ("limits", "cpu"),
    "limits.memory": ("limits", "memory"),
}
_COUNTED: Final = {
    "services": SERVICE,
    "persistentvolumeclaims": PERSISTENT_VOLUME_CLAIM,
    "count/deployments.apps": DEPLOYMENT,
    "count/statefulsets.apps": STATEFUL_SET,
}


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        spaces = {item.namespace for item in cluster.of(RESOURCE_QUOTA, LIMIT_RANGE)}
        for space in sorted(spaces):
            ranges = [item for item in cluster.of(LIMIT_RANGE) if item.namespace == space]
            pods = [pod for pod in pod_templates(cluster) if pod.owner.namespace == space]
            for pod in pods:
                yield from _out_of_bounds(cluster, pod, ranges)
            defaults = _defaults(ranges)
            for quota in cluster.of(RESOURCE_QUOTA):
                spec = mapping_at(quota.manifest, "spec")
                if quota.namespace != space or spec.get("scopes") or spec.get("scopeSelector") or defaults is None:
                    continue
                hard = _amounts(mapping_at(spec, "hard"))
                for pod in pods:
                    yield from _unsaid(cluster, quota, pod, hard, defaults)
                yield from _too_much(cluster, quota, pods, hard, defaults)


def _defaults(ranges: list[Placed]) -> ContainerDefaults | None:
    try:
        return container_defaults(each.manifest for each in ranges)
    except InputError:  # another rule says so
        return None


def _amounts(given: Mapping[str, Json]) -> dict[str, int]:
    found = {name: _amount(value) for name, value in given.items()}
    return {name: amount for name, amount in found.items() if amount is not None}


def _amount(value: Json) -> int | None:
    try:
        return amount_of(value, "")
    except InputError:
        return None


def _unsaid(
    cluster: ClusterObjects, quota: Placed, pod: PodTemplate, hard: Mapping[str, int], defaults: ContainerDefaults
) -> Iterator[Found]:
    """Yield the containers that do not say what a quota counts."""
    given = {"requests": defaults.requests, "limits": defaults.limits}
    for path, container in containers(pod):
        own = mapping_at(container, "resources")
        missing = [
            name
            for name in sorted(hard)
            if name in _COMPUTE and not _says(own, given, *_COMPUTE[name]) and not _says_pod(pod, *_COMPUTE[name])
        ]
        if missing:
            message = (
                f"{quota.key} counts {', '.join(missing)}, and its container {text_at(container, 'name')} does not say "
                "how much: its pods are refused"
            )
            yield Found(cluster=cluster, subject=pod.owner, message=message, path=(*path, "resources"))


def _says(own: Mapping[str, Json], given: Mapping[str, Mapping[str, int]], part: str, resource: str) -> bool:
    if resource in mapping_at(own, part) or resource in given[part]:
        return True
    return part == "requests" and resource in mapping_at(own, "limits")


def _says_pod(pod: PodTemplate, part: str, resource: str) -> bool:
    return at(pod.spec, "resources", part, resource) is not None


def _too_much(
    cluster: ClusterObjects,
    quota: Placed,
    pods: list[PodTemplate],
    hard: Mapping[str, int],
    defaults: ContainerDefaults,
) -> Iterator[Found]:
    """Yield what the namespace holds more of than its quota lets it."""
    used: Counter[str] = Counter()
    for pod in pods:
        if pod.owner.key.group_kind in _STANDING:
            used.update(_used(cluster, pod, defaults))
    held = [item for kind in _COUNTED.values() for item in cluster.of(kind) if item.namespace == quota.namespace]
    for name, kind in _COUNTED.items():
        used[name] += _ONE * sum(item.key.group_kind == kind for item in held)
    for item in held:
        used.update(_of_kind(item))
    for name, most in sorted(hard.items()):
        if used[name] > most:
            message = (
                f"{name}: what is brought to the namespace {quota.namespace} takes {_written(used[name])}, and the "
                f"quota lets it have {_written(most)}: the rest is refused"
            )
            yield Found(cluster=cluster, subject=quota, message=message, path=("spec", "hard", name))


def _used(cluster: ClusterObjects, pod: PodTemplate, defaults: ContainerDefaults) -> dict[str, int]:
    """Return what all pods of a workload take."""
    try:
        asked = pod_requests(pod.spec, defaults)
    except InputError:
        return {}
    count = _replicas(cluster, pod)
    found = {"pods": _ONE * count, "count/pods": _ONE * count}
    for resource in ("cpu", "memory"):
        amount = asked[resource].nano * count
        found[resource] = found[f"requests.{resource}"] = amount
        limits = [_amount(at(each, "resources", "limits", resource)) for each in objects_at(pod.spec, "containers")]
        found[f"limits.{resource}"] = count * sum(each or defaults.limits.get(resource, 0) for each in limits)
    return found


def _replicas(cluster: ClusterObjects, pod: PodTemplate) -> int:
    if pod.owner.key.group_kind == POD:
        return 1
    scaler = scaled_by(cluster, pod.owner.key)
    if scaler is not None:
        field = "minReplicas" if scaler.key.kind == "HorizontalPodAutoscaler" else "minReplicaCount"
        return number_at(scaler.manifest, "spec", field, default=1 if field == "minReplicas" else 0)
    return number_at(pod.owner.manifest, "spec", "replicas", default=1)


def _of_kind(item: Placed) -> dict[str, int]:
    kind: GroupKind = item.key.group_kind
    if kind == SERVICE:
        named = text_at(item.manifest, "spec", "type")
        return {
            "services.loadbalancers": _ONE * (named == "LoadBalancer"),
            "services.nodeports": _ONE
            * len(objects_at(item.manifest, "spec", "ports"))
            * (named in ("NodePort", "LoadBalancer")),
        }
    if kind == PERSISTENT_VOLUME_CLAIM:
        return {"requests.storage": _amount(at(item.manifest, "spec", "resources", "requests", "storage")) or 0}
    return {}


def _out_of_bounds(cluster: ClusterObjects, pod: PodTemplate, ranges: list[Placed]) -> Iterator[Found]:
    """Yield what containers ask for beyond the bounds of LimitRanges."""
    bounds = [
        (each.key, item)
        for each in ranges
        for item in objects_at(each.manifest, "spec", "limits")
        if text_at(item, "type") == "Container"
    ]
    for path, container in containers(pod):
        for key, item in bounds:
            for part, bound in (("limits", "max"), ("requests", "max"), ("requests", "min"), ("limits", "min")):
                own = _amounts(mapping_at(container, "resources", part))
                for resource, edge in sorted(_amounts(mapping_at(item, bound)).items()):
                    amount = own.get(resource)
                    if amount is None or (amount <= edge if bound == "max" else amount >= edge):
                        continue
                    word = "at most" if bound == "max" else "at least"
                    message = (
                        f"{key} lets a container have {word} {_written(edge)} of {resource}: pods with "
                        f"{_written(amount)} are refused"
                    )
                    where = (*path, "resources", part, resource)
                    yield Found(cluster=cluster, subject=pod.owner, message=message, path=where)


def _written(nano: int) -> str:
    is_binary = nano and nano % (_ONE << 20) == 0
    return str(Quantity(nano=nano, family=Family.BINARY if is_binary else Family.DECIMAL))


RULE: Final = Rule(
    name="resource-quota",
    topic="k8s-value",
    severity=Severity.ERROR,
    sentence="What a namespace holds fits its ResourceQuotas and LimitRanges.",
    check=_check,
)
