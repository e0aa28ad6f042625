"""Which pods nodes take: selectors, required affinity, taints, and what one node has for pods."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cost.samples import container

from nixernetes.cost.node_pools import NodePool, Taint
from nixernetes.languages import quantities

Data = dict[str, Any]
POOL = NodePool(
    name="general",
    labels={"disk": "ssd", "size": "8"},
    taints=[Taint("team", "a", "NoSchedule"), Taint("soft", "", "PreferNoSchedule")],
    allocatable={"cpu": quantities.parse("4"), "nvidia.com/gpu": quantities.parse("1")},
)
TOLERATED: Data = {"tolerations": [{"key": "team", "value": "a"}]}


def affinity(key: str, operator: str, *values: str) -> Data:
    terms = [{"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}]
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    return {"affinity": {"nodeAffinity": required}}


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({}, ""),
        ({"nodeSelector": {"disk": "ssd"}}, ""),
        ({"nodeSelector": {"disk": "hdd"}}, "has no label disk=hdd"),
        ({"nodeSelector": {"kubernetes.io/os": "linux", "topology.kubernetes.io/zone": "a"}}, ""),
        ({"nodeSelector": {"kubernetes.io/os": "windows"}}, "has no label kubernetes.io/os=windows"),
        (affinity("disk", "In", "ssd", "nvme"), ""),
        (affinity("disk", "NotIn", "ssd"), "does not match the required node affinity"),
        (affinity("disk", "Exists"), ""),
        (affinity("other", "Exists"), "does not match the required node affinity"),
        (affinity("other", "DoesNotExist"), ""),
        (affinity("kubernetes.io/arch", "In", "arm64"), ""),
        (affinity("size", "Gt", "4"), ""),
        (affinity("size", "Lt", "4"), "does not match the required node affinity"),
        (affinity("disk", "Gt", "4"), "does not match the required node affinity"),
        ({"containers": [container("3"), container("2")]}, "has 4 cpu for pods and not 5"),
        ({"containers": [container("3")], "initContainers": [container("2", restartPolicy="Always")]}, "has 4 cpu"),
        ({"containers": [container("3")], "initContainers": [container("4")]}, ""),
        ({"containers": [{"name": "a", "resources": {"limits": {"nvidia.com/gpu": 2}}}]}, "has 1 nvidia.com/gpu"),
        ({"containers": [container("many")]}, ""),
    ],
)
def test_nodes_take_pods_that_fit(spec: Data, reason: str) -> None:
    found = POOL.misfit({**spec, **TOLERATED})
    assert (found is None) is (reason == "")
    assert found is None or found.reason.startswith(reason)


@pytest.mark.parametrize(
    ("toleration", "fits"),
    [
        ({"key": "team", "value": "a"}, True),
        ({"key": "team", "value": "b"}, False),
        ({"key": "team", "operator": "Exists"}, True),
        ({"operator": "Exists"}, True),
        ({"key": "team", "value": "a", "effect": "NoExecute"}, False),
        ({}, False),
    ],
)
def test_a_taint_keeps_pods_off_that_do_not_tolerate_it(toleration: Data, fits: bool) -> None:
    found = POOL.misfit({"tolerations": [toleration]})
    assert (found is None) is fits
    assert found is None or found.reason == "has the taint team=a:NoSchedule, which is not tolerated"


def test_the_pods_of_a_daemon_set_tolerate_what_is_wrong_with_nodes() -> None:
    ill = NodePool(name="ill", taints=[Taint("node.kubernetes.io/not-ready", "", "NoExecute")])
    assert ill.runs_daemon({})
    assert ill.misfit({}) is not None
