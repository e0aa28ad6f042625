"""Budgets: how much a team, an environment, a cluster or an application may cost, and how much a change may add.

A change that costs nothing more is never blocked: what is over its budget already is then a warning. What has no figure
makes a budget that is otherwise kept *unknown*, which is told. A waiver has an owner, a reason and a last day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal, cast

from nixernetes.cost.amounts import decimal_of, difference, exact_sum, money, plain, signed
from nixernetes.cost.deltas import percent
from nixernetes.cost.estimates import Estimate
from nixernetes.cost.lines import CostLine, LineStatus
from nixernetes.cost.rollups import DIMENSIONS
from nixernetes.errors import InputError

__all__ = ["Budget", "BudgetFinding", "BudgetVerdict", "Waiver", "check_budgets", "in_scope"]

_AMOUNT: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(%|[A-Z]{3})?\s*\Z")
_SCOPES: Final = ("team", "env", "cluster", "app", "namespace")
_OPEN: Final = (LineStatus.UNPRICED, LineStatus.UNKNOWN, LineStatus.NOT_ADDED)


class BudgetFinding(StrEnum):
    """What may be said of a budget."""

    BUDGET_EXCEEDED = "cost/budget-exceeded"
    CHANGE_EXCEEDED = "cost/change-exceeded"
    UNPRICED = "cost/unpriced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Somebody answers for more than a budget allows.

    Attributes:
        owner: who.
        reason: why.
        until: the last day; None for ever.

    """

    owner: str
    reason: str
    until: date | None = None

    def holds(self, today: date) -> bool:
        """Tell whether it holds on a day."""
        return self.until is None or today <= self.until


@dataclass(frozen=True, init=False)
class Budget:
    """How much something may cost.

    Args:
        team: whose costs; or
        env: the environment; or
        cluster: the cluster; or
        app: the delivery, by its name or its identity; or
        namespace: the namespace. Without any of these it is about everything.
        monthly: the most that it may cost a month: ``"500 USD"``.
        change: the most that a change may add: ``"10 %"`` or ``"50 USD"``.
        change_absolute: the same as an amount.
        change_percent: the same as a part of a hundred.
        severity: ``block``: more is an error; ``warn``: a warning.
        waivers: who answers for more, as :class:`Waiver` or a mapping with ``owner``, ``reason``, ``until``.

    Raises:
        InputError: no limit, two scopes, or an amount that is none.

    """

    scope: str
    name: str
    monthly: Decimal | None
    change_absolute: Decimal | None
    change_percent: Decimal | None
    currency: str
    severity: Literal["block", "warn"]
    waivers: tuple[Waiver, ...]

    def __init__(  # noqa: PLR0913  # what a budget says
        self,
        *,
        team: str = "",
        env: str = "",
        cluster: str = "",
        app: str = "",
        namespace: str = "",
        monthly: str | int | Decimal | None = None,
        change: str | int | Decimal | None = None,
        change_absolute: str | int | Decimal | None = None,
        change_percent: str | int | Decimal | None = None,
        severity: str = "warn",
        waivers: Iterable[Waiver | Mapping[str, object]] = (),
    ) -> None:
        named = [
            (scope, name) for scope, name in zip(_SCOPES, (team, env, cluster, app, namespace), strict=True) if name
        ]
        if len(named) > 1:
            raise InputError(f"a budget is about one of {', '.join(_SCOPES)}: leave the others out")
        if severity not in ("block", "warn"):
            raise InputError("severity of a budget is block or warn", subject=severity)
        limits = {"monthly": monthly, "change_absolute": change_absolute, "change_percent": change_percent}
        if change is not None:
            limits["change_percent" if "%" in str(change) else "change_absolute"] = change
        parsed = {key: _amount(key, value) for key, value in limits.items() if value is not None}
        if not parsed:
            raise InputError("a budget needs a limit: monthly, or change")
        currencies = {unit for _, unit in parsed.values()} - {"", "%"}
        if len(currencies) > 1:
            raise InputError(f"a budget has one currency, not {' and '.join(sorted(currencies))}")
        values: Mapping[str, object] = {
            "scope": named[0][0] if named else "all",
            "name": named[0][1] if named else "",
            "monthly": parsed["monthly"][0] if "monthly" in parsed else None,
            "change_absolute": parsed["change_absolute"][0] if "change_absolute" in parsed else None,
            "change_percent": parsed["change_percent"][0] if "change_percent" in parsed else None,
            "currency": next(iter(currencies), ""),
            "severity": severity,
            "waivers": tuple(map(_waiver, waivers)),
        }
        for key, value in values.items():
            object.__setattr__(self, key, value)

    def __str__(self) -> str:
        return f"{self.scope} {self.name}" if self.name else "everything"


def _amount(key: str, value: str | int | Decimal) -> tuple[Decimal, str]:
    found = _AMOUNT.match(str(value))
    unit = (found[2] or "") if found else ""
    if found is None or (unit == "%") is not (key == "change_percent" and unit != ""):
        form = "10 %" if key == "change_percent" else "500 USD"
        raise InputError(f"is not an amount: write it as {form}", subject=f"{key} {value}")
    return decimal_of(found[1], key), unit


def _waiver(given: Waiver | Mapping[str, object]) -> Waiver:
    if isinstance(given, Waiver):
        return given
    until = given.get("until")
    if isinstance(until, str):
        try:
            until = date.fromisoformat(until)
        except ValueError:
            raise InputError("is not a day: write it as 2026-12-31", subject=f"until {until}") from None
    owner, reason = (str(given[key]) if key in given else "" for key in ("owner", "reason"))
    if not owner or not reason:
        raise InputError("a waiver names its owner and its reason")
    return Waiver(owner=owner, reason=reason, until=cast("date | None", until))


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetVerdict:
    """What is said of one budget.

    Attributes:
        budget: the budget.
        spent: what its scope costs a month.
        before: the same before the change; None where nothing is compared.
        finding: what is said; None: it is kept.
        message: the fact and the remedy.
        is_blocking: whether the change is not to be merged.
        waiver: who answers for it; None: nobody.

    """

    budget: Budget
    spent: Decimal
    before: Decimal | None = None
    finding: BudgetFinding | None = None
    message: str = ""
    is_blocking: bool = False
    waiver: Waiver | None = None

    @property
    def status(self) -> str:
        """The outcome in one word: ``kept``, ``exceeded``, ``unknown``, ``waived``."""
        if self.waiver is not None:
            return "waived"
        if self.finding is None:
            return "kept"
        return "unknown" if self.finding is BudgetFinding.UNPRICED else "exceeded"


def in_scope(line: CostLine, budget: Budget) -> bool:
    """Tell whether a figure counts for a budget; what is shared counts for no team and no application."""
    if budget.scope == "all":
        return True
    name = DIMENSIONS[budget.scope](line)
    return name == budget.name or (budget.scope == "app" and name.rpartition("/")[2] == budget.name)


def check_budgets(
    budgets: Sequence[Budget],
    estimate: Estimate,
    *,
    before: Estimate | None = None,
    today: date = date.min,
    fail_unpriced: bool = False,
) -> tuple[BudgetVerdict, ...]:
    """Return what is to be said of each budget, at least that it is kept.

    Args:
        budgets: the budgets.
        estimate: what it costs.
        before: what it cost before the change; None: nothing is compared.
        today: the day, on which waivers may have ended.
        fail_unpriced: whether a budget of which nobody can tell is an error.

    Raises:
        InputError: a budget in another currency than the prices.

    """
    return tuple(
        verdict for budget in budgets for verdict in _verdicts(budget, estimate, (before, today, fail_unpriced))
    )


def _verdicts(budget: Budget, estimate: Estimate, given: tuple[Estimate | None, date, bool]) -> Iterator[BudgetVerdict]:
    before, today, fail_unpriced = given
    if budget.currency not in ("", estimate.currency):
        fact = f"is in {budget.currency}, and the prices are in {estimate.currency}: use one currency"
        raise InputError(fact, subject=f"the budget of {budget}")
    spent = _spent(budget, estimate)
    was = _spent(budget, before) if before is not None else None
    waiver = next((each for each in budget.waivers if each.holds(today)), None)
    found = [*_over_budget(budget, spent, was, estimate.currency), *_over_change(budget, spent, was, estimate.currency)]
    for finding, message, is_blocking in found:
        yield BudgetVerdict(
            budget=budget,
            spent=spent,
            before=was,
            finding=finding,
            message=f"{message}{_waived(budget, waiver)}",
            is_blocking=is_blocking and waiver is None,
            waiver=waiver,
        )
    if found:
        return
    open_items = list(_open_items(budget, estimate))
    if open_items:
        more = f" and {len(open_items) - 1} more" if len(open_items) > 1 else ""
        message = f"whether {budget} keeps its budget is not known: {open_items[0]}{more}"
        yield BudgetVerdict(
            budget=budget,
            spent=spent,
            before=was,
            finding=BudgetFinding.UNPRICED,
            message=message,
            is_blocking=fail_unpriced,
        )
        return
    yield BudgetVerdict(budget=budget, spent=spent, before=was)


def _waived(budget: Budget, waiver: Waiver | None) -> str:
    if waiver is not None:
        until = f" until {waiver.until}" if waiver.until else ""
        return f"; waived{until} by {waiver.owner}: {waiver.reason}"
    ended = [f"; the waiver of {each.owner} ended with {each.until}: {each.reason}" for each in budget.waivers]
    return "".join(ended)


def _spent(budget: Budget, estimate: Estimate) -> Decimal:
    return exact_sum(line.monthly.typical for line in estimate.lines if in_scope(line, budget))


_Said = tuple[BudgetFinding, str, bool]


def _over_budget(budget: Budget, spent: Decimal, was: Decimal | None, currency: str) -> Iterator[_Said]:
    if budget.monthly is None or spent <= budget.monthly:
        return
    falls = was is not None and spent <= was
    fact = f"{budget} costs {money(spent)} {currency} a month, {money(difference(spent, budget.monthly))} more than"
    advice = "the change adds nothing to it" if falls else "reserve less, or raise the budget"
    message = f"{fact} its budget of {money(budget.monthly)}: {advice}"
    yield BudgetFinding.BUDGET_EXCEEDED, message, budget.severity == "block" and not falls


def _over_change(budget: Budget, spent: Decimal, was: Decimal | None, currency: str) -> Iterator[_Said]:
    if was is None or spent <= was:
        return
    more = difference(spent, was)
    part = percent(was, spent)
    said = f"the change adds {signed(more)} {currency} a month to {budget}"
    limit = ""
    if budget.change_absolute is not None and more > budget.change_absolute:
        limit = f"more than the {money(budget.change_absolute)} {currency} that a change may add"
    elif budget.change_percent is not None and part is not None and part > budget.change_percent:
        share = part.quantize(Decimal("0.1"))
        limit = f"which is {share} %, more than the {plain(budget.change_percent)} % that a change may add"
    if limit:
        yield BudgetFinding.CHANGE_EXCEEDED, f"{said}, {limit}", budget.severity == "block"


def _open_items(budget: Budget, estimate: Estimate) -> Iterator[str]:
    for line in estimate.lines:
        if line.status in _OPEN and in_scope(line, budget):
            yield f"{line.subject.identity}: {line.reason}"
    for each in estimate.unknown:
        if budget.scope != "cluster" or budget.name == each.cluster:
            yield f"{each.delivery} on {each.cluster} is not rendered"
