"""How an Application or ApplicationSet of Argo CD stands, by its own status."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.cluster.api import Reader
from nixernetes.engine.argocd.statuses import ApplicationStatus, OperationState
from nixernetes.engine.reports.flux import FindOrigin
from nixernetes.engine.reports.values import DeliveryRow, ObjectStatus, State
from nixernetes.health.conditions import condition, conditions
from nixernetes.objects.api_groups import APIEXTENSIONS, APIREGISTRATION, NETWORKING
from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin

__all__ = ["application_delivery", "set_delivery"]

# Where a controller is simulated, or runs: those of Kubernetes, Flux and Argo CD.
_SERVED_GROUPS: Final = (
    *("", "apps", "autoscaling", "batch", "extensions", "policy"),
    *(APIEXTENSIONS, APIREGISTRATION, NETWORKING),
)
_SERVED_KINDS: Final = (APPLICATION, APPLICATION_SET)


def application_delivery(cluster: str, item: Manifest, *, objects: bool, origin: FindOrigin) -> DeliveryRow:
    """Return how an Application stands."""
    status, operation, key = ApplicationStatus.of(item), OperationState.of(item), key_of(item)
    said = [(each.type.endswith("Error"), f"{each.type}: {each.message}") for each in conditions(item)]
    errors = [text for is_error, text in said if is_error]
    return DeliveryRow(
        cluster=cluster,
        key=key,
        state="failed" if errors else _application_state(status, operation),
        status=f"{status.sync or 'Unknown'}/{status.health or 'Unknown'}",
        revision=", ".join(status.revisions),
        message=errors[0] if errors else operation.message,
        warnings=(*(text for is_error, text in said if not is_error), *_unwritten(status)),
        objects=tuple(_resource_status(entry, key, origin) for entry in status.resources if objects),
        hooks=tuple(_waited_for(operation)) if objects and operation.is_running else (),
    )


def _waited_for(operation: OperationState) -> Iterator[ObjectKey]:
    """Yield the hooks that run."""
    for entry in objects_at(operation.result, "resources"):
        if text_at(entry, "hookType") and text_at(entry, "hookPhase") == "Running":
            yield _key(entry)


def _application_state(status: ApplicationStatus, operation: OperationState) -> State:
    if operation.phase in ("Failed", "Error") or status.health == "Degraded":
        return "failed"
    if status.sync == "Synced" and status.health == "Healthy" and operation.phase in ("", "Succeeded"):
        return "ready"
    if status.sync == "Synced" and status.health == "Suspended":
        return "suspended"
    return "progressing"


def _unwritten(status: ApplicationStatus) -> list[str]:
    """Return a line about the kinds that are waited for, and that nothing in an embedded cluster looks after."""
    waits = [_key(entry) for entry in status.resources if _health(entry) in ("Progressing", "Unknown")]
    kinds = sorted({key.kind for key in waits if not _is_served(key.group_kind)})
    return [f"nothing writes the status of {', '.join(kinds)}: embedded clusters run no operators"] if kinds else []


def _is_served(kind: GroupKind) -> bool:
    return kind in _SERVED_KINDS or kind.group in _SERVED_GROUPS or kind.group.endswith(".fluxcd.io")


def _resource_status(entry: Json, owner: ObjectKey, origin: FindOrigin) -> ObjectStatus:
    key, health, is_hook = _key(entry), text_at(entry, "health", "status"), flag_at(entry, "hook")
    return ObjectStatus(
        key=key,
        status=_words(entry) or ("hook" if is_hook else ""),
        message=text_at(entry, "health", "message"),
        available=(is_hook or not flag_at(entry, "requiresPruning")) and health in ("", "Healthy", "Suspended"),
        came=origin(owner, key) or Origin(),
    )


def set_delivery(cluster: str, api: Reader, item: Manifest, *, objects: bool) -> DeliveryRow:
    """Return how an ApplicationSet stands; what it generated are its objects, as they stand themselves."""
    error = condition(item, "ErrorOccurred")
    is_done = condition(item, "ParametersGenerated").is_true
    return DeliveryRow(
        cluster=cluster,
        key=key_of(item),
        state="failed" if error.is_true else "ready" if is_done else "progressing",
        status="Error" if error.is_true else "Generated" if is_done else "Unknown",
        message=f"{error.reason}: {error.message}" if error.is_true else error.message,
        objects=tuple(_generated(api, entry) for entry in objects_at(item, "status", "resources") if objects),
    )


def _generated(api: Reader, entry: Json) -> ObjectStatus:
    live = api.get(_key(entry))
    if live is None or group_kind(live) != APPLICATION:
        return ObjectStatus(key=_key(entry), status=_words(entry), available=_health(entry) == "Healthy")
    found = ApplicationStatus.of(live)
    words = "/".join(filter(None, (found.sync, found.health)))
    return ObjectStatus(key=_key(entry), status=words, available=found.health == "Healthy")


def _health(entry: Json) -> str:
    return text_at(entry, "health", "status")


def _key(entry: Json) -> ObjectKey:
    return ObjectKey(*(text_at(entry, part) for part in ("group", "kind", "namespace", "name")))


def _words(entry: Json) -> str:
    return "/".join(filter(None, (text_at(entry, "status"), text_at(entry, "health", "status"))))
