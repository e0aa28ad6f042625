"""Reads a report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from nixernetes.cluster.api import Reader
from nixernetes.engine.outbox import Notification
from nixernetes.engine.removals import Removal
from nixernetes.engine.reports.argocd import application_delivery, set_delivery
from nixernetes.engine.reports.flux import FindOrigin, flux_delivery
from nixernetes.engine.reports.held_pods import HeldPods
from nixernetes.engine.reports.kept_rows import KeptRows
from nixernetes.engine.reports.values import (
    DELIVERIES,
    SOURCES,
    DeliveryRow,
    Report,
)
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION, RESOURCE_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.summary import not_verified

__all__ = ["Seen", "report"]


def _unknown(delivery: ObjectKey, key: ObjectKey) -> Origin | None:
    del delivery, key
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What engines took note of besides the objects of the clusters.

    Attributes:
        origin: gives what finds the origin of an object of a delivery, by the name of the cluster.
        notifications: what was sent, or would have been.
        removals: what was deleted.
        notes: gives what was not honoured or verified of an object, by the name of its cluster.
        sealed: what SOPS encrypted in what deliveries brought.
        started: where what starts a cluster is written, by the name of the cluster and the object.
        kept: the rows of the last report; None where nothing is kept.

    """

    origin: Callable[[str], FindOrigin] = lambda _: _unknown
    notifications: Sequence[Notification] = ()
    removals: Sequence[Removal] = ()
    notes: Callable[[str, ObjectKey], Sequence[str]] = lambda _cluster, _key: ()
    sealed: Iterable[Rendered] = ()
    started: Mapping[tuple[str, ObjectKey], Origin] = field(default_factory=dict)
    kept: KeptRows | None = None


def report(time: str, clusters: Mapping[str, Reader], *, objects: bool = True, seen: Seen | None = None) -> Report:
    """Read the report.

    Args:
        time: the moment it is read, as text.
        clusters: name to cluster.
        objects: whether to read the delivered objects, too.
        seen: what engines took note of.

    """
    noted = seen or Seen()
    found: list[DeliveryRow] = []
    kept = noted.kept if noted.kept is not None and objects else KeptRows()
    kept.begin()
    for name, api in clusters.items():
        read = _Reading(cluster=name, api=api, objects=objects, origin=noted.origin(name))
        found += [kept.row(name, api, item, make) for item, make in read.deliveries()]
    held = HeldPods(clusters)
    found = [held.told(item) for item in found]
    found = [replace(item, warnings=(*item.warnings, *noted.notes(item.cluster, item.key))) for item in found]
    deliveries = _with_owners(_with_origins(found, noted.started)) if objects else found
    return Report(
        time=time,
        deliveries=tuple(sorted(deliveries, key=_order)),
        notifications=tuple(noted.notifications),
        removals=tuple(noted.removals),
        not_verified=not_verified(noted.sealed),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Reads the deliveries of one cluster."""

    cluster: str
    api: Reader
    objects: bool
    origin: FindOrigin

    def deliveries(self) -> Iterator[tuple[Manifest, Callable[[], DeliveryRow]]]:
        """Yield the deliveries, each with what reads how it stands."""
        for kind in (*SOURCES, RESOURCE_SET, KUSTOMIZATION, HELM_RELEASE):
            yield from ((item, partial(self._of_flux, item)) for item in self._list(kind))
        yield from ((item, partial(self._of_set, item)) for item in self._list(APPLICATION_SET))
        yield from ((item, partial(self._of_application, item)) for item in self._list(APPLICATION))

    def _list(self, kind: GroupKind) -> Iterable[Manifest]:
        return self.api.list(kind) if self.api.is_namespaced(kind) is not None else ()

    def _of_flux(self, item: Manifest) -> DeliveryRow:
        return flux_delivery(self.cluster, self.api, item, objects=self.objects, origin=self.origin)

    def _of_set(self, item: Manifest) -> DeliveryRow:
        return set_delivery(self.cluster, self.api, item, objects=self.objects)

    def _of_application(self, item: Manifest) -> DeliveryRow:
        return application_delivery(self.cluster, item, objects=self.objects, origin=self.origin)


def _with_origins(found: Sequence[DeliveryRow], started: Mapping[tuple[str, ObjectKey], Origin]) -> list[DeliveryRow]:
    """Say of each delivery where it is written: another one brings it, or it starts its cluster."""
    places = {place: str(origin) for place, origin in started.items()}
    places |= {
        (item.cluster, entry.key): entry.origin
        for item in found
        for entry in item.objects
        if entry.key.group_kind in DELIVERIES and entry.origin
    }
    return [replace(item, origin=places.get((item.cluster, item.key), "")) for item in found]


def _with_owners(found: Sequence[DeliveryRow]) -> list[DeliveryRow]:
    """Warn of objects that two deliveries of Flux bring: they overwrite each other at every reconcile."""
    owners: defaultdict[tuple[str, ObjectKey], list[ObjectKey]] = defaultdict(list)
    for item in found:
        if item.key.group_kind in (RESOURCE_SET, KUSTOMIZATION, HELM_RELEASE):
            for entry in item.objects:
                owners[item.cluster, entry.key].append(item.key)
    shared: defaultdict[tuple[str, ObjectKey], list[str]] = defaultdict(list)
    for (cluster, key), names in owners.items():
        for name in names if len(names) > 1 else ():
            others = ", ".join(str(each) for each in sorted(names) if each != name)
            shared[cluster, name].append(f"SharedResource: {key} is also brought by {others}")
    return [replace(item, warnings=(*item.warnings, *sorted(shared[item.cluster, item.key]))) for item in found]


def _order(item: DeliveryRow) -> tuple[str, int, str, str]:
    return (item.cluster, DELIVERIES.index(item.key.group_kind), item.key.namespace, item.key.name)
