"""Costs as Markdown, for comments on pull requests and pages of a wiki."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from nixernetes.cost.amounts import money, signed
from nixernetes.cost.budget_verdicts import BudgetVerdict
from nixernetes.cost.formats.tables import markdown_cell, markdown_table
from nixernetes.cost.formats.text import DELTA_HEAD, delta_rows, group_rows
from nixernetes.cost.reports import CostReport, DeltaReport, forecast_note

__all__ = ["MARKER", "delta_markdown", "delta_section", "estimate_markdown"]

MARKER: Final = "<!-- nixernetes cost -->"  # by which a comment is found again, to be updated in place
_MOST_ROWS: Final = 50  # of a table in a comment
_MOST_ITEMS: Final = 30


def estimate_markdown(report: CostReport) -> str:
    """Return a report as Markdown."""
    estimate = report.estimate
    total = estimate.total
    head, *rows, last = group_rows(report)
    lines = [
        MARKER,
        f"### nixernetes cost: {money(total.monthly)} {estimate.currency} a month",
        "",
        f"{money(total.hourly)} an hour, {money(total.daily)} a day, {money(total.annual)} a year.",
        "",
        *markdown_table(head, [*rows[:_MOST_ROWS], last]),
        "",
        *_cut(len(rows), _MOST_ROWS, "groups"),
        markdown_cell(forecast_note(estimate)),
        *_fold(report.counted, list(report.open_items())),
        *_fold("cost nothing", list(report.idle_items()), counted=True),
        *_fold("assumptions", list(estimate.assumptions), counted=True),
        *_budgets(report.verdicts, estimate.currency),
    ]
    return "\n".join(lines) + "\n"


def delta_markdown(report: DeltaReport) -> str:
    """Return the cost of a change as Markdown."""
    return "\n".join([MARKER, *delta_section(report, "### nixernetes cost")]) + "\n"


def delta_section(report: DeltaReport, title: str) -> Iterator[str]:
    """Yield the lines of the cost of a change, as a part of a longer report.

    Args:
        report: the cost of a change.
        title: what stands before the sum.

    """
    delta = report.delta
    part = f" ({delta.percent:+.1f} %)" if delta.percent is not None else ""
    currency = delta.currency
    yield f"{title}: {signed(delta.amount)} {currency} a month{part}"
    yield ""
    yield (
        f"{money(delta.before.total.monthly)} {currency} a month before, "
        f"{money(delta.after.total.monthly)} {currency} after."
    )
    yield ""
    rows = list(delta_rows(delta.changes))
    if rows:
        yield from markdown_table([each.capitalize() for each in DELTA_HEAD], rows[:_MOST_ROWS], left=(0, 1, 2))
        yield ""
        yield from _cut(len(rows), _MOST_ROWS, "rows")
        causes = [
            f"`{markdown_cell(each.subject.identity)}` {signed(each.amount)}: "
            f"{markdown_cell(', '.join(map(str, each.causes)) or str(each.change))}"
            for each in delta.changes
        ]
        yield f"<details><summary>causes of {len(causes)} changes</summary>"
        yield ""
        yield from (f"- {each}" for each in causes[:_MOST_ROWS])
        yield from ("", "</details>", "")
    yield markdown_cell(forecast_note(delta.after))
    yield from _fold("left out, because they are rendered on one side only", list(delta.left_out), counted=True)
    yield from _fold("new without a figure, or larger than known", list(report.open_items()), counted=True)
    yield from _budgets(report.verdicts, currency)


def _cut(count: int, most: int, what: str) -> Iterator[str]:
    if count > most:
        yield f"**{count - most} more {what} are cut.**"
        yield ""


def _fold(what: str, items: list[str], *, counted: bool = False) -> Iterator[str]:
    if items:
        yield from ("", f"<details><summary>{f'{len(items)} ' if counted else ''}{what}</summary>", "")
        yield from (f"- {markdown_cell(each)}" for each in items[:_MOST_ITEMS])
        if len(items) > _MOST_ITEMS:
            yield f"- and {len(items) - _MOST_ITEMS} more"
        yield from ("", "</details>")


def _budgets(verdicts: Iterable[BudgetVerdict], currency: str) -> Iterator[str]:
    rows = [
        (
            str(each.budget),
            money(each.spent),
            money(each.budget.monthly) if each.budget.monthly is not None else "-",
            f"{each.status}: {each.message}" if each.message else each.status,
        )
        for each in verdicts
    ]
    if rows:
        yield ""
        yield from markdown_table(("Budget", f"{currency} a month", "Limit", "Outcome"), rows, left=(0, 3))
