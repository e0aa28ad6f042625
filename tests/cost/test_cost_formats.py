"""Reports say every figure with its source, escape what others wrote, and are the same bytes for the same report."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests.cost.samples import autoscaler, claim, container, obj, template, workload

from nixernetes import cost
from nixernetes.cost.estimates import estimate_objects
from nixernetes.cost.formats.data import delta_csv, delta_json, estimate_csv, estimate_json
from nixernetes.cost.formats.focus import FOCUS_COLUMNS, focus_csv, month_after
from nixernetes.cost.formats.markdown import delta_markdown, estimate_markdown
from nixernetes.cost.formats.page import estimate_html
from nixernetes.cost.formats.text import delta_text, estimate_text
from nixernetes.cost.given import cost_objects
from nixernetes.cost.objects import UnknownDelivery
from nixernetes.cost.prices.shipped import shipped
from nixernetes.cost.reports import CostReport, DeltaReport
from nixernetes.errors import InputError

EVIL = "<script>alert(1)</script>|`x`\n=HYPERLINK(1)\x1b[31m"


def estimate(team: str = "payments") -> cost.Estimate:
    labels = {"nixernetes.io/owner": team}
    objects = {
        "prod": [
            workload({"replicas": 3, **template(container("500m", "512Mi"))}, labels=labels),
            autoscaler(2, 10),
            workload({"replicas": 0, **template(container("1"))}, name="off"),
            workload(template(container("1", "1Gi"), nodeSelector={"karpenter.sh/capacity-type": "spot"}), name="spot"),
            obj("v1", "Service", {"type": "LoadBalancer"}, metadata={"labels": labels}),
            claim("10Gi"),
        ]
    }
    unknown = [UnknownDelivery(cluster="prod", delivery="HelmRelease/db/db", reason="the host cannot be reached")]
    return estimate_objects(cost_objects(objects), shipped(), unknown=unknown)


def report(**more: Any) -> CostReport:
    found = more.pop("estimate", None) or estimate()
    budgets = cost.check_budgets([cost.Budget(team="payments", monthly="30 USD")], found)
    return CostReport(estimate=found, verdicts=budgets, name="fleet", month=date(2026, 1, 1), **more)


def delta(team: str = "payments") -> DeltaReport:
    after = cost.estimate([workload({"replicas": 5, **template(container("250m", "512Mi"))}, name=team)])
    before = cost.estimate([workload({"replicas": 3, **template(container("500m", "512Mi"))}, name=team)])
    return DeltaReport(delta=cost.compare(before, after), base="main", head="HEAD")


ALL = (estimate_text, estimate_json, estimate_csv, estimate_markdown, estimate_html, focus_csv)


@pytest.mark.parametrize("write", ALL)
def test_equal_reports_are_equal_bytes(write: Any) -> None:
    assert write(report()) == write(report())


@pytest.mark.parametrize("write", [estimate_text, estimate_json, estimate_csv, estimate_markdown, estimate_html])
def test_every_format_names_what_has_no_figure_and_what_is_idle(write: Any) -> None:
    text = write(report(everything=True))
    assert "opencost-default has no price of loadbalancer" in text
    assert "replicas: 0" in text
    if write is not estimate_csv:
        assert "HelmRelease/db/db" in text
        assert "30" in text


@pytest.mark.parametrize("write", [estimate_text, estimate_markdown, estimate_html, delta_text, delta_markdown])
def test_every_table_says_what_it_is(write: Any) -> None:
    made = delta() if write in (delta_text, delta_markdown) else report()
    assert "A forecast and not a bill: what is requested, at the prices of opencost-default of 2024-10-24" in write(
        made
    )


@pytest.mark.parametrize("write", ALL)
def test_names_of_others_are_only_text(write: Any) -> None:
    text = write(report(estimate=estimate(team=EVIL)))
    assert "\x1b" not in text.replace("\\u001b", "")
    if write in (estimate_html, estimate_markdown):
        assert "<script" not in text
    if write in (estimate_csv, focus_csv):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "@"))] == []


def test_text_rounds_once_half_to_even() -> None:
    text = estimate_text(report(with_range=True))
    assert re.search(r"^payments +26\.17 +39\.25 +130\.85 +unbounded", text, re.MULTILINE)
    assert "TOTAL" in text
    assert "1 unknown, 1 unpriced" in text
    assert "exceeded: team payments costs 39.25 USD a month, 9.25 more than its budget of 30.00" in text


def test_json_has_all_digits_and_never_a_float() -> None:
    data = json.loads(estimate_json(report()), parse_float=lambda text: pytest.fail(f"a float: {text}"))
    assert data["total"]["monthly"] == "45.162869996"
    assert data["total"]["range"]["max"] == "136.754509996"
    assert sum(Decimal(each["monthly"]["typical"]) for each in data["groups"]) == Decimal("45.162869996")
    line = next(each for each in data["lines"] if each["resource"] == "cpu" and each["spot"])
    assert line["price"]["value"] == "0.006655"
    assert "OpenCost" in line["price"]["source"]
    assert data["open"] == {"unknown": 1, "unpriced": 1}


def test_csv_has_a_row_for_each_figure() -> None:
    rows = list(csv.DictReader(io.StringIO(estimate_csv(report()))))
    assert len(rows) == len(estimate().lines)
    assert sum(Decimal(each["monthly"]) for each in rows) == Decimal("45.162869996")


def test_the_page_has_a_chart_and_asks_nobody() -> None:
    page = estimate_html(report())
    (drawn,) = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    drawing = ET.fromstring(drawn)  # noqa: S314  # it is ours
    bars = [float(each.attrib["width"]) for each in drawing.iter("rect") if each.attrib["height"] == "18"]
    assert max(bars) > 100
    assert not re.search(r"https?://|<script|<link|<img|@import|url\(", page)


def test_focus_has_its_columns_and_calls_itself_a_forecast() -> None:
    rows = list(csv.DictReader(io.StringIO(focus_csv(report()))))
    assert tuple(rows[0]) == FOCUS_COLUMNS
    assert {each["x_NixernetesForecast"] for each in rows} == {"true"}
    assert {each["BilledCost"] for each in rows} == {"0"}
    (cpu,) = [each for each in rows if each["SkuId"] == "cpu"]
    wanted = {
        "EffectiveCost": "34.614045",
        "ListCost": "34.614045",
        "PricingQuantity": "1095",
        "PricingUnit": "vCPU-Hours",
        "ListUnitPrice": "0.031611",
        "ChargeDescription": "forecast: 3 x 0.5 core at 0.031611/h",
        "BillingPeriodStart": "2026-01-01T00:00:00Z",
        "BillingPeriodEnd": "2026-02-01T00:00:00Z",
        "ChargeClass": "",
        "ChargeCategory": "Usage",
        "PricingCategory": "Standard",
        "ProviderName": "opencost-default",
        "ResourceId": "prod/Deployment/shop/web",
        "SubAccountId": "prod",
        "BillingAccountId": "fleet",
        "ConsumedQuantity": "",
        "x_RequestSource": "explicit",
        "x_PriceAsOf": "2024-10-24",
    }
    assert {name: cpu[name] for name in wanted} == wanted
    assert json.loads(cpu["Tags"]) == {"env": "prod", "team": "payments"}
    assert {each["PricingCategory"] for each in rows if each["SkuId"].endswith(".spot")} == {"Dynamic"}
    (balancer,) = [each for each in rows if each["ServiceName"] == "LoadBalancer"]
    assert (balancer["EffectiveCost"], balancer["x_Status"]) == ("", "unpriced")


@pytest.mark.parametrize("month", [1, 11, 12])
def test_the_month_ends_where_the_next_begins(month: int) -> None:
    assert month_after(date(2026, month, 1)) == date(2026 + month // 12, month % 12 + 1, 1)


def test_focus_needs_a_month() -> None:
    with pytest.raises(InputError, match="give --month"):
        focus_csv(CostReport(estimate=estimate()))


def test_a_change_is_a_table_with_causes_and_totals() -> None:
    text = delta_text(delta())
    assert "Deployment/shop/payments  1.5 -> 1.25  cpu core" in text
    assert "-2.68: replicas 3->5 (+26.17), cpu 500m->250m (-28.85)" in text
    assert "change  -2.68 USD a month (-6.8 %)" in text
    data = json.loads(delta_json(delta()))
    assert (data["change"], data["percent"], data["base"]) == ("-2.6759975", "-6.8", "main")
    assert [each["amount"] for each in data["changes"][0]["causes"]] == ["26.16904", "-28.8450375"]
    assert "shop,Deployment,payments,changed,39.25356,36.5775625,-2.6759975" in delta_csv(delta())
    assert delta_markdown(delta()).startswith(
        "<!-- nixernetes cost -->\n### nixernetes cost: -2.68 USD a month (-6.8 %)"
    )


def test_markdown_is_cut_and_says_so() -> None:
    objects = [workload(template(container("1")), name=f"w{index}") for index in range(90)]
    after = cost.estimate(objects)
    text = delta_markdown(DeltaReport(delta=cost.compare(cost.estimate([]), after)))
    assert "more rows are cut" in text
    assert len(text) < 30_000
