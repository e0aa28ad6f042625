"""The other view: what the nodes themselves cost, whether or not something is requested of them.

It is never added to what is requested: a node is paid for once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from nixernetes.cost.amounts import Span
from nixernetes.cost.estimates import Estimate
from nixernetes.cost.inventory import Assumptions, Inventory
from nixernetes.cost.lines import CostLine, CostSubject, monthly_of
from nixernetes.cost.node_pools import NodePool
from nixernetes.cost.pods.placement import instance_class
from nixernetes.cost.prices.book import PriceBook, Setting
from nixernetes.cost.pricing import unpriced
from nixernetes.objects.identity import ObjectKey

__all__ = ["node_view"]


def node_view(estimate: Estimate, inventory: Inventory, taken: Assumptions | None = None) -> Estimate:
    """Return what the nodes of clusters cost, in the place of what is requested of them.

    Args:
        estimate: what is requested.
        inventory: what is known of the clusters, by name.
        taken: what is taken for granted.

    """
    assumptions = taken or Assumptions()
    names = sorted({each.subject.cluster for each in estimate.lines} & inventory.keys())
    lines = [line for name in names for line in _lines(name, inventory, estimate.book, assumptions)]
    said = [each for each in estimate.assumptions if not each.startswith("what is requested")]
    return replace(
        estimate, lines=tuple(lines), assumptions=(*said, "nodes are paid for, whether or not something is requested")
    )


def _lines(cluster: str, inventory: Inventory, book: PriceBook, taken: Assumptions) -> Iterator[CostLine]:
    known = inventory[cluster]
    for number, pool in enumerate(known.nodes, 1):
        name = pool.name or f"nodes-{number}"
        subject = CostSubject(
            key=ObjectKey("", "Node", "", name),
            cluster=cluster,
            team=known.owner or taken.owner or "unowned",
            environment=known.environment or cluster,
            region=known.region,
        )
        yield _line(subject, pool, book, known.instance_class)


def _line(subject: CostSubject, pool: NodePool, book: PriceBook, named: str) -> CostLine:
    key = f"node.{pool.name}" if pool.name else "node"
    setting = Setting(
        region=subject.region, instance_class=instance_class(dict(pool.labels)) or named, node_labels=pool.labels
    )
    price = book.find(key, setting) or book.find("node", setting)
    if pool.count is None:
        return unpriced(subject, "node", "the number of nodes is not given", price_key=key)
    count = Span.of(Decimal(pool.count))
    if price is None:
        return unpriced(subject, "node", f"{book.name} has no price of {key}", count=count, price_key=key, shown="1")
    monthly = monthly_of(Decimal(1), price, count)
    return CostLine(
        subject=subject,
        resource="node",
        amount=Decimal(1),
        shown="1",
        unit="node",
        count=count,
        price=price,
        price_key=price.key,
        monthly=monthly,
        ceiling=monthly.most,
    )
