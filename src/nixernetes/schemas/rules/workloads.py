"""Deployments, StatefulSets, DaemonSets, ReplicaSets (``pkg/apis/apps/validation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from nixernetes.objects.fields import at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.selectors import matches
from nixernetes.schemas import names
from nixernetes.schemas.problems import (
    FieldPath,
    Problem,
    ProblemKind,
    TypeRule,
    forbidden,
    invalid,
    required,
    shown,
    unsupported,
)
from nixernetes.schemas.rules.metadata import selector_problems
from nixernetes.schemas.rules.numbers import at_least, at_most_whole, percent_or_number

__all__ = ["RULES"]


def _workload(kind: str) -> TypeRule:
    """Return the rule of the spec of a workload, in the words for its kind."""

    def rule(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
        counted = ("replicas", "minReadySeconds", "progressDeadlineSeconds")
        yield from at_least(value, path, 0, *counted, *(("revisionHistoryLimit",) if kind != "statefulset" else ()))
        deadline, ready = value.get("progressDeadlineSeconds"), value.get("minReadySeconds", 0)
        if isinstance(deadline, int) and isinstance(ready, int) and deadline <= ready:
            yield invalid((*path, "progressDeadlineSeconds"), deadline, "must be greater than minReadySeconds")
        template = mapping_at(value, "template")
        yield from _chosen(value, path, kind)
        if not template:
            yield required((*path, "template", "spec", "containers"))
        policy = text_at(template, "spec", "restartPolicy")
        if policy in ("OnFailure", "Never"):
            yield unsupported((*path, "template", "spec", "restartPolicy"), policy, ("Always",))
        if at(template, "spec", "activeDeadlineSeconds") is not None:
            detail = "activeDeadlineSeconds in ReplicaSet is not Supported"
            yield forbidden((*path, "template", "spec", "activeDeadlineSeconds"), detail)

    return rule


def _chosen(value: Mapping[str, Json], path: FieldPath, kind: str) -> Iterator[Problem]:
    """Yield what is wrong with the selector of a workload, or with the labels of the pods that it has to choose."""
    selector, metadata = mapping_at(value, "selector"), mapping_at(value, "template", "metadata")
    labels, here = mapping_at(metadata, "labels"), (*path, "selector")
    is_empty = not mapping_at(selector, "matchLabels") and not items_at(selector, "matchExpressions")
    if value.get("selector") is not None and is_empty:
        yield invalid(here, selector, f"empty selector is invalid for {_EMPTY.get(kind, kind)}")
        return
    if next(selector_problems(selector, ()), None) is not None:
        if kind in _SAY_SO:
            detail = f": {_SAY_SO[kind]}" if _SAY_SO[kind] else ""
            yield Problem(here, ProblemKind.INVALID, f"Invalid value: {shown(_shown(selector))}{detail}")
        return
    try:
        fits = not is_empty and matches(selector, {name: str(text) for name, text in labels.items()})
    except ValueError:
        return  # said already
    if not fits:
        detail = "`selector` does not match template `labels`"
        given = metadata.get("labels")
        yield invalid((*path, "template", "metadata", "labels"), given, detail)


_EMPTY: Final = {"replicaset": "deployment"}  # a server's own words
_SAY_SO: Final = {"deployment": "invalid label selector", "replicaset": "invalid label selector", "statefulset": ""}


def _shown(selector: Mapping[str, Json]) -> Json:
    """Return a selector as Go writes it."""
    found: Json = {}
    if mapping_at(selector, "matchLabels"):
        found["matchLabels"] = dict(sorted(mapping_at(selector, "matchLabels").items()))
    rows = objects_at(selector, "matchExpressions")
    if rows:
        found["matchExpressions"] = [
            {
                "key": text_at(each, "key"),
                "operator": text_at(each, "operator"),
                **({"values": items_at(each, "values")} if items_at(each, "values") else {}),
            }
            for each in rows
        ]
    return found


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
        told: Json = {"Type": kind, "RollingUpdate": None}
        if at(value, "updateStrategy", "rollingUpdate") is not None:
            told["RollingUpdate"] = {
                "Partition": at(value, "updateStrategy", "rollingUpdate", "partition"),
                "MaxUnavailable": None,
            }
        yield invalid((*path, "updateStrategy"), told, "must be 'RollingUpdate' or 'OnDelete'")
    rolling = mapping_at(value, "updateStrategy", "rollingUpdate")
    yield from at_least(rolling, (*path, "updateStrategy", "rollingUpdate"), 0, "partition")
    yield from at_least(mapping_at(value, "ordinals"), (*path, "ordinals"), 0, "start")
    if kind == "OnDelete" and rolling:
        parts = {"Partition": rolling.get("partition"), "MaxUnavailable": rolling.get("maxUnavailable")}
        detail = "only allowed for updateStrategy 'RollingUpdate'"
        yield invalid((*path, "updateStrategy", "rollingUpdate"), parts, detail)
    name = text_at(value, "serviceName")
    wrong = names.dns_label_problem(name) if name else ""
    if wrong:
        yield invalid((*path, "serviceName"), name, wrong)


def _claims(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield names of claims of which no volume of a pod can be called."""
    for number, each in enumerate(objects_at(value, "volumeClaimTemplates")):
        name, here = text_at(each, "metadata", "name"), (*path, "volumeClaimTemplates", number, "metadata", "name")
        told = (*path, "template", "spec", "volumes", number)
        if not name:
            yield replace(required(here), field=(*told, "name"))
            yield replace(required(here), field=(*told, "persistentVolumeClaim", "claimName"))
        else:
            for wrong in names.dns_label_problems(name):
                yield replace(invalid(here, name, wrong), field=(*told, "name"))


def _strategy(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    rolling = value.get("rollingUpdate")
    if text_at(value, "type") == "Recreate" and rolling is not None:
        detail = "may not be specified when strategy `type` is 'Recreate'"
        yield forbidden((*path, "rollingUpdate"), detail)
    surge, unavailable = (at(value, "rollingUpdate", name) for name in ("maxSurge", "maxUnavailable"))
    kind = value.get("type")
    if kind is not None and kind not in ("Recreate", "RollingUpdate"):
        both = {"MaxUnavailable": unavailable, "MaxSurge": surge} if rolling is not None else None
        yield unsupported(path, {"Type": kind, "RollingUpdate": both}, ("Recreate", "RollingUpdate"))
        return
    yield from at_most_whole(unavailable, (*path, "rollingUpdate", "maxUnavailable"))
    yield from percent_or_number(surge, (*path, "rollingUpdate", "maxSurge"))
    yield from percent_or_number(unavailable, (*path, "rollingUpdate", "maxUnavailable"))
    if surge in (0, "0%") and unavailable in (0, "0%"):
        yield invalid((*path, "rollingUpdate", "maxUnavailable"), unavailable, "may not be 0 when `maxSurge` is 0")


def _daemon_strategy(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what ``ValidateRollingUpdateDaemonSet`` does: one of the two is more than nothing, and only one."""
    kind, told = value.get("type"), mapping_at(value, "rollingUpdate")
    if kind is not None and kind not in ("RollingUpdate", "OnDelete"):
        both = {"MaxUnavailable": told.get("maxUnavailable"), "MaxSurge": told.get("maxSurge")} if told else None
        yield unsupported(path, {"Type": kind, "RollingUpdate": both}, ("RollingUpdate", "OnDelete"))
        return
    if not told or kind == "OnDelete":
        return
    yield from at_most_whole(told.get("maxUnavailable"), (*path, "rollingUpdate", "maxUnavailable"))
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
    "StatefulSetSpec": (_workload("statefulset"), _stateful_set, _claims),
    "DaemonSetSpec": (_workload("daemonset"),),
    "ReplicaSetSpec": (_workload("replicaset"),),
    "DeploymentStrategy": (_strategy,),
    "DaemonSetUpdateStrategy": (_daemon_strategy,),
}
