"""Which pods an object runs: their spec, how many of them there are, how many hours of a month, and what is not known.

Kinds of others that hold a pod template at ``spec.template`` (Rollouts, CloneSets, Services of Knative) run
``spec.replicas`` pods, one where they do not say it, within the bounds of their autoscaler.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from nixernetes.cost.amounts import MONTH_HOURS, Span, plain, ratio
from nixernetes.cost.objects import ClusterSet, CostObject
from nixernetes.cost.pods.placement import instance_class, is_spot
from nixernetes.cost.workloads.scaling import Scaler, whole_number
from nixernetes.cost.workloads.schedules import job_pods, monthly_hours
from nixernetes.errors import InputError
from nixernetes.objects.fields import at, flag_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, split_api_version
from nixernetes.objects.kinds import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    POD,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    ROLLOUT,
    SCALED_JOB,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import ARGOCD_HOOK, HELM_HOOK

__all__ = ["RUNNING_KINDS", "Pods", "Scaling", "embedded_pods", "is_custom", "replaced_by_rollouts", "running_pods"]

_REPLICATED: Final = (DEPLOYMENT, REPLICA_SET, STATEFUL_SET, REPLICATION_CONTROLLER)
_RUNS_ONCE: Final = (JOB, CRON_JOB)
RUNNING_KINDS: Final = frozenset((*_REPLICATED, *_RUNS_ONCE, DAEMON_SET, POD))  # of Kubernetes itself
_BLUE_GREEN: Final = "blue-green: twice as many while it is updated"
_KNATIVE: Final = "autoscaling.knative.dev/"
ONE: Final = Span.of(Decimal(1))

Scaling = Mapping[ObjectKey, Scaler | InputError]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pods:
    """Pods of an object that are alike.

    Attributes:
        spec: the spec of one pod; empty where none is known.
        count: how many there are.
        hours: how many hours of a month they run; None where nobody says.
        notes: what was assumed.
        zero: why none runs, or ``""``.
        unpriced: why their number is not known, or ``""``.
        is_spot: whether their nodes may be taken away any moment.
        instance_class: the class of their nodes, or ``""``.

    """

    spec: Manifest = field(default_factory=dict)
    count: Span = ONE
    hours: Decimal | None = MONTH_HOURS
    notes: tuple[str, ...] = ()
    zero: str = ""
    unpriced: str = ""
    is_spot: bool | None = None
    instance_class: str = ""


def running_pods(cluster: ClusterSet, item: CostObject, scaling: Scaling) -> Iterator[Pods]:
    """Yield the pods of an object, those that are alike together; nothing for an object that runs none.

    Args:
        cluster: the cluster.
        item: the object.
        scaling: the autoscalers of the cluster, by what they scale.

    Raises:
        InputError: a number or a schedule is not one.

    """
    kind, spec = item.key.group_kind, mapping_at(item.manifest, "spec")
    if kind in _REPLICATED:
        yield _replicated(item, _template(spec), scaling)
    elif kind == DAEMON_SET:
        yield from _on_each_node(cluster, _template(spec))
    elif kind in _RUNS_ONCE:
        yield _running_once(cluster, item)
    elif kind == POD:
        yield _hook(spec) if _is_hook(item) else Pods(spec=spec)
    elif kind == ROLLOUT:
        yield _rollout(cluster, item, scaling)
    elif kind == SCALED_JOB:
        yield Pods(spec=_template(mapping_at(spec, "jobTargetRef")), hours=None, notes=("a Job for each event",))
    elif is_custom(kind.group) and isinstance(at(spec, "template", "spec", "containers"), list):
        yield _replicated(item, _template(spec), scaling)


def is_custom(group: str) -> bool:
    """Tell whether a group is none of Kubernetes itself."""
    return "." in group and not group.endswith(".k8s.io")


def _template(spec: Manifest) -> Manifest:
    return mapping_at(spec, "template", "spec")


def _is_hook(item: CostObject) -> bool:
    found = annotations_of(item.manifest)
    return HELM_HOOK in found or ARGOCD_HOOK in found


def _hook(spec: Manifest) -> Pods:
    return Pods(spec=spec, hours=None, notes=("a hook: it runs when it is installed",))


def _replicated(item: CostObject, template: Manifest, scaling: Scaling) -> Pods:
    spec = mapping_at(item.manifest, "spec")
    replicas = whole_number(at(spec, "replicas"), "replicas", -1)
    scaler = scaling.get(item.key)
    if isinstance(scaler, InputError):
        raise scaler
    if replicas == 0 and (scaler is None or not scaler.from_zero):
        off = f", so {scaler.key} is off" if scaler is not None else ""
        return Pods(spec=template, count=Span(), zero=f"replicas: 0{off}")
    if scaler is not None:
        count = scaler.span(None if replicas < 0 else replicas)
        return Pods(spec=template, count=count, notes=(scaler.note,))
    bounds = _knative(spec)
    if bounds is not None:
        return Pods(spec=template, count=bounds, notes=("scaled by Knative",))
    return Pods(spec=template, count=Span.of(Decimal(1 if replicas < 0 else replicas)))


def _knative(spec: Manifest) -> Span | None:
    """Return between which numbers Knative scales the revisions of a Service; None where it says nothing of it."""
    said = annotations_of(mapping_at(spec, "template"))
    least, most = (
        said.get(f"{_KNATIVE}{name}", said.get(f"{_KNATIVE}{old}", ""))
        for name, old in (("min-scale", "minScale"), ("max-scale", "maxScale"))
    )
    if not (least or most):
        return None
    low = whole_number(int(least) if least.isdecimal() and len(least) < 10 else None, "min-scale", 0)
    high = whole_number(int(most) if most.isdecimal() and len(most) < 10 else None, "max-scale", low)
    return Span(Decimal(low), Decimal(low), Decimal(max(low, high)))


def _rollout(cluster: ClusterSet, item: CostObject, scaling: Scaling) -> Pods:
    """Return the pods of a Rollout, whose template may be that of a Deployment."""
    template = _template(mapping_at(item.manifest, "spec"))
    reference = mapping_at(item.manifest, "spec", "workloadRef")
    if not reference:
        pods = _replicated(item, template, scaling)
        is_doubled = bool(mapping_at(item.manifest, "spec", "strategy", "blueGreen"))
        return replace(pods, notes=(*pods.notes, _BLUE_GREEN)) if is_doubled else pods
    key = _referenced(item, reference)
    found = cluster.objects.get(key)
    if found is None:
        return Pods(unpriced=f"its template is that of {key}, which is not there")
    return _replicated(item, _template(mapping_at(found.manifest, "spec")), scaling)


def _referenced(item: CostObject, reference: Manifest) -> ObjectKey:
    group = split_api_version(text_at(reference, "apiVersion") or "apps/v1")[0]
    return ObjectKey(group, text_at(reference, "kind"), item.key.namespace, text_at(reference, "name"))


def replaced_by_rollouts(cluster: ClusterSet) -> dict[ObjectKey, str]:
    """Return what Rollouts scale down because they run its template themselves, each with the reason."""
    found = {}
    for item in cluster.of(ROLLOUT):
        reference = mapping_at(item.manifest, "spec", "workloadRef")
        if text_at(reference, "scaleDown") in ("onsuccess", "progressively"):
            found[_referenced(item, reference)] = f"scaled down by {item.key}"
    return found


def _running_once(cluster: ClusterSet, item: CostObject) -> Pods:
    spec = mapping_at(item.manifest, "spec")
    duration = cluster.assumptions.job_hours(str(item.key))
    is_scheduled = item.key.group_kind == CRON_JOB
    job = mapping_at(spec, "jobTemplate", "spec") if is_scheduled else spec
    pods = job_pods(job)
    template, count = _template(job), Span.of(Decimal(pods))
    if flag_at(spec, "suspend") or flag_at(job, "suspend"):
        return Pods(spec=template, count=Span(), zero="suspend: true")
    if not pods:
        return Pods(spec=template, count=Span(), zero="parallelism or completions: 0")
    if duration is None:
        return Pods(spec=template, count=count, hours=None)
    hours = ratio(monthly_hours(spec, duration) if is_scheduled else duration)
    runs = f"by the schedule {text_at(spec, 'schedule')!r}" if is_scheduled else "once"
    minutes = plain(ratio(duration * 60).quantize(Decimal("0.01")))
    return Pods(spec=template, count=count, hours=hours, notes=(f"runs {runs}, {minutes} min each (assumed)",))


def _on_each_node(cluster: ClusterSet, template: Manifest) -> Iterator[Pods]:
    """Yield the pods of a DaemonSet, those on nodes of one price together."""
    counted = [pool for pool in cluster.inventory.nodes if pool.count is not None]
    if not counted:
        yield Pods(spec=template, unpriced="nodes unknown: name them with their count in the inventory")
        return
    if len(counted) < len(cluster.inventory.nodes):
        names = ", ".join(pool.name or "a pool" for pool in cluster.inventory.nodes if pool.count is None)
        yield Pods(spec=template, unpriced=f"nodes unknown: {names} without a count")
    groups: dict[tuple[bool, str], int] = {}
    for pool in counted:
        if pool.count and pool.runs_daemon(template):
            labels = dict(pool.labels)
            spot = is_spot({"nodeSelector": labels}, cluster.assumptions.spot)
            key = (spot, instance_class(labels))
            groups[key] = groups.get(key, 0) + pool.count
    total = sum(pool.count or 0 for pool in counted)
    if not groups:
        yield Pods(spec=template, count=Span(), zero=f"it fits on none of {total} nodes")
    for (spot, name), number in sorted(groups.items()):
        note = f"on {number} of {total} nodes"
        yield Pods(spec=template, count=Span.of(Decimal(number)), notes=(note,), is_spot=spot, instance_class=name)


def embedded_pods(manifest: Manifest) -> bool:
    """Tell whether an object of a kind that is not known holds containers of pods somewhere."""
    waiting = [(manifest, 0)]
    while waiting:
        found, depth = waiting.pop()
        if any("image" in each for each in objects_at(found, "containers")):
            return True
        if depth < 12:
            waiting += [(each, depth + 1) for each in found.values() if isinstance(each, dict)]
            for each in found.values():
                if isinstance(each, list):
                    waiting += [(item, depth + 1) for item in each if isinstance(item, dict)]
    return False
