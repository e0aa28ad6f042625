"""Whether budgets are kept.

A change that costs nothing more is never blocked: what is over its budget already is then a warning. What has no figure
makes a budget that is otherwise kept *unknown*, which is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from nixernetes.cost.amounts import difference, exact_sum, money, plain, signed
from nixernetes.cost.budgets import Budget, Waiver
from nixernetes.cost.deltas import comparable, percent
from nixernetes.cost.estimates import Estimate
from nixernetes.cost.lines import CostLine, LineStatus
from nixernetes.cost.rollups import DIMENSIONS
from nixernetes.errors import InputError

__all__ = ["BudgetFinding", "BudgetVerdict", "check_budgets", "in_scope"]

_OPEN: Final = (LineStatus.UNPRICED, LineStatus.UNKNOWN, LineStatus.NOT_ADDED)


class BudgetFinding(StrEnum):
    """What may be said of a budget."""

    BUDGET_EXCEEDED = "cost/budget-exceeded"
    CHANGE_EXCEEDED = "cost/change-exceeded"
    UNPRICED = "cost/unpriced"


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
    found = list(_over_budget(budget, spent, was, estimate.currency))
    if before is not None:
        old, new, _ = comparable(before, estimate)
        steps = (_spent(budget, old), _spent(budget, new))
        found += _over_change(budget, steps, estimate.currency)
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


def _over_change(budget: Budget, steps: tuple[Decimal, Decimal], currency: str) -> Iterator[_Said]:
    was, spent = steps
    if spent <= was:
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
