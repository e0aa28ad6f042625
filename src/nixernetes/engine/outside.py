"""What an engine asks of the outside."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Self

from nixernetes.engine.issuers import Issuers
from nixernetes.engine.outbox import Outbox
from nixernetes.render.delivery_builds import Builder

__all__ = ["Outside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What an engine asks of the outside.

    Attributes:
        builder: finds files and builds deliveries; engines and clusters share one.
        outbox: takes notifications.
        issuers: the keys of issuers of tokens that webhooks may show.

    """

    builder: Builder
    outbox: Outbox = field(default_factory=Outbox)
    issuers: Issuers = field(default_factory=Issuers)

    def of_cluster(self, name: str) -> Self:
        """Return the outside for the engine of a cluster: its charts are told of that cluster, where it is known."""
        tools = self.builder.tools.of_cluster(name)
        return self if tools is self.builder.tools else replace(self, builder=Builder(tools))
