"""Requests that nobody means, answered as a real API server answers them (seen on kube-apiserver 1.34.4)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.cluster.server.client import ApiClient

CORE = "/api/v1/namespaces/default"
MAPS = f"{CORE}/configmaps"
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web"}}


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    return ApiClient()


def asked(client: ApiClient, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
    answer = client.ask(method, path, body, **more)
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([], 'cannot unmarshal array into Go value of type struct { APIVersion string "json:'),
        ({"apiVersion": 1}, "json: cannot unmarshal number into Go struct field .apiVersion of type string"),
        ({**MAP, "apiVersion": "a/b/c"}, "unexpected GroupVersion string: a/b/c"),
        ({**MAP, "apiVersion": "v2"}, 'no kind "ConfigMap" is registered for version "v2"'),
        ({**MAP, "kind": "Nope"}, 'no kind "Nope" is registered for version "v1"'),
        ({**MAP, "kind": "Secret"}, "converting (v1.Secret) to (core.ConfigMap): unknown conversion"),
        (
            {**MAP, "metadata": "x"},
            "cannot unmarshal string into Go struct field ConfigMap.metadata of type v1.ObjectMeta",
        ),
        ({**MAP, "binaryData": {"a": "aGk"}}, "illegal base64 data at input byte 0"),
        ({**MAP, "binaryData": {"a": "aG=x"}}, "illegal base64 data at input byte 2"),
    ],
)
def test_a_body_that_is_no_object_of_its_kind_is_refused_in_the_words_of_go(
    client: ApiClient, body: Any, words: str
) -> None:
    status, answer = asked(client, "POST", MAPS, body)
    assert (status, answer["reason"]) == (400, "BadRequest")
    assert words in answer["message"]


@pytest.mark.parametrize(
    ("container", "words"),
    [
        ({"imagePullPolicy": 7}, "Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy"),
        ({"ports": [{"containerPort": 2**31}]}, "cannot unmarshal number 2147483648 into Go struct field"),
        ({"resources": {"limits": []}}, "of type v1.ResourceList"),
    ],
)
def test_a_field_of_another_type_is_told_with_the_type_that_go_has(
    client: ApiClient, container: Any, words: str
) -> None:
    pod = {"metadata": {"name": "web"}, "spec": {"containers": [{"name": "web", "image": "a", **container}]}}
    status, answer = asked(client, "POST", f"{CORE}/pods", pod)
    assert (status, words in answer["message"]) == (400, True)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", f"{MAPS}/web"), ("DELETE", "/api/v1/configmaps"), ("HEAD", MAPS)]
)
def test_what_no_route_has_is_not_allowed(client: ApiClient, method: str, path: str) -> None:
    assert client.ask(method, path, MAP if method == "POST" else None).status == 405


def test_a_name_that_is_generated_is_owned_by_who_asked_for_it(client: ApiClient) -> None:
    body = {**MAP, "metadata": {"generateName": "web-"}}
    _, answer = asked(client, "POST", MAPS, body)
    assert answer["metadata"]["managedFields"][0]["fieldsV1"] == {"f:metadata": {"f:generateName": {}}}
    status, answer = asked(client, "POST", MAPS, {**MAP, "metadata": {"generateName": "Bad_"}})
    fields = [cause["field"] for cause in answer["details"]["causes"]]
    assert (status, fields) == (422, ["metadata.generateName", "metadata.name"])


def test_an_empty_list_of_managers_forgets_them(client: ApiClient) -> None:
    client.ask("POST", MAPS, {**MAP, "data": {"a": "b"}})
    _, answer = asked(client, "PUT", f"{MAPS}/web", {**MAP, "metadata": {"name": "web", "managedFields": []}})
    assert "managedFields" not in answer["metadata"]


def test_what_is_deleted_takes_no_new_finalizers_and_keeps_its_time(client: ApiClient) -> None:
    client.ask("POST", MAPS, {**MAP, "metadata": {"name": "web", "finalizers": ["a.b/c"]}})
    client.ask("DELETE", f"{MAPS}/web")
    meta = {"name": "web", "finalizers": ["a.b/c", "d.e/f"], "deletionTimestamp": "2020-01-01T00:00:00Z"}
    status, answer = asked(client, "PUT", f"{MAPS}/web", {**MAP, "metadata": meta})
    assert status == 422
    assert 'found new finalizers []string{"d.e/f"}' in answer["message"]
    assert "metadata.deletionTimestamp: Invalid value" in answer["message"]


def test_the_answer_to_the_deletion_of_a_pod_says_that_it_goes(client: ApiClient) -> None:
    pod = {"metadata": {"name": "web"}, "spec": {"containers": [{"name": "web", "image": "a"}]}}
    client.ask("POST", f"{CORE}/pods", pod)
    status, answer = asked(client, "DELETE", f"{CORE}/pods/web")
    assert (status, answer["metadata"]["deletionGracePeriodSeconds"], answer["metadata"]["generation"]) == (200, 0, 2)


def test_a_binding_places_a_pod_and_owns_nothing(client: ApiClient) -> None:
    pod = {"metadata": {"name": "web"}, "spec": {"containers": [{"name": "web", "image": "a"}]}}
    client.ask("POST", f"{CORE}/pods", pod)
    binding = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "web"}, "target": {"name": "one"}}
    assert client.ask("POST", f"{CORE}/bindings", binding).status == 201
    _, answer = asked(client, "GET", f"{CORE}/pods/web")
    assert (answer["spec"]["nodeName"], answer["metadata"]["generation"]) == ("one", 1)
    assert len(answer["metadata"]["managedFields"]) == 1
    status, answer = asked(client, "POST", f"{CORE}/pods/web/binding", {**binding, "target": {"kind": "Pod"}})
    assert (status, answer["message"]) == (
        500,
        '[target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>", target.name: Required value]',
    )


def test_two_dry_runs_have_two_uids(client: ApiClient) -> None:
    found = {asked(client, "POST", MAPS, MAP, dryRun="All")[1]["metadata"]["uid"] for _ in range(2)}
    assert len(found) == 2


def test_one_check_of_health_is_asked_by_its_name(client: ApiClient) -> None:
    assert (client.ask("GET", "/livez/ping").status, client.ask("GET", "/livez/nope").status) == (200, 404)
    assert client.ask("GET", "/livez", verbose="").body.endswith(b"livez check passed\n")


@pytest.mark.parametrize(
    ("node", "query", "told"),
    [
        ("", {"container": "web"}, "pod web does not have a host assigned"),
        ("gone", {"container": "web"}, 'pods "gone" not found'),
        ("gone", {"container": "nope"}, "container nope is not valid for pod web"),
        ("gone", {}, "a container name must be specified for pod web, choose one of: [first web side]"),
    ],
)
def test_a_command_in_a_pod_is_refused_as_a_server_without_kubelets_refuses_it(
    client: ApiClient, node: str, query: dict[str, str], told: str
) -> None:
    spec = {
        "containers": [{"name": "web", "image": "a"}, {"name": "side", "image": "a"}],
        "initContainers": [{"name": "first", "image": "a"}],
    }
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": spec}
    asked(client, "POST", f"{CORE}/pods", {**pod, "spec": {**spec, "nodeName": node}})
    _, answer = asked(client, "POST", f"{CORE}/pods/web/exec", **query)
    assert answer["message"] == told
