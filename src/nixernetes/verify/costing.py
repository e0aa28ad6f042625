"""What a rendered platform costs: its objects as they are placed on clusters, handed to ``cost`` once for all rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from nixernetes.cost.budget_verdicts import BudgetVerdict, check_budgets
from nixernetes.cost.budgets import Budget
from nixernetes.cost.estimates import Estimate, estimate_objects
from nixernetes.cost.inventory import Assumptions, ClusterInventory
from nixernetes.cost.objects import CostObject, UnknownDelivery
from nixernetes.cost.prices.book import PriceBook
from nixernetes.cost.prices.shipped import shipped
from nixernetes.objects.fields import flag_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import annotations_of, labels_of
from nixernetes.objects.well_known import ARGOCD_SKIP_RECONCILE
from nixernetes.render.deliveries import Delivery
from nixernetes.render.rendered_platform import RenderedPlatform
from nixernetes.verify.findings import Place
from nixernetes.verify.objects import ClusterObjects

STARTING: Final = "what starts it"  # stands for a delivery where a cluster cannot be read

__all__ = ["Costing", "cost_objects", "estimate_given", "estimate_platform"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Costing:
    """What costs are estimated with, and how much there may be.

    Attributes:
        book: the prices.
        inventory: what is known of clusters, by name.
        assumptions: what is taken for granted.
        budgets: how much there may be, each with the place where it is written.
        before: what the platform cost before the change; None: nothing is compared.
        today: the day.
        fail_unpriced: whether a budget of which nobody can tell is an error.

    """

    book: PriceBook = field(default_factory=shipped)
    inventory: Mapping[str, ClusterInventory] = field(default_factory=dict)
    assumptions: Assumptions = field(default_factory=Assumptions)
    budgets: Sequence[tuple[Budget, Place]] = ()
    before: Estimate | None = None
    today: date = date.min
    fail_unpriced: bool = False

    def verdicts(self, estimate: Estimate) -> Iterator[tuple[BudgetVerdict, Place]]:
        """Yield what is to be said of each budget, and where it is written.

        Raises:
            InputError: a budget in another currency than the prices.

        """
        for budget, place in self.budgets:
            for verdict in check_budgets(
                [budget], estimate, before=self.before, today=self.today, fail_unpriced=self.fail_unpriced
            ):
                yield verdict, place


def estimate_platform(platform: RenderedPlatform, clusters: Sequence[ClusterObjects], costing: Costing) -> Estimate:
    """Return what a platform costs.

    Args:
        platform: the rendered platform.
        clusters: its clusters with their objects.
        costing: what it is estimated with.

    """
    return estimate_given(list(cost_objects(platform, clusters, costing)), platform, clusters, costing)


def cost_objects(
    platform: RenderedPlatform, clusters: Iterable[ClusterObjects], costing: Costing
) -> Iterator[CostObject]:
    """Yield the objects of a platform as costs are estimated of them."""
    held = {each.name: {delivery.key: delivery for delivery in each.deliveries} for each in platform.clusters}
    for cluster in clusters:
        yield from _objects(cluster, held, costing.assumptions)


def estimate_given(
    objects: Iterable[CostObject], platform: RenderedPlatform, clusters: Sequence[ClusterObjects], costing: Costing
) -> Estimate:
    """Return what a platform would cost if its objects were these; arguments as of :func:`estimate_platform`."""
    names = {each.name for each in clusters}
    return estimate_objects(
        objects,
        costing.book,
        inventory={name: each for name, each in costing.inventory.items() if name in names},
        assumptions=costing.assumptions,
        unknown=[*_unrendered(clusters), *_not_started(platform)],
    )


def _objects(
    cluster: ClusterObjects, held: Mapping[str, Mapping[ObjectKey, Delivery]], taken: Assumptions
) -> Iterator[CostObject]:
    deliveries = held.get(cluster.hub, {})
    said: dict[ObjectKey, tuple[str, str, str, tuple[str, ...]]] = {}
    for item in cluster.placed:
        app = owner = suspended = ""
        through: tuple[str, ...] = (f"{cluster.hub}/{STARTING}",)
        if item.owner is not None:
            key = item.owner.key
            if key not in said:
                labels = labels_of(item.owner.manifest)
                names = tuple(f"{cluster.hub}/{each}" for each in (key, *item.owner.parents, STARTING))
                owner = labels.get(taken.team_label, "")
                said[key] = (str(key), owner, _suspended(item.owner, deliveries), names)
            app, owner, suspended, through = said[key]
        origin = item.origin
        yield CostObject(
            key=item.key,
            manifest=item.manifest,
            cluster=cluster.name,
            app=app,
            through=through,
            owner=owner,
            suspended=suspended,
            place=f"{origin.file}:{origin.line}" if origin.file and not origin.repository else origin.file,
        )


def _suspended(delivery: Delivery, deliveries: Mapping[ObjectKey, Delivery]) -> str:
    """Return which delivery is suspended, of one and those that create it; ``""`` where none is."""
    for key in (delivery.key, *delivery.parents):
        found = delivery if key == delivery.key else deliveries.get(key)
        if found is None:
            continue
        is_skipped = annotations_of(found.manifest).get(ARGOCD_SKIP_RECONCILE) == "true"
        if flag_at(found.manifest, "spec", "suspend") or is_skipped:
            return f"{found.key} is suspended"
    return ""


def _unrendered(clusters: Iterable[ClusterObjects]) -> Iterator[UnknownDelivery]:
    for cluster in clusters:
        for delivery in cluster.unrendered:
            reason = delivery.problem.partition("\n")[0]
            yield UnknownDelivery(cluster=cluster.name, delivery=str(delivery.key), reason=reason, hub=cluster.hub)


def _not_started(platform: RenderedPlatform) -> Iterator[UnknownDelivery]:
    for note in platform.notes:
        if note.is_problem and note.cluster:
            reason = note.message.partition("\n")[0]
            yield UnknownDelivery(cluster=note.cluster, delivery=STARTING, reason=reason)
