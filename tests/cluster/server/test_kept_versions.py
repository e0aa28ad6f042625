"""Kinds that are served in several versions are one object in each of them."""

from typing import Any

import pytest
from tests.cluster.server.client import ApiClient

SCALERS = "/apis/autoscaling/{}/namespaces/default/horizontalpodautoscalers"


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    return ApiClient()


def scaler(version: str, **spec: Any) -> dict[str, Any]:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    return {
        "apiVersion": f"autoscaling/{version}",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web"},
        "spec": {"scaleTargetRef": target, "maxReplicas": 3, **spec},
    }


def test_an_autoscaler_of_v1_is_one_of_v2(client: ApiClient) -> None:
    client.made(SCALERS.format("v1"), scaler("v1", targetCPUUtilizationPercentage=70))
    found = client.read("GET", SCALERS.format("v2") + "/web")
    assert found["apiVersion"] == "autoscaling/v2"
    assert found["spec"]["metrics"] == [
        {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}
    ]


def test_what_v1_has_no_field_for_comes_back_whole(client: ApiClient) -> None:
    metrics = [
        {
            "type": "Pods",
            "pods": {"metric": {"name": "requests"}, "target": {"type": "AverageValue", "averageValue": "10"}},
        }
    ]
    client.made(SCALERS.format("v2"), scaler("v2", metrics=metrics))
    old = client.read("GET", SCALERS.format("v1") + "/web")
    assert "autoscaling.alpha.kubernetes.io/metrics" in old["metadata"]["annotations"]
    assert "metrics" not in old["spec"]
    old["spec"]["maxReplicas"] = 5
    client.read("PUT", SCALERS.format("v1") + "/web", old)
    new = client.read("GET", SCALERS.format("v2") + "/web")
    assert (new["spec"]["metrics"], new["spec"]["maxReplicas"]) == (metrics, 5)
    assert not new["metadata"].get("annotations")


def test_events_of_both_groups_are_the_same(client: ApiClient) -> None:
    about = {"kind": "Pod", "name": "web", "namespace": "default"}
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "e"},
        "involvedObject": about,
        "reason": "Started",
        "message": "it runs",
        "type": "Normal",
        "count": 2,
        "source": {"component": "kubelet"},
    }
    client.made("/api/v1/namespaces/default/events", event)
    found = client.read("GET", "/apis/events.k8s.io/v1/namespaces/default/events/e")
    assert found["regarding"] == about
    assert (found["note"], found["deprecatedCount"]) == ("it runs", 2)
    assert "message" not in found
    client.ask("DELETE", "/apis/events.k8s.io/v1/namespaces/default/events/e")
    assert client.ask("GET", "/api/v1/namespaces/default/events/e").status == 404


def test_every_served_group_has_its_api_service(client: ApiClient) -> None:
    services = "/apis/apiregistration.k8s.io/v1/apiservices"
    names = {each["metadata"]["name"] for each in client.read("GET", services)["items"]}
    assert {"v1.", "v1.apps", "v2.autoscaling"} <= names
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    spec = {
        "group": "example.org",
        "names": {"plural": "things", "kind": "Thing"},
        "scope": "Namespaced",
        "versions": [version],
    }
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.org"},
        "spec": spec,
    }
    client.made("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)
    found = client.read("GET", f"{services}/v1.example.org")
    assert found["spec"]["groupPriorityMinimum"] == 1000
    assert found["status"]["conditions"][0]["reason"] == "Local"
    client.ask("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.example.org")
    assert client.ask("GET", f"{services}/v1.example.org").status == 404
