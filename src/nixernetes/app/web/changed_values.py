"""What browsers are told when something has changed; `docs/web.md` documents it."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.app.web.values import FleetPage, ObjectName
from nixernetes.app.web.wire import AS_JSON

__all__ = ["ChangeEvent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEvent:
    """A change of a run.

    Attributes:
        deliveries: the deliveries of which anything changed, down to their pods; None where they are too many.
        fleet: the lines that changed since the event before; None where they are too many.

    """

    __pydantic_config__ = AS_JSON

    deliveries: tuple[ObjectName, ...] | None = None
    fleet: FleetPage | None = None
