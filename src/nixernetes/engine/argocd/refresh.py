"""When an Application is compared again, and how thoroughly (section 4.1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum

from nixernetes.engine.argocd import moments
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison.managed_namespace import has_changed
from nixernetes.engine.argocd.statuses import ApplicationStatus
from nixernetes.objects.fields import at, items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import ARGOCD_REFRESH

__all__ = ["Level", "level_due", "next_poll"]


class Level(IntEnum):
    """How thorough a comparison is: not due, at the revision of the last one, at the latest, or rendered afresh."""

    NONE = 0
    RECENT = 1
    LATEST = 2
    HARD = 3


def level_due(manifest: Manifest, app: ReadApplication, now: datetime, poll: timedelta) -> Level:
    """Return what the object itself asks for: its annotation, a changed spec, or an old comparison."""
    wanted = annotations_of(manifest).get(ARGOCD_REFRESH)
    if wanted is not None:
        return Level.HARD if wanted == "hard" else Level.LATEST
    status = ApplicationStatus.of(manifest)
    if not mapping_at(manifest, "status", "sync") or _spec_changed(manifest, app, status.compared_to):
        return Level.LATEST
    if status.reconciled is None or (poll and now >= status.reconciled + poll):
        return Level.LATEST
    return Level.NONE


def next_poll(manifest: Manifest, now: datetime, poll: timedelta) -> timedelta | None:
    """Return how long the present comparison stays fresh; None means for ever."""
    if not poll:
        return None
    reconciled = moments.parse(text_at(manifest, "status", "reconciledAt"))
    return poll if reconciled is None else max(reconciled + poll - now, timedelta())


def _spec_changed(manifest: Manifest, app: ReadApplication, compared: Json) -> bool:
    one = at(compared, "source")
    sources = items_at(compared, "sources") or ([one] if one else [])
    return (
        list(app.sources) != sources
        or mapping_at(manifest, "spec", "destination") != at(compared, "destination")
        or list(app.ignore_differences) != items_at(compared, "ignoreDifferences")
        or has_changed(manifest)
    )
