"""One figure: how much of what an object reserves, how often, for how long, at which price; or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from nixernetes.cost.amounts import MONTH_HOURS, ZERO, Span, divided, exact_product
from nixernetes.cost.pods.requests import RequestSource
from nixernetes.cost.prices.price import Price
from nixernetes.objects.identity import ObjectKey

__all__ = ["CostLine", "CostSubject", "LineStatus", "monthly_of"]


class LineStatus(StrEnum):
    """Whether a figure is one."""

    PRICED = "priced"
    ZERO = "zero"
    """Nothing of it runs."""
    NOT_ADDED = "not added"
    """How long it runs is not known."""
    NO_REQUEST = "no request"
    """It asks for nothing, so it costs at least nothing and at most anything."""
    UNPRICED = "unpriced"
    """There is no price, or how many there are is not known."""
    UNKNOWN = "unknown"
    """It cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSubject:
    """Whose figure it is.

    Attributes:
        key: the object.
        cluster: its cluster.
        app: the delivery that brings it, or ``""``.
        team: who owns it.
        environment: what it is for.
        place: where it is written, or ``""``.
        through: that delivery and those that create it, each behind the cluster that holds it.
        region: the region of its cluster, or ``""``.
        tags: labels of it that reports carry on.

    """

    key: ObjectKey
    cluster: str = ""
    app: str = ""
    team: str = "unowned"
    environment: str = ""
    place: str = ""
    through: tuple[str, ...] = ()
    region: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        """The object with its cluster, as ``prod/Deployment/shop/web``."""
        return f"{self.cluster}/{self.key}" if self.cluster else str(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One figure of one object.

    Attributes:
        subject: the object.
        resource: what it reserves: ``cpu``, ``memory``, ``nvidia.com/gpu``, ``storage``, ``loadbalancer``.
        variant: tells lines of one resource apart: a claim, a kind of nodes; else ``""``.
        status: whether it is a figure.
        reason: why it is none, or ``""``.
        amount: how much one replica reserves, in units of the price.
        shown: the same as Kubernetes writes it, as ``500m``.
        unit: what one unit is: a core, a GiB.
        count: how many replicas there are.
        hours: how many hours of a month it runs.
        price: the price of one unit; None where there is none.
        price_key: the key of the price, there or not.
        monthly: what it costs a month.
        ceiling: what it costs where all replicas use their limits; None where nothing bounds it.
        source: where the request comes from.
        notes: what was assumed.
        is_spot: whether its nodes may be taken away any moment.
        is_shared: whether everybody on the cluster has a part in it.

    """

    subject: CostSubject
    resource: str
    variant: str = ""
    status: LineStatus = LineStatus.PRICED
    reason: str = ""
    amount: Decimal = ZERO
    shown: str = ""
    unit: str = ""
    count: Span = Span()  # noqa: RUF009  # a tuple, that nobody changes
    hours: Decimal = MONTH_HOURS
    price: Price | None = None
    price_key: str = ""
    monthly: Span = Span()  # noqa: RUF009  # same
    ceiling: Decimal | None = ZERO
    source: RequestSource = RequestSource.EXPLICIT
    notes: tuple[str, ...] = ()
    is_spot: bool = False
    is_shared: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether it may cost more than is said."""
        return self.status not in (LineStatus.PRICED, LineStatus.ZERO)


def monthly_of(amount: Decimal, price: Price, count: Span, hours: Decimal = MONTH_HOURS) -> Span:
    """Return what some units cost a month.

    Args:
        amount: units of one replica.
        price: the price of a unit.
        count: how many replicas there are.
        hours: how many hours of a month they run.

    """
    if hours == MONTH_HOURS:
        one = exact_product(amount, price.monthly)
    elif price.period == "hour":
        one = exact_product(amount, price.value, hours)
    else:
        one = divided(exact_product(amount, price.value, hours), MONTH_HOURS)
    typical = exact_product(one, count.typical)
    if not count.varies:
        return Span.of(typical)
    return Span(exact_product(one, count.least), typical, exact_product(one, count.most))
