"""``disruption-budget``: a PodDisruptionBudget selects something, and allows at least one eviction."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Final

from nixernetes.objects.fields import at, mapping_at, number_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import DAEMON_SET, DEPLOYMENT, POD_DISRUPTION_BUDGET, STATEFUL_SET
from nixernetes.objects.manifest import Json
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.scaling import scaled_by
from nixernetes.verify.pods.selection import has_strangers, selected
from nixernetes.verify.pods.workloads import PodTemplate
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_WHOLE: Final = 100


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        known: dict[ObjectKey, Placed] = {}
        for item in cluster.of(POD_DISRUPTION_BUDGET):
            pods = list(selected(cluster, item.namespace, mapping_at(item.manifest, "spec", "selector")))
            if not pods and not has_strangers(cluster, item.namespace):
                message = "it selects no pods: no workload of its namespace has these labels"
                yield Found(cluster=cluster, subject=item, message=message, path=("spec", "selector"), topic="selector")
            yield from _blocked(cluster, item, pods)
            yield from _shared(view, cluster, item, pods, known)


def _shared(
    view: PlatformView, cluster: ClusterObjects, item: Placed, pods: list[PodTemplate], known: dict[ObjectKey, Placed]
) -> Iterator[Found]:
    """Yield a finding where another budget has the same pods: the eviction API refuses pods with more than one."""
    for pod in pods:
        before = known.setdefault(pod.owner.key, item)
        if before.key != item.key:
            message = f"{pod.owner.key} has the budget {before.key} too: pods with two are never evicted"
            path = ("spec", "selector")
            related = [(view.place(before, path), "selected here too")]
            yield Found(cluster=cluster, subject=item, message=message, path=path, related=related)
            return


def _blocked(cluster: ClusterObjects, item: Placed, pods: list[PodTemplate]) -> Iterator[Found]:
    if not pods or any(pod.owner.key.group_kind not in (DEPLOYMENT, STATEFUL_SET) for pod in pods):
        return
    replicas = sum(_fewest(cluster, pod) for pod in pods)
    if replicas == 0 or any(pod.owner.key.group_kind == DAEMON_SET for pod in pods):
        return
    minimum, maximum = at(item.manifest, "spec", "minAvailable"), at(item.manifest, "spec", "maxUnavailable")
    names = ", ".join(str(pod.owner.key) for pod in pods[:3])
    if minimum is not None and _count(minimum, replicas) >= replicas:
        message = f"it never allows an eviction, so that no node can be drained: {names} has {_pods(replicas)}"
        yield Found(cluster=cluster, subject=item, message=message, path=("spec", "minAvailable"))
    if maximum is not None and _count(maximum, replicas) == 0:
        message = "it never allows an eviction, so that no node can be drained: maxUnavailable is 0"
        yield Found(cluster=cluster, subject=item, message=message, path=("spec", "maxUnavailable"))


def _pods(count: int) -> str:
    return "1 pod" if count == 1 else f"{count} pods"


def _fewest(cluster: ClusterObjects, pod: PodTemplate) -> int:
    """Return how few pods a workload may have: what an autoscaler may go down to, else its replicas."""
    scaler = scaled_by(cluster, pod.owner.key)
    if scaler is not None:
        return number_at(scaler.manifest, "spec", "minReplicas", default=1)
    return number_at(pod.owner.manifest, "spec", "replicas", default=1)


def _count(value: Json, replicas: int) -> int:
    """Return a number or percentage of pods; percentages are rounded up (the disruption controller)."""
    if isinstance(value, str) and value.endswith("%") and value[:-1].isdigit():
        return ceil(replicas * int(value[:-1]) / _WHOLE)
    return value if isinstance(value, int) else int(text_at({"value": value}, "value") or -1)


RULE: Final = Rule(
    name="disruption-budget",
    topic="pdb",
    severity=Severity.WARNING,
    sentence="A PodDisruptionBudget selects something, and allows at least one eviction.",
    check=_check,
)
