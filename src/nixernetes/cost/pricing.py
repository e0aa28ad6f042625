"""From amounts to lines: what pods reserve, each resource at its own price, on the nodes that they demand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from nixernetes.cost.amounts import MONTH_HOURS, ZERO, Span, exact_product
from nixernetes.cost.lines import CostLine, CostSubject, LineStatus, monthly_of
from nixernetes.cost.objects import ClusterSet
from nixernetes.cost.pods.placement import instance_class, is_spot, required_labels
from nixernetes.cost.pods.requests import RequestSource, ResourceRequest
from nixernetes.cost.prices.book import PriceBook, Setting
from nixernetes.cost.prices.price import Price
from nixernetes.cost.workloads.running import ONE, Pods

__all__ = ["PodPlace", "fixed_line", "pod_lines", "pod_place", "units_of", "unpriced"]

_GIB_POWER: Final = 30
_IN_BYTES: Final = ("memory", "ephemeral-storage", "storage")
_SPOKEN: Final = {
    RequestSource.LIMIT: "requests defaulted from limits",
    RequestSource.LIMIT_RANGE: "requests from LimitRange",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PodPlace:
    """Where pods run, as prices ask for it.

    Attributes:
        setting: the region, the class and the labels of the nodes.
        is_spot: whether the nodes may be taken away any moment.

    """

    setting: Setting
    is_spot: bool


def pod_place(cluster: ClusterSet, pods: Pods) -> PodPlace:
    """Return where pods run."""
    labels = required_labels(pods.spec)
    known = cluster.inventory
    spot = is_spot(pods.spec, cluster.assumptions.spot) if pods.is_spot is None else pods.is_spot
    named = pods.instance_class or instance_class(labels) or known.instance_class
    return PodPlace(setting=Setting(region=known.region, instance_class=named, node_labels=labels), is_spot=spot)


@lru_cache(maxsize=8192)
def units_of(resource: str, nano: int) -> Decimal:
    """Return an amount of a resource in units of its price, exactly: cores, GiB, devices."""
    if resource in _IN_BYTES:
        return _shifted(nano * 5**_GIB_POWER, -9 - _GIB_POWER)  # 2^-30 = 5^30 * 10^-30
    return _shifted(nano, -9)


def _shifted(number: int, exponent: int) -> Decimal:
    digits = str(number)
    short = digits.rstrip("0")[: len(digits)] or "0"
    zeros = min(len(digits) - len(short), -exponent)
    return Decimal((0, tuple(map(int, digits[: len(digits) - zeros])), exponent + zeros))


def pod_lines(
    subject: CostSubject, pods: Pods, requests: dict[str, ResourceRequest], book: PriceBook, place: PodPlace
) -> Iterator[CostLine]:
    """Yield a line for each resource that pods reserve.

    Args:
        subject: the object.
        pods: its pods.
        requests: what one pod asks for.
        book: the prices.
        place: where the pods run.

    """
    for resource, request in requests.items():
        if request.missing:
            yield _without_request(subject, pods, resource, request)
        if request.nano:
            yield _line(subject, pods, (resource, request), book, place)


def _without_request(subject: CostSubject, pods: Pods, resource: str, request: ResourceRequest) -> CostLine:
    names = ", ".join(request.missing)
    plural = "containers" if len(request.missing) > 1 else "container"
    return CostLine(
        subject=subject,
        resource=resource,
        variant="no request",
        status=LineStatus.NO_REQUEST,
        reason=f"no {resource} request of {plural} {names}",
        count=pods.count,
        ceiling=None,
        source=RequestSource.NONE,
        shown="-",
    )


def _line(
    subject: CostSubject, pods: Pods, asked: tuple[str, ResourceRequest], book: PriceBook, place: PodPlace
) -> CostLine:
    resource, request = asked
    price, key, unit = _price(resource, book, place)
    amount = units_of(resource, request.nano)
    notes = pods.notes
    if request.source in _SPOKEN and "/" not in resource:  # of devices nobody writes anything but limits
        notes = (*notes, _SPOKEN[request.source])
    status, reason = LineStatus.PRICED, ""
    monthly = Span()
    ceiling: Decimal | None = ZERO
    if price is None:
        status, reason = LineStatus.UNPRICED, f"{book.name} has no price of {key}"
    elif pods.hours is None:
        status, reason = LineStatus.NOT_ADDED, _open_duration(pods)
    else:
        monthly = monthly_of(amount, price, pods.count, pods.hours)
        ceiling = _ceiling(resource, request, monthly.most, (price, pods))
    return CostLine(
        subject=subject,
        resource=resource,
        variant=_variant(pods, place),
        status=status,
        reason=reason,
        amount=amount,
        shown=str(request),
        unit=unit,
        count=pods.count,
        hours=MONTH_HOURS if pods.hours is None else pods.hours,
        price=price,
        price_key=key,
        monthly=monthly,
        ceiling=ceiling,
        source=request.source,
        notes=notes,
        is_spot=place.is_spot,
    )


def _variant(pods: Pods, place: PodPlace) -> str:
    """Tell the nodes of a DaemonSet apart where their prices differ."""
    if pods.is_spot is None:
        return ""
    return "/".join(filter(None, ("spot" if place.is_spot else "", pods.instance_class)))


def _open_duration(pods: Pods) -> str:
    return f"how long it runs is not said{f' ({pods.notes[0]})' if pods.notes else ''}: assume a duration of Jobs"


def _ceiling(resource: str, request: ResourceRequest, most: Decimal, at: tuple[Price, Pods]) -> Decimal | None:
    """Return what it costs where all replicas use their limits; None where nothing bounds it."""
    if resource not in ("cpu", "memory"):
        return most
    if request.ceiling is None or request.missing:
        return None
    price, pods = at
    bound = units_of(resource, max(request.ceiling, request.nano))
    return monthly_of(bound, price, Span.of(pods.count.most), pods.hours or ZERO).most


def _price(resource: str, book: PriceBook, place: PodPlace) -> tuple[Price | None, str, str]:
    """Return the price of a resource, its key and its unit."""
    spot = ".spot" if place.is_spot else ""
    if resource in ("cpu", "memory"):
        key = f"{resource}{spot}"
        return book.find(key, place.setting), key, "core" if resource == "cpu" else "GiB"
    if resource == "ephemeral-storage":
        return book.find("ephemeral_storage", place.setting), "ephemeral_storage", "GiB"
    key = f"gpu.{resource}{spot}"
    found = book.find(key, place.setting)
    if found is None and resource.endswith("/gpu"):
        found = book.find(f"gpu{spot}", place.setting)
    return found, key if found is None else found.key, "device"


def unpriced(subject: CostSubject, resource: str, reason: str, **more: object) -> CostLine:
    """Return a line that has no figure."""
    return CostLine(
        subject=subject,
        resource=resource,
        status=LineStatus.UNPRICED,
        reason=reason,
        ceiling=None,
        **more,  # type: ignore[arg-type]  # fields of a line
    )


def fixed_line(
    subject: CostSubject, resource: str, amount: tuple[Decimal, str], found: tuple[Price | None, str, str]
) -> CostLine:
    """Return a line of something that neither replicates nor stops.

    Args:
        subject: the object.
        resource: what it is.
        amount: how much of it, and the same as it is written.
        found: the price, its key, and the name of the book.

    """
    price, key, book = found
    units, shown = amount
    if price is None:
        return unpriced(
            subject, resource, f"{book} has no price of {key}", amount=units, shown=shown, price_key=key, count=ONE
        )
    total = exact_product(units, price.monthly)
    return CostLine(
        subject=subject,
        resource=resource,
        amount=units,
        shown=shown,
        unit=price.unit,
        count=ONE,
        price=price,
        price_key=key,
        monthly=Span.of(total),
        ceiling=total,
    )
