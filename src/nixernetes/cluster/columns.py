"""The columns in which ``kubectl get``, ``flux get`` and ``argocd app list`` show a kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.gitops.argocd.application_specs import sources_of
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    APP_PROJECT,
    APPLICATION,
    APPLICATION_SET,
    CLUSTER_POLICY_REPORT,
    CONFIG_MAP,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    HORIZONTAL_POD_AUTOSCALER,
    INGRESS,
    JOB,
    NAMESPACE,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    POLICY_REPORT,
    REPLICA_SET,
    SECRET,
    SERVICE,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Columns", "columns_of"]

_NONE: Final = "<none>"
_UNKNOWN: Final = "<unknown>"
Cell = Callable[[Manifest], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of a kind, between its name and its age.

    Attributes:
        heads: their heads.
        cells: what stands in them, of an object.
        wide: how many of them are for wide output alone: the last.
        has_age: whether the age follows.

    """

    heads: tuple[str, ...]
    cells: tuple[Cell, ...]
    wide: int = 0
    has_age: bool = True


def columns_of(kind: GroupKind, printer: Sequence[Json] = ()) -> Columns:
    """Return the columns of a kind.

    Args:
        kind: the kind.
        printer: ``additionalPrinterColumns`` of its definition.

    """
    if kind.group.endswith(".fluxcd.io"):
        return _FLUX
    known = _COLUMNS.get(kind)
    if known is not None:
        return known
    shown = [each for each in printer if text_at(each, "type") != "date" and not number_at(each, "priority")]
    return Columns(
        heads=tuple(text_at(each, "name").upper() for each in shown),
        cells=tuple(_reader(text_at(each, "jsonPath")) for each in shown),
    )


def _reader(path: str) -> Cell:
    """Return what reads a simple JSONPath: fields, and one condition by its type."""
    head, _, rest = path.partition("[?(@.type==")
    names = [name for name in head.split(".") if name]
    if rest:
        wanted, _, after = rest.partition(")]")
        field = after.strip(".")
        return lambda item: next(
            (text_at(each, field) for each in objects_at(item, *names) if text_at(each, "type") == wanted.strip("\"'")),
            "",
        )
    return lambda item: _text(at(item, *names))


def _text(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def _condition(item: Manifest, kind: str, field: str) -> str:
    found = next((each for each in objects_at(item, "status", "conditions") if text_at(each, "type") == kind), {})
    return text_at(found, field)


def _number(*path: str) -> Cell:
    return lambda item: str(number_at(item, *path))


def _string(*path: str, default: str = "") -> Cell:
    return lambda item: text_at(item, *path) or default


def _of_wanted(ready: str, wanted: Sequence[str]) -> Cell:
    return lambda item: f"{number_at(item, 'status', ready)}/{number_at(item, *wanted, default=1)}"


def _revision(item: Manifest) -> str:
    applied = text_at(item, "status", "lastAppliedRevision") or text_at(item, "status", "artifact", "revision")
    release = next(iter(objects_at(item, "status", "history")), {})
    return applied or text_at(release, "chartVersion")


def _containers(field: str) -> Cell:
    return lambda item: ",".join(
        text_at(each, field) for each in objects_at(item, "spec", "template", "spec", "containers")
    )


def _selector(item: Manifest) -> str:
    labels = mapping_at(item, "spec", "selector", "matchLabels")
    return ",".join(f"{name}={_text(value)}" for name, value in sorted(labels.items())) or _NONE


def _data(item: Manifest) -> str:
    return str(len(mapping_at(item, "data")) + len(mapping_at(item, "binaryData")))


def _ports(item: Manifest) -> str:
    return ",".join(
        f"{_text(at(port, 'port'))}/{text_at(port, 'protocol') or 'TCP'}" for port in objects_at(item, "spec", "ports")
    )


def _pod_ready(item: Manifest) -> str:
    statuses = objects_at(item, "status", "containerStatuses")
    wanted = len(objects_at(item, "spec", "containers"))
    return f"{sum(flag_at(each, 'ready') for each in statuses)}/{wanted}"


def _pod_status(item: Manifest) -> str:
    """Return the phase, or the reason for which a container waits: what kubectl shows."""
    if at(item, "metadata", "deletionTimestamp"):
        return "Terminating"
    for each in objects_at(item, "status", "containerStatuses"):
        reason = text_at(each, "state", "waiting", "reason") or text_at(each, "state", "terminated", "reason")
        if reason:
            return reason
    return text_at(item, "status", "reason") or text_at(item, "status", "phase") or _UNKNOWN


def _restarts(item: Manifest) -> str:
    return str(sum(number_at(each, "restartCount") for each in objects_at(item, "status", "containerStatuses")))


def _job_status(item: Manifest) -> str:
    for kind, word in (("Complete", "Complete"), ("Failed", "Failed"), ("Suspended", "Suspended")):
        if _condition(item, kind, "status") == "True":
            return word
    return "Running"


def _completions(item: Manifest) -> str:
    return f"{number_at(item, 'status', 'succeeded')}/{number_at(item, 'spec', 'completions', default=1)}"


def _hosts(item: Manifest) -> str:
    return ",".join(text_at(rule, "host") or "*" for rule in objects_at(item, "spec", "rules")) or "*"


def _reference(item: Manifest) -> str:
    target = mapping_at(item, "spec", "scaleTargetRef")
    return f"{text_at(target, 'kind')}/{text_at(target, 'name')}"


def _policy(item: Manifest) -> str:
    """Return the sync policy as ``argocd app list`` writes it."""
    automated = at(item, "spec", "syncPolicy", "automated")
    if not isinstance(automated, dict) or automated.get("enabled") is False:
        return "Manual"
    return "Auto-Prune" if flag_at(automated, "prune") else "Auto"


def _conditions(item: Manifest) -> str:
    kinds = [text_at(each, "type") for each in objects_at(item, "status", "conditions")]
    return ",".join(kind for kind in kinds if kind.endswith(("Error", "Warning"))) or _NONE


def _source(*path: str) -> Cell:
    def read(item: Manifest) -> str:
        return ",".join(_text(at(each, *path)) for each in sources_of(mapping_at(item, "spec")))

    return read


def _destination(item: Manifest) -> str:
    place = mapping_at(item, "spec", "destination")
    server = text_at(place, "name") or text_at(place, "server")
    return f"{server}/{text_at(place, 'namespace')}".rstrip("/")


def _texts(*path: str) -> Cell:
    return lambda item: ",".join(map(_text, items_at(item, *path))) or _NONE


def _destinations(item: Manifest) -> str:
    places = objects_at(item, "spec", "destinations")
    shown = [f"{text_at(each, 'server') or text_at(each, 'name')},{text_at(each, 'namespace')}" for each in places]
    return ";".join(shown) or _NONE


_FLUX: Final = Columns(
    heads=("REVISION", "SUSPENDED", "READY", "MESSAGE"),
    cells=(
        _revision,
        lambda item: str(flag_at(item, "spec", "suspend")),
        lambda item: _condition(item, "Ready", "status") or "Unknown",
        lambda item: _condition(item, "Ready", "message"),
    ),
    has_age=False,
)
_WORKLOAD_WIDE: Final = (_containers("name"), _containers("image"), _selector)
_REPORT: Final = Columns(  # as the definitions of the policy working group have them
    heads=("KIND", "NAME", "PASS", "FAIL", "WARN", "ERROR", "SKIP"),
    cells=(
        _string("scope", "kind"),
        _string("scope", "name"),
        *(_number("summary", each) for each in ("pass", "fail", "warn", "error", "skip")),
    ),
)

_COLUMNS: Final[dict[GroupKind, Columns]] = {
    POLICY_REPORT: _REPORT,
    CLUSTER_POLICY_REPORT: _REPORT,
    APPLICATION: Columns(
        heads=("PROJECT", "STATUS", "HEALTH", "SYNCPOLICY", "CONDITIONS", "DESTINATION", "REPO", "PATH", "TARGET"),
        cells=(
            _string("spec", "project", default="default"),
            _string("status", "sync", "status", default="Unknown"),
            _string("status", "health", "status", default="Unknown"),
            _policy,
            _conditions,
            _destination,
            _source("repoURL"),
            _source("path"),
            _source("targetRevision"),
        ),
        wide=4,
        has_age=False,
    ),
    APPLICATION_SET: Columns(
        heads=("PROJECT", "APPLICATIONS", "MESSAGE"),
        cells=(
            _string("spec", "template", "spec", "project", default="default"),
            lambda item: str(len(objects_at(item, "status", "resources"))),
            lambda item: _condition(item, "ErrorOccurred", "message"),
        ),
        has_age=False,
    ),
    APP_PROJECT: Columns(
        heads=("DESCRIPTION", "DESTINATIONS", "SOURCES"),
        cells=(_string("spec", "description"), _destinations, _texts("spec", "sourceRepos")),
        has_age=False,
    ),
    DEPLOYMENT: Columns(
        heads=("READY", "UP-TO-DATE", "AVAILABLE", "CONTAINERS", "IMAGES", "SELECTOR"),
        cells=(
            _of_wanted("readyReplicas", ("spec", "replicas")),
            _number("status", "updatedReplicas"),
            _number("status", "availableReplicas"),
            *_WORKLOAD_WIDE,
        ),
        wide=3,
    ),
    STATEFUL_SET: Columns(
        heads=("READY", "CONTAINERS", "IMAGES"),
        cells=(_of_wanted("readyReplicas", ("spec", "replicas")), *_WORKLOAD_WIDE[:2]),
        wide=2,
    ),
    DAEMON_SET: Columns(
        heads=("DESIRED", "CURRENT", "READY", "UP-TO-DATE", "AVAILABLE"),
        cells=(
            _number("status", "desiredNumberScheduled"),
            _number("status", "currentNumberScheduled"),
            _number("status", "numberReady"),
            _number("status", "updatedNumberScheduled"),
            _number("status", "numberAvailable"),
        ),
    ),
    REPLICA_SET: Columns(
        heads=("DESIRED", "CURRENT", "READY"),
        cells=(_number("spec", "replicas"), _number("status", "replicas"), _number("status", "readyReplicas")),
    ),
    POD: Columns(heads=("READY", "STATUS", "RESTARTS"), cells=(_pod_ready, _pod_status, _restarts)),
    JOB: Columns(heads=("STATUS", "COMPLETIONS"), cells=(_job_status, _completions)),
    CRON_JOB: Columns(
        heads=("SCHEDULE", "SUSPEND", "ACTIVE"),
        cells=(
            _string("spec", "schedule"),
            lambda item: str(flag_at(item, "spec", "suspend")),
            lambda item: str(len(items_at(item, "status", "active"))),
        ),
    ),
    SERVICE: Columns(
        heads=("TYPE", "CLUSTER-IP", "PORT(S)"),
        cells=(
            _string("spec", "type", default="ClusterIP"),
            _string("spec", "clusterIP", default=_NONE),
            lambda item: _ports(item) or _NONE,
        ),
    ),
    CONFIG_MAP: Columns(heads=("DATA",), cells=(_data,)),
    SECRET: Columns(heads=("TYPE", "DATA"), cells=(_string("type", default="Opaque"), _data)),
    NAMESPACE: Columns(heads=("STATUS",), cells=(_string("status", "phase", default="Active"),)),
    PERSISTENT_VOLUME_CLAIM: Columns(
        heads=("STATUS", "CAPACITY", "STORAGECLASS"),
        cells=(
            _string("status", "phase"),
            lambda item: _text(at(item, "spec", "resources", "requests", "storage")),
            _string("spec", "storageClassName"),
        ),
    ),
    INGRESS: Columns(heads=("CLASS", "HOSTS"), cells=(_string("spec", "ingressClassName", default=_NONE), _hosts)),
    HORIZONTAL_POD_AUTOSCALER: Columns(
        heads=("REFERENCE", "MINPODS", "MAXPODS", "REPLICAS"),
        cells=(
            _reference,
            lambda item: str(number_at(item, "spec", "minReplicas", default=1)),
            _number("spec", "maxReplicas"),
            _number("status", "currentReplicas"),
        ),
    ),
}
