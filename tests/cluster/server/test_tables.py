"""Tables: what ``kubectl get`` shows."""

import json
from typing import Any

import pytest
from tests.cluster.server.client import ApiClient

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
PODS = "/api/v1/namespaces/default/pods"


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    return ApiClient()


def shown(client: ApiClient, path: str, **more: Any) -> list[dict[str, Any]]:
    table = client.read("GET", path, accept=TABLE, **more)
    heads = [column["name"] for column in table["columnDefinitions"]]
    return [dict(zip(heads, row["cells"], strict=True)) for row in table["rows"]]


@pytest.mark.parametrize(
    ("status", "ready", "word"),
    [
        ({"phase": "Pending"}, "0/1", "Pending"),
        ({"phase": "Running", "containerStatuses": [{"ready": True, "state": {"running": {}}}]}, "1/1", "Running"),
        (
            {"phase": "Running", "containerStatuses": [{"state": {"waiting": {"reason": "CrashLoopBackOff"}}}]},
            "0/1",
            "CrashLoopBackOff",
        ),
        ({"phase": "Failed", "containerStatuses": [{"state": {"terminated": {"exitCode": 2}}}]}, "0/1", "ExitCode:2"),
        ({"phase": "Pending", "initContainerStatuses": [{"state": {"running": {}}}]}, "0/1", "Init:0/1"),
    ],
)
def test_a_pod_is_told_in_a_word(client: ApiClient, status: Any, ready: str, word: str) -> None:
    first = [{"name": "i", "image": "i:1"}] if "initContainerStatuses" in status else []
    spec = {"containers": [{"name": "a", "image": "a:1"}], "initContainers": first}
    client.made(PODS, {"metadata": {"name": "p"}, "spec": spec})
    whole = {"name": "a", "image": "a:1", "imageID": "", "ready": False, "restartCount": 0}
    for part in ("containerStatuses", "initContainerStatuses"):
        if part in status:
            status = {**status, part: [{**whole, **each} for each in status[part]]}
    client.ask("PATCH", f"{PODS}/p/status", {"status": status}, media="application/merge-patch+json")
    (row,) = shown(client, PODS)
    assert (row["Ready"], row["Status"], row["Restarts"]) == (ready, word, "0")


def test_columns_of_a_custom_kind_come_from_its_definition(client: ApiClient) -> None:
    fields = {"size": {"type": "integer"}, "notes": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": fields}}}
    columns = [
        {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
        {"name": "Notes", "type": "string", "jsonPath": ".spec.notes"},
    ]
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"plural": "widgets", "kind": "Widget"}
    spec = {"group": "e.com", "scope": "Namespaced", "names": names}
    spec["versions"] = [{**version, "additionalPrinterColumns": columns}]
    client.made(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {"metadata": {"name": "widgets.e.com"}, "spec": spec}
    )
    path = "/apis/e.com/v1/namespaces/default/widgets"
    widget = {"apiVersion": "e.com/v1", "kind": "Widget", "metadata": {"name": "w"}}
    client.made(path, {**widget, "spec": {"size": 3, "notes": {"b": 1, "a": [2]}}})
    assert shown(client, path) == [{"Name": "w", "Size": 3, "Notes": '{"a":[2],"b":1}'}]


def test_rows_bring_what_of_the_object_is_asked_for(client: ApiClient) -> None:
    path = "/api/v1/namespaces/default/configmaps"
    client.made(path, {"metadata": {"name": "c"}, "data": {"a": "1"}})
    whole = client.read("GET", path, accept=TABLE, includeObject="Object")["rows"][0]["object"]
    assert whole["data"] == {"a": "1"}
    assert client.read("GET", path, accept=TABLE, includeObject="None")["rows"][0]["object"] is None
    assert client.read("GET", path, accept=TABLE)["rows"][0]["object"]["kind"] == "PartialObjectMetadata"
    assert client.ask("GET", path, accept=TABLE, includeObject="Nothing").status == 400


def test_lists_are_narrowed_by_labels_and_by_the_fields_of_their_kind(client: ApiClient) -> None:
    path = "/api/v1/namespaces/default/secrets"
    for name, kind in (("a", "Opaque"), ("b", "example.com/b")):
        client.made(path, {"metadata": {"name": name, "labels": {"n": name}}, "type": kind})
    names = [each["metadata"]["name"] for each in client.read("GET", path, fieldSelector="type=Opaque")["items"]]
    assert names == ["a"]
    found = client.read("GET", path, labelSelector="n in (b,c)")["items"]
    assert [each["metadata"]["name"] for each in found] == ["b"]
    refused = client.ask("GET", path, fieldSelector="data.a=1")
    assert (refused.status, json.loads(refused.body)["message"]) == (400, "field label not supported: data.a")


def test_types_are_described_for_those_who_ask(client: ApiClient) -> None:
    document = client.read("GET", "/openapi/v3/apis/apps/v1")
    spec = document["components"]["schemas"]["io.k8s.api.apps.v1.DeploymentSpec"]
    assert spec["required"] == ["selector", "template"]
    assert spec["properties"]["replicas"]["description"].startswith("Number of desired pods.")
    assert client.read("GET", "/openapi/v2")["swagger"] == "2.0"
