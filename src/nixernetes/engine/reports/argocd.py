"""How an Application or ApplicationSet of Argo CD stands, by its own status."""

from __future__ import annotations

from nixernetes.engine.reports.flux import FindOrigin
from nixernetes.engine.reports.values import DeliveryRow, ObjectStatus, State
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin

__all__ = ["application_delivery", "set_delivery"]


def application_delivery(cluster: str, item: Manifest, *, objects: bool, origin: FindOrigin) -> DeliveryRow:
    """Return how an Application stands."""
    status = item.get("status") or {}
    sync = (status.get("sync") or {}).get("status", "Unknown")
    health = (status.get("health") or {}).get("status", "Unknown")
    operation = status.get("operationState") or {}
    conditions = status.get("conditions") or []
    errors = [each for each in conditions if each["type"].endswith("Error")]
    return DeliveryRow(
        cluster=cluster,
        key=key_of(item),
        state=_application_state(sync, health, operation, errors=bool(errors)),
        status=f"{sync}/{health}",
        revision=_application_revision(status),
        message=errors[0]["type"] + ": " + errors[0]["message"] if errors else operation.get("message", ""),
        warnings=tuple(
            f"{each['type']}: {each['message']}" for each in conditions if not each["type"].endswith("Error")
        ),
        objects=tuple(
            _resource_status(entry, key_of(item), origin) for entry in (status.get("resources") or []) if objects
        ),
    )


def _application_state(sync: str, health: str, operation: Json, *, errors: bool) -> State:
    if errors or operation.get("phase") in ("Failed", "Error") or health == "Degraded":
        return "failed"
    if sync == "Synced" and health == "Healthy" and operation.get("phase") in (None, "Succeeded"):
        return "ready"
    if sync == "Synced" and health == "Suspended":
        return "suspended"
    return "progressing"


def _application_revision(status: Json) -> str:
    sync = status.get("sync") or {}
    return sync.get("revision") or ", ".join(sync.get("revisions") or [])


def _resource_status(entry: Json, owner: ObjectKey, origin: FindOrigin) -> ObjectStatus:
    key = ObjectKey(entry.get("group", ""), entry["kind"], entry.get("namespace", ""), entry["name"])
    health, came = entry.get("health") or {}, origin(owner, key)
    words = [entry.get("status", ""), health.get("status", "")]
    is_there = not entry.get("requiresPruning") and health.get("status", "Healthy") in ("Healthy", "Suspended")
    return ObjectStatus(
        key=key,
        status="/".join(filter(None, words)),
        message=health.get("message", ""),
        available=is_there,
        came=came or Origin(),
    )


def set_delivery(cluster: str, item: Manifest, *, objects: bool) -> DeliveryRow:
    """Return how an ApplicationSet stands; what it generated are its objects."""
    status = item.get("status") or {}
    conditions = {each["type"]: each for each in status.get("conditions") or []}
    error = conditions.get("ErrorOccurred", {})
    failed = error.get("status") == "True"
    is_done = conditions.get("ParametersGenerated", {}).get("status") == "True" and not failed
    message = f"{error.get('reason')}: {error.get('message')}" if failed else error.get("message", "")
    return DeliveryRow(
        cluster=cluster,
        key=key_of(item),
        state="failed" if failed else "ready" if is_done else "progressing",
        status="Error" if failed else "Generated" if is_done else "Unknown",
        message=message,
        objects=tuple(_generated(entry) for entry in (status.get("resources") or []) if objects),
    )


def _generated(entry: Json) -> ObjectStatus:
    health = (entry.get("health") or {}).get("status", "")
    return ObjectStatus(
        key=ObjectKey(entry["group"], entry["kind"], entry["namespace"], entry["name"]),
        status="/".join(filter(None, (entry.get("status", ""), health))),
        available=health == "Healthy",
    )
