"""Deployments, StatefulSets, DaemonSets, ReplicaSets (``pkg/apis/apps/validation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import at, items_at, mapping_at, number_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, TypeRule, forbidden, invalid, required, unsupported
from nixernetes.schemas.rules.numbers import at_least, percent_or_number

__all__ = ["RULES"]


def _workload(kind: str) -> TypeRule:
    """Return the rule of the spec of a workload, in the words for its kind."""

    def rule(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
        yield from at_least(
            value, path, 0, "replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"
        )
        yield from _deadline(value, path)
        selector, template = mapping_at(value, "selector"), mapping_at(value, "template")
        labels = mapping_at(template, "metadata", "labels")
        wanted = mapping_at(selector, "matchLabels")
        is_empty = not wanted and not items_at(selector, "matchExpressions")
        if value.get("selector") is not None and is_empty:
            yield invalid((*path, "selector"), selector, f"empty selector is invalid for {kind}")
        elif is_empty or any(labels.get(key) != text for key, text in wanted.items()):
            detail = "`selector` does not match template `labels`"
            yield invalid((*path, "template", "metadata", "labels"), labels or None, detail)
        if not template:
            yield required((*path, "template", "spec", "containers"))
        policy = text_at(template, "spec", "restartPolicy")
        if policy in ("OnFailure", "Never"):
            yield unsupported((*path, "template", "spec", "restartPolicy"), policy, ("Always",))
        if at(template, "spec", "activeDeadlineSeconds") is not None:
            detail = "activeDeadlineSeconds in ReplicaSet is not Supported"
            yield forbidden((*path, "template", "spec", "activeDeadlineSeconds"), detail)

    return rule


def _deadline(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield a deadline of a Deployment that ends before its pods may be ready."""
    deadline = value.get("progressDeadlineSeconds")
    if isinstance(deadline, int) and 0 <= deadline <= number_at(value, "minReadySeconds"):
        yield invalid((*path, "progressDeadlineSeconds"), deadline, "must be greater than minReadySeconds")


def _replication_controller(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what ``ValidateReplicationControllerSpec`` does, whose selector is plain labels."""
    yield from at_least(value, path, 0, "replicas", "minReadySeconds")
    selector, template = mapping_at(value, "selector"), mapping_at(value, "template")
    labels = mapping_at(template, "metadata", "labels")
    if not selector and not labels:  # the labels are the selector by default
        yield required((*path, "selector"))
    if not template:
        yield required((*path, "template"))
        return
    if any(labels.get(key) != text for key, text in selector.items()):
        detail = "`selector` does not match template `labels`"
        yield invalid((*path, "template", "metadata", "labels"), labels or None, detail)
    policy = text_at(template, "spec", "restartPolicy")
    if policy in ("OnFailure", "Never"):
        yield unsupported((*path, "template", "spec", "restartPolicy"), policy, ("Always",))
    if at(template, "spec", "activeDeadlineSeconds") is not None:
        detail = "activeDeadlineSeconds in ReplicationController is not Supported"
        yield forbidden((*path, "template", "spec", "activeDeadlineSeconds"), detail)


def _stateful_set(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    policy, kind = text_at(value, "podManagementPolicy"), text_at(value, "updateStrategy", "type")
    if policy not in ("", "OrderedReady", "Parallel"):
        yield invalid((*path, "podManagementPolicy"), policy, "must be 'OrderedReady' or 'Parallel'")
    if kind not in ("", "RollingUpdate", "OnDelete"):
        shown = {"Type": kind, "RollingUpdate": at(value, "updateStrategy", "rollingUpdate")}
        yield invalid((*path, "updateStrategy"), shown, "must be 'RollingUpdate' or 'OnDelete'")
    rolling = mapping_at(value, "updateStrategy", "rollingUpdate")
    if kind == "OnDelete" and rolling:
        shown = {"Partition": rolling.get("partition"), "MaxUnavailable": rolling.get("maxUnavailable")}
        detail = "only allowed for updateStrategy 'RollingUpdate'"
        yield invalid((*path, "updateStrategy", "rollingUpdate"), shown, detail)
    name = text_at(value, "serviceName")
    wrong = names.dns_label_problem(name) if name else ""
    if wrong:
        yield invalid((*path, "serviceName"), name, wrong)


def _strategy(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    rolling = value.get("rollingUpdate")
    if text_at(value, "type") == "Recreate" and rolling is not None:
        detail = "may not be specified when strategy `type` is 'Recreate'"
        yield forbidden((*path, "rollingUpdate"), detail)
    surge, unavailable = (at(value, "rollingUpdate", name) for name in ("maxSurge", "maxUnavailable"))
    yield from percent_or_number(surge, (*path, "rollingUpdate", "maxSurge"))
    yield from percent_or_number(unavailable, (*path, "rollingUpdate", "maxUnavailable"))
    if surge in (0, "0%") and unavailable in (0, "0%"):
        yield invalid((*path, "rollingUpdate", "maxUnavailable"), unavailable, "may not be 0 when `maxSurge` is 0")


def _daemon_strategy(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what ``ValidateRollingUpdateDaemonSet`` does: one of the two is more than nothing, and only one."""
    if value.get("rollingUpdate") is None or text_at(value, "type") == "OnDelete":
        return
    here, rolling = (*path, "rollingUpdate"), mapping_at(value, "rollingUpdate")
    surge, unavailable = rolling.get("maxSurge", 0), rolling.get("maxUnavailable", 1)
    yield from percent_or_number(unavailable, (*here, "maxUnavailable"))
    yield from percent_or_number(surge, (*here, "maxSurge"))
    none = (0, "0%")
    if surge not in none and unavailable not in none:
        yield invalid((*here, "maxSurge"), surge, "may not be set when maxUnavailable is non-zero")
    if surge in none and unavailable in none:
        yield required((*here, "maxUnavailable"), "cannot be 0 when maxSurge is 0")


def _counts(*names: str, above: tuple[str, ...]) -> TypeRule:
    """Return the rule of a status: no count is negative, and some are no greater than that of all replicas."""

    def rule(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
        yield from at_least(value, path, 0, *names)
        total = number_at(dict(value), "replicas")
        for name in above:
            number = number_at(dict(value), name)
            if number > total:
                yield invalid((*path, name), number, "cannot be greater than status.replicas")
        ready, available = (number_at(dict(value), name) for name in ("readyReplicas", "availableReplicas"))
        if "availableReplicas" in above and available > ready:
            whose = "status.readyReplicas" if "currentReplicas" in above else "readyReplicas"
            yield invalid((*path, "availableReplicas"), available, f"cannot be greater than {whose}")

    return rule


_OF_DEPLOYMENTS: Final = (
    *("observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas"),
    *("unavailableReplicas", "terminatingReplicas", "collisionCount"),
)
_OF_SETS: Final = (
    *("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"),
    "terminatingReplicas",
)
_OF_STATEFUL_SETS: Final = (
    *("replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"),
    *("observedGeneration", "collisionCount"),
)
_OF_DAEMON_SETS: Final = (
    *("currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady", "observedGeneration"),
    *("updatedNumberScheduled", "numberAvailable", "numberUnavailable", "collisionCount"),
)
RULES: Final = {
    "DeploymentStatus": (_counts(*_OF_DEPLOYMENTS, above=("updatedReplicas", "readyReplicas", "availableReplicas")),),
    "ReplicaSetStatus": (_counts(*_OF_SETS, above=("fullyLabeledReplicas", "readyReplicas", "availableReplicas")),),
    "StatefulSetStatus": (
        _counts(*_OF_STATEFUL_SETS, above=("readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas")),
    ),
    "DaemonSetStatus": (_counts(*_OF_DAEMON_SETS, above=()),),
    "DeploymentSpec": (_workload("deployment"),),
    "ReplicationControllerSpec": (_replication_controller,),
    "StatefulSetSpec": (_workload("statefulset"), _stateful_set),
    "DaemonSetSpec": (_workload("daemonset"),),
    "ReplicaSetSpec": (_workload("replicaset"),),
    "DeploymentStrategy": (_strategy,),
    "DaemonSetUpdateStrategy": (_daemon_strategy,),
}
