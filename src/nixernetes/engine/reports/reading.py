"""Reads a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nixernetes.cluster.api import Reader
from nixernetes.engine.outbox import Notification
from nixernetes.engine.removals import Removal
from nixernetes.engine.reports.flux import FindOrigin
from nixernetes.engine.reports.rows import Rows
from nixernetes.engine.reports.values import Report
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.provenance import Origin
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.summary import not_verified

__all__ = ["Seen", "report", "report_of"]


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

    """

    origin: Callable[[str], FindOrigin] = lambda _: _unknown
    notifications: Sequence[Notification] = ()
    removals: Sequence[Removal] = ()
    notes: Callable[[str, ObjectKey], Sequence[str]] = lambda _cluster, _key: ()
    sealed: Iterable[Rendered] = ()
    started: Mapping[tuple[str, ObjectKey], Origin] = field(default_factory=dict)


def report(time: str, clusters: Mapping[str, Reader], *, objects: bool = True, seen: Seen | None = None) -> Report:
    """Read the report.

    Args:
        time: the moment it is read, as text.
        clusters: name to cluster.
        objects: whether to read the delivered objects, too.
        seen: what engines took note of.

    """
    noted = seen or Seen()
    rows = Rows(clusters, origin=noted.origin, notes=noted.notes, started=noted.started, objects=objects)
    rows.settle()
    return report_of(time, rows, noted)


def report_of(time: str, rows: Rows, seen: Seen) -> Report:
    """Return rows, and what engines took note of besides, as a report."""
    return Report(
        time=time,
        deliveries=rows.all(),
        notifications=tuple(seen.notifications),
        removals=tuple(seen.removals),
        not_verified=not_verified(seen.sealed),
    )
