"""An object with a value of a wrong type is refused, or simulated: no fault, and the others go on."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from tests.wrong_types import changes, read

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadProfile, WorkloadSimulator
from nixernetes.engine.runtime import Runtime
from nixernetes.health import kstatus
from nixernetes.health.argocd import assess
from nixernetes.objects import yamls
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey, key_of

WORKLOADS = [
    document.data
    for text in read(Path(__file__).parent / "every_workload").values()
    for document in yamls.parse_all(text)
]
WITNESS = ObjectKey("apps", "Deployment", "default", "witness")


def _applied(cluster: EmbeddedCluster, manifest: Any) -> bool:
    try:
        cluster.apply(manifest, manager="kubectl", force=True)
    except ApiError:
        return False
    return True


@settings(max_examples=300, deadline=None, derandomize=True)
@given(changes(WORKLOADS))
def test_one_wrong_value_stops_nothing(documents: list[Any]) -> None:
    clock = VirtualClock()
    faults: list[str] = []
    cluster = EmbeddedCluster(name="c", clock=clock, on_error=lambda key, error: faults.append(f"{key}: {error!r}"))
    told = faults.append
    simulator = WorkloadSimulator(
        cluster, clock, WorkloadProfile(most_pods=30), lambda key, error: told(f"{key}: {error!r}")
    )
    runtime = Runtime(clock, lambda name, key, error: told(f"{name} {key}: {error!r}"))
    runtime.add_process(simulator)
    cluster.namespace("default")
    for document in documents:
        if isinstance(document, dict):
            _applied(cluster, document)
    witness = next(each for each in WORKLOADS if each["kind"] == "Deployment")
    labels = {"app": "witness"}
    template = {**witness["spec"]["template"], "metadata": {"labels": labels}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    assert _applied(cluster, {**witness, "metadata": {"name": "witness", "namespace": "default"}, "spec": spec})
    runtime.advance(clock.now() + timedelta(minutes=15))
    assert faults == []
    found = cluster.get(WITNESS)
    assert found is not None
    full = len(cluster.list(key_of({"apiVersion": "v1", "kind": "Pod"}).group_kind)) >= 30
    assert full or str(kstatus.compute(found).status) == "Current"
    for kind in cluster.kinds():
        for item in cluster.list(kind):
            kstatus.compute(item)
            assess(item)
