"""How deliveries stand, kept: after a change what it is about is read again, and nothing else.

A row is made in two steps: what a delivery's own object and those that it brings say (which costs most, and is kept for
as long as these are the very same objects), and what others say of it: pods that wait, notes of engines, other owners,
and where it is written. :meth:`Rows.changed` takes note of a change in less time than the change took; the reading is
left to :meth:`Rows.settle`, so that many changes of one delivery are read once. A report that is read once and one that
is followed go the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nixernetes.cluster.api import Reader
from nixernetes.engine.reports.argocd import application_delivery, set_delivery
from nixernetes.engine.reports.delivery_index import DeliveryIndex, Who
from nixernetes.engine.reports.flux import FindOrigin, KeptStatuses, flux_delivery
from nixernetes.engine.reports.held_pods import HeldPods
from nixernetes.engine.reports.values import DELIVERIES, DeliveryRow
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of, split_api_version
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin

__all__ = ["Moved", "Rows"]

_DEEPEST: Final = 6  # owners above an object, as a CronJob above a pod: fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What became of deliveries.

    Attributes:
        rows: those that stand otherwise than before, or whose own object is another; new ones included.
        gone: those that are not there any more.
        touched: those of which an object, or what a controller made of one, changed: more than `rows`.

    """

    rows: tuple[DeliveryRow, ...] = ()
    gone: tuple[Who, ...] = ()
    touched: frozenset[Who] = frozenset()


class Rows:
    """The rows of some clusters; forgets deliveries that are gone.

    Args:
        clusters: name to cluster.
        origin: gives what finds the origin of an object of a delivery, by the name of the cluster.
        notes: gives what was not honoured or verified of an object, by the name of its cluster.
        started: where what starts a cluster is written.
        objects: whether the delivered objects are read, too.

    """

    def __init__(
        self,
        clusters: Mapping[str, Reader],
        *,
        origin: Callable[[str], FindOrigin],
        notes: Callable[[str, ObjectKey], Sequence[str]],
        started: Mapping[Who, Origin],
        objects: bool = True,
    ) -> None:
        self._clusters = clusters
        self._origin = origin
        self._notes = notes
        self._started = started
        self._objects = objects
        self._held = HeldPods(clusters)
        self._index = DeliveryIndex()
        self._statuses = KeptStatuses()
        self._own: dict[Who, DeliveryRow] = {}
        self._rows: dict[Who, DeliveryRow] = {}
        self._noted: dict[Who, tuple[str, ...]] = {}
        self._stale: dict[Who, Manifest | None] = dict(self._there())  # the object where it was listed just now
        self._touched: set[Who] = set()
        self._replaced: set[Who] = set()  # deliveries whose own object is another
        self._sorted: tuple[DeliveryRow, ...] | None = None

    def _there(self) -> Iterator[tuple[Who, Manifest]]:
        for name, api in self._clusters.items():
            for kind in DELIVERIES:
                if api.is_namespaced(kind) is not None:
                    yield from (((name, key_of(item)), item) for item in api.list(kind))

    def changed(self, cluster: str, item: Manifest) -> None:
        """Take note that an object was made, changed or deleted; what is true of it now is read from its cluster."""
        key = key_of(item)
        self._held.changed(cluster, key)
        if key.group_kind in DELIVERIES:
            self._stale[cluster, key] = None
            self._replaced.add((cluster, key))
        for who in self._users(cluster, key):
            self._touched.add(who)
            if who[1].group_kind != APPLICATION:  # that tells of its objects in its own status
                self._stale[who] = None
        if "ownerReferences" in item["metadata"]:
            self._touch_above(cluster, item)

    def _users(self, cluster: str, key: ObjectKey) -> Iterator[Who]:
        """Yield the deliveries that may have brought an object of a cluster: an Application may be in another one."""
        return (who for who in self._index.users(key) if who[0] == cluster or who[1].group_kind == APPLICATION)

    def _touch_above(self, cluster: str, item: Manifest) -> None:
        """Take note of the deliveries that brought what an object was made of."""
        held, namespace = item, key_of(item).namespace
        for _ in range(_DEEPEST):
            owner = next(iter(objects_at(held, "metadata", "ownerReferences")), None)
            if owner is None:
                return
            group, _ = split_api_version(text_at(owner, "apiVersion"))
            key = ObjectKey(group, text_at(owner, "kind"), namespace, text_at(owner, "name"))
            self._touched.update(self._users(cluster, key))
            above = self._clusters[cluster].get(key)
            if above is None:
                return
            held = above

    def settle(self) -> Moved:
        """Read again what changed since the last time, and return what became of it."""
        untold: set[Who] = set()
        gone = []
        stale, self._stale = self._stale, {}
        for who, item in stale.items():
            before = self._own.get(who)
            now = self._read(who, item)
            if now is None:
                if before is not None:
                    untold |= self._forget(who)
                    gone.append(who)
            elif now != before:
                self._own[who] = now
                untold |= {who} | (self._index.put(before, now) if self._objects else set())
        for key in self._held.moved():
            untold |= self._index.users(key)
        for who in self._own:
            if tuple(self._notes(*who)) != self._noted.get(who, ()):
                untold.add(who)
        rows = self._tell(untold | self._replaced)
        touched = frozenset(self._touched | stale.keys() | {(row.cluster, row.key) for row in rows})
        self._touched, self._replaced = set(), set()
        if rows or gone:
            self._sorted = None
        return Moved(rows=rows, gone=tuple(gone), touched=touched)

    def _forget(self, who: Who) -> set[Who]:
        self._rows.pop(who, None)
        self._noted.pop(who, None)
        self._statuses.forget(who)
        row = self._own.pop(who)
        return self._index.drop(row) if self._objects else set()

    def _read(self, who: Who, item: Manifest | None) -> DeliveryRow | None:
        """Return how a delivery stands by its own object and those that it brings; None where it is not there."""
        cluster, key = who
        api, objects = self._clusters[cluster], self._objects
        item = item or api.get(key)
        if item is None:
            return None
        if key.group_kind == APPLICATION_SET:
            return set_delivery(cluster, api, item, objects=objects)
        find = self._origin(cluster)
        if key.group_kind == APPLICATION:
            return application_delivery(cluster, item, objects=objects, origin=find)
        return flux_delivery(cluster, api, item, objects=objects, origin=find, kept=self._statuses)

    def _tell(self, untold: set[Who]) -> tuple[DeliveryRow, ...]:
        """Make the rows of some deliveries whole; return those that changed."""
        found: list[DeliveryRow] = []
        told = sorted(untold & self._own.keys())
        for who in told:
            row, before = self._whole(who, self._own[who]), self._rows.get(who)
            if row != before:
                self._rows[who] = row
                found.append(row)
            elif who in self._replaced:
                found.append(before)
            if who[1].group_kind == APPLICATION_SET and (before is None or row.origin != before.origin):
                told += [each for each in _generated(row) if each in self._rows and each not in untold]
        return tuple(found)

    def _whole(self, who: Who, own: DeliveryRow) -> DeliveryRow:
        row = self._held.told(own)
        self._noted[who] = tuple(self._notes(*who))
        shared, origin = [], ""
        if self._objects:
            for key, others in self._index.others(own):
                shared.append(f"SharedResource: {key} is also brought by {', '.join(map(str, others))}")
            origin = self._written(who)
        warnings = (*row.warnings, *self._noted[who], *sorted(shared))
        return replace(row, warnings=warnings, origin=origin)

    def _written(self, who: Who) -> str:
        """Return where a delivery is written; of what an ApplicationSet generates, where that is written."""
        found = self._index.written(who) or str(self._started.get(who, ""))
        if found or who[1].group_kind != APPLICATION:
            return found
        sets = (each for each in self._index.users(who[1]) if each[0] == who[0])
        return next((self._written(each) for each in sorted(sets) if each[1].group_kind == APPLICATION_SET), "")

    def get(self, who: Who) -> DeliveryRow | None:
        """Return how a delivery stood at the last :meth:`settle`; None where it was not there."""
        return self._rows.get(who)

    def all(self) -> tuple[DeliveryRow, ...]:
        """Return how all stood at the last :meth:`settle`, sorted."""
        if self._sorted is None:
            self._sorted = tuple(sorted(self._rows.values(), key=_order))
        return self._sorted


def _generated(row: DeliveryRow) -> Iterator[Who]:
    return ((row.cluster, entry.key) for entry in row.objects)


def _order(item: DeliveryRow) -> tuple[str, int, str, str]:
    return (item.cluster, DELIVERIES.index(item.key.group_kind), item.key.namespace, item.key.name)
