"""Which deliveries an object is about: who brings it or waits for it, who else brings it, and who wrote it where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set as AbstractSet
from typing import TypeAlias, TypeVar

from nixernetes.engine.reports.values import DELIVERIES, DeliveryRow
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import HELM_RELEASE, KUSTOMIZATION, RESOURCE_SET

__all__ = ["DeliveryIndex", "Who"]

Who: TypeAlias = tuple[str, ObjectKey]  # a cluster, and an object in it

_Place = TypeVar("_Place")
_Name = TypeVar("_Name")
_APPLYING = (RESOURCE_SET, KUSTOMIZATION, HELM_RELEASE)  # of Flux: two of them overwrite each other


class DeliveryIndex:
    """Rows of deliveries, found by the objects that they name; forgets what no row names."""

    def __init__(self) -> None:
        self._named: dict[Who, frozenset[ObjectKey]] = {}
        self._users: defaultdict[ObjectKey, set[Who]] = defaultdict(set)
        self._owners: defaultdict[Who, set[ObjectKey]] = defaultdict(set)
        self._written: defaultdict[Who, dict[ObjectKey, str]] = defaultdict(dict)

    def users(self, key: ObjectKey) -> AbstractSet[Who]:
        """Return the deliveries that name an object, of whichever cluster."""
        return self._users.get(key, frozenset())

    def put(self, before: DeliveryRow | None, now: DeliveryRow) -> set[Who]:
        """Put a row in the place of another one; return the other deliveries of which another thing is true now."""
        who = (now.cluster, now.key)
        named = frozenset((*(entry.key for entry in now.objects), *now.hooks))
        known = self._named.get(who, frozenset())
        for key in named - known:
            self._users[key].add(who)
        for key in known - named:
            _take(self._users, key, who)
        self._named[who] = named
        return self._own(before, now) | self._write(before, now)

    def drop(self, row: DeliveryRow) -> set[Who]:
        """Forget a row; return as :meth:`put`."""
        who = (row.cluster, row.key)
        for key in self._named.pop(who):
            _take(self._users, key, who)
        nothing = DeliveryRow(cluster=row.cluster, key=row.key, state="", status="")
        return self._own(row, nothing) | self._write(row, nothing)

    def _own(self, before: DeliveryRow | None, now: DeliveryRow) -> set[Who]:
        if now.key.group_kind not in _APPLYING:
            return set()
        had = {entry.key for entry in before.objects} if before is not None else set()
        has = {entry.key for entry in now.objects}
        found: set[Who] = set()
        for key in has ^ had:
            place = (now.cluster, key)
            found |= {(now.cluster, each) for each in self._owners.get(place, ())}
            if key in has:
                self._owners[place].add(now.key)
            else:
                _take(self._owners, place, now.key)
        return found

    def _write(self, before: DeliveryRow | None, now: DeliveryRow) -> set[Who]:
        had, has = dict(_origins(before)), dict(_origins(now))
        found = {(now.cluster, key) for key in had.keys() | has.keys() if had.get(key) != has.get(key)}
        for _, key in found:
            places = self._written[now.cluster, key]
            if key in has:
                places[now.key] = has[key]
            else:
                places.pop(now.key, None)
            if not places:
                del self._written[now.cluster, key]
        return found

    def others(self, row: DeliveryRow) -> list[tuple[ObjectKey, list[ObjectKey]]]:
        """Return the objects of a row that other deliveries of Flux bring, too, each with these."""
        if row.key.group_kind not in _APPLYING:
            return []
        found = []
        for entry in row.objects:
            owners = self._owners.get((row.cluster, entry.key), ())
            if len(owners) > 1:
                found.append((entry.key, sorted({*owners} - {row.key})))
        return found

    def written(self, who: Who) -> str:
        """Return where a delivery is written, as the last of those that bring it says; ``""`` where none does."""
        places = self._written.get(who)
        return places[max(places, key=_order)] if places else ""


def _origins(row: DeliveryRow | None) -> Iterable[tuple[ObjectKey, str]]:
    if row is None:
        return ()
    brought = ((entry.key, entry.origin) for entry in row.objects if entry.key.group_kind in DELIVERIES)
    return ((key, origin) for key, origin in brought if origin)


def _order(key: ObjectKey) -> tuple[int, str, str]:
    return DELIVERIES.index(key.group_kind), key.namespace, key.name


def _take(index: defaultdict[_Place, set[_Name]], place: _Place, name: _Name) -> None:
    """Take one name out of what stands at a place; what is empty is forgotten."""
    index[place].discard(name)
    if not index[place]:
        del index[place]
