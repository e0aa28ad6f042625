"""Costs as one HTML page, with a chart: no outside request, no script, every name escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import escape
from typing import Final

from nixernetes.cost.amounts import money
from nixernetes.cost.budget_verdicts import BudgetVerdict
from nixernetes.cost.formats.text import group_rows, object_rows
from nixernetes.cost.reports import CostReport, forecast_note
from nixernetes.cost.rollups import CostGroup
from nixernetes.errors import printable

__all__ = ["estimate_html"]

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --cpu: #2471a3; --memory: #1e8449; --storage: #b8860b;
  --other: #8e44ad; --over: #c0392b; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2rem; } small { opacity: .75; }
table { border-collapse: collapse; width: 100%; } th, td { border-bottom: 1px solid var(--line); padding: .2rem .6rem; }
td, th { text-align: right; } td:first-child, th:first-child, .words td, .words th { text-align: left; }
tr:last-child td { font-weight: 600; } .words tr:last-child td { font-weight: inherit; }
svg { width: 100%; height: auto; } svg text { fill: currentColor; font: 13px system-ui, sans-serif; }
.cpu { fill: var(--cpu); } .memory { fill: var(--memory); } .storage { fill: var(--storage); }
.other { fill: var(--other); } .exceeded { color: var(--over); font-weight: 600; }
summary { cursor: pointer; } td { overflow-wrap: anywhere; }
"""
_PARTS: Final = ("cpu", "memory", "storage", "other")
_LEFT: Final = 190
_WIDTH: Final = 560
_ROW: Final = 26
_BARS: Final = 25  # groups with a bar of their own
_CHARACTERS: Final = 26  # of a name before its bar


def estimate_html(report: CostReport) -> str:
    """Return a report as a page with a chart of its groups."""
    estimate = report.estimate
    total = estimate.total
    head, *rows = group_rows(report)
    body = [
        f"<h1>{_text(report.name)}: {money(total.monthly)} {estimate.currency} a month</h1>",
        f"<p>{money(total.hourly)} an hour, {money(total.daily)} a day, {money(total.annual)} a year.</p>",
        f"<p><small>{_text(forecast_note(estimate))}</small></p>",
        f"<h2>By {_text(report.by)}</h2>",
        _chart(report),
        _table(head, rows),
        *_budgets(report.verdicts, estimate.currency),
        *_items(report.counted, report.open_items(), is_open=True),
        *_items("Cost nothing", report.idle_items()),
        *_items("Assumed", estimate.assumptions, is_open=True),
    ]
    figures_head, *figures = object_rows(estimate.lines)
    body.append(f"<details><summary>{len(figures)} single figures</summary>")
    body += [_table(figures_head, figures, words=True), "</details>"]
    top = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>nixernetes cost</title>'
    return (
        f'<!doctype html>\n<html lang="en"><head>{top}<style>{_STYLE}</style></head>\n<body>\n'
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _text(text: str) -> str:
    return escape(printable(text))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]], *, words: bool = False) -> str:
    cells = "".join(f"<th>{_text(each)}</th>" for each in head)
    lines = "\n".join(f"<tr>{''.join(f'<td>{_text(each)}</td>' for each in row)}</tr>" for row in rows)
    mark = ' class="words"' if words else ""
    return f"<table{mark}>\n<tr>{cells}</tr>\n{lines}\n</table>"


def _chart(report: CostReport) -> str:
    """Return bars of the groups, each divided into processors, memory, storage and the rest."""
    shown = report.groups[:_BARS]
    most = max((each.monthly.typical for each in shown), default=Decimal(0))
    if most <= 0:
        return "<p>Nothing costs anything.</p>"
    height = _ROW * (len(shown) + 1) + 8
    label = f"Cost a month by {report.by}"
    lines = [
        f'<svg viewBox="0 0 {_LEFT + _WIDTH + 130} {height}" role="img" aria-label="{escape(label, quote=True)}">',
        *_legend(),
    ]
    for index, group in enumerate(shown, 1):
        lines += _bar(group, index * _ROW, most, report.estimate.currency)
    lines.append("</svg>")
    if len(report.groups) > _BARS:
        lines.append(f"<p><small>and {len(report.groups) - _BARS} more in the table</small></p>")
    return "\n".join(lines)


def _legend() -> Iterator[str]:
    for index, part in enumerate(_PARTS):
        x = _LEFT + index * 110
        yield f'<rect class="{part}" x="{x}" y="4" width="12" height="12"/><text x="{x + 18}" y="15">{part}</text>'


def _bar(group: CostGroup, y: int, most: Decimal, currency: str) -> Iterator[str]:
    name = group.name if len(group.name) <= _CHARACTERS else f"{group.name[: _CHARACTERS - 1]}…"
    amount = f"{money(group.monthly.typical)} {currency}"
    yield f"<g><title>{_text(group.name)}: {amount} a month</title>"
    yield f'<text x="{_LEFT - 8}" y="{y + 17}" text-anchor="end">{_text(name)}</text>'
    x = Decimal(_LEFT)
    for part in _PARTS:
        cost = _part(group, part)
        width = round(cost * _WIDTH / most, 2)
        if width > 0:
            yield f'<rect class="{part}" x="{x}" y="{y + 4}" width="{width}" height="{_ROW - 8}"/>'
            x += width
    yield f'<text x="{x + 6}" y="{y + 17}">{amount}</text></g>'


def _part(group: CostGroup, part: str) -> Decimal:
    if part != "other":
        return group.resources[part] if part in group.resources else Decimal(0)
    return sum((cost for name, cost in group.resources.items() if name not in _PARTS[:3]), Decimal(0))


def _budgets(verdicts: Iterable[BudgetVerdict], currency: str) -> Iterator[str]:
    rows = [
        f"<tr><td>{_text(str(each.budget))}</td><td>{money(each.spent)}</td><td>{_limit(each)}</td>"
        f'<td class="{each.status}">{each.status}</td><td>{_text(each.message)}</td></tr>'
        for each in verdicts
    ]
    if rows:
        yield "<h2>Budgets</h2>"
        head = f"<tr><th>budget</th><th>{currency} a month</th><th>limit</th><th>outcome</th><th></th></tr>"
        yield f'<table class="words">{head}{"".join(rows)}</table>'


def _limit(verdict: BudgetVerdict) -> str:
    return "-" if verdict.budget.monthly is None else money(verdict.budget.monthly)


def _items(what: str, items: Iterable[str], *, is_open: bool = False) -> Iterator[str]:
    found = list(items)
    if found:
        mark = " open" if is_open and len(found) < 30 else ""
        yield f"<details{mark}><summary>{what} ({len(found)})</summary><ul>"
        yield from (f"<li>{_text(each)}</li>" for each in found)
        yield "</ul></details>"
