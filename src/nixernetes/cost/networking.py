"""Load balancers: of Services, and of Gateways and Ingresses whose class makes one for each.

Ingresses of one group of the AWS load balancer controller share one. A load balancer that the delivery of an ingress
controller brings is everybody's: it comes together with an IngressClass or a GatewayClass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from nixernetes.cost.lines import CostLine, CostSubject, LineStatus
from nixernetes.cost.objects import ClusterSet, CostObject
from nixernetes.cost.prices.book import PriceBook, Setting
from nixernetes.cost.pricing import fixed_line
from nixernetes.objects.fields import text_at
from nixernetes.objects.kinds import (
    GATEWAY,
    GATEWAY_CLASS,
    INGRESS,
    INGRESS_CLASS,
    SERVICE,
)
from nixernetes.objects.manifest import annotations_of
from nixernetes.objects.well_known import INGRESS_CLASS_ANNOTATION

__all__ = ["ingress_deliveries", "load_balancer_lines"]

_GROUP: Final = "alb.ingress.kubernetes.io/group.name"
_ONE: Final = (Decimal(1), "1")


def ingress_deliveries(cluster: ClusterSet) -> frozenset[str]:
    """Return the deliveries that bring ingress controllers."""
    return frozenset(item.app for item in cluster.of(INGRESS_CLASS, GATEWAY_CLASS) if item.app)


def load_balancer_lines(
    subject: CostSubject, item: CostObject, at_hand: tuple[ClusterSet, PriceBook], groups: dict[str, str]
) -> Iterator[CostLine]:
    """Yield the load balancer of an object; nothing where it makes none.

    Args:
        subject: the object as lines name it.
        item: the object.
        at_hand: the cluster, and the prices.
        groups: the groups of Ingresses that have a load balancer, with who has it; more are added.

    """
    cluster, book = at_hand
    kind = item.key.group_kind
    if kind == SERVICE:
        if text_at(item.manifest, "spec", "type") == "LoadBalancer":
            line = _line(subject, text_at(item.manifest, "spec", "loadBalancerClass"), cluster, book)
            yield replace(line, is_shared=item.app in ingress_deliveries(cluster))
        return
    name = text_at(item.manifest, "spec", "gatewayClassName" if kind == GATEWAY else "ingressClassName")
    name = name or annotations_of(item.manifest).get(INGRESS_CLASS_ANNOTATION, "")
    if name not in cluster.assumptions.load_balancer_classes:
        if kind == GATEWAY:
            reason = f"the class {name or 'of it'} is not listed in loadBalancerClasses"
            yield CostLine(subject=subject, resource="loadbalancer", status=LineStatus.ZERO, reason=reason)
        return
    group = annotations_of(item.manifest).get(_GROUP, "") if kind == INGRESS else ""
    if group and group in groups:
        reason = f"it shares the load balancer of {groups[group]}, group {group}"
        yield CostLine(subject=subject, resource="loadbalancer", status=LineStatus.ZERO, reason=reason)
        return
    if group:
        groups[group] = str(item.key)
    yield replace(_line(subject, name, cluster, book), is_shared=bool(group) or item.app in ingress_deliveries(cluster))


def _line(subject: CostSubject, name: str, cluster: ClusterSet, book: PriceBook) -> CostLine:
    setting = Setting(region=cluster.inventory.region)
    own = book.find(f"loadbalancer.{name}", setting) if name else None
    price = own or book.find("loadbalancer", setting)
    key = price.key if price is not None else "loadbalancer"
    return fixed_line(subject, "loadbalancer", _ONE, (price, key, book.name))
