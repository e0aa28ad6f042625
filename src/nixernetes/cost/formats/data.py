"""Costs for programs: JSON that is stable and documented in ``docs/cost.md``, and CSV with a row for each figure.

Amounts are texts with all their digits: a float would round them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from nixernetes.cost.amounts import Span, plain
from nixernetes.cost.budget_verdicts import BudgetVerdict
from nixernetes.cost.deltas import CostChange
from nixernetes.cost.estimates import Estimate
from nixernetes.cost.formats.tables import spreadsheet_cell
from nixernetes.cost.lines import CostLine
from nixernetes.cost.prices.price import Price
from nixernetes.cost.reports import CostReport, DeltaReport
from nixernetes.cost.rollups import CostGroup
from nixernetes.objects.manifest import Json

__all__ = ["delta_csv", "delta_data", "delta_json", "estimate_csv", "estimate_json"]

_COLUMNS: Final = (
    *("cluster", "environment", "team", "app", "namespace", "kind", "name", "resource", "variant", "status"),
    *("replicas_min", "replicas", "replicas_max", "amount", "unit", "hours", "price_key", "unit_price_monthly"),
    *("monthly_min", "monthly", "monthly_max", "monthly_at_limits", "currency", "request_source", "spot", "shared"),
    *("price_source", "price_as_of", "reason", "notes", "place"),
)


def _dumped(data: Json) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _span(span: Span) -> Json:
    return {"min": plain(span.least), "typical": plain(span.typical), "max": plain(span.most)}


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _price(price: Price | None) -> Json:
    if price is None:
        return None
    return {
        "key": price.key,
        "value": plain(price.value),
        "per": price.period,
        "unit": price.unit,
        "source": price.source,
        "as_of": price.as_of.isoformat() if price.as_of else None,
    }


def _line(line: CostLine) -> Json:
    subject = line.subject
    return {
        "object": str(subject.key),
        "group": subject.key.group,
        "cluster": subject.cluster,
        "environment": subject.environment,
        "team": subject.team,
        "app": subject.app,
        "place": subject.place,
        "resource": line.resource,
        "variant": line.variant,
        "status": line.status.value,
        "reason": line.reason,
        "replicas": _span(line.count),
        "request": line.shown,
        "amount": plain(line.amount),
        "unit": line.unit,
        "hours": plain(line.hours),
        "price": _price(line.price),
        "price_key": line.price_key,
        "monthly": _span(line.monthly),
        "monthly_at_limits": _amount(line.ceiling),
        "source": line.source.value,
        "spot": line.is_spot,
        "shared": line.is_shared,
        "notes": list(line.notes),
    }


def _group(group: CostGroup) -> Json:
    return {
        "name": group.name,
        "monthly": _span(group.monthly),
        "monthly_at_limits": _amount(group.ceiling),
        "resources": {name: plain(amount) for name, amount in group.resources.items()},
        "objects": group.objects,
        "open": group.open_items,
    }


def _verdict(verdict: BudgetVerdict) -> Json:
    budget = verdict.budget
    return {
        "scope": budget.scope,
        "name": budget.name,
        "monthly": _amount(budget.monthly),
        "change_absolute": _amount(budget.change_absolute),
        "change_percent": _amount(budget.change_percent),
        "severity": budget.severity,
        "spent": plain(verdict.spent),
        "before": _amount(verdict.before),
        "status": verdict.status,
        "finding": verdict.finding.value if verdict.finding else None,
        "blocking": verdict.is_blocking,
        "message": verdict.message,
        "waived_by": verdict.waiver.owner if verdict.waiver else None,
    }


def _totals(estimate: Estimate) -> Json:
    total = estimate.total
    return {
        "hourly": plain(total.hourly),
        "daily": plain(total.daily),
        "monthly": plain(total.monthly),
        "annual": plain(total.annual),
        "range": _span(estimate.span),
    }


def _book(estimate: Estimate) -> Json:
    book = estimate.book
    return {"name": book.name, "source": book.source, "as_of": book.as_of.isoformat() if book.as_of else None}


def _unknown(estimate: Estimate) -> Json:
    return [{"cluster": each.cluster, "delivery": each.delivery, "reason": each.reason} for each in estimate.unknown]


def estimate_json(report: CostReport) -> str:
    """Return a report as JSON."""
    estimate = report.estimate
    return _dumped(
        {
            "version": 1,
            "currency": estimate.currency,
            "prices": _book(estimate),
            "by": report.by,
            "total": _totals(estimate),
            "groups": [_group(each) for each in report.groups],
            "lines": [_line(each) for each in estimate.lines],
            "unknown": _unknown(estimate),
            "open": report.counts(),
            "budgets": [_verdict(each) for each in report.verdicts],
            "assumptions": list(estimate.assumptions),
        }
    )


def delta_data(report: DeltaReport) -> Mapping[str, Json]:
    """Return the cost of a change as data, as it stands in JSON."""
    delta = report.delta
    return {
        "version": 1,
        "currency": delta.currency,
        "prices": _book(delta.after),
        "base": report.base,
        "head": report.head,
        "before": _totals(delta.before),
        "after": _totals(delta.after),
        "change": plain(delta.amount),
        "percent": None if delta.percent is None else f"{delta.percent:.1f}",
        "changes": [_change(each) for each in delta.changes],
        "left_out": list(delta.left_out),
        "open": list(report.open_items()),
        "unknown": {"before": _unknown(delta.before), "after": _unknown(delta.after)},
        "budgets": [_verdict(each) for each in report.verdicts],
        "assumptions": list(delta.after.assumptions),
    }


def _change(change: CostChange) -> Json:
    subject = change.subject
    return {
        "object": str(subject.key),
        "group": subject.key.group,
        "cluster": subject.cluster,
        "team": subject.team,
        "app": subject.app,
        "change": change.change.value,
        "before": _span(change.before),
        "after": _span(change.after),
        "amount": plain(change.amount),
        "causes": [
            {"what": each.what, "before": each.before, "after": each.after, "amount": plain(each.amount)}
            for each in change.causes
        ],
    }


def delta_json(report: DeltaReport) -> str:
    """Return the cost of a change as JSON."""
    return _dumped(dict(delta_data(report)))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([spreadsheet_cell(each) for each in row] for row in rows)
    return text.getvalue()


def estimate_csv(report: CostReport) -> str:
    """Return a row for each figure."""
    return _table(_COLUMNS, (_row(line, report.estimate.currency) for line in report.estimate.lines))


def _row(line: CostLine, currency: str) -> tuple[str, ...]:
    subject, key, price = line.subject, line.subject.key, line.price
    return (
        *(subject.cluster, subject.environment, subject.team, subject.app, key.namespace, key.kind, key.name),
        *(line.resource, line.variant, line.status.value, *map(plain, line.count), plain(line.amount), line.unit),
        *(plain(line.hours), line.price_key, plain(price.monthly) if price else "", *map(plain, line.monthly)),
        *(_amount(line.ceiling) or "", currency, line.source.value, str(line.is_spot).lower()),
        *(str(line.is_shared).lower(), price.source if price else "", str((price and price.as_of) or "")),
        *(line.reason, "; ".join(line.notes), subject.place),
    )


def delta_csv(report: DeltaReport) -> str:
    """Return a row for each object that costs something else."""
    head = ("cluster", "team", "app", "namespace", "kind", "name", "change", "before", "after", "amount", "causes")
    return _table(
        head,
        (
            (
                *(each.subject.cluster, each.subject.team, each.subject.app, each.subject.key.namespace),
                *(each.subject.key.kind, each.subject.key.name, each.change.value, plain(each.before.typical)),
                *(plain(each.after.typical), plain(each.amount), "; ".join(map(str, each.causes))),
            )
            for each in report.delta.changes
        ),
    )
