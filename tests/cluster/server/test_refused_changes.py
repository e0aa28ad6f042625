"""Fields that never change, and the words in which a server says so."""

from typing import Any

import pytest
from tests.cluster.server.client import APPLY, MERGE, ApiClient

CORE = "/api/v1/namespaces/default"
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "p"},
    "spec": {"containers": [{"name": "c", "image": "nginx:1"}]},
}


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    return ApiClient()


def causes(client: ApiClient, path: str, patch: object) -> dict[str, str]:
    """Return what is refused of a merge patch, by field."""
    answer = client.read("PATCH", path, patch, media=MERGE)
    assert answer["code"] == 422, answer
    return {each["field"]: each["message"] for each in answer["details"]["causes"]}


def test_a_pod_tells_what_would_have_changed_as_go_prints_it(client: ApiClient) -> None:
    client.made(f"{CORE}/pods", POD)
    assert client.ask("PATCH", f"{CORE}/pods/p", {"spec": {"activeDeadlineSeconds": 5}}, media=MERGE).status == 200
    told = causes(client, f"{CORE}/pods/p", {"spec": {"hostname": "other"}})["spec"]
    assert told.startswith("Forbidden: pod updates may not change fields other than `spec.containers[*].image`")
    assert '\n- "Hostname": "",\n+ "Hostname": "other",\n' in told


def test_an_immutable_config_map_stays(client: ApiClient) -> None:
    held = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "immutable": True, "data": {"a": "1"}}
    client.made(f"{CORE}/configmaps", held)
    assert causes(client, f"{CORE}/configmaps/m", {"data": {"a": "2"}}) == {
        "data": "Forbidden: field is immutable when `immutable` is set"
    }
    assert client.ask("PATCH", f"{CORE}/configmaps/m", {"metadata": {"labels": {"a": "b"}}}, media=MERGE).status == 200


def test_a_null_that_is_applied_is_owned_and_nothing(client: ApiClient) -> None:
    def applied(data: dict[str, Any]) -> Any:
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": data}
        return client.read("PATCH", f"{CORE}/configmaps/m", body, media=APPLY, fieldManager="a")

    found = applied({"a": "1", "b": None})
    assert found["data"].get("b", "") == ""
    assert "f:a" in found["metadata"]["managedFields"][0]["fieldsV1"]["f:data"]


def test_keys_that_yaml_repeats_are_told(client: ApiClient) -> None:
    body = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\ndata:\n  a: '1'\n  a: '2'\n"
    answer = client.ask("POST", f"{CORE}/configmaps", body, media="application/yaml", fieldValidation="Strict")
    assert answer.status == 400
    assert b'key \\"a\\" already set in map' in answer.body
