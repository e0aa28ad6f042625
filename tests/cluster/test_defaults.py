"""The API server fills in what is not said, whenever it stores an object."""

import copy

import pytest
from tests.cluster.samples import workload

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest

SERVICE: Manifest = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "default"},
    "spec": {"ports": [{"port": 80}]},
}


def test_a_default_comes_back_when_its_field_is_given_up(cluster: EmbeddedCluster) -> None:
    cluster.apply(workload(replicas=3), manager="flux")
    without = workload()
    del without["spec"]["replicas"]
    assert cluster.apply(without, manager="flux")["spec"]["replicas"] == 1


def test_a_service_keeps_its_address_when_it_is_replaced(cluster: EmbeddedCluster) -> None:
    first = cluster.apply(SERVICE, manager="flux")
    ports = [{"port": 81}]
    second = cluster.update({**copy.deepcopy(SERVICE), "spec": {"ports": ports}}, manager="kubectl-replace")
    assert second["spec"]["ports"] == [{"port": 81, "protocol": "TCP", "targetPort": 81}]
    assert second["spec"]["clusterIP"] == first["spec"]["clusterIP"]


def test_the_address_of_a_service_is_immutable(cluster: EmbeddedCluster) -> None:
    cluster.apply(SERVICE, manager="flux")
    other = {**SERVICE, "spec": {**SERVICE["spec"], "clusterIP": "10.96.9.9"}}
    with pytest.raises(
        ApiError, match=r'^Service "web" is invalid: spec\.clusterIPs\[0\]: Invalid value: \["10\.96\.9\.9"\]'
    ):
        cluster.apply(other, manager="flux", force=True)


def test_defaults_belong_to_nobody(cluster: EmbeddedCluster) -> None:
    without = workload()
    del without["spec"]["replicas"]
    cluster.apply(without, manager="flux")
    assert "f:replicas" not in cluster.managers(key_of(without))["flux"]["f:spec"]
    assert (
        cluster.apply({**workload(), "spec": {**without["spec"], "replicas": 4}}, manager="hpa")["spec"]["replicas"]
        == 4
    )
    assert list(cluster.managers(key_of(without))) == ["flux", "hpa"]


def test_a_cron_job_has_a_status_before_it_has_run(cluster: EmbeddedCluster) -> None:
    containers = [{"name": "a", "image": "a:1"}]
    template = {"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": containers}}}}
    spec = {"schedule": "@daily", "jobTemplate": template}
    job = {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "n", "namespace": "default"}, "spec": spec}
    first = cluster.apply(job, manager="flux")
    assert first["status"] == {}
    assert cluster.apply(copy.deepcopy(job), manager="flux") == first
