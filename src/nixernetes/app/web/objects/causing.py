"""Why a delivery is not ready, what says most first."""

from __future__ import annotations

from nixernetes.app.console.happenings import one_line
from nixernetes.engine.reports import DeliveryRow, causes
from nixernetes.objects.kinds import APPLICATION

__all__ = ["causes_of"]


def causes_of(row: DeliveryRow) -> list[str]:
    """Return why a delivery is not ready; of Argo CD what objects say first: an operation may have succeeded before."""
    if row.state in ("ready", "suspended"):
        return []
    found = [one_line(cause) for cause in causes(row)]
    return [*found[1:], *found[:1]] if row.key.group_kind == APPLICATION and row.message else found
