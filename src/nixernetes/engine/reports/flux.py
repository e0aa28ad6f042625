"""How a Kustomization, a HelmRelease or a source of Flux stands, by its own status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from nixernetes.cluster.api import Reader
from nixernetes.engine.flux.applying import inventory
from nixernetes.engine.flux.refused import why_unread
from nixernetes.engine.reports.values import DeliveryRow, ObjectStatus, State
from nixernetes.health import kstatus
from nixernetes.health.conditions import Condition, condition
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.fields import flag_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin

__all__ = ["FindOrigin", "KeptStatuses", "flux_delivery"]

FindOrigin: TypeAlias = Callable[[ObjectKey, ObjectKey], Origin | None]  # of (delivery, object)


class KeptStatuses:
    """How the objects of deliveries stood when they were read last; forgets a delivery when told to.

    Objects of a cluster are never changed in place, so the very same object stands as it stood.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, ObjectKey], Mapping[ObjectKey, _Kept]] = {}

    def of(self, cluster: str, delivery: ObjectKey) -> Mapping[ObjectKey, _Kept]:
        """Return what was read of a delivery."""
        return self._held.get((cluster, delivery), {})

    def keep(self, cluster: str, delivery: ObjectKey, found: Mapping[ObjectKey, _Kept]) -> None:
        """Keep what was read of a delivery, in place of what was read before."""
        self._held[cluster, delivery] = found

    def forget(self, who: tuple[str, ObjectKey]) -> None:
        """Forget a delivery."""
        self._held.pop(who, None)


class _Kept(NamedTuple):
    live: Manifest | None
    status: ObjectStatus


def flux_delivery(
    cluster: str,
    api: Reader,
    item: Manifest,
    *,
    objects: bool,
    origin: FindOrigin,
    kept: KeptStatuses | None = None,
) -> DeliveryRow:
    """Return how an object of Flux stands.

    Args:
        cluster: the name of its cluster.
        api: its cluster.
        item: the object.
        objects: whether what it brings is read, too.
        origin: finds the origin of what it brings.
        kept: what was read the last time; None where nothing is kept.

    """
    ready, key = condition(item, "Ready"), key_of(item)
    delivered = inventory.keys(mapping_at(item, "status")) if objects else []
    before = kept.of(cluster, key) if kept is not None else {}
    found = {each: _inventory_status(api, each, origin(key, each) or Origin(), before.get(each)) for each in delivered}
    if kept is not None and objects:
        kept.keep(cluster, key, found)
    return DeliveryRow(
        cluster=cluster,
        key=key,
        state=_flux_state(item, ready),
        status=ready.status or "Unknown",
        revision=_flux_revision(item),
        message=ready.message or ("static: read when a HelmChart needs it" if _is_static(item) else ""),
        objects=tuple(found[each].status for each in delivered),
        warnings=tuple(filter(None, map(why_unread, sorted({each.group_kind for each in delivered})))),
        source=_source(item, key),
    )


def _source(item: Manifest, key: ObjectKey) -> ObjectKey | None:
    """Return what a Kustomization or a HelmChart is made from."""
    kind, name = text_at(item, "spec", "sourceRef", "kind"), text_at(item, "spec", "sourceRef", "name")
    if not kind or not name:
        return None
    return ObjectKey(FLUX_SOURCE, kind, text_at(item, "spec", "sourceRef", "namespace") or key.namespace, name)


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


def _inventory_status(api: Reader, key: ObjectKey, came: Origin, before: _Kept | None) -> _Kept:
    live = api.get(key)
    if before is not None and before.live is live:
        status = before.status
        return before if status.came == came else _Kept(live, replace(status, came=came))
    if live is None:
        return _Kept(None, ObjectStatus(key=key, status="NotFound", available=False, came=came))
    found = kstatus.compute(live)
    return _Kept(
        live,
        ObjectStatus(
            key=key,
            status=str(found.status),
            message=found.message,
            available=found.status is kstatus.Status.CURRENT,
            came=came,
        ),
    )
