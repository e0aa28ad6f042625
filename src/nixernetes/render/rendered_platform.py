"""The rendered platform: every cluster of a repository, with its deliveries and all that they bring.

It is the one value that printing, checking and comparing begin with. What could not be rendered is in it too, with the
reason, so that nobody takes the absence of an object for a fact.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nixernetes.render.deliveries import Delivery
from nixernetes.render.estate import Estate, StartedCluster
from nixernetes.render.estate.notes import Note
from nixernetes.render.given_values import GivenValues

__all__ = ["RenderedCluster", "RenderedPlatform"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedCluster:
    """The deliveries of one cluster.

    Attributes:
        start: the cluster, and what is applied to start it.
        deliveries: those that are asked for, in the order in which they are reached.
        known: the identities of all that are reached.

    """

    start: StartedCluster
    deliveries: tuple[Delivery, ...]
    known: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the cluster."""
        return self.start.name


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPlatform:
    """What a repository gives.

    Attributes:
        estate: what the repository is made of.
        clusters: its clusters.
        notes: what is to be said of the repository.
        given: the ConfigMaps and Secrets that the user gives beside it.

    """

    estate: Estate
    clusters: tuple[RenderedCluster, ...]
    notes: tuple[Note, ...] = ()
    given: GivenValues = field(default_factory=GivenValues)
