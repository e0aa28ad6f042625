"""One price: what it is for, how much, where it holds, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from nixernetes.cost.amounts import MONTH_HOURS, divided, exact_product

__all__ = ["UNITS", "Period", "Price", "unit_of"]

Period = Literal["hour", "month"]

UNITS: Final = {
    "cpu": "core",
    "memory": "GiB",
    "ephemeral_storage": "GiB",
    "storage": "GiB",
    "gpu": "device",
    "loadbalancer": "load balancer",
    "node": "node",
    "cluster": "cluster",
}


def unit_of(key: str) -> str:
    """Return what a price of a key is for one of; ``""`` where no price has such a key."""
    return UNITS.get(key.partition(".")[0], "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The price of one unit.

    Attributes:
        key: what it is the price of: ``cpu``, ``memory.spot``, ``gpu.nvidia.com/gpu``, ``storage.gp3``.
        value: how much one unit is, in the currency of its book.
        period: for how long: an hour, or a month of 730 hours.
        source: who says so.
        as_of: the day on which it held; None where nobody says.
        region: the region in which it holds; ``""`` is any without one of its own.
        instance_class: the class of nodes on which it holds; ``""`` is any without one of its own.
        node_labels: labels of the nodes on which it holds.

    """

    key: str
    value: Decimal
    period: Period = "hour"
    source: str = ""
    as_of: date | None = None
    region: str = ""
    instance_class: str = ""
    node_labels: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def unit(self) -> str:
        """What one of it is: a core, a GiB, a device."""
        return unit_of(self.key)

    @property
    def monthly(self) -> Decimal:
        """What one unit is for a month of 730 hours."""
        return exact_product(self.value, MONTH_HOURS) if self.period == "hour" else self.value

    @property
    def hourly(self) -> Decimal:
        """What one unit is for an hour."""
        return self.value if self.period == "hour" else divided(self.value, MONTH_HOURS)

    @property
    def provenance(self) -> str:
        """Who says so, and of which day."""
        said = self.source or "no source given"
        return f"{said}, as of {self.as_of}" if self.as_of else said
