"""Pods go to nodes that have room for them; where none has, they wait, and the scheduler says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadProfile, WorkloadSimulator
from nixernetes.cluster.workloads.scheduling.joining import join
from nixernetes.cluster.workloads.scheduling.machines import machines_of
from nixernetes.cost.node_pools import NodePool, Taint
from nixernetes.languages import quantities
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import DAEMON_SET, NODE, POD
from nixernetes.objects.manifest import Manifest


def pool(name: str = "n", count: int = 2, *, taints: tuple[Taint, ...] = (), **amounts: str) -> NodePool:
    known = {"cpu": "2", "memory": "4Gi", **amounts}
    allocatable = {resource: quantities.parse(amount) for resource, amount in known.items()}
    return NodePool(name=name, labels={"pool": name}, taints=taints, allocatable=allocatable, count=count)


class Site:
    """A cluster whose nodes are declared.

    Args:
        pools: the nodes.
        alone: whether it is an API server whose pods have time to end.

    """

    def __init__(self, *pools: NodePool, alone: bool = False) -> None:
        machines = tuple(machine for each in pools for machine in machines_of(each))
        self._clock = VirtualClock()
        self.cluster = EmbeddedCluster(name="c", clock=self._clock, alone=alone)
        join(self.cluster, machines, "1.34.4")
        profile = WorkloadProfile(nodes=len(machines), machines=machines)
        self._simulator = WorkloadSimulator(self.cluster, self._clock, profile)

    def run(self, seconds: int = 10) -> None:
        for _ in range(seconds):
            self._simulator.run(self._clock.now())
            self._clock.advance_to(self._clock.now() + timedelta(seconds=1))

    def pod(self, name: str, **requests: str) -> Manifest:
        return self.put(name, {"containers": [container(**requests)]})

    def put(self, name: str, spec: Manifest) -> Manifest:
        meta = {"name": name, "namespace": "default"}
        return self.cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}, manager="t")

    def live(self, name: str) -> Any:
        return self.cluster.get(ObjectKey(*POD, "default", name))

    def why(self, name: str) -> str:
        (condition,) = self.live(name)["status"]["conditions"]
        assert (condition["type"], condition["reason"]) == ("PodScheduled", "Unschedulable")
        assert self.live(name)["status"]["phase"] == "Pending"
        return str(condition["message"])


def container(**requests: str) -> Manifest:
    return {"name": "c", "image": "c:1", "resources": {"requests": requests}}


def test_pods_spread_until_there_is_no_room_and_go_on_when_there_is() -> None:
    site = Site(pool())
    for name in ("a", "b", "c"):
        site.pod(name, cpu="1500m")
        site.run(1)
    site.run()
    assert [site.live(name)["spec"].get("nodeName") for name in ("a", "b", "c")] == ["n-1", "n-2", None]
    assert site.live("a")["status"]["phase"] == "Running"
    assert site.why("c") == (
        "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: "
        "2 No preemption victims found for incoming pod."
    )
    site.cluster.delete(ObjectKey(*POD, "default", "b"))
    site.run()
    assert site.live("c")["spec"]["nodeName"] == "n-2"
    assert site.live("c")["status"]["phase"] == "Running"


def test_each_reason_is_counted_over_the_nodes() -> None:
    tainted = pool("gpu", 1, taints=(Taint("gpu", "yes", "NoSchedule"),))
    site = Site(pool(), tainted)
    site.pod("large", cpu="3", memory="8Gi")
    site.put("elsewhere", {"nodeSelector": {"pool": "none"}, "containers": [container()]})
    site.run()
    assert site.why("large") == (
        "0/3 nodes are available: 1 node(s) had untolerated taint {gpu: yes}, 2 Insufficient cpu, 2 Insufficient "
        "memory. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
    )
    assert site.why("elsewhere").startswith(
        "0/3 nodes are available: 1 node(s) had untolerated taint {gpu: yes}, 2 node(s) didn't match Pod's node "
    )


def test_a_toleration_lets_a_pod_in() -> None:
    site = Site(pool("gpu", 1, taints=(Taint("gpu", "yes", "NoSchedule"),)))
    toleration = {"key": "gpu", "operator": "Equal", "value": "yes"}
    site.put("t", {"tolerations": [toleration], "containers": [container()]})
    site.run()
    assert site.live("t")["spec"]["nodeName"] == "gpu-1"


def test_too_many_pods_are_told() -> None:
    site = Site(pool(count=1, pods="1"))
    site.pod("a")
    site.run(2)
    site.pod("b")
    site.run()
    assert "1 Too many pods" in site.why("b")


def test_a_daemon_set_is_on_the_nodes_that_take_it() -> None:
    site = Site(pool(count=2), pool("gpu", 1, taints=(Taint("gpu", "yes", "NoSchedule"),)))
    template = {"metadata": {"labels": {"app": "d"}}, "spec": {"containers": [container()]}}
    spec = {"selector": {"matchLabels": {"app": "d"}}, "template": template}
    meta = {"name": "d", "namespace": "default"}
    site.cluster.create({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": meta, "spec": spec}, manager="t")
    site.run()
    status = (site.cluster.get(ObjectKey(*DAEMON_SET, "default", "d")) or {})["status"]
    assert (status["desiredNumberScheduled"], status["numberReady"]) == (2, 2)
    assert sorted(each["spec"]["nodeName"] for each in site.cluster.list(POD)) == ["n-1", "n-2"]


def test_a_pod_on_a_node_ends_when_its_kubelet_says_so() -> None:
    site = Site(pool(), alone=True)
    site.cluster.namespace("default")
    site.pod("a", cpu="1")
    site.run()
    site.cluster.delete(ObjectKey(*POD, "default", "a"))
    assert site.live("a")["metadata"]["deletionGracePeriodSeconds"] == 30
    site.run(2)
    assert site.live("a") is None


def test_nodes_are_there_to_be_looked_at() -> None:
    site = Site(pool(count=1))
    node: Any = site.cluster.get(ObjectKey(*NODE, "", "n-1"))
    assert node["status"]["allocatable"] == {"cpu": "2", "memory": "4Gi", "pods": "110"}
    assert node["metadata"]["labels"]["kubernetes.io/hostname"] == "n-1"
    assert [each["status"] for each in node["status"]["conditions"] if each["type"] == "Ready"] == ["True"]


@pytest.mark.parametrize("alone", [True, False])
def test_what_was_placed_before_counts(*, alone: bool) -> None:
    site = Site(pool(count=1), alone=alone)
    site.cluster.namespace("default")
    site.pod("a", cpu="1500m")
    site.run()
    machines = tuple(machines_of(pool(count=1)))
    again = WorkloadSimulator(site.cluster, site._clock, WorkloadProfile(nodes=1, machines=machines))
    site.pod("b", cpu="1")
    again.run(site._clock.now())
    assert "1 Insufficient cpu" in site.why("b")
