"""``autoscaler``: a workload has one autoscaler, and the requests that its share is measured by.

The share of a resource (``Utilization``) is computed from the requests of all containers of a pod; without them the
autoscaler never acts (``failed to get cpu utilization: missing request for cpu``). A limit counts as request where
none is set, and what a LimitRange of the namespace gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import HORIZONTAL_POD_AUTOSCALER, SCALED_OBJECT
from nixernetes.objects.manifest import Manifest
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.limits import given_to_containers
from nixernetes.verify.pods.scaling import scale_target
from nixernetes.verify.pods.workloads import PodTemplate, template_of
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_SCALERS: Final = (HORIZONTAL_POD_AUTOSCALER, SCALED_OBJECT)
_TARGET: Final[FieldPath] = ("spec", "scaleTargetRef", "name")


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        known: dict[ObjectKey, Placed] = {}
        for item in cluster.of(*_SCALERS):
            target = scale_target(item)
            before = known.setdefault(target, item)
            if before.key != item.key and target.name:
                message = f"{before.key} scales {target} too, and each undoes the other: leave it to one"
                related = [(view.place(before, _TARGET), "scaled here")]
                yield Found(cluster=cluster, subject=item, message=message, path=_TARGET, related=related)
            yield from _unmeasured(cluster, item, target)


def _unmeasured(cluster: ClusterObjects, item: Placed, target: ObjectKey) -> Iterator[Found]:
    workload = cluster.get(target)
    pod = template_of(workload) if workload is not None else None
    if pod is None or item.key.group_kind != HORIZONTAL_POD_AUTOSCALER:
        return
    given = given_to_containers(cluster, target.namespace)
    for path, name, containers in _shares(item.manifest, pod):
        without = [each for each in containers if name not in given and not _requests(each, name)]
        if without:
            message = (
                f"it scales by the share of {name} that {target} requests, and its container "
                f"{text_at(without[0], 'name')} requests none: it never acts"
            )
            yield Found(cluster=cluster, subject=item, message=message, path=path)


def _shares(scaler: Manifest, pod: PodTemplate) -> Iterator[tuple[FieldPath, str, list[Manifest]]]:
    """Yield the resources whose share is measured, each with the containers that it is measured for."""
    containers = objects_at(pod.spec, "containers")
    if scaler.get("apiVersion") == "autoscaling/v1":
        yield ("spec", "targetCPUUtilizationPercentage"), "cpu", containers
    for index, metric in enumerate(objects_at(scaler, "spec", "metrics")):
        for part in ("resource", "containerResource"):
            asked = mapping_at(metric, part)
            if text_at(asked, "target", "type") != "Utilization":
                continue
            named = text_at(asked, "container")
            about = [each for each in containers if not named or text_at(each, "name") == named]
            yield ("spec", "metrics", index, part, "name"), text_at(asked, "name"), about


def _requests(container: Manifest, resource: str) -> bool:
    return any(resource in mapping_at(container, "resources", part) for part in ("requests", "limits"))


RULE: Final = Rule(
    name="autoscaler",
    topic="hpa",
    severity=Severity.WARNING,
    sentence="A workload has one autoscaler, and the requests that it measures.",
    check=_check,
)
