"""Controllers of pods, and what scales and protects them."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.tables.ages import human, parsed
from nixernetes.cluster.tables.rows.parts import NONE, UNSET, Ages, Cells, containers, created, labels, selector
from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["WORKLOADS"]

_TEMPLATE: Final = ("spec", "template", "spec")
_UNKNOWN: Final = "<unknown>"
_MOST_METRICS: Final = 2


def _pod_template(item: Manifest, ages: Ages) -> list[Json]:
    del ages
    return [*containers(item, "template", "spec"), labels(mapping_at(item, "template", "metadata", "labels"))]


def _replicas(item: Manifest) -> list[Json]:
    ready = number_at(item, "status", "readyReplicas")
    return [number_at(item, "spec", "replicas"), number_at(item, "status", "replicas"), ready]


def _replica_set(item: Manifest, ages: Ages) -> list[Json]:
    return [*_replicas(item), created(item, ages), *containers(item, *_TEMPLATE), selector(item, "spec", "selector")]


def _replication_controller(item: Manifest, ages: Ages) -> list[Json]:
    chosen = labels(mapping_at(item, "spec", "selector"))
    return [*_replicas(item), created(item, ages), *containers(item, *_TEMPLATE), chosen]


def _of_wanted(item: Manifest) -> str:
    return f"{number_at(item, 'status', 'readyReplicas')}/{number_at(item, 'spec', 'replicas')}"


def _deployment(item: Manifest, ages: Ages) -> list[Json]:
    return [
        _of_wanted(item),
        number_at(item, "status", "updatedReplicas"),
        number_at(item, "status", "availableReplicas"),
        created(item, ages),
        *containers(item, *_TEMPLATE),
        selector(item, "spec", "selector"),
    ]


def _stateful_set(item: Manifest, ages: Ages) -> list[Json]:
    return [_of_wanted(item), created(item, ages), *containers(item, *_TEMPLATE)]


def _daemon_set(item: Manifest, ages: Ages) -> list[Json]:
    placed = ("desiredNumberScheduled", "currentNumberScheduled", "numberReady")
    counts = (*placed, "updatedNumberScheduled", "numberAvailable")
    return [
        *(number_at(item, "status", name) for name in counts),
        labels(mapping_at(item, *_TEMPLATE, "nodeSelector")),
        created(item, ages),
        *containers(item, *_TEMPLATE),
        selector(item, "spec", "selector"),
    ]


def _job(item: Manifest, ages: Ages) -> list[Json]:
    done, wanted = number_at(item, "status", "succeeded"), at(item, "spec", "completions")
    at_once = number_at(item, "spec", "parallelism")
    completions = f"{done}/{wanted}" if wanted is not None else f"{done}/1" + (f" of {at_once}" if at_once > 1 else "")
    start, end = (at(item, "status", name) for name in ("startTime", "completionTime"))
    first, last = parsed(start), parsed(end)
    took = ""
    if first is not None:
        took = human(last - first) if last is not None else ages(start)
    return [
        _job_status(item),
        completions,
        took,
        created(item, ages),
        *containers(item, *_TEMPLATE),
        selector(item, "spec", "selector"),
    ]


def _job_status(item: Manifest) -> str:
    """Return the word for how a Job stands."""
    held = {text_at(each, "type") for each in objects_at(item, "status", "conditions") if each["status"] == "True"}
    for kind, word in (("Complete", "Complete"), ("Failed", "Failed")):
        if kind in held:
            return word
    if at(item, "metadata", "deletionTimestamp"):
        return "Terminating"
    words = ("Suspended", "FailureTarget", "SuccessCriteriaMet")
    return next((word for word in words if word in held), "Running")


def _cron_job(item: Manifest, ages: Ages) -> list[Json]:
    last = at(item, "status", "lastScheduleTime")
    job = ("spec", "jobTemplate", "spec")
    suspended = at(item, "spec", "suspend")
    return [
        text_at(item, "spec", "schedule"),
        text_at(item, "spec", "timeZone") or NONE,
        UNSET if suspended is None else str(bool(suspended)),
        len(items_at(item, "status", "active")),
        ages(last) if last else NONE,
        created(item, ages),
        *containers(item, *job, "template", "spec"),
        selector(item, *job, "selector"),
    ]


def _disruption_budget(item: Manifest, ages: Ages) -> list[Json]:
    told = (at(item, "spec", name) for name in ("minAvailable", "maxUnavailable"))
    bounds = ("N/A" if value is None else str(value) for value in told)
    return [*bounds, number_at(item, "status", "disruptionsAllowed"), created(item, ages)]


def _controller_revision(item: Manifest, ages: Ages) -> list[Json]:
    owners = objects_at(item, "metadata", "ownerReferences")
    owner = next((each for each in owners if flag_at(each, "controller")), None)
    name = NONE
    if owner is not None:
        group = text_at(owner, "apiVersion").rpartition("/")[0]
        kind = ".".join(part for part in (text_at(owner, "kind").lower(), group) if part)
        name = f"{kind}/{text_at(owner, 'name')}"
    return [name, number_at(item, "revision"), created(item, ages)]


def _scale(item: Manifest, ages: Ages) -> list[Json]:
    return [number_at(item, "spec", "replicas"), number_at(item, "status", "replicas"), created(item, ages)]


def _autoscaler(item: Manifest, ages: Ages) -> list[Json]:
    target, least = mapping_at(item, "spec", "scaleTargetRef"), at(item, "spec", "minReplicas")
    return [
        f"{text_at(target, 'kind')}/{text_at(target, 'name')}",
        _metrics(objects_at(item, "spec", "metrics"), objects_at(item, "status", "currentMetrics")),
        UNSET if least is None else str(least),
        number_at(item, "spec", "maxReplicas"),
        number_at(item, "status", "currentReplicas"),
        created(item, ages),
    ]


def _metrics(specs: list[Manifest], statuses: list[Manifest]) -> str:
    if not specs:
        return NONE
    found = [_metric(spec, statuses[at] if at < len(statuses) else {}) for at, spec in enumerate(specs)]
    told = ", ".join(found[:_MOST_METRICS])
    return f"{told} + {len(found) - _MOST_METRICS} more..." if len(found) > _MOST_METRICS else told


def _metric(spec: Manifest, status: Manifest) -> str:
    kind = text_at(spec, "type")
    part = kind[:1].lower() + kind[1:]
    wanted, now = mapping_at(spec, part, "target"), mapping_at(status, part, "current")
    average = _amount(wanted.get("averageValue"))
    match kind:
        case "External" | "Object":
            if average:
                return f"{_amount(now.get('averageValue')) or _UNKNOWN}/{average} (avg)"
            current = (_amount(now.get("value")) or "0") if mapping_at(status, part) else _UNKNOWN
            return f"{current}/{_amount(wanted.get('value'))}"
        case "Pods":
            current = (_amount(now.get("averageValue")) or "0") if mapping_at(status, part) else _UNKNOWN
            return f"{current}/{average}"
        case "Resource" | "ContainerResource":
            name = text_at(spec, part, "name")
            if average:
                current = (_amount(now.get("averageValue")) or "0") if mapping_at(status, part) else _UNKNOWN
                return f"{name}: {current}/{average}"
            used, target = now.get("averageUtilization"), wanted.get("averageUtilization")
            told = _UNKNOWN if used is None else f"{used}%"
            return f"{name}: {told}/{'<auto>' if target is None else f'{target}%'}"
    return "<unknown type>"


def _amount(value: Json) -> str:
    """Return a quantity in its canonical form; ``""`` for none."""
    if value is None:
        return ""
    try:
        return str(quantities.parse(str(value)))
    except InputError:
        return str(value)


WORKLOADS: Final[dict[str, Cells]] = {
    "PodTemplate": _pod_template,
    "ReplicationController": _replication_controller,
    "ReplicaSet.apps": _replica_set,
    "Deployment.apps": _deployment,
    "StatefulSet.apps": _stateful_set,
    "DaemonSet.apps": _daemon_set,
    "ControllerRevision.apps": _controller_revision,
    "Job.batch": _job,
    "CronJob.batch": _cron_job,
    "PodDisruptionBudget.policy": _disruption_budget,
    "HorizontalPodAutoscaler.autoscaling": _autoscaler,
    "Scale.autoscaling": _scale,
}
"""The cells of each kind, by kind and group."""
