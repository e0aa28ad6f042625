"""``status.history`` of a Kustomization: what was applied, how often, and how it ended (Flux, section 9)."""

from __future__ import annotations

from datetime import datetime, timedelta

from nixernetes.objects.clocks import timestamp
from nixernetes.objects.durations import format_duration
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["upsert"]

_LIMIT = 5


def upsert(
    history: Json, *, digest: str, status: str, moment: datetime, took: timedelta, metadata: Manifest
) -> list[Manifest]:
    """Return the history with one more reconciliation: same digest and status is the same entry, moved to the front."""
    now = timestamp(moment)
    held = next(
        (entry for entry in history or [] if (entry["digest"], entry["lastReconciledStatus"]) == (digest, status)), None
    )
    entry = {
        "digest": digest,
        "firstReconciled": held["firstReconciled"] if held is not None else now,
        "lastReconciled": now,
        "lastReconciledDuration": format_duration(took),
        "lastReconciledStatus": status,
        "totalReconciliations": (held["totalReconciliations"] if held is not None else 0) + 1,
        "metadata": metadata,
    }
    return [entry, *(one for one in history or [] if one is not held)][:_LIMIT]
