"""What an engine asks of the outside."""

from __future__ import annotations

from dataclasses import dataclass, field

from nixernetes.engine.outbox import Outbox
from nixernetes.render.delivery_builds import Builder

__all__ = ["Outside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What an engine asks of the outside.

    Attributes:
        builder: finds files and builds deliveries; engines and clusters share one.
        outbox: takes notifications.

    """

    builder: Builder
    outbox: Outbox = field(default_factory=Outbox)
