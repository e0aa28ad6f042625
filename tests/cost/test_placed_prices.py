"""Each resource at its own price: nodes that may be taken away, devices, storage classes, load balancers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.cost.samples import autoscaler, claim, container, obj, template, workload

from nixernetes import cost

Data = dict[str, Any]
BOOK = cost.PriceBook(
    hourly={"cpu": 1, "cpu.spot": "0.25", "memory": 0, "memory.spot": 0, "loadbalancer": "0.01", "cluster": "0.1"},
    monthly={"storage": "0.04", "storage.fast": "0.2"},
)
SPOT = {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["spot"]}


def affinity(*terms: Data) -> Data:
    selector = {"nodeSelectorTerms": [{"matchExpressions": [each]} for each in terms]}
    return {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": selector}}}


def keys(*objects: Data, **more: Any) -> list[str]:
    return [each.price_key for each in cost.estimate(objects, prices=BOOK, **more).lines if each.price is not None]


@pytest.mark.parametrize(
    "spec",
    [
        {"nodeSelector": {"kubernetes.azure.com/scalesetpriority": "spot"}},
        {"nodeSelector": {"cloud.google.com/gke-spot": "true"}},
        {"nodeSelector": {"eks.amazonaws.com/capacityType": "SPOT"}},
        affinity(SPOT),
        affinity(SPOT, SPOT),
        {"tolerations": [{"key": "karpenter.sh/capacity-type", "operator": "Exists"}]},
        {"tolerations": [{"key": "kubernetes.azure.com/scalesetpriority", "value": "spot"}]},
    ],
)
def test_pods_on_nodes_that_may_be_taken_away_cost_less(spec: Data) -> None:
    assert keys(workload(template(container("1"), **spec)))[:1] == ["cpu.spot"]


@pytest.mark.parametrize(
    "spec",
    [
        {"nodeSelector": {"karpenter.sh/capacity-type": "on-demand"}},
        affinity({**SPOT, "values": ["spot", "on-demand"]}),
        affinity(SPOT, {"key": "disk", "operator": "Exists"}),
        affinity({**SPOT, "operator": "NotIn"}),
        {"tolerations": [{"operator": "Exists"}]},
        {
            "nodeSelector": {"karpenter.sh/capacity-type": "on-demand"},
            "tolerations": [{"key": "karpenter.sh/capacity-type", "operator": "Exists"}],
        },
        {**affinity({**SPOT, "operator": "NotIn"}), "tolerations": [{"key": SPOT["key"], "value": "spot"}]},
        {"nodeSelector": {"eks.amazonaws.com/capacityType": "spot"}},
    ],
)
def test_pods_that_may_run_elsewhere_do_not(spec: Data) -> None:
    assert keys(workload(template(container("1"), **spec)))[:1] == ["cpu"]


def test_a_spot_price_that_is_missing_is_not_another_price() -> None:
    pod = workload(template(container("1", "1Gi"), nodeSelector={"karpenter.sh/capacity-type": "spot"}))
    found = cost.estimate([pod], prices="oracle")
    assert [each.reason for each in found.open_lines] == [
        "oracle has no price of cpu.spot",
        "oracle has no price of memory.spot",
    ]


@pytest.mark.parametrize(
    ("resource", "priced"), [("nvidia.com/gpu", "gpu"), ("amd.com/gpu", "gpu"), ("nvidia.com/mig-1g.5gb", "")]
)
def test_only_whole_devices_have_the_price_of_one(resource: str, priced: str) -> None:
    device = {"name": "main", "resources": {"limits": {resource: "2"}}}
    (line,) = [each for each in cost.estimate([workload(template(device))]).lines if each.resource == resource]
    assert (line.price_key if line.price else "") == priced
    assert line.monthly.typical == (2 * Decimal("693.5") if priced else 0)


def test_ephemeral_storage_has_no_price_unless_the_book_has_one() -> None:
    pod = workload(template({"name": "main", "resources": {"requests": {"ephemeral-storage": "2Gi"}}}))
    (line,) = [each for each in cost.estimate([pod]).lines if each.resource == "ephemeral-storage"]
    assert line.reason == "opencost-default has no price of ephemeral_storage"
    book = cost.PriceBook(hourly={"ephemeral_storage": "0.001"})
    assert cost.estimate([pod], prices=book).total.monthly == Decimal("1.46")


@pytest.mark.parametrize(
    ("given", "clusters", "key", "monthly"),
    [
        ({}, {}, "storage", "0.4"),
        ({"storageClassName": "fast"}, {}, "storage.fast", "2"),
        ({}, {"storage_class": "fast"}, "storage.fast", "2"),
        ({"storageClassName": "slow"}, {}, "", "0"),
        ({"storageClassName": "slow"}, {"storage_class": "slow"}, "storage", "0.4"),
        ({"storageClassName": ""}, {}, "", "0"),
    ],
)
def test_a_claim_costs_what_its_class_does(given: Data, clusters: Data, key: str, monthly: str) -> None:
    found = cost.estimate([claim("10Gi", **given)], prices=BOOK, clusters={"prod": clusters})
    (line,) = [each for each in found.lines if each.resource == "storage"]
    assert (line.price.key if line.price else "", line.monthly.typical) == (key, Decimal(monthly))


def test_the_default_class_may_be_marked_in_the_repository() -> None:
    marked = {"storageclass.kubernetes.io/is-default-class": "true"}
    fast = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "fast"}}
    fast["metadata"]["annotations"] = marked  # type: ignore[index]
    assert keys(claim("1Gi"), fast) == ["storage.fast"]


def test_claims_stay_when_what_they_belong_to_is_scaled_down() -> None:
    spec = {"replicas": 2, "volumeClaimTemplates": [claim("10Gi")], **template(container("1"))}
    retained = {**spec, "persistentVolumeClaimRetentionPolicy": {"whenScaled": "Delete"}}
    scaler = autoscaler(1, 5, kind="StatefulSet")
    found = [
        line.count
        for each in (spec, retained)
        for line in cost.estimate([workload(each, "StatefulSet"), scaler], prices=BOOK).lines
        if line.resource == "storage"
    ]
    assert [tuple(map(int, each)) for each in found] == [(5, 5, 5), (1, 2, 5)]


def test_volumes_that_live_as_long_as_a_pod_are_paid_for() -> None:
    volume = {"name": "scratch", "ephemeral": {"volumeClaimTemplate": claim("5Gi")}}
    found = cost.estimate([workload({"replicas": 2, **template(container("0"), volumes=[volume])})], prices=BOOK)
    assert found.total.monthly == 2 * 5 * Decimal("0.04")


def test_a_claim_without_a_size_and_one_that_is_no_quantity_are_listed() -> None:
    sizeless, wrong = claim("1Gi", "a"), claim("many", "b")
    sizeless["spec"] = {}
    found = [each.reason for each in cost.estimate([sizeless, wrong], prices=BOOK).open_lines]
    assert found[0] == "a names no size"
    assert found[1].startswith("cannot be read: b: storage: ")


CLASSES = cost.Assumptions(load_balancer_classes=frozenset({"alb", "envoy"}))


def ingress(name: str, **annotations: str) -> Data:
    found = obj("networking.k8s.io/v1", "Ingress", {"ingressClassName": "alb"}, name)
    found["metadata"]["annotations"] = annotations
    return found


def balancers(*objects: Data) -> tuple[int, list[str]]:
    found = cost.estimate(objects, prices=BOOK, assumptions=CLASSES)
    lines = [each for each in found.lines if each.resource == "loadbalancer"]
    priced = [each for each in lines if each.status is cost.LineStatus.PRICED]
    return len(priced), [each.reason for each in lines if each.reason]


def test_services_gateways_and_ingresses_have_load_balancers_as_their_classes_do() -> None:
    service = obj("v1", "Service", {"type": "LoadBalancer"})
    assert balancers(service, obj("v1", "Service", {"type": "NodePort"}, "other")) == (1, [])
    gateway = obj("gateway.networking.k8s.io/v1", "Gateway", {"gatewayClassName": "envoy"})
    assert balancers(gateway) == (1, [])
    gateway["spec"]["gatewayClassName"] = "mesh"
    assert balancers(gateway) == (0, ["the class mesh is not listed in loadBalancerClasses"])
    assert balancers(ingress("a"), ingress("b")) == (2, [])
    nginx = obj("networking.k8s.io/v1", "Ingress", {"ingressClassName": "nginx"})
    assert balancers(nginx) == (0, [])


def test_ingresses_of_one_group_share_a_load_balancer() -> None:
    group = {"alb.ingress.kubernetes.io/group.name": "public"}
    told = "it shares the load balancer of Ingress/shop/a, group public"
    assert balancers(ingress("a", **group), ingress("b", **group), ingress("c")) == (2, [told])


def test_a_control_plane_costs_its_fee_where_the_book_has_one() -> None:
    objects = {"prod": [workload(template(container("1")))]}
    found = cost.estimate(objects, prices=BOOK, clusters={"prod": {}, "edge": {}})
    fees = [(each.subject.cluster, each.monthly.typical) for each in found.lines if each.resource == "cluster"]
    assert fees == [("edge", 73), ("prod", 73)]


@pytest.mark.parametrize(
    ("name", "own"), [("data-web-0", False), ("data-web-2", True), ("data-web-x", True), ("other-web-0", True)]
)
def test_a_claim_that_a_stateful_set_takes_is_paid_for_once(name: str, own: bool) -> None:
    spec = {"replicas": 2, "volumeClaimTemplates": [claim("10Gi")], **template(container("0"))}
    found = cost.estimate([workload(spec, "StatefulSet"), claim("10Gi", name)], prices=BOOK)
    assert found.total.monthly == (3 if own else 2) * 10 * Decimal("0.04")
