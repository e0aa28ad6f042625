"""What a server gives to Services, and writes into objects that are new."""

from typing import Any

import pytest

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.identity import key_of


def service(name: str = "web", **spec: Any) -> dict[str, Any]:
    whole = {"ports": [{"port": 80}], **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "default"}, "spec": whole}


def test_services_have_addresses_and_families_of_their_own(cluster: EmbeddedCluster) -> None:
    one, two = (cluster.create(service(name), manager="t")["spec"] for name in ("one", "two"))
    assert one["clusterIP"] != two["clusterIP"]
    assert (one["clusterIPs"], one["ipFamilies"], one["ipFamilyPolicy"]) == (
        [one["clusterIP"]],
        ["IPv4"],
        "SingleStack",
    )
    headless = cluster.create(service("none", clusterIP="None"), manager="t")["spec"]
    assert (headless["clusterIPs"], headless["ipFamilyPolicy"]) == (["None"], "RequireDualStack")


def test_ports_of_the_nodes_are_given_kept_and_given_back(cluster: EmbeddedCluster) -> None:
    made = cluster.create(service(type="NodePort"), manager="t")["spec"]
    port = made["ports"][0]["nodePort"]
    assert 30000 <= port <= 32767
    again = cluster.update(service(type="NodePort", ports=[{"port": 81}]), manager="t")["spec"]
    assert (again["ports"][0]["nodePort"], again["clusterIP"]) == (port, made["clusterIP"])
    inside = cluster.update(service(type="ClusterIP", ports=again["ports"]), manager="t")["spec"]
    assert "nodePort" not in inside["ports"][0]


def test_what_is_taken_is_not_given_twice(cluster: EmbeddedCluster) -> None:
    address = cluster.create(service("one"), manager="t")["spec"]["clusterIP"]
    with pytest.raises(ApiError, match="provided IP is already allocated"):
        cluster.create(service("two", clusterIP=address), manager="t")
    cluster.create(service("three", type="NodePort", ports=[{"port": 80, "nodePort": 30500}]), manager="t")
    with pytest.raises(ApiError, match="provided port is already allocated"):
        cluster.create(service("four", type="NodePort", ports=[{"port": 80, "nodePort": 30500}]), manager="t")
    with pytest.raises(ApiError, match="not in the valid range"):
        cluster.create(service("five", type="NodePort", ports=[{"port": 80, "nodePort": 80}]), manager="t")


def test_a_job_selects_its_pods_by_its_uid(cluster: EmbeddedCluster) -> None:
    spec = {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "a:1"}]}}}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j", "namespace": "default"}, "spec": spec}
    made = cluster.create(job, manager="t")
    uid = made["metadata"]["uid"]
    assert made["spec"]["selector"] == {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}
    assert made["spec"]["template"]["metadata"]["labels"]["job-name"] == "j"


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ({}, "BestEffort"),
        ({"requests": {"cpu": "1"}}, "Burstable"),
        ({"limits": {"cpu": "1", "memory": "1Gi"}}, "Guaranteed"),
    ],
)
def test_a_pod_is_pending_and_of_a_class(cluster: EmbeddedCluster, resources: Any, expected: str) -> None:
    containers = [{"name": "a", "image": "a:1", "resources": resources}]
    meta = {"name": "p", "namespace": "default"}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": containers}}
    made = cluster.create(pod, manager="t")
    assert made["status"] == {"phase": "Pending", "qosClass": expected}
    assert made["spec"]["priority"] == 0
    assert len(made["spec"]["tolerations"]) == 2


def test_the_generation_of_a_deployment_grows_with_its_spec_and_its_annotations(cluster: EmbeddedCluster) -> None:
    labels = {"app": "a"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    meta: dict[str, Any] = {"name": "d", "namespace": "default"}
    web = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec}
    seen = [cluster.create(web, manager="t")]
    for more in ({"labels": labels}, {"annotations": {"a": "b"}}):
        seen.append(cluster.update({**web, "metadata": {**meta, **more}}, manager="t"))
    seen.append(cluster.update({**web, "spec": {**spec, "replicas": 2}}, manager="t"))
    assert [each["metadata"]["generation"] for each in seen] == [1, 1, 2, 3]
    assert cluster.get(key_of(web)) == seen[-1]
