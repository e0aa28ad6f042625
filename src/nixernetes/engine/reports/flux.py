"""How a Kustomization, a HelmRelease or a source of Flux stands, by its own status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from nixernetes.cluster.api import Reader
from nixernetes.engine.flux.applying import inventory
from nixernetes.engine.reports.values import DeliveryRow, ObjectStatus, State
from nixernetes.health import kstatus
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin

__all__ = ["FindOrigin", "flux_delivery"]

FindOrigin: TypeAlias = Callable[[ObjectKey, ObjectKey], Origin | None]  # of (delivery, object)


def flux_delivery(cluster: str, api: Reader, item: Manifest, *, objects: bool, origin: FindOrigin) -> DeliveryRow:
    """Return how an object of Flux stands."""
    status, spec = item.get("status") or {}, item.get("spec")
    spec = spec if isinstance(spec, dict) else {}  # what is wrong with it stands in the status
    conditions = {condition["type"]: condition for condition in status.get("conditions") or []}
    ready = conditions.get("Ready", {})
    word = ready.get("status", "Unknown")
    entries = (status.get("inventory") or {}).get("entries") or [] if objects else []
    return DeliveryRow(
        cluster=cluster,
        key=key_of(item),
        state=_flux_state(item, spec, conditions),
        status=word,
        revision=_flux_revision(status),
        message=ready.get("message", "") or ("static: read when a HelmChart needs it" if _is_static(item) else ""),
        objects=tuple(
            _inventory_status(api, inventory.parse_id(entry["id"]), key_of(item), origin) for entry in entries
        ),
    )


def _is_static(item: Manifest) -> bool:
    spec = item.get("spec")
    return item["kind"] == "HelmRepository" and isinstance(spec, dict) and spec.get("type") == "oci"


def _flux_state(item: Manifest, spec: Json, conditions: Mapping[str, Json]) -> State:
    word = conditions.get("Ready", {}).get("status", "Unknown")
    if spec.get("suspend"):
        return "suspended"
    if _is_static(item):
        return "ready"
    generation = item["metadata"].get("generation", 1)
    if word == "True" and (item.get("status") or {}).get("observedGeneration", generation) == generation:
        return "ready"
    return "failed" if word == "False" else "progressing"


def _flux_revision(status: Json) -> str:
    if status.get("lastAppliedRevision"):
        return str(status["lastAppliedRevision"])
    history = status.get("history") or []
    if history and "chartVersion" in history[0]:
        return f"{history[0]['chartName']}@{history[0]['chartVersion']}"
    return str((status.get("artifact") or {}).get("revision", ""))


def _inventory_status(api: Reader, key: ObjectKey, owner: ObjectKey, origin: FindOrigin) -> ObjectStatus:
    live, came = api.get(key), origin(owner, key) or Origin()
    if live is None:
        return ObjectStatus(key=key, status="NotFound", available=False, came=came)
    found = kstatus.compute(live)
    return ObjectStatus(
        key=key,
        status=str(found.status),
        message=found.message,
        available=str(found.status) == "Current",
        came=came,
    )
