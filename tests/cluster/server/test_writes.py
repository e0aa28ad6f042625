"""Bodies and patches: what of them is taken, told and refused."""

import json
from typing import Any

import pytest
from tests.cluster.server.client import APPLY, MERGE, STRATEGIC, ApiClient, warnings

MAPS = "/api/v1/namespaces/default/configmaps"
WORK = "/apis/apps/v1/namespaces/default/deployments"


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    return ApiClient()


def deployment(name: str = "web", **more: Any) -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "nginx:1"}]}}
    spec = {"selector": {"matchLabels": {"app": "web"}}, "template": template, **more}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def test_unknown_fields_are_told_refused_or_nothing(client: ApiClient) -> None:
    body = deployment(nope=1)
    assert warnings(client.ask("POST", WORK, body, dryRun="All")) == ['299 - "unknown field \\"spec.nope\\""']
    assert warnings(client.ask("POST", WORK, body, dryRun="All", fieldValidation="Ignore")) == []
    refused = client.ask("POST", WORK, body, fieldValidation="Strict")
    assert refused.status == 400
    assert json.loads(refused.body)["message"] == (
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.nope"'
    )


def test_a_key_that_is_given_twice_is_told(client: ApiClient) -> None:
    body = b'{"metadata": {"name": "c"}, "data": {"a": "1", "a": "2"}}'
    answer = client.ask("POST", MAPS, body)
    assert warnings(answer) == ['299 - "duplicate field \\"data.a\\""']
    assert json.loads(answer.body)["data"] == {"a": "2"}


def test_a_strategic_patch_merges_containers_by_name(client: ApiClient) -> None:
    client.made(WORK, deployment())
    patch = {"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "nginx:2"}]}}}}
    found = client.read("PATCH", f"{WORK}/web", patch, media=STRATEGIC)
    (container,) = found["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "nginx:2"
    assert found["metadata"]["generation"] == 2


def test_a_patch_cannot_make_something_else_of_an_object(client: ApiClient) -> None:
    client.made(WORK, deployment())
    assert client.ask("PATCH", f"{WORK}/web", {"kind": "StatefulSet"}, media=MERGE).status == 422
    told = client.read("PATCH", f"{WORK}/web", {"metadata": {"uid": "other"}}, media=MERGE)
    assert told["details"]["causes"][0]["field"] == "metadata.uid"
    assert client.ask("PATCH", f"{WORK}/web", b"[", media="application/json-patch+json").status == 400


def test_what_is_invalid_is_told_with_its_causes(client: ApiClient) -> None:
    told = client.read("POST", WORK, deployment(replicas=-1))
    assert told["code"] == 422
    assert told["details"]["causes"] == [
        {
            "reason": "FieldValueInvalid",
            "message": "Invalid value: -1: must be greater than or equal to 0",
            "field": "spec.replicas",
        }
    ]


def test_another_object_or_an_older_state_is_not_replaced(client: ApiClient) -> None:
    made = client.made(MAPS, {"metadata": {"name": "c"}})
    meta = {"name": "c", "uid": "other"}
    assert "Precondition failed: UID" in client.read("PUT", f"{MAPS}/c", {"metadata": meta})["message"]
    assert client.ask("PUT", f"{MAPS}/c", {"metadata": {"name": "c", "resourceVersion": "abc"}}).status == 500
    assert client.ask("PUT", f"{MAPS}/c", {"metadata": {"name": "c", "resourceVersion": "0"}}).status == 200
    assert client.ask("PUT", f"{MAPS}/c", {**made, "data": {"a": "1"}}).status == 200
    assert client.ask("PUT", f"{MAPS}/c", {**made, "data": {"a": "2"}}).status == 409


def test_a_scale_is_read_replaced_patched_and_applied(client: ApiClient) -> None:
    client.made(WORK, deployment(replicas=2))
    scale = client.read("GET", f"{WORK}/web/scale")
    assert (scale["spec"], scale["status"]) == ({"replicas": 2}, {"replicas": 0, "selector": "app=web"})
    body = {"metadata": {"name": "web"}, "spec": {"replicas": 3}}
    assert client.read("PUT", f"{WORK}/web/scale", body)["spec"] == {"replicas": 3}
    assert client.read("PATCH", f"{WORK}/web/scale", {"spec": {"replicas": 4}}, media=MERGE)["spec"]["replicas"] == 4
    applied = {"apiVersion": "autoscaling/v1", "kind": "Scale", **body, "spec": {"replicas": 5}}
    more = {"media": APPLY, "fieldManager": "hpa", "force": "true"}
    assert client.read("PATCH", f"{WORK}/web/scale", applied, **more)["spec"] == {"replicas": 5}
    owners = client.read("GET", f"{WORK}/web")["metadata"]["managedFields"]
    assert [each["subresource"] for each in owners if each["manager"] == "hpa"] == ["scale"]
    assert client.ask("PATCH", f"{WORK}/web/scale", {"spec": {"replicas": -1}}, media=MERGE).status == 422


def test_a_status_is_applied_by_itself(client: ApiClient) -> None:
    client.made(WORK, deployment())
    body = {**deployment(replicas=9), "status": {"replicas": 1}}
    found = client.read("PATCH", f"{WORK}/web/status", body, media=APPLY, fieldManager="controller")
    assert found["status"] == {"replicas": 1}
    assert found["spec"]["replicas"] == 1
    entry = next(each for each in found["metadata"]["managedFields"] if each["manager"] == "controller")
    assert (entry["subresource"], entry["fieldsV1"]) == ("status", {"f:status": {"f:replicas": {}}})


def test_an_eviction_keeps_to_the_budget(client: ApiClient) -> None:
    pods = "/api/v1/namespaces/default/pods"
    spec = {"containers": [{"name": "a", "image": "a:1"}], "nodeName": "n"}
    client.made(pods, {"metadata": {"name": "p", "labels": {"app": "a"}}, "spec": spec})
    client.ask("PATCH", f"{pods}/p/status", {"status": {"phase": "Running"}}, media=MERGE)
    budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets"
    budget = {"minAvailable": 1, "selector": {"matchLabels": {"app": "a"}}}
    client.made(budgets, {"metadata": {"name": "b"}, "spec": budget})
    waits = client.ask("POST", f"{pods}/p/eviction", {"metadata": {"name": "p"}})
    assert (waits.status, dict(waits.headers)["retry-after"]) == (429, "10")
    status = {"observedGeneration": 1, "disruptionsAllowed": 1, "currentHealthy": 2, "desiredHealthy": 1}
    client.ask("PATCH", f"{budgets}/b/status", {"status": status}, media=MERGE)
    assert client.ask("POST", f"{pods}/p/eviction", {"metadata": {"name": "p"}}).status == 201
    assert client.read("GET", f"{budgets}/b")["status"]["disruptionsAllowed"] == 0


def test_a_pod_is_bound_once(client: ApiClient) -> None:
    pods = "/api/v1/namespaces/default/pods"
    client.made(pods, {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}})
    bound = {"metadata": {"name": "p"}, "target": {"kind": "Node", "name": "n"}}
    assert client.ask("POST", f"{pods}/p/binding", bound).status == 201
    assert client.read("GET", f"{pods}/p")["spec"]["nodeName"] == "n"
    assert client.ask("POST", f"{pods}/p/binding", bound).status == 409


LAST = "kubectl.kubernetes.io/last-applied-configuration"


def _applied_by_client(client: ApiClient) -> None:
    last = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1","b":"1"}}\n'
    meta = {"name": "m", "annotations": {LAST: last}}
    client.made(MAPS, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"a": "1", "b": "1"}})


def test_kubectl_goes_on_from_the_client_s_side_to_the_server_s(client: ApiClient) -> None:
    _applied_by_client(client)
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "<2>", "b": "1"}}
    assert client.ask("PATCH", f"{MAPS}/m", body, media=APPLY, fieldManager="other").status == 409
    found = client.read("PATCH", f"{MAPS}/m", body, media=APPLY, fieldManager="kubectl")
    assert found["data"] == {"a": "<2>", "b": "1"}
    told = found["metadata"]["annotations"][LAST]
    assert told.endswith("}\n")
    assert "\\u003c2\\u003e" in told
    assert json.loads(told)["data"] == body["data"]


def test_what_others_changed_since_is_not_kubectl_s(client: ApiClient) -> None:
    _applied_by_client(client)
    client.read("PATCH", f"{MAPS}/m", {"data": {"b": "9"}}, media=MERGE)
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "2", "b": "3"}}
    refused = client.read("PATCH", f"{MAPS}/m", body, media=APPLY, fieldManager="kubectl")
    assert [each["field"] for each in refused["details"]["causes"]] == [".data.b"]


def test_metadata_that_a_patch_leaves_alone_is_shown_as_go_writes_it(client: ApiClient) -> None:
    _applied_by_client(client)
    told = client.read("PATCH", f"{MAPS}/m", {"data": {"q": 1}}, media=MERGE)["message"]
    assert '\\"metadata\\":{\\"name\\":\\"m\\",\\"namespace\\":\\"default\\",\\"uid\\":' in told
