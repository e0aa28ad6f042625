"""Every worked example, to the last digit: prices of opencost-default, a month of 730 hours."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.cost.samples import autoscaler, claim, container, obj, template, workload

from nixernetes import cost

SIX_MINUTES = cost.Assumptions(job_duration="6m")
GIBIBYTE_IN_GIGABYTES = Decimal("0.931322574615478515625")
LIMITS = {"name": "main", "resources": {"limits": {"cpu": "1", "memory": "1Gi"}}}
GPU = {"name": "main", "resources": {"limits": {"nvidia.com/gpu": 1}, "requests": {"cpu": "4", "memory": "16Gi"}}}
DEFAULTS = {"type": "Container", "defaultRequest": {"cpu": "100m"}, "default": {"memory": "256Mi"}}
NODES = {"prod": {"nodes": [{"count": 5, "labels": {"disk": "ssd"}}, {"count": 1}]}}

EXAMPLES: dict[str, tuple[list[Any], str]] = {
    "three replicas": ([workload({"replicas": 3, **template(container("500m", "512Mi"))})], "39.25356"),
    "limits alone": ([workload({"replicas": 3, **template(LIMITS)})], "78.50712"),
    "a classic init container": (
        [
            workload(
                template(container("250m", "256Mi"), container("100m", "64Mi"), initContainers=[container("1", "1Gi")])
            )
        ],
        "26.16904",
    ),
    "a sidecar and a classic init container": (
        [
            workload(
                template(
                    container("250m", "256Mi"),
                    initContainers=[container("100m", "128Mi", restartPolicy="Always"), container("200m", "512Mi")],
                )
            )
        ],
        "10.00974175",
    ),
    "a DaemonSet on five of six nodes": (
        [workload(template(container("100m", "128Mi"), nodeSelector={"disk": "ssd"}), "DaemonSet")],
        "13.47114625",
    ),
    "a StatefulSet with claims": (
        [
            workload(
                {"replicas": 2, "volumeClaimTemplates": [claim("10Gi")], **template(container("1", "2Gi"))},
                "StatefulSet",
            )
        ],
        "59.324099992",
    ),
    "an autoscaler": (
        [workload({"replicas": 3, **template(container("250m", "256Mi"))}), autoscaler(2, 10)],
        "19.62678",
    ),
    "a CronJob": (
        [workload({"schedule": "*/30 * * * *", "jobTemplate": {"spec": template(container("1", "1Gi"))}}, "CronJob")],
        "5.233808",
    ),
    "a load balancer without a price": ([obj("v1", "Service", {"type": "LoadBalancer"})], "0"),
    "decimal bytes": (
        [workload(template(container("0", "1G")))],
        str(GIBIBYTE_IN_GIGABYTES * Decimal("3.09301")),
    ),
    "plain bytes": (
        [workload(template(container("0", "128974848")))],
        str(Decimal("0.1201171875") * Decimal("3.09301")),
    ),
    "a LimitRange": (
        [workload(template({"name": "main"})), obj("v1", "LimitRange", {"limits": [DEFAULTS]})],
        "3.0808555",
    ),
    "nodes that may be taken away": (
        [workload(template(container("1", "1Gi"), nodeSelector={"karpenter.sh/capacity-type": "spot"}))],
        "5.50931",
    ),
    "a GPU": ([workload(template(GPU))], "835.29228"),
    "no replicas": ([workload({"replicas": 0, **template(container("1", "1Gi"))})], "0"),
}


def estimated(name: str) -> cost.Estimate:
    return cost.estimate(EXAMPLES[name][0], clusters=NODES, assumptions=SIX_MINUTES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_worked_example_is_exact(name: str) -> None:
    assert estimated(name).total.monthly == Decimal(EXAMPLES[name][1])


def test_what_was_assumed_is_said() -> None:
    assert "requests defaulted from limits" in estimated("limits alone").lines[0].notes
    assert "requests from LimitRange" in estimated("a LimitRange").lines[0].notes
    assert estimated("an autoscaler").span == (Decimal("13.08452"), Decimal("19.62678"), Decimal("65.4226"))


def test_what_has_no_figure_is_listed() -> None:
    (unpriced,) = estimated("a load balancer without a price").open_lines
    assert (unpriced.status, unpriced.reason) == ("unpriced", "opencost-default has no price of loadbalancer")
    (nothing,) = estimated("no replicas").lines
    assert (nothing.status, nothing.reason) == ("zero", "replicas: 0")


def test_a_month_makes_hours_days_and_years() -> None:
    total = estimated("three replicas").total
    assert (total.hourly, total.daily) == (Decimal("0.053772"), Decimal("1.290528"))
    assert total.annual == Decimal("471.04272")


def test_the_causes_of_a_change_add_up() -> None:
    before = cost.estimate([workload({"replicas": 3, **template(container("500m", "512Mi"))})])
    after = cost.estimate([workload({"replicas": 5, **template(container("250m", "512Mi"))})])
    delta = cost.compare(before, after)
    assert (after.total.monthly, delta.amount) == (Decimal("36.5775625"), Decimal("-2.6759975"))
    (change,) = delta.changed
    assert [str(each) for each in change.causes] == ["replicas 3->5 (+26.17)", "cpu 500m->250m (-28.85)"]
    assert [each.amount for each in change.causes] == [Decimal("26.16904"), Decimal("-28.8450375")]
    assert f"{delta.percent:.1f}" == "-6.8"
