"""Sums by team, cluster and kind are the total exactly; causes of a change add up to it."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from tests.cost.samples import autoscaler, claim, container, obj, template, workload

from nixernetes import cost
from nixernetes.cost.amounts import exact_sum
from nixernetes.cost.estimates import estimate_objects
from nixernetes.cost.objects import CostObject
from nixernetes.cost.prices.shipped import shipped
from nixernetes.cost.rollups import DIMENSIONS
from nixernetes.errors import InputError
from nixernetes.objects.identity import key_of

Data = dict[str, Any]
NODES = {"prod": {"nodes": [{"count": 3}], "environment": "production", "owner": "platform"}, "dev": {}}


def owned(manifest: Data, team: str) -> Data:
    manifest["metadata"]["labels"] = {"nixernetes.io/owner": team}
    return manifest


def platform() -> cost.Estimate:
    return cost.estimate(
        {
            "prod": [
                owned(workload({"replicas": 3, **template(container("333m", "1G"))}, name="web"), "payments"),
                owned(workload({"replicas": 2, **template(container("1", "777Mi"))}, name="api"), "search"),
                workload(template(container("77m", "33Mi")), "DaemonSet", "agent"),
            ],
            "dev": [workload(template(container("250m", "1Gi")), name="web"), claim("3Gi")],
        },
        clusters=NODES,
    )


@pytest.mark.parametrize("by", DIMENSIONS)
@pytest.mark.parametrize("spread", [False, True])
def test_the_groups_are_the_total_exactly(by: str, spread: bool) -> None:
    found = platform()
    groups = cost.groups(found, by, spread_shared=spread)
    assert exact_sum(each.monthly.typical for each in groups) == found.total.monthly
    for group in groups:
        assert exact_sum(group.resources.values()) == group.monthly.typical


def test_who_pays_is_what_labels_and_inventories_say() -> None:
    names = {by: sorted(each.name for each in cost.groups(platform(), by)) for by in ("team", "env", "cluster", "kind")}
    assert names == {
        "team": ["payments", "search", "shared", "unowned"],
        "env": ["dev", "production"],
        "cluster": ["dev", "prod"],
        "kind": ["DaemonSet", "Deployment", "PersistentVolumeClaim"],
    }


def test_what_is_shared_is_spread_by_processors_and_memory_of_its_cluster() -> None:
    before, after = (
        {each.name: each.monthly.typical for each in cost.groups(platform(), "team", spread_shared=spread)}
        for spread in (False, True)
    )
    assert "shared" not in after
    assert after["unowned"] == before["unowned"]  # it is on another cluster
    more = {name: after[name] - before[name] for name in ("payments", "search")}
    assert exact_sum(more.values()) == before["shared"]
    assert abs(more["payments"] / more["search"] - before["payments"] / before["search"]) < Decimal("1e-20")


def test_what_nobody_has_a_part_in_stays_shared() -> None:
    book = cost.PriceBook(hourly={"cpu": 1, "memory": 0, "cluster": 1})
    web = owned(workload(template(container("1"))), "payments")
    agent = workload(template(container("1")), "DaemonSet", "agent")
    found = cost.estimate({"prod": [web, agent], "empty": []}, prices=book, clusters={"prod": {}, "empty": {}})
    groups = {each.name: each for each in cost.groups(found, "team", spread_shared=True)}
    assert {name: each.monthly.typical for name, each in groups.items()} == {"payments": 1460, "shared": 730}
    assert groups["shared"].open_items == 1
    assert exact_sum(each.monthly.typical for each in groups.values()) == found.total.monthly


def test_a_namespace_and_a_delivery_may_name_the_owner() -> None:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    web = workload(template(container("1")))
    assert [each.subject.team for each in cost.estimate([web, owned(namespace, "a")]).lines][:1] == ["a"]
    placed = CostObject(key=key_of(web), manifest=web, app="Kustomization/flux-system/shop", owner="b")
    assert estimate_objects([placed], shipped()).lines[0].subject.team == "b"
    taken = cost.Assumptions(owner="c")
    assert cost.estimate([web], assumptions=taken).lines[0].subject.team == "c"


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(InputError, match="use team, namespace, app"):
        cost.groups(platform(), "owner")


def test_the_order_of_objects_changes_nothing() -> None:
    objects = [
        workload({"replicas": n, **template(container(f"{n * 37}m", f"{n * 11}Mi"))}, name=f"w{n}") for n in range(9)
    ]
    shuffled = objects[:]
    random.Random(1).shuffle(shuffled)  # noqa: S311  # any order will do
    assert cost.estimate(objects).lines == cost.estimate(shuffled).lines


def change(before: list[Data], after: list[Data], **more: Any) -> cost.CostDelta:
    delta = cost.compare(cost.estimate(before, **more), cost.estimate(after, **more))
    assert exact_sum(each.amount for each in delta.changes) == delta.amount
    for each in delta.changed:
        assert exact_sum(cause.amount for cause in each.causes) == each.amount
    return delta


def told(before: list[Data], after: list[Data], **more: Any) -> list[str]:
    return [str(cause) for each in change(before, after, **more).changes for cause in each.causes]


def web(replicas: object = 2, cpu: str = "1", memory: str = "1Gi", **spec: object) -> Data:
    return workload({"replicas": replicas, **template(container(cpu, memory), **spec)})


def test_nothing_changed_costs_nothing_more() -> None:
    assert change([web()], [web()]).changes == ()


def test_objects_come_and_go() -> None:
    other = workload(template(container("1")), name="other")
    delta = change([web()], [other])
    assert [(each.subject.key.name, each.change) for each in delta.changes] == [("other", "added"), ("web", "removed")]


def test_causes_name_requests_replicas_and_prices_in_one_order() -> None:
    spot = {"nodeSelector": {"karpenter.sh/capacity-type": "spot"}}
    assert [each.partition(" (")[0] for each in told([web(2)], [web(3, "2", "512Mi", **spot)])] == [
        "replicas 2->3",
        "cpu 1->2",
        "memory 1Gi->512Mi",
        "price of cpu 0.031611/hour cpu->0.006655/hour cpu.spot",
        "price of memory 0.004237/hour memory->0.000892/hour memory.spot",
    ]


def test_a_range_that_widens_is_told_although_the_typical_number_stays() -> None:
    delta = change([web(), autoscaler(2, 4)], [web(), autoscaler(2, 40)])
    assert [str(each) for each in delta.changes[0].causes] == ["replicas 2 in 2..4->2 in 2..40 (0.00)"]
    assert delta.changes[0].after.most == 10 * delta.changes[0].before.most


def test_what_is_stopped_and_what_begins_to_ask_is_told() -> None:
    assert told([web()], [web(0)]) == [
        "cpu 1->none (-46.15)",
        "memory 1Gi->none (-6.19)",
        "pods none->replicas: 0 (0.00)",
    ]
    device = {"name": "main", "resources": {"limits": {"nvidia.com/gpu": 1}, "requests": {"cpu": "1", "memory": "1Gi"}}}
    assert told([web()], [workload({"replicas": 2, **template(device)})]) == ["nvidia.com/gpu none->1 (+1387.00)"]


def test_a_claim_that_grows_and_more_claims_are_told_apart() -> None:
    def database(replicas: int, size: str) -> Data:
        return workload(
            {"replicas": replicas, "volumeClaimTemplates": [claim(size)], **template(container("0"))}, "StatefulSet"
        )

    assert told([database(2, "10Gi")], [database(3, "20Gi")]) == [
        "claims 2->3 (+0.4000)",
        "storage data 10Gi->20Gi (+1.20)",
    ]


def test_a_schedule_that_changes_is_told_in_hours() -> None:
    def report(schedule: str) -> Data:
        job = {"spec": template(container("1", "1Gi"))}
        return workload({"schedule": schedule, "jobTemplate": job}, "CronJob")

    hour = cost.Assumptions(job_duration="6m")
    causes = told([report("*/30 * * * *")], [report("0 * * * *")], assumptions=hour)
    assert causes == ["hours a month 146->73 (-2.62)"]


def test_what_loses_its_price_is_told() -> None:
    service = obj("v1", "Service", {"type": "LoadBalancer"})
    delta = change([], [service])
    assert (delta.amount, [each.change for each in delta.changes]) == (0, ["added"])


def test_two_currencies_are_not_compared() -> None:
    euro = cost.PriceBook(currency="EUR", hourly={"cpu": 1})
    with pytest.raises(InputError, match="USD and EUR cannot be compared"):
        cost.compare(cost.estimate([web()]), cost.estimate([web()], prices=euro))


def test_random_changes_are_explained_exactly() -> None:
    chance = random.Random(7)  # noqa: S311  # any changes will do
    for _ in range(200):
        sides = [
            [
                workload(
                    {
                        "replicas": chance.randrange(4),
                        **template(container(f"{chance.randrange(1, 3000)}m", f"{chance.randrange(1, 9999)}M")),
                    },
                    name=f"w{index}",
                )
                for index in range(chance.randrange(4))
            ]
            for _ in range(2)
        ]
        change(*sides)
