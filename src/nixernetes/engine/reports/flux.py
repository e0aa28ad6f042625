"""How a Kustomization, a HelmRelease or a source of Flux stands, by its own status."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from nixernetes.cluster.api import Reader
from nixernetes.engine.flux.applying import inventory
from nixernetes.engine.reports.values import DeliveryRow, ObjectStatus, State
from nixernetes.health import kstatus
from nixernetes.health.conditions import Condition, condition
from nixernetes.objects.fields import flag_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin

__all__ = ["FindOrigin", "flux_delivery"]

FindOrigin: TypeAlias = Callable[[ObjectKey, ObjectKey], Origin | None]  # of (delivery, object)


def flux_delivery(cluster: str, api: Reader, item: Manifest, *, objects: bool, origin: FindOrigin) -> DeliveryRow:
    """Return how an object of Flux stands."""
    ready, key = condition(item, "Ready"), key_of(item)
    delivered = inventory.keys(mapping_at(item, "status")) if objects else []
    return DeliveryRow(
        cluster=cluster,
        key=key,
        state=_flux_state(item, ready),
        status=ready.status or "Unknown",
        revision=_flux_revision(item),
        message=ready.message or ("static: read when a HelmChart needs it" if _is_static(item) else ""),
        objects=tuple(_inventory_status(api, each, key, origin) for each in delivered),
    )


def _is_static(item: Manifest) -> bool:
    return key_of(item).kind == "HelmRepository" and text_at(item, "spec", "type") == "oci"


def _flux_state(item: Manifest, ready: Condition) -> State:
    if flag_at(item, "spec", "suspend"):
        return "suspended"
    if _is_static(item):
        return "ready"
    generation = number_at(item, "metadata", "generation", default=1)
    if ready.is_true and number_at(item, "status", "observedGeneration", default=generation) == generation:
        return "ready"
    return "failed" if ready.is_false else "progressing"


def _flux_revision(item: Manifest) -> str:
    applied = text_at(item, "status", "lastAppliedRevision")
    if applied:
        return applied
    release = next(iter(objects_at(item, "status", "history")), {})
    if "chartVersion" in release:
        return f"{text_at(release, 'chartName')}@{text_at(release, 'chartVersion')}"
    return text_at(item, "status", "artifact", "revision")


def _inventory_status(api: Reader, key: ObjectKey, owner: ObjectKey, origin: FindOrigin) -> ObjectStatus:
    live, came = api.get(key), origin(owner, key) or Origin()
    if live is None:
        return ObjectStatus(key=key, status="NotFound", available=False, came=came)
    found = kstatus.compute(live)
    return ObjectStatus(
        key=key,
        status=str(found.status),
        message=found.message,
        available=found.status is kstatus.Status.CURRENT,
        came=came,
    )
