"""When an Application is compared again, and how thoroughly (section 4.1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum

from nixernetes.engine.argocd import moments
from nixernetes.engine.argocd.application import Application
from nixernetes.engine.argocd.requests import REFRESH
from nixernetes.objects.manifest import Manifest, annotations_of

__all__ = ["Level", "level_due", "next_poll"]


class Level(IntEnum):
    """How thorough a comparison is: not due, at the revision of the last one, at the latest, or rendered afresh."""

    NONE = 0
    RECENT = 1
    LATEST = 2
    HARD = 3


def level_due(manifest: Manifest, app: Application, now: datetime, poll: timedelta) -> Level:
    """Return what the object itself asks for: its annotation, a changed spec, or an old comparison."""
    wanted = annotations_of(manifest).get(REFRESH)
    if wanted is not None:
        return Level.HARD if wanted == "hard" else Level.LATEST
    status = manifest.get("status") or {}
    if not status.get("sync") or _spec_changed(manifest, app):
        return Level.LATEST
    reconciled = moments.parse(status.get("reconciledAt"))
    if reconciled is None or (poll and now >= reconciled + poll):
        return Level.LATEST
    return Level.NONE


def next_poll(manifest: Manifest, now: datetime, poll: timedelta) -> timedelta | None:
    """Return how long the present comparison stays fresh; None means for ever."""
    if not poll:
        return None
    reconciled = moments.parse((manifest.get("status") or {}).get("reconciledAt"))
    return poll if reconciled is None else max(reconciled + poll - now, timedelta())


def _spec_changed(manifest: Manifest, app: Application) -> bool:
    spec = manifest.get("spec") or {}
    compared = manifest["status"]["sync"].get("comparedTo") or {}
    sources = compared.get("sources") or ([compared["source"]] if compared.get("source") else [])
    return (
        list(app.sources) != sources
        or (spec.get("destination") or {}) != compared.get("destination")
        or list(app.ignore_differences) != (compared.get("ignoreDifferences") or [])
    )
