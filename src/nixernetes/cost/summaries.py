"""The calls that users make: a summary of some deployments, and an estimate of what is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nixernetes.cost.estimates import CostTotal, Estimate, estimate_objects, total_of
from nixernetes.cost.given import Given, cost_objects, deployment_manifests
from nixernetes.cost.inventory import Assumptions, read_inventory
from nixernetes.cost.lines import CostLine, LineStatus
from nixernetes.cost.objects import CostObject
from nixernetes.cost.prices.book import PriceBook
from nixernetes.cost.prices.shipped import shipped
from nixernetes.cost.rollups import DIMENSIONS, groups
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json

__all__ = ["CostSummary", "estimate", "summary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSummary:
    """What some deployments cost.

    Attributes:
        total: what all of them cost: ``hourly``, ``daily``, ``monthly``, ``annual``.
        deployments: the same of each, by name.
        by: the same by ``team``, ``namespace``, ``app``, ``cluster``, ``env`` and ``kind``.
        currency: the currency.
        assumptions: what was taken for granted.
        unpriced: what has no figure, or may cost more than is said; each line says why.
        notes: what was assumed of single deployments, as ``web: requests defaulted from limits``.
        estimate: all figures, one by one.

    """

    total: CostTotal
    deployments: Mapping[str, CostTotal]
    by: Mapping[str, Mapping[str, CostTotal]]
    currency: str
    assumptions: tuple[str, ...]
    unpriced: tuple[CostLine, ...]
    notes: tuple[str, ...]
    estimate: Estimate


def estimate(
    rendered: Given,
    *,
    prices: PriceBook | str | None = None,
    clusters: Mapping[str, Json] | None = None,
    assumptions: Assumptions | None = None,
) -> Estimate:
    """Return what manifests cost.

    Args:
        rendered: manifests, resources or what is rendered; or clusters by name, each with these.
        prices: the prices, or the name of a shipped book or of a file; None: ``opencost-default``.
        clusters: what is known of clusters: ``{"prod": {"nodes": [{"count": 3}], "region": "eu-west-1"}}``.
        assumptions: what is taken for granted.

    Raises:
        InputError: something that cannot be priced, or is not of its form.

    """
    inventory = read_inventory(clusters or {})
    alone = next(iter(inventory)) if len(inventory) == 1 else ""
    return estimate_objects(cost_objects(rendered, alone), _book(prices), inventory=inventory, assumptions=assumptions)


def summary(
    deployments: Mapping[str, object],
    *,
    prices: PriceBook | str | None = None,
    clusters: Mapping[str, Json] | None = None,
    assumptions: Assumptions | None = None,
) -> CostSummary:
    """Return what deployments cost.

    Args:
        deployments: name to a manifest, several, a resource, an app with manifests, the spec of a Deployment, or
            replicas and containers.
        prices: as for :func:`estimate`.
        clusters: as for :func:`estimate`.
        assumptions: what is taken for granted.

    Raises:
        InputError: a deployment that is none of these.

    """
    inventory = read_inventory(clusters or {})
    cluster = next(iter(inventory)) if len(inventory) == 1 else ""
    objects: list[CostObject] = []
    names: list[str] = []
    for name, manifests in deployment_manifests(deployments):
        names.append(name)
        objects += [CostObject(key=key_of(each), manifest=each, cluster=cluster, app=name) for each in manifests]
    found = estimate_objects(objects, _book(prices), inventory=inventory, assumptions=assumptions)
    parts: dict[str, list[CostLine]] = {name: [] for name in names}
    for line in found.lines:
        parts.setdefault(line.subject.app, []).append(line)
    return CostSummary(
        total=found.total,
        deployments={name: CostTotal(total_of(parts[name]).typical) for name in names},
        by={
            each: {group.name: CostTotal(group.monthly.typical) for group in groups(found, each)} for each in DIMENSIONS
        },
        currency=found.currency,
        assumptions=found.assumptions,
        unpriced=found.open_lines,
        notes=tuple(dict.fromkeys(_notes(found))),
        estimate=found,
    )


def _notes(found: Estimate) -> list[str]:
    told = [(line, note) for line in found.lines for note in line.notes]
    told += [(line, line.reason) for line in found.lines if line.status is not LineStatus.PRICED]
    return [f"{line.subject.key}: {note}" for line, note in told]


def _book(prices: PriceBook | str | None) -> PriceBook:
    return shipped() if prices is None else PriceBook.load(prices) if isinstance(prices, str) else prices
