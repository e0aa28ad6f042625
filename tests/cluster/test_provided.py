"""What a server adds by itself to Jobs, claims and variables."""

from collections.abc import Callable

import pytest
from tests.cluster.samples import workload

from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadProfile, WorkloadSimulator
from nixernetes.engine.runtime import Runtime
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Json, Manifest

Run = Callable[[float], None]
PODS = GroupKind("", "Pod")
CLAIM: Manifest = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "data", "namespace": "default"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}
CLAIM_KEY = ObjectKey("", "PersistentVolumeClaim", "default", "data")


def job(labels: Json = None, **spec: Json) -> Manifest:
    pod = {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "job:1"}]}}
    meta = {"name": "j", "namespace": "default", **({"labels": labels} if labels else {})}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta, "spec": {"template": pod, **spec}}


def test_a_job_and_its_pods_have_labels_with_its_uid_and_name(cluster: EmbeddedCluster, run: Run) -> None:
    stored = cluster.apply(job(), manager="flux")
    uid = stored["metadata"]["uid"]
    labels = {
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": "j",
        "controller-uid": uid,
        "job-name": "j",
    }
    assert stored["metadata"]["labels"] == labels
    run(1)
    (pod,) = cluster.list(PODS)
    assert pod["metadata"]["labels"] == labels
    assert cluster.apply(job(), manager="flux") == cluster.get(ObjectKey("batch", "Job", "default", "j"))


def test_a_job_with_labels_keeps_those_alone(cluster: EmbeddedCluster) -> None:
    assert cluster.apply(job({"a": "b"}), manager="flux")["metadata"]["labels"] == {"a": "b"}


def test_a_claim_in_use_stays_until_its_pod_is_gone(cluster: EmbeddedCluster, run: Run) -> None:
    assert cluster.apply(CLAIM, manager="flux")["metadata"]["finalizers"] == ["kubernetes.io/pvc-protection"]
    manifest = workload(replicas=1)
    manifest["spec"]["template"]["spec"]["volumes"] = [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]
    cluster.apply(manifest, manager="flux")
    run(5)
    cluster.delete(CLAIM_KEY)
    going = cluster.get(CLAIM_KEY)
    assert going is not None
    assert "deletionTimestamp" in going["metadata"]
    cluster.delete(ObjectKey("apps", "Deployment", "default", "web"))
    run(5)
    assert cluster.get(CLAIM_KEY) is None


def test_a_claim_that_nobody_uses_goes_at_once(cluster: EmbeddedCluster) -> None:
    cluster.apply(CLAIM, manager="flux")
    cluster.delete(CLAIM_KEY)
    assert cluster.get(CLAIM_KEY) is None


@pytest.mark.parametrize("part", ["containers", "initContainers"])
def test_an_empty_variable_is_stored_without_its_value(cluster: EmbeddedCluster, part: str) -> None:
    manifest = workload()
    container = {"name": "c", "image": "c:1", "env": [{"name": "A", "value": ""}, {"name": "B", "value": "1"}]}
    manifest["spec"]["template"]["spec"][part] = [container]
    manifest["spec"]["template"]["spec"].setdefault("containers", [container])
    stored = cluster.apply(manifest, manager="flux")
    assert stored["spec"]["template"]["spec"][part][0]["env"] == [{"name": "A"}, {"name": "B", "value": "1"}]
    assert cluster.apply(manifest, manager="flux", dry_run=True) == stored


@pytest.mark.parametrize(("kind", "words"), [("Utilization", "cpu utilization"), ("AverageValue", "cpu usage")])
def test_without_metrics_an_autoscaler_says_so(
    cluster: EmbeddedCluster, clock: VirtualClock, kind: str, words: str
) -> None:
    runtime = Runtime(clock)
    runtime.add_process(WorkloadSimulator(cluster, clock, WorkloadProfile(metrics=False)))
    cluster.apply(workload(), manager="flux")
    target = {"type": kind, "averageUtilization": 50} if kind == "Utilization" else {"type": kind, "averageValue": "1"}
    cluster.apply(
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "web", "namespace": "default"},
            "spec": {
                "maxReplicas": 3,
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
                "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
            },
        },
        manager="flux",
    )
    runtime.run_due()
    (scaler,) = cluster.list(GroupKind("autoscaling", "HorizontalPodAutoscaler"))
    active = next(each for each in scaler["status"]["conditions"] if each["type"] == "ScalingActive")
    assert (active["status"], active["reason"]) == ("False", "FailedGetResourceMetric")
    assert f"failed to get {words}: unable to get metrics for resource cpu" in active["message"]
