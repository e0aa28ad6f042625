"""What never comes to rest is named and held back, and every run ends after so many steps."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.cluster.samples import workload

from nixernetes.cluster.api import ApiError, Event
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadProfile, WorkloadSimulator
from nixernetes.engine.results import Done, Result
from nixernetes.engine.runtime import Key, Runtime
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Manifest

HOURS = timedelta(hours=6)
DEPLOYMENT = ObjectKey("apps", "Deployment", "default", "web")


class Frequent:
    """A controller with an interval."""

    name = "frequent"

    def __init__(self, interval: timedelta) -> None:
        self.calls = 0
        self._interval = interval

    def reconcile(self, key: Key) -> Result:
        del key
        self.calls += 1
        return Done(self._interval)


def test_a_run_ends_after_so_many_steps_and_names_what_took_most() -> None:
    """An interval that is just long enough to be no livelock, for hours."""
    clock = VirtualClock()
    began, told = clock.now(), list[str]()
    runtime = Runtime(clock, lambda name, key, error: told.append(f"{name} {key} {error}"))
    controller = Frequent(timedelta(milliseconds=70))
    runtime.add(controller, [("a",)])
    assert not runtime.advance(began + HOURS)
    assert controller.calls <= 51_000
    assert clock.now() < began + HOURS
    said = f"frequent ('a',) the run ends here, after {controller.calls:,} steps; {controller.calls:,} of them"
    assert [text.partition(" were for this one")[0] for text in told] == [said]


def test_a_run_of_a_platform_with_many_deliveries_may_take_more_steps() -> None:
    clock = VirtualClock()
    controller = Frequent(timedelta(seconds=30))
    runtime = Runtime(clock)
    runtime.add(controller, [(str(number),) for number in range(100)])
    runtime.advance(clock.now() + HOURS)
    assert controller.calls == 100 * 721


def test_a_simulated_object_that_is_changed_back_each_time_is_held_back(clock: VirtualClock) -> None:
    """Another controller undoes what the Deployment's says of it, in the same moment."""
    told: list[str] = []
    cluster = EmbeddedCluster(name="c", clock=clock)
    profile = WorkloadProfile(most_pods=10)
    simulator = WorkloadSimulator(cluster, clock, profile, lambda key, error: told.append(f"{key}: {error}"))
    changes = 0

    def undo(event: Event) -> None:
        nonlocal changes
        if event.object["kind"] == "Deployment" and event.object.get("status") != {}:
            changes += 1
            cluster.update({**event.object, "status": {}}, manager="other", subresource="status")

    cluster.watch(undo)
    cluster.apply(workload(), manager="flux")
    simulator.run(clock.now())
    assert told == ["Deployment/default/web: never comes to rest and is held back: something changes it back each time"]
    assert changes < 2_000


def _autoscaler(name: str, least: int, most: int) -> Manifest:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"minReplicas": least, "maxReplicas": most, "scaleTargetRef": target},
    }


def test_two_autoscalers_that_disagree_scale_in_turns(clock: VirtualClock) -> None:
    """As in a cluster: each looks every 15 seconds, so the workload goes up and down, and nothing hangs."""
    cluster = EmbeddedCluster(name="c", clock=clock)
    runtime = Runtime(clock)
    runtime.add_process(WorkloadSimulator(cluster, clock))
    seen: list[tuple[datetime, int]] = []

    def note(event: Event) -> None:
        if event.object["kind"] == "Deployment" and event.old and event.old["spec"] != event.object["spec"]:
            seen.append((clock.now(), event.object["spec"]["replicas"]))

    cluster.watch(note)
    cluster.apply(workload(), manager="flux")
    cluster.apply(_autoscaler("high", 5, 9), manager="flux")
    cluster.apply(_autoscaler("low", 1, 3), manager="flux")
    runtime.advance(clock.now() + timedelta(minutes=10))
    assert {replicas for _, replicas in seen} == {3, 5}
    assert len(seen) <= 2 * 41


@pytest.mark.parametrize(
    ("kind", "spec", "most"),
    [("Deployment", {}, 50), ("StatefulSet", {}, 50), ("StatefulSet", {"podManagementPolicy": "Parallel"}, 50)],
)
def test_a_simulated_cluster_holds_no_more_pods_than_it_may(
    clock: VirtualClock, kind: str, spec: dict[str, str], most: int
) -> None:
    told: set[str] = set()
    cluster = EmbeddedCluster(name="c", clock=clock)
    runtime = Runtime(clock)
    profile = WorkloadProfile(most_pods=most)
    runtime.add_process(WorkloadSimulator(cluster, clock, profile, lambda key, error: told.add(f"{key}: {error}")))
    cluster.apply(workload(kind, replicas=2_000_000_000, **spec), manager="flux")
    runtime.advance(clock.now() + timedelta(hours=1))
    assert len(cluster.list(GroupKind("", "Pod"))) == most
    assert any(text.endswith(f"a simulated cluster holds {most} pods: ask for fewer") for text in told)


def test_a_definition_of_a_built_in_kind_changes_nothing(clock: VirtualClock) -> None:
    """The API server refuses it, and the kind stays namespaced."""
    told: list[str] = []
    cluster = EmbeddedCluster(name="c", clock=clock)
    simulator = WorkloadSimulator(cluster, clock, None, lambda key, error: told.append(f"{key}: {error!r}"))
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "deployments.apps"},
        "spec": {
            "group": "apps",
            "scope": "Cluster",
            "names": {"kind": "Deployment", "plural": "deployments"},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}
            ],
        },
    }
    with pytest.raises(ApiError, match="should be a domain with at least one dot"):
        cluster.apply(definition, manager="flux")
    cluster.apply(workload(), manager="flux")
    simulator.run(clock.now())
    assert told == []
    assert cluster.get(DEPLOYMENT) is not None
    assert cluster.is_namespaced(DEPLOYMENT.group_kind)
