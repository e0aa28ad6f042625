"""What claims of volumes cost: those that stand alone, those of StatefulSets, and those that live as long as a pod.

Claims of a StatefulSet stay when it is scaled down, unless it says ``whenScaled: Delete``; so they cost what the most
replicas need. A class has its own price; only the class of the cluster that claims get without naming one has that of
``storage``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from nixernetes.cost.amounts import Span
from nixernetes.cost.lines import CostLine, CostSubject, LineStatus, monthly_of
from nixernetes.cost.objects import ClusterSet, CostObject
from nixernetes.cost.pods.requests import ResourceRequest, amount_of
from nixernetes.cost.prices.book import PriceBook, Setting
from nixernetes.cost.prices.price import Price
from nixernetes.cost.pricing import units_of, unpriced
from nixernetes.cost.workloads.running import ONE, Pods
from nixernetes.objects.fields import at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import STATEFUL_SET, STORAGE_CLASS
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import DEFAULT_STORAGE_CLASS, OLD_DEFAULT_STORAGE_CLASS, OLD_STORAGE_CLASS

__all__ = ["claim_lines", "default_class", "pod_volume_lines", "volume_line"]

_IS_DEFAULT: Final = (
    DEFAULT_STORAGE_CLASS,
    OLD_DEFAULT_STORAGE_CLASS,
)
_MOST_DIGITS: Final = 9  # of the number of a replica


def default_class(cluster: ClusterSet) -> str:
    """Return the StorageClass of claims that name none, or ``""`` where nobody says."""
    if cluster.inventory.storage_class:
        return cluster.inventory.storage_class
    found = [
        item.key.name
        for item in cluster.of(STORAGE_CLASS)
        if any(annotations_of(item.manifest).get(each) == "true" for each in _IS_DEFAULT)
    ]
    return min(found, default="")


def claim_lines(subject: CostSubject, item: CostObject, cluster: ClusterSet, book: PriceBook) -> Iterator[CostLine]:
    """Yield the line of a PersistentVolumeClaim; one that a StatefulSet takes for its own is paid for there."""
    owner = _taken(item, cluster)
    if owner:
        yield CostLine(subject=subject, resource="storage", status=LineStatus.ZERO, reason=f"it is a claim of {owner}")
    else:
        yield volume_line(subject, item.manifest, ONE, (cluster, book))


def _taken(item: CostObject, cluster: ClusterSet) -> str:
    """Return the StatefulSet whose claims are named like one that is declared beside it, or ``""``."""
    begin, _, ordinal = item.key.name.rpartition("-")
    if not ordinal.isdecimal() or len(ordinal) > _MOST_DIGITS:
        return ""
    parts = begin.split("-")
    for index in range(1, len(parts)):
        key = ObjectKey(*STATEFUL_SET, item.key.namespace, "-".join(parts[index:]))
        found = cluster.objects.get(key)
        if found is None or int(ordinal) >= number_at(found.manifest, "spec", "replicas", default=1):
            continue
        claims = objects_at(found.manifest, "spec", "volumeClaimTemplates")
        if any(text_at(each, "metadata", "name") == "-".join(parts[:index]) for each in claims):
            return str(key)
    return ""


def pod_volume_lines(
    subject: CostSubject, item: CostObject, pods: Pods, at_hand: tuple[ClusterSet, PriceBook]
) -> Iterator[CostLine]:
    """Yield the lines of the claims that are made for pods."""
    if item.key.group_kind == STATEFUL_SET or "volumeClaimTemplates" in mapping_at(item.manifest, "spec"):
        retention = text_at(item.manifest, "spec", "persistentVolumeClaimRetentionPolicy", "whenScaled")
        count = pods.count if retention == "Delete" else Span.of(pods.count.most)
        note = ("claims stay when it is scaled down",) if pods.count.varies and count != pods.count else ()
        for claim in objects_at(item.manifest, "spec", "volumeClaimTemplates"):
            line = volume_line(subject, claim, count, at_hand)
            yield replace(line, notes=(*line.notes, *note))
    for volume in objects_at(pods.spec, "volumes"):
        template = mapping_at(volume, "ephemeral", "volumeClaimTemplate")
        if template and pods.hours is not None:
            named = {**template, "metadata": {"name": text_at(volume, "name")}}
            line = volume_line(subject, named, pods.count, at_hand)
            if line.price is not None:
                line = replace(
                    line, hours=pods.hours, monthly=monthly_of(line.amount, line.price, pods.count, pods.hours)
                )
            yield line


def volume_line(subject: CostSubject, claim: Manifest, count: Span, at_hand: tuple[ClusterSet, PriceBook]) -> CostLine:
    """Return the line of a claim.

    Args:
        subject: the object that it belongs to.
        claim: the claim, or a template of one.
        count: how many there are.
        at_hand: the cluster, and the prices.

    Raises:
        InputError: its size is not a quantity.

    """
    cluster, book = at_hand
    name = text_at(claim, "metadata", "name") or "claim"
    variant = name if subject.key.name != name else ""
    size = at(claim, "spec", "resources", "requests", "storage")
    if size is None:
        return replace(unpriced(subject, "storage", f"{name} names no size", count=count), variant=variant)
    request = ResourceRequest(nano=amount_of(size, f"{name}: storage"))
    amount = units_of("storage", request.nano)
    given = _class_of(claim)
    if given == "":
        reason = f"{name}: storageClassName is empty, so the volume is made by hand"
        line = unpriced(subject, "storage", reason, count=count, amount=amount, shown=str(request))
        return replace(line, variant=variant)
    price, key = _price(given, cluster, book)
    line = CostLine(
        subject=subject,
        resource="storage",
        variant=variant,
        amount=amount,
        shown=str(request),
        unit="GiB",
        count=count,
        price=price,
        price_key=key,
    )
    if price is None:
        fact = f"{book.name} has no price of {key}"
        return replace(line, status=LineStatus.UNPRICED, reason=fact, ceiling=None)
    monthly = monthly_of(amount, price, count)
    return replace(line, monthly=monthly, ceiling=monthly.most)


def _class_of(claim: Manifest) -> Json:
    """Return the class that a claim names: None for none, ``""`` for no class at all."""
    named = at(claim, "spec", "storageClassName")
    if named is None:
        named = annotations_of(claim).get(OLD_STORAGE_CLASS)
    return named if isinstance(named, str) else None


def _price(given: str | None, cluster: ClusterSet, book: PriceBook) -> tuple[Price | None, str]:
    """Return the price of a class, and its key; None stands for the default class of the cluster."""
    setting = Setting(region=cluster.inventory.region)
    default = default_class(cluster)
    name = default if given is None else given
    key = f"storage.{name}" if name else "storage"
    found = book.find(key, setting)
    if found is None and (given is None or given == default):
        return book.find("storage", setting), "storage"
    return found, key
