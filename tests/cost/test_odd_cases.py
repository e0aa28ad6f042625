"""Cases that are seldom: nothing that costs, many groups, odd files, forms of the same thing."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.cost.samples import autoscaler, claim, container, obj, template, workload

from nixernetes import cost
from nixernetes.cost.formats.page import estimate_html
from nixernetes.cost.formats.text import estimate_text
from nixernetes.cost.given import cost_objects
from nixernetes.cost.node_pools import NodePool
from nixernetes.cost.prices.shipped import shipped
from nixernetes.cost.reports import CostReport
from nixernetes.cost.rightsizing.patches import patch_entries
from nixernetes.cost.rightsizing.recommendations import read_recommendations
from nixernetes.cost.rightsizing.resizing import resized
from nixernetes.errors import InputError

Data = dict[str, Any]
ONE = template(container("1"))


def statuses(*objects: Data) -> list[tuple[str, str]]:
    found = cost.estimate(objects).lines
    return [(each.status.value, each.reason) for each in found if each.status is not cost.LineStatus.NO_REQUEST]


def test_a_page_about_nothing_has_no_chart() -> None:
    assert "Nothing costs anything." in estimate_html(CostReport(estimate=cost.estimate([])))


def test_a_chart_has_the_largest_groups_and_says_how_many_more() -> None:
    objects = [
        workload(ONE, labels={"nixernetes.io/owner": f"a team with a long name {n}"}, name=f"w{n}") for n in range(30)
    ]
    page = estimate_html(CostReport(estimate=cost.estimate(objects)))
    assert "and 5 more in the table" in page
    assert page.count("<g><title>") == 25


def test_a_long_list_is_cut_where_nobody_asks_for_all() -> None:
    services = [obj("v1", "Service", {"type": "LoadBalancer"}, f"s{n}") for n in range(20)]
    found = cost.estimate(services)
    assert "and 5 more: --verbose lists them" in estimate_text(CostReport(estimate=found))
    assert "--verbose" not in estimate_text(CostReport(estimate=found, everything=True))


def test_lists_and_single_objects_are_objects_too() -> None:
    items = {"apiVersion": "v1", "kind": "List", "items": [workload(ONE)]}
    assert len(cost.estimate([items]).lines) == len(cost.estimate(workload(ONE)).lines) == 2


def test_an_inventory_may_be_made_of_values() -> None:
    known = cost.ClusterInventory(nodes=[NodePool(name="a", count=2)], owner="x")
    found = cost.estimate([workload(ONE, "DaemonSet")], clusters={"prod": known})
    assert int(found.lines[-1].count.typical) == 2
    nodes = {"nodePools": [NodePool(name="a", count=3)], "storageClass": "fast", "instanceClass": "m7i"}
    assert int(cost.estimate([workload(ONE, "DaemonSet")], clusters={"prod": nodes}).lines[-1].count.typical) == 3


def test_a_volume_that_lives_as_long_as_a_job_costs_as_long() -> None:
    volume = {"name": "scratch", "ephemeral": {"volumeClaimTemplate": claim("10Gi")}}
    job = workload(template(container("0"), volumes=[volume]), "Job")
    book = cost.PriceBook(hourly={"memory": 0}, monthly={"storage": "7.3"})
    found = cost.estimate([job], prices=book, assumptions=cost.Assumptions(job_duration="10h"))
    assert found.total.monthly == 1


def test_what_events_start_is_shown_and_not_added() -> None:
    target = {"jobTargetRef": ONE}
    ((status, reason),) = statuses(obj("keda.sh/v1alpha1", "ScaledJob", target))
    assert (status, "a Job for each event" in reason) == ("not added", True)


def test_an_autoscaler_that_cannot_be_read_makes_its_target_unknown() -> None:
    wrong = autoscaler(1, 2)
    wrong["spec"]["maxReplicas"] = "many"
    told = "cannot be read: HorizontalPodAutoscaler/shop/web: maxReplicas is not a whole number of 0 or more"
    assert statuses(workload(ONE), wrong) == [("unknown", told)]


def test_nothing_runs_where_nothing_is_to_run() -> None:
    assert statuses(workload({"parallelism": 0, **ONE}, "Job")) == [("zero", "parallelism or completions: 0")]
    database = {"instances": 0, "resources": {"requests": {"cpu": 1}}, "storage": {"size": "1Gi"}}
    assert statuses(obj("postgresql.cnpg.io/v1", "Cluster", database)) == [("zero", "instances: 0")]


def test_members_may_have_claims_by_a_template() -> None:
    spec = {
        "replicas": 2,
        "shards": 2,
        "resources": {"requests": {"cpu": 1}},
        "storage": {"volumeClaimTemplate": claim("5Gi")},
    }
    found = cost.estimate([obj("monitoring.coreos.com/v1", "Prometheus", spec)])
    (stored,) = [each for each in found.lines if each.resource == "storage"]
    assert (int(stored.count.typical), stored.variant) == (4, "members")


def test_a_waiver_may_be_a_value() -> None:
    waiver = cost.Waiver(owner="ada", reason="the sale", until=date(2026, 1, 1))
    assert waiver.holds(date(2026, 1, 1))
    assert cost.Budget(monthly=1, waivers=[waiver]).waivers == (waiver,)


def test_objects_that_come_and_go_are_asked_for_apart() -> None:
    delta = cost.compare(cost.estimate([workload(ONE, name="old")]), cost.estimate([workload(ONE, name="new")]))
    assert [each.subject.key.name for each in (*delta.added, *delta.removed)] == ["new", "old"]
    assert delta.percent == 0


@pytest.mark.parametrize("name", ["aws", ""])
def test_only_books_that_are_shipped_are(name: str) -> None:
    with pytest.raises(InputError, match="there is no such price book"):
        shipped(name)


@pytest.mark.parametrize(
    "text",
    [
        "price = 1",
        "price = [1]",
        "[[price]]\nkey = 'cpu'\nvalue = 1\nnode_labels = 3",
        "name = 3",
        "as_of = 3",
        "[[price]]\nkey = 3\nvalue = 1",
        "[[price]]\nkey = 'cpu'",
        '{"CPU": {}}',
    ],
)
def test_a_book_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        cost.PriceBook.parse(text)


def test_a_moment_is_a_day() -> None:
    book = cost.PriceBook.parse("as_of = 2026-01-02T03:04:05Z\n[hourly]\ncpu = 1\n")
    own = cost.PriceBook(hourly={"cpu": 1}, valid_from=datetime(2026, 1, 2, 3, 4))  # noqa: DTZ001  # only its day counts
    assert book.as_of == own.as_of == date(2026, 1, 2)


def test_recommendations_come_in_several_forms() -> None:
    item = {
        "kind": "VerticalPodAutoscaler",
        "metadata": {"namespace": "shop", "name": "web"},
        "spec": {"targetRef": {"kind": "Pod", "name": "web"}},
        "status": {"recommendation": {"containerRecommendations": [{"containerName": "main", "target": {"cpu": "1"}}]}},
    }
    forms = [read_recommendations(json.dumps(each).encode()) for each in (item, [item], {"items": [item]})]
    assert forms[0] == forms[1] == forms[2]
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}, "spec": {}}
    given = list(cost_objects([{**pod, "spec": {"containers": [{"name": "main"}]}}]))
    _, changes, _ = resized(given, forms[0])
    (entry,) = patch_entries(changes)
    assert entry["patch"]["spec"]["containers"] == [{"name": "main", "resources": {"requests": {"cpu": "1"}}}]


def test_a_custom_kind_without_resources_gets_them_first() -> None:
    rollout = workload(template({"name": "main"}), "Rollout")
    subject = {"kind": "Rollout", "namespace": "shop", "name": "web", "container": "main"}
    advice = {"requests": {"cpu": {"value": 1}, "disk": {"value": 1}}}
    data = json.dumps({"scans": [{"object": subject, "recommended": advice}]}).encode()
    _, changes, _ = resized(list(cost_objects([rollout])), read_recommendations(data))
    (entry,) = patch_entries(changes)
    assert [each["path"].rpartition("containers/0/")[2] for each in entry["patch"]] == [
        "resources",
        "resources/requests",
        "resources/requests/cpu",
    ]


def test_too_much_is_refused() -> None:
    with pytest.raises(InputError, match="larger than 64 MiB"):
        read_recommendations(b" " * (65 << 20))
    with pytest.raises(InputError, match="larger than 1 MiB"):
        cost.PriceBook.parse(" " * (2 << 20))


def test_a_schedule_without_time_between_its_runs_is_refused() -> None:
    job = {"schedule": "@every 0s", "jobTemplate": {"spec": ONE}}
    found = cost.estimate([workload(job, "CronJob")], assumptions=cost.Assumptions(job_duration="1h"))
    assert "the time between two runs is nothing" in found.open_lines[0].reason


def test_amounts_are_printed_without_an_exponent() -> None:
    book = cost.PriceBook(hourly={"cpu": "0.000001", "memory": 0})
    found = cost.estimate([workload(template(container("1m")))], prices=book)
    assert found.total.monthly == Decimal("7.30E-7")
    assert "at least 0.0000 USD a month" in estimate_text(CostReport(estimate=found))
