"""The part of the settings that is about costs, handed to whoever estimates them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from nixernetes.adapters.files.price_books import price_book
from nixernetes.app import platform_file
from nixernetes.app.settings import node_pools
from nixernetes.cost.budgets import Budget
from nixernetes.cost.inventory import Assumptions, ClusterInventory
from nixernetes.cost.node_pools import NodePool, Taint
from nixernetes.cost.pods.placement import SPOT_MARKERS, NodeMarker
from nixernetes.cost.prices.book import PriceBook
from nixernetes.cost.prices.shipped import DEFAULT
from nixernetes.errors import InputError
from nixernetes.settings.cost_model import CostSettings
from nixernetes.settings.model import ClusterSettings, NodeSettings
from nixernetes.settings.reading import NAME, SettingsFile
from nixernetes.verify.costing import Costing
from nixernetes.verify.findings import Place

__all__ = ["costing_of", "owner_of", "reads_file"]


def reads_file(found: SettingsFile) -> bool:
    """Tell whether the prices of the settings stand in a file beside them."""
    settings = found.settings.cost
    return settings is not None and bool(settings.prices) and price_book(settings.prices, _folder(found))[1]


def owner_of(target: Path) -> str:
    """Return the owner that the platform of a file or folder names, or ``""``.

    Raises:
        InputError: the platform is wrong.

    """
    if target.is_dir() and platform_file.found_in(target) is None:
        return ""
    from nixernetes.app.load import load  # noqa: PLC0415  # the vocabulary takes long to import

    return load(target).platform.owner if target.exists() else ""


def costing_of(found: SettingsFile, *, prices: str = "", today: date = date.min, owner: str = "") -> Costing:
    """Return what costs are estimated with.

    Args:
        found: the settings.
        owner: the owner of the platform, where the settings name none.
        prices: a price book that wins over that of the settings.
        today: the day, on which waivers may have ended.

    Raises:
        InputError: there is no such price book, or a budget is wrong.

    """
    settings = found.settings.cost or CostSettings()
    pools = node_pools(found)
    book = price_book(prices)[0] if prices else _book(found, settings)
    return Costing(
        book=book,
        inventory={name: _inventory(each, pools.get(name, ())) for name, each in found.settings.clusters.items()},
        assumptions=_assumptions(settings, owner),
        budgets=[
            (_budget(found, number, book.currency), _place(found, number)) for number in range(len(settings.budgets))
        ],
        today=today,
        fail_unpriced=settings.unpriced == "fail",
    )


def _folder(found: SettingsFile) -> Path:
    return Path(found.file).parent


def _book(found: SettingsFile, settings: CostSettings) -> PriceBook:
    try:
        return price_book(settings.prices or DEFAULT, _folder(found))[0]
    except InputError as error:
        if error.place:
            raise
        place = found.place("cost", "prices") if settings.prices else ""
        raise InputError(error.message, subject=error.subject, place=place) from error


def _inventory(settings: ClusterSettings, pools: tuple[NodePool, ...]) -> ClusterInventory:
    return ClusterInventory(
        nodes=(*pools, *map(_nodes, settings.nodes)),
        region=settings.region,
        instance_class=settings.instance_class,
        environment=settings.environment,
        owner=settings.owner,
        storage_class=settings.storage_class,
    )


def _nodes(settings: NodeSettings) -> NodePool:
    return NodePool(
        name=settings.name,
        labels=settings.labels,
        taints=[Taint(each.key, each.value, each.effect) for each in settings.taints],
        count=settings.count,
    )


def _assumptions(settings: CostSettings, owner: str) -> Assumptions:
    defaults = Assumptions()
    said = settings.assume
    return Assumptions(
        job_duration=said.job_duration or "",
        job_durations=said.job_durations,
        spot=(*SPOT_MARKERS, *(NodeMarker(each.key, each.value) for each in settings.spot)),
        load_balancer_classes=frozenset(settings.load_balancer_classes),
        owner=settings.owner or owner,
        team_label=settings.team_label or defaults.team_label,
        environment_label=settings.environment_label or defaults.environment_label,
    )


def _budget(found: SettingsFile, number: int, currency: str) -> Budget:
    settings = (found.settings.cost or CostSettings()).budgets[number]
    try:
        budget = Budget(
            team=settings.team,
            env=settings.env,
            cluster=settings.cluster,
            app=settings.app,
            namespace=settings.namespace,
            monthly=settings.monthly,
            change=settings.change,
            change_absolute=settings.change_absolute,
            change_percent=settings.change_percent,
            severity=settings.severity,
            waivers=[{"owner": each.owner, "reason": each.reason, "until": each.until} for each in settings.waivers],
        )
    except InputError as error:
        raise InputError(error.message, subject=error.subject, place=found.place("cost", "budgets", number)) from error
    if budget.currency not in ("", currency):
        fact = f"is in {budget.currency}, and the prices are in {currency}: use one currency"
        raise InputError(fact, subject=f"the budget of {budget}", place=found.place("cost", "budgets", number))
    return budget


def _place(found: SettingsFile, number: int) -> Place:
    return Place(NAME, found.line("cost", "budgets", number))
