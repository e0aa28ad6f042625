"""Costs for a terminal or a log: tables, what has no figure, budgets, and one line about what all of it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from nixernetes.cost.amounts import Span, money, plain, signed
from nixernetes.cost.budget_verdicts import BudgetVerdict
from nixernetes.cost.deltas import CostChange, percent
from nixernetes.cost.estimates import Estimate
from nixernetes.cost.formats.tables import aligned
from nixernetes.cost.lines import CostLine, LineStatus
from nixernetes.cost.reports import CostReport, DeltaReport, forecast_note, line_quantity
from nixernetes.cost.rollups import CostGroup
from nixernetes.errors import printable

__all__ = ["cost_line", "delta_rows", "delta_text", "estimate_text", "group_rows", "object_rows"]

_LISTED: Final = 15  # items of a list that is not asked for whole
_MAIN: Final = ("cpu", "memory", "storage")
DELTA_HEAD: Final = ("OBJECT", "QTY", "RESOURCE UNIT", "COST PER UNIT", "MONTHLY", "CHANGE", "%")


def group_rows(report: CostReport) -> Iterator[tuple[str, ...]]:
    """Yield the head, the groups and the total of a table."""
    total = report.estimate.span
    tail = ("MIN", "TYPICAL", "MAX", "AT LIMITS") if report.with_range else ("MONTHLY", "%")
    yield (report.by.upper(), *tail, "CPU", "MEMORY", "STORAGE", "OTHER", "OPEN")
    for group in report.groups:
        yield (group.name, *_figures(report, group, total.typical), *_parts(group), str(group.open_items or "-"))
    resources: dict[str, Decimal] = {}
    for group in report.groups:
        for name, amount in group.resources.items():
            resources[name] = resources.get(name, Decimal(0)) + amount
    ceilings = [group.ceiling for group in report.groups]
    known = [each for each in ceilings if each is not None]
    whole = CostGroup(
        name="TOTAL",
        monthly=total,
        ceiling=sum(known, Decimal(0)) if len(known) == len(ceilings) else None,
        resources=resources,
    )
    count = sum(report.counts().values())
    yield ("TOTAL", *_figures(report, whole, total.typical), *_parts(whole), str(count or "-"))


def _figures(report: CostReport, group: CostGroup, total: Decimal) -> tuple[str, ...]:
    if report.with_range:
        ceiling = "unbounded" if group.ceiling is None else money(group.ceiling)
        return (*map(money, group.monthly), ceiling)
    share = f"{group.monthly.typical * 100 / total:.1f}" if total else "-"
    return money(group.monthly.typical), share


def _parts(group: CostGroup) -> tuple[str, ...]:
    main = tuple(money(group.resources[name]) if name in group.resources else "-" for name in _MAIN)
    others = [amount for name, amount in group.resources.items() if name not in _MAIN]
    return (*main, money(sum(others, Decimal(0))) if others else "-")


def estimate_text(report: CostReport) -> str:
    """Return a report as text."""
    estimate = report.estimate
    lines = list(aligned(list(group_rows(report))))
    lines += [
        "",
        sums(estimate),
        forecast_note(estimate),
    ]
    if report.everything:
        lines += ["", *aligned(list(object_rows(estimate.lines)), left=(0, 1, 2, 6))]
    lines += _listed(report.counted, list(report.open_items()), report)
    idle = list(report.idle_items())
    lines += _listed(f"{len(idle)} cost nothing", idle, report)
    if report.everything:
        lines += ["", "assumed:", *(f"  {each}" for each in estimate.assumptions)]
    lines += _budgets(report.verdicts, estimate.currency)
    return "".join(f"{printable(line)}\n" for line in lines)


def sums(estimate: Estimate) -> str:
    """Return the total in one sentence; at least that much where something has no figure."""
    total = estimate.total
    parts = (f"{money(total.hourly)} an hour", f"{money(total.daily)} a day", f"{money(total.annual)} a year")
    least = "at least " if estimate.open_lines or estimate.unknown else ""
    return f"{least}{money(total.monthly)} {estimate.currency} a month: {', '.join(parts)}."


def object_rows(lines: Iterable[CostLine]) -> Iterator[tuple[str, ...]]:
    """Yield the head and the rows of a table of single figures."""
    yield ("OBJECT", "RESOURCE", "QTY", "COST PER UNIT", "MONTHLY", "RANGE", "WHERE FROM")
    for line in lines:
        unit = money(line.price.monthly) if line.price is not None else "-"
        said = "; ".join(filter(None, (line.reason, *line.notes)))
        monthly = money(line.monthly.typical) if line.status in (LineStatus.PRICED, LineStatus.ZERO) else line.status
        name = f"{line.resource} {line.variant}".strip()
        yield (line.subject.identity, name, line_quantity(line), unit, monthly, _range(line.monthly), said)


def _range(span: Span) -> str:
    return f"{money(span.least)}..{money(span.most)}" if span.varies else "-"


def _listed(what: str, items: list[str], report: CostReport | None = None) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield f"{what}:"
    shown = items if report is None or report.everything else items[:_LISTED]
    yield from (f"  {each}" for each in shown)
    if len(shown) < len(items):
        yield f"  and {len(items) - len(shown)} more: --verbose lists them"


def _budgets(verdicts: Iterable[BudgetVerdict], currency: str) -> Iterator[str]:
    rows = [_verdict_row(each, currency) for each in verdicts]
    if rows:
        yield ""
        yield "budgets:"
        yield from (f"  {line}" for line in aligned(rows, left=(0, 2)))


def _verdict_row(verdict: BudgetVerdict, currency: str) -> tuple[str, str, str]:
    limit = f" of {money(verdict.budget.monthly)}" if verdict.budget.monthly is not None else ""
    said = f"{verdict.status}: {verdict.message}" if verdict.message else verdict.status
    return str(verdict.budget), f"{money(verdict.spent)}{limit} {currency}", said


def delta_rows(changes: Iterable[CostChange]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each resource of each object that costs something else."""
    for change in changes:
        old = {(each.resource, each.variant): each for each in change.lines_before}
        new = {(each.resource, each.variant): each for each in change.lines_after}
        for name in [*new, *(each for each in old if each not in new)]:
            was, now = old.get(name), new.get(name)
            line = now or was
            if line is None or (was is not None and now is not None and _same(was, now)):
                continue
            before = was.monthly.typical if was is not None else Decimal(0)
            after = now.monthly.typical if now is not None else Decimal(0)
            part = percent(before, after)
            yield (
                change.subject.identity,
                f"{_quantity(was)} -> {_quantity(now)}",
                f"{line.variant} {line.unit or line.resource}".strip() if line.resource == "storage" else _unit(line),
                money(line.price.monthly) if line.price is not None else "-",
                money(after) if now is None or now.status is not LineStatus.UNPRICED else "unpriced",
                signed(after - before),
                f"{part:+.1f}" if part is not None else "-",
            )


def _unit(line: CostLine) -> str:
    return line.resource if line.unit in ("device", "load balancer", "cluster", "") else f"{line.resource} {line.unit}"


def _same(was: CostLine, now: CostLine) -> bool:
    return (was.amount, was.count, was.monthly, was.status) == (now.amount, now.count, now.monthly, now.status)


def _quantity(line: CostLine | None) -> str:
    if line is None or line.status is LineStatus.ZERO:
        return "0"
    if line.status in (LineStatus.NO_REQUEST, LineStatus.UNKNOWN) or not line.amount:
        return "?"
    return plain(round(line.amount * line.count.typical, 4))


def cost_line(report: DeltaReport) -> str:
    """Return the cost of a change in a few words: ``-2.68 USD a month (-6.8 %), 36.58 after, at opencost-default``."""
    delta = report.delta
    part = f" ({delta.percent:+.1f} %)" if delta.percent is not None else ""
    after = money(delta.after.total.monthly)
    return f"{signed(delta.amount)} {delta.currency} a month{part}, {after} after, at {delta.after.book.name}"


def delta_text(report: DeltaReport) -> str:
    """Return the cost of a change as text: a table, the causes, and the totals."""
    delta = report.delta
    lines: list[str] = []
    rows = list(delta_rows(delta.changes))
    if rows:
        lines += aligned([DELTA_HEAD, *rows], left=(0, 1, 2))
        lines.append("")
        for change in delta.changes:
            causes = ", ".join(map(str, change.causes)) or str(change.change)
            span = f"; {_range(change.before)} -> {_range(change.after)}" if change.after.varies else ""
            lines.append(f"{change.subject.identity}: {signed(change.amount)}: {causes}{span}")
        lines.append("")
    part = f" ({delta.percent:+.1f} %)" if delta.percent is not None else ""
    currency = delta.currency
    lines += aligned(
        [
            ("before", f"{money(delta.before.total.monthly)} {currency} a month"),
            ("after", f"{money(delta.after.total.monthly)} {currency} a month"),
            ("change", f"{signed(delta.amount)} {currency} a month{part}"),
        ]
    )
    lines.append(forecast_note(delta.after))
    lines += _listed("left out, because they are rendered on one side only", list(delta.left_out))
    open_items = list(report.open_items())
    lines += _listed(f"{len(open_items)} new without a figure, or larger than known", open_items)
    lines += _budgets(report.verdicts, currency)
    return "".join(f"{printable(line)}\n" for line in lines)
