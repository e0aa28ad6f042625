"""Claims find their volumes, autoscalers their bounds."""

from collections.abc import Callable
from typing import Any

from tests.cluster.samples import workload

from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest

Run = Callable[[float], None]


def volume(name: str, size: str = "2Gi", **spec: Any) -> Manifest:
    wanted = {
        "capacity": {"storage": size},
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "fast",
        "persistentVolumeReclaimPolicy": "Retain",
        "hostPath": {"path": "/x"},
        **spec,
    }
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": wanted}


def claim(**spec: Any) -> Manifest:
    wanted = {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "fast",
        "resources": {"requests": {"storage": "1Gi"}},
        **spec,
    }
    meta = {"name": "data", "namespace": "default"}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": meta, "spec": wanted}


def read(cluster: EmbeddedCluster, kind: str, name: str, namespace: str = "") -> Manifest:
    found = cluster.get(ObjectKey("", kind, namespace, name))
    assert found is not None
    return found


def phase(cluster: EmbeddedCluster, name: str) -> str:
    return str(read(cluster, "PersistentVolume", name)["status"]["phase"])


def test_a_claim_takes_the_smallest_volume_that_fits(cluster: EmbeddedCluster, run: Run) -> None:
    for made in (
        volume("large", "9Gi"),
        volume("small", "500Mi"),
        volume("other", storageClassName="slow"),
        volume("fits"),
    ):
        cluster.create(made, manager="test")
    cluster.create(claim(), manager="test")
    run(1)
    bound = read(cluster, "PersistentVolumeClaim", "data", "default")
    assert bound["spec"]["volumeName"] == "fits"
    assert bound["status"]["capacity"] == {"storage": "2Gi"}
    assert bound["metadata"]["annotations"]["pv.kubernetes.io/bind-completed"] == "yes"
    reference = read(cluster, "PersistentVolume", "fits")["spec"]["claimRef"]
    assert (reference["name"], reference["uid"]) == ("data", bound["metadata"]["uid"])
    assert {name: phase(cluster, name) for name in ("large", "small", "fits")} == {
        "large": "Available",
        "small": "Available",
        "fits": "Bound",
    }


def test_a_volume_is_left_behind(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.create(volume("kept"), manager="test")
    cluster.create(claim(), manager="test")
    run(1)
    cluster.delete(ObjectKey("", "PersistentVolumeClaim", "default", "data"))
    run(1)
    assert phase(cluster, "kept") == "Released"


def test_a_claim_of_no_class_waits_for_a_volume(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.create(claim(storageClassName=""), manager="test")
    run(1)
    assert read(cluster, "PersistentVolumeClaim", "data", "default")["status"]["phase"] == "Pending"
    cluster.create(volume("late", storageClassName=""), manager="test")
    run(1)
    assert read(cluster, "PersistentVolumeClaim", "data", "default")["status"]["phase"] == "Bound"


def test_an_autoscaler_without_measures_still_keeps_its_bounds(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.create(workload(), manager="test")
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    scaler = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {"scaleTargetRef": target, "minReplicas": 4, "maxReplicas": 6},
    }
    cluster.create(scaler, manager="test")
    run(60)
    key = ObjectKey("apps", "Deployment", "default", "web")
    found = cluster.get(key)
    assert found is not None
    assert found["spec"]["replicas"] == 4
    cluster.update({**found, "spec": {**found["spec"], "replicas": 0}}, manager="test")
    run(60)
    stopped = cluster.get(key)
    assert stopped is not None
    assert stopped["spec"]["replicas"] == 0
