"""What a platform costs: every figure with its source, and everything that has none, listed.

One pass over the objects of each cluster, by kind. A forecast is not a bill: it is what is requested, at the prices of
a book, without discounts, usage, network and idle capacity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from nixernetes.cost.amounts import DAY_HOURS, MONTH_HOURS, YEAR_MONTHS, ZERO, Span, divided, exact_product, exact_sum
from nixernetes.cost.cluster_pricing import ClusterPricing, control_plane
from nixernetes.cost.inventory import Assumptions, ClusterInventory
from nixernetes.cost.lines import CostLine, LineStatus
from nixernetes.cost.objects import CostObject, UnknownDelivery, cluster_sets
from nixernetes.cost.prices.book import PriceBook

__all__ = ["CostTotal", "Estimate", "estimate_objects"]


@dataclass(frozen=True, slots=True)
class CostTotal:
    """An amount for a month of 730 hours, and the same for other times.

    Attributes:
        monthly: for a month.

    """

    monthly: Decimal = ZERO

    @property
    def hourly(self) -> Decimal:
        """For an hour."""
        return divided(self.monthly, MONTH_HOURS)

    @property
    def daily(self) -> Decimal:
        """For a day of 24 hours."""
        return divided(exact_product(self.monthly, DAY_HOURS), MONTH_HOURS)

    @property
    def annual(self) -> Decimal:
        """For a year of 12 months."""
        return exact_product(self.monthly, YEAR_MONTHS)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a platform costs.

    Attributes:
        lines: every figure, and everything that has none, in the order of clusters and objects.
        book: the prices.
        assumptions: what was taken for granted, in sentences.
        unknown: deliveries that could not be rendered.

    """

    lines: tuple[CostLine, ...]
    book: PriceBook
    assumptions: tuple[str, ...] = ()
    unknown: tuple[UnknownDelivery, ...] = field(default=())

    @property
    def currency(self) -> str:
        """The currency of every amount."""
        return self.book.currency

    @cached_property
    def total(self) -> CostTotal:
        """What all of it costs, with the typical number of replicas."""
        return CostTotal(self.span.typical)

    @cached_property
    def span(self) -> Span:
        """What all of it costs a month with the fewest, the typical and the most replicas."""
        return total_of(self.lines)

    @cached_property
    def open_lines(self) -> tuple[CostLine, ...]:
        """What may cost more than is said: without a price, a request, a duration, or not readable."""
        return tuple(each for each in self.lines if each.is_open)

    def of(self, *statuses: LineStatus) -> tuple[CostLine, ...]:
        """Return the lines of some statuses."""
        return tuple(each for each in self.lines if each.status in statuses)


def total_of(lines: Iterable[CostLine]) -> Span:
    """Return what some lines cost together."""
    found = [each.monthly for each in lines]
    return Span(*(exact_sum(each[index] for each in found) for index in range(3)))


def estimate_objects(
    objects: Iterable[CostObject],
    book: PriceBook,
    *,
    inventory: Mapping[str, ClusterInventory] | None = None,
    assumptions: Assumptions | None = None,
    unknown: Iterable[UnknownDelivery] = (),
) -> Estimate:
    """Return what objects cost.

    Args:
        objects: the objects; of several of one identity in a cluster the first counts.
        book: the prices.
        inventory: what is known of the clusters, by name.
        assumptions: what is taken for granted.
        unknown: deliveries that could not be rendered.

    """
    taken = assumptions or Assumptions()
    known = inventory or {}
    lines: list[CostLine] = []
    for cluster in cluster_sets(objects, known, taken):
        lines += control_plane(cluster, book)
        lines += ClusterPricing(cluster, book).lines()
    return Estimate(
        lines=tuple(lines),
        book=book,
        assumptions=tuple(_said(book, taken, lines)),
        unknown=tuple(sorted(unknown, key=lambda each: (each.cluster, each.delivery, each.reason))),
    )


def _said(book: PriceBook, taken: Assumptions, lines: Iterable[CostLine]) -> Iterator[str]:
    """Yield what was taken for granted."""
    sources = sorted({each.price.provenance for each in lines if each.price is not None} or {book.source})
    yield f"prices of {book.name} in {book.currency}: {'; '.join(sources)}"
    yield "a month has 730 hours, a year 12 months"
    yield "what is requested is paid for: no discounts, usage, network or idle capacity"
    if taken.job_duration or taken.job_durations:
        yield f"a run of a Job takes {taken.job_duration or 'as long as is said of it'}"
    if book.find("cluster") is None and not any(each.key == "cluster" for each in book.prices):
        yield "no fee for control planes: the book has none"
