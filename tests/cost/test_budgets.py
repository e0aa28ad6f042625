"""Budgets are kept, exceeded, waived or not known; a change that adds nothing is never blocked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.cost.samples import container, obj, template, workload

from nixernetes import cost
from nixernetes.errors import InputError

TODAY = date(2026, 6, 1)


def estimate(cores: int, team: str = "payments", *more: Any) -> cost.Estimate:
    web = workload(template(container(str(cores), "0")), labels={"nixernetes.io/owner": team})
    return cost.estimate([web, *more], prices=cost.PriceBook(hourly={"cpu": Decimal(1) / 73, "memory": 0}))


def verdict(budget: cost.Budget, cores: int = 10, before: int | None = None, **more: Any) -> cost.BudgetVerdict:
    was = estimate(before) if before is not None else None
    (found,) = cost.check_budgets([budget], estimate(cores), before=was, today=TODAY, **more)
    return found


def test_a_core_costs_ten_here() -> None:
    assert round(estimate(10).total.monthly, 10) == 100


@pytest.mark.parametrize(
    ("limit", "severity", "before", "finding", "blocks"),
    [
        ("101 USD", "block", None, None, False),
        ("99 USD", "block", None, "cost/budget-exceeded", True),
        ("99", "warn", None, "cost/budget-exceeded", False),
        ("99 USD", "block", 9, "cost/budget-exceeded", True),
        ("99 USD", "block", 10, "cost/budget-exceeded", False),
        ("99 USD", "block", 11, "cost/budget-exceeded", False),
    ],
)
def test_an_amount_for_a_month(
    limit: str, severity: str, before: int | None, finding: str | None, blocks: bool
) -> None:
    found = verdict(cost.Budget(team="payments", monthly=limit, severity=severity), before=before)
    assert (found.finding, found.is_blocking) == (finding, blocks)


@pytest.mark.parametrize(
    ("change", "before", "exceeded"),
    [
        ("10 %", 10, False),
        ("10 %", 9, True),
        ("12%", 9, False),
        ("10 %", 0, False),
        ("20 USD", 9, False),
        ("9.99 USD", 9, True),
        ("50 USD", 0, True),
        ("10 %", None, False),
        ("1 USD", 20, False),
    ],
)
def test_what_a_change_may_add(change: str, before: int | None, exceeded: bool) -> None:
    found = verdict(cost.Budget(team="payments", change=change, severity="block"), before=before)
    assert (found.finding == "cost/change-exceeded", found.is_blocking) == (exceeded, exceeded)


def test_an_amount_and_a_part_may_be_given_both() -> None:
    budget = cost.Budget(team="payments", change_absolute="5 USD", change_percent="50 %")
    assert verdict(budget, before=9).finding == "cost/change-exceeded"


@pytest.mark.parametrize(
    ("scope", "spent"),
    [
        ({"team": "payments"}, 100),
        ({"team": "search"}, 0),
        ({}, 100),
        ({"namespace": "shop"}, 100),
        ({"env": "nowhere"}, 0),
    ],
)
def test_a_budget_counts_what_it_is_about(scope: dict[str, str], spent: int) -> None:
    assert round(verdict(cost.Budget(monthly=1000, **scope)).spent, 10) == spent  # type: ignore[arg-type]


def test_what_has_no_figure_makes_a_budget_unknown_but_not_one_that_is_exceeded_already() -> None:
    service = obj("v1", "Service", {"type": "LoadBalancer"}, metadata={"labels": {"nixernetes.io/owner": "payments"}})
    found = estimate(10, "payments", service)
    kept, exceeded, other = cost.check_budgets(
        [cost.Budget(team="payments", monthly=200), cost.Budget(monthly=50), cost.Budget(team="search", monthly=1)],
        found,
    )
    assert [kept.status, exceeded.status, other.status] == ["unknown", "exceeded", "kept"]
    assert "Service/shop/web: own has no price of loadbalancer" in kept.message
    failing = cost.check_budgets([kept.budget], found, fail_unpriced=True)
    assert [each.is_blocking for each in failing] == [True]


@pytest.mark.parametrize(("until", "status"), [("2026-06-01", "waived"), ("2026-05-31", "exceeded"), (None, "waived")])
def test_a_waiver_holds_until_its_last_day(until: str | None, status: str) -> None:
    waiver = {"owner": "ada", "reason": "the sale", "until": until}
    found = verdict(cost.Budget(monthly=50, severity="block", waivers=[waiver]))
    assert (found.status, found.is_blocking) == (status, status == "exceeded")
    assert "ada" in found.message


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "needs a limit"),
        ({"monthly": "1", "team": "a", "env": "b"}, "about one of team, env"),
        ({"monthly": "a lot"}, "write it as 500 USD"),
        ({"monthly": "10 %"}, "write it as 500 USD"),
        ({"change_percent": "10 USD"}, "write it as 10 %"),
        ({"monthly": "-5 USD"}, "write it as 500 USD"),
        ({"monthly": "1 USD", "change": "1 EUR"}, "one currency"),
        ({"monthly": "1", "severity": "error"}, "block or warn"),
        ({"monthly": "1", "waivers": [{"owner": "a"}]}, "its owner and its reason"),
        ({"monthly": "1", "waivers": [{"owner": "a", "reason": "b", "until": "soon"}]}, "is not a day"),
    ],
)
def test_a_budget_that_is_wrong_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        cost.Budget(**given)


def test_a_budget_in_another_currency_is_refused() -> None:
    with pytest.raises(InputError, match="is in EUR, and the prices are in USD"):
        verdict(cost.Budget(monthly="5 EUR"))
