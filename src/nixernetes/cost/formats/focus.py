"""Costs as FOCUS 1.2 has them (FinOps Open Cost and Usage Specification): a row for each object and resource.

FOCUS knows bills and no forecasts. So nothing is billed or consumed here, and a column of ours (they begin with
``x_``) marks every row as a forecast. What has no figure is a row without amounts.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from nixernetes.cost.amounts import exact_product, plain
from nixernetes.cost.formats.tables import spreadsheet_cell
from nixernetes.cost.lines import CostLine, LineStatus
from nixernetes.cost.reports import CostReport
from nixernetes.errors import InputError

__all__ = ["FOCUS_COLUMNS", "focus_csv", "month_after"]

FOCUS_COLUMNS: Final = (
    "AvailabilityZone",
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingCurrency",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "RegionId",
    "RegionName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "SkuId",
    "SkuPriceId",
    "SubAccountId",
    "SubAccountName",
    "Tags",
    "x_NixernetesForecast",
    "x_PriceAsOf",
    "x_PriceSource",
    "x_Reason",
    "x_Replicas",
    "x_RequestSource",
    "x_Status",
)
_UNITS: Final = {
    "cpu": "vCPU-Hours",
    "memory": "GiB-Hours",
    "storage": "GiB-Hours",
    "ephemeral_storage": "GiB-Hours",
    "gpu": "GPU-Hours",
    "loadbalancer": "LoadBalancer-Hours",
    "cluster": "Cluster-Hours",
    "node": "Node-Hours",
}
_SERVICES: Final = {"storage": ("Storage", "PersistentVolume"), "loadbalancer": ("Networking", "LoadBalancer")}
_COMPUTE: Final = ("Compute", "Kubernetes")


def month_after(month: date) -> date:
    """Return the first day of the month after one."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def focus_csv(report: CostReport) -> str:
    """Return the rows of a month.

    Raises:
        InputError: no month is given.

    """
    if report.month == date.min:
        raise InputError("FOCUS needs the month that is forecast: give --month 2026-01")
    text = io.StringIO()
    writer = csv.DictWriter(text, FOCUS_COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    for line in report.estimate.lines:
        writer.writerow({name: spreadsheet_cell(text) for name, text in _row(line, report).items()})
    for row in _unknown(report):
        writer.writerow({name: spreadsheet_cell(text) for name, text in row.items()})
    return text.getvalue()


def _stamp(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _common(report: CostReport) -> Mapping[str, str]:
    begin, end = report.month.replace(day=1), month_after(report.month)
    currency = report.estimate.currency
    return {
        "BilledCost": "0",
        "BillingAccountId": report.name,
        "BillingAccountName": report.name,
        "BillingCurrency": currency,
        "PricingCurrency": currency,
        "BillingPeriodStart": _stamp(begin),
        "BillingPeriodEnd": _stamp(end),
        "ChargePeriodStart": _stamp(begin),
        "ChargePeriodEnd": _stamp(end),
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Usage-Based",
        "InvoiceIssuerName": "Nixernetes",
        "ProviderName": report.estimate.book.name,
        "PublisherName": "Nixernetes",
        "x_NixernetesForecast": "true",
    }


def _row(line: CostLine, report: CostReport) -> Mapping[str, str]:
    subject, price = line.subject, line.price
    category, service = _SERVICES.get(line.resource, _COMPUTE)
    tags = {"team": subject.team, "env": subject.environment, "app": subject.app, **subject.tags}
    kept = {name: value for name, value in sorted(tags.items()) if value}
    return {
        **_common(report),
        **_amounts(line),
        "ChargeDescription": _description(line),
        "PricingCategory": "Dynamic" if line.is_spot else "Standard",
        "RegionId": subject.region,
        "RegionName": subject.region,
        "ResourceId": f"{subject.cluster}/{subject.key.kind}/{subject.key.namespace}/{subject.key.name}",
        "ResourceName": subject.key.name,
        "ResourceType": subject.key.kind,
        "ServiceCategory": category,
        "ServiceName": service,
        "SkuId": line.price_key,
        "SkuPriceId": line.price_key,
        "SubAccountId": subject.cluster,
        "SubAccountName": subject.cluster,
        "Tags": json.dumps(kept, ensure_ascii=False),
        "x_PriceAsOf": price.as_of.isoformat() if price is not None and price.as_of is not None else "",
        "x_PriceSource": price.source if price is not None else "",
        "x_Reason": line.reason,
        "x_Replicas": plain(line.count.typical),
        "x_RequestSource": line.source.value,
        "x_Status": line.status.value,
    }


def _amounts(line: CostLine) -> Mapping[str, str]:
    """Return costs, prices and quantities; of what has no figure there are none."""
    if line.status is LineStatus.ZERO:
        return {"ContractedCost": "0", "EffectiveCost": "0", "ListCost": "0"}
    if line.status is not LineStatus.PRICED or line.price is None:
        return {}
    cost, unit = plain(line.monthly.typical), plain(line.price.hourly)
    hours = exact_product(line.amount, line.count.typical, line.hours)
    return {
        "ContractedCost": cost,
        "EffectiveCost": cost,
        "ListCost": cost,
        "ContractedUnitPrice": unit,
        "ListUnitPrice": unit,
        "PricingQuantity": plain(hours),
        "PricingUnit": _UNITS[line.price_key.partition(".")[0]],
    }


def _description(line: CostLine) -> str:
    if line.price is None or line.status is not LineStatus.PRICED:
        return f"forecast: {line.reason}"
    amount: Decimal = line.amount
    unit = line.unit or "unit"
    return f"forecast: {plain(line.count.typical)} x {plain(amount)} {unit} at {plain(line.price.hourly)}/h"


def _unknown(report: CostReport) -> Iterator[Mapping[str, str]]:
    for each in report.estimate.unknown:
        yield {
            **_common(report),
            "ChargeDescription": f"forecast: {each.delivery} is not rendered",
            "ResourceId": f"{each.cluster}/{each.delivery}",
            "SubAccountId": each.cluster,
            "SubAccountName": each.cluster,
            "x_Reason": each.reason,
            "x_Status": LineStatus.UNKNOWN.value,
        }
