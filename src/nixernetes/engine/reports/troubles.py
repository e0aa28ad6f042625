"""Why a report is not all ready: each reason once, with the deliveries that have it and those that only wait for them.

One registry that nobody can reach fails fifty sources and the releases behind them. What has to be mended is one thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from nixernetes.engine.reports.remedies import causes, remedy
from nixernetes.engine.reports.values import DeliveryRow, Report
from nixernetes.objects.identity import ObjectKey

__all__ = ["Trouble", "troubles"]

_Row: TypeAlias = tuple[str, ObjectKey]  # the cluster that holds the delivery, and who it is

_UNTOLD: Final = "its reconciliation has not finished yet"
# So helm-controller speaks of the source of a release, and both controllers of what is depended on.
_NAMED: Final = re.compile(r"(?:\b([A-Z]\w+)|dependency) '([^']+)' is not ready")
# So the controllers speak of a source that has nothing yet.
_OF_THE_SOURCE: Final = ("Source artifact not found", "Source is not ready", "no artifact available for")
# So kustomize-controller speaks of objects that do not get healthy, and Argo CD of those that a wave waits for.
_OF_OBJECTS: Final = (
    "health check failed",
    "waiting for healthy state of",
    "timeout waiting for",
    "Running health checks",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One reason why something is not ready.

    Attributes:
        deliveries: who has it, in the order of the report.
        why: what the engine says.
        remedy: what helps the first of them.
        held_up: who is not ready only because it waits for one of them, directly or not.

    """

    deliveries: tuple[DeliveryRow, ...]
    why: tuple[str, ...]
    remedy: str
    held_up: tuple[DeliveryRow, ...]


def troubles(rows: Iterable[DeliveryRow], report: Report) -> Iterator[Trouble]:
    """Yield each reason once, in the order of the rows that have it first; every row stands in exactly one.

    Args:
        rows: what is not ready.
        report: the report that they are of.

    """
    unready = {_id(row): row for row in rows}
    awaited = {name: _awaited(row, unready) for name, row in unready.items()}
    begins = {name: _begin(name, awaited) for name in unready}
    held: dict[_Row, list[DeliveryRow]] = {}
    for name, begin in begins.items():
        if begin != name:
            held.setdefault(begin, []).append(unready[name])
    groups: dict[tuple[tuple[str, ...], str], list[DeliveryRow]] = {}
    for name, row in unready.items():
        if begins[name] == name:
            why = tuple(causes(row)) or (_UNTOLD,)
            groups.setdefault((why, row.state), []).append(row)
    for (why, _), found in groups.items():
        waiting = tuple(each for row in found for each in held.get(_id(row), ()))
        yield Trouble(deliveries=tuple(found), why=why, remedy=remedy(found[0], report), held_up=waiting)


def _id(row: DeliveryRow) -> _Row:
    return row.cluster, row.key


def _awaited(row: DeliveryRow, unready: dict[_Row, DeliveryRow]) -> list[_Row]:
    """Return the deliveries that a row says it waits for; none where it has a fault of its own."""
    if row.source is not None and row.message.startswith(_OF_THE_SOURCE):
        return [each for each in unready if each == (row.cluster, row.source)]
    if named := _NAMED.search(row.message):
        namespace, _, name = named[2].rpartition("/")
        place = (namespace or row.key.namespace, name)
        kind = named[1] or row.key.kind
        return [each for each in unready if each[0] == row.cluster and each[1].kind == kind and each[1][2:] == place]
    if row.warnings or not (row.state == "progressing" or any(words in row.message for words in _OF_OBJECTS)):
        return []
    missing = [entry.key for entry in row.objects if not entry.available]
    found = {each[1]: each for each in unready if each[1] in missing}
    return list(found.values()) if missing and len(found) == len(missing) else []


def _begin(name: _Row, awaited: dict[_Row, list[_Row]]) -> _Row:
    """Return what a row waits for in the end: who waits for nobody, or is the first of a circle."""
    seen = [name]
    while following := awaited[seen[-1]]:
        if following[0] in seen:
            return following[0]
        seen.append(following[0])
    return seen[-1]
