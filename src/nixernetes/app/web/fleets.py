"""The fleet as its page tells it, kept: after a change the lines that it is about are made anew, and the sums moved.

Every line knows the number of the change that made it, so that whoever has seen the fleet at a number is told the rest.
Holds a line for each delivery, a number for each object, and the names of the latest two thousand that are gone.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple, TypeVar

from nixernetes.app.web.values import ClusterCard, DeliveryLine, ObjectName
from nixernetes.engine.reports import DeliveryRow, Moved
from nixernetes.engine.reports.values import DELIVERIES
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.identity import ObjectKey

__all__ = ["FleetLines", "Since"]

_MOST_GONE: Final = 2_000  # names: whoever comes later is told everything
_Counted = TypeVar("_Counted")
_Who = tuple[str, ObjectKey]


class Since(NamedTuple):
    """What became of the fleet since a number.

    Attributes:
        lines: the lines that are others, or new.
        gone: the names of those that are not there any more.

    """

    lines: tuple[DeliveryLine, ...]
    gone: tuple[ObjectName, ...]


@dataclass(slots=True, kw_only=True)
class _Sums:
    """What a cluster's card adds up."""

    states: Counter[str] = field(default_factory=Counter)
    engines: Counter[str] = field(default_factory=Counter)
    objects: Counter[ObjectKey] = field(default_factory=Counter)
    missing: Counter[ObjectKey] = field(default_factory=Counter)
    installed: tuple[str, ...] = ()
    latest: datetime | None = None

    def add(self, row: DeliveryRow, line: DeliveryLine, by: int) -> None:
        """Add a delivery, or take it away again."""
        _count(self.states, line.state, by)
        _count(self.engines, line.engine, by)
        for entry in row.objects:
            if entry.key.group_kind not in DELIVERIES:
                _count(self.objects, entry.key, by)
                if not entry.available:
                    _count(self.missing, entry.key, by)


class FleetLines:
    """The lines and the cards of a fleet.

    Args:
        clusters: the names of its clusters, and which engines are known to run in each.
        line: makes the line of a row.

    """

    def __init__(self, clusters: Mapping[str, tuple[str, ...]], line: Callable[[DeliveryRow], DeliveryLine]) -> None:
        self.number = 0
        self._make = line
        self._sums = {name: _Sums(installed=engines) for name, engines in clusters.items()}
        self._held: dict[_Who, tuple[DeliveryRow, DeliveryLine]] = {}
        self._changed: dict[_Who, int] = {}  # in the order of their changes
        self._gone: deque[tuple[int, ObjectName]] = deque()
        self._whole_before = 0  # whoever has seen less is told everything
        self._early: dict[_Who, datetime] = {}  # what happened to deliveries that have no line yet
        self._lines: tuple[DeliveryLine, ...] | None = None

    def take(self, moved: Moved) -> bool:
        """Take what became of deliveries; return whether any line is another."""
        number = self.number + 1
        for row in moved.rows:
            who = (row.cluster, row.key)
            line = self._make(row)
            before = self._held.get(who)
            if before is not None:
                self._add(*before, by=-1)
            self._held[who] = (row, line)
            self._add(row, line, by=1)
            if before is None or before[1] != line:
                self._note(who, number)
        for who in moved.gone:
            if who in self._held:
                self._drop(who, number)
        return self.number == number

    def _note(self, who: _Who, number: int) -> None:
        self.number = number
        self._changed.pop(who, None)
        self._changed[who] = number
        self._lines = None
        if who in self._early:
            self.happened(who, self._early.pop(who))

    def _drop(self, who: _Who, number: int) -> None:
        row, line = self._held.pop(who)
        self._add(row, line, by=-1)
        del self._changed[who]
        self.number = number
        self._lines = None
        self._gone.append((number, line.id))
        if len(self._gone) > _MOST_GONE:
            self._whole_before = self._gone.popleft()[0]

    def _add(self, row: DeliveryRow, line: DeliveryLine, *, by: int) -> None:
        self._sums.setdefault(line.destination, _Sums()).add(row, line, by)

    def happened(self, who: _Who, time: datetime) -> None:
        """Take note that something happened to a delivery."""
        if who[1].group_kind not in DELIVERIES:
            return
        if who not in self._held:
            self._early[who] = time
            if len(self._early) > _MOST_GONE:
                del self._early[next(iter(self._early))]
            return
        sums = self._sums[self._held[who][1].destination]
        sums.latest = max(filter(None, (sums.latest, time)))

    def cards(self) -> tuple[ClusterCard, ...]:
        """Return the clusters, each in one look."""
        return tuple(_card(name, sums) for name, sums in self._sums.items())

    def lines(self) -> tuple[DeliveryLine, ...]:
        """Return all lines, sorted as a report is."""
        if self._lines is None:
            self._lines = tuple(self._held[who][1] for who in sorted(self._held, key=_order))
        return self._lines

    def since(self, number: int) -> Since | None:
        """Return what became of the fleet since a number; None where all of it has to be told."""
        if not self._whole_before <= number <= self.number:
            return None
        found = sorted(self._later(number), key=_order)
        gone = tuple(name for at, name in self._gone if at > number)
        return Since(tuple(self._held[who][1] for who in found), gone)

    def _later(self, number: int) -> Iterator[_Who]:
        for who in reversed(self._changed):
            if self._changed[who] <= number:
                return
            yield who


def _count(counter: Counter[_Counted], name: _Counted, by: int) -> None:
    counter[name] += by
    if not counter[name]:
        del counter[name]


def _card(name: str, sums: _Sums) -> ClusterCard:
    return ClusterCard(
        name=name,
        engines=tuple(sorted({*sums.engines, *sums.installed}, reverse=True)),
        states=dict(sorted(sums.states.items())),
        objects=len(sums.objects),
        unavailable=len(sums.missing),
        last_change=timestamp(sums.latest) if sums.latest is not None else "",
    )


def _order(who: _Who) -> tuple[str, int, str, str]:
    cluster, key = who
    return cluster, DELIVERIES.index(key.group_kind), key.namespace, key.name
