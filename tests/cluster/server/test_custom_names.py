"""Custom kinds: names that two definitions ask for, objects within objects."""

from typing import Any

import pytest
from tests.cluster.server.client import ApiClient, warnings

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
OPEN = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    return ApiClient()


def definition(plural: str, kind: str, schema: object = OPEN, **names: Any) -> dict[str, Any]:
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.example.org"},
        "spec": {
            "group": "example.org",
            "scope": "Namespaced",
            "names": {"plural": plural, "kind": kind, **names},
            "versions": [version],
        },
    }


def conditions(client: ApiClient, name: str) -> dict[str, tuple[str, str]]:
    found = client.read("GET", f"{CRDS}/{name}.example.org")["status"]["conditions"]
    return {each["type"]: (each["status"], each["reason"]) for each in found}


def test_the_second_definition_of_a_kind_waits_for_its_names(client: ApiClient) -> None:
    client.made(CRDS, definition("widgets", "Widget"))
    client.made(CRDS, definition("gadgets", "Widget"))
    assert conditions(client, "gadgets") == {
        "NamesAccepted": ("False", "ListKindConflict"),
        "Established": ("False", "NotAccepted"),
    }
    assert client.ask("GET", "/apis/example.org/v1/namespaces/default/gadgets").status == 404
    assert client.ask("GET", "/apis/example.org/v1/namespaces/default/widgets").status == 200
    client.ask("DELETE", f"{CRDS}/widgets.example.org")
    assert conditions(client, "gadgets")["Established"] == ("True", "InitialNamesAccepted")
    assert client.ask("GET", "/apis/example.org/v1/namespaces/default/gadgets").status == 200


def test_short_names_are_given_once(client: ApiClient) -> None:
    client.made(CRDS, definition("widgets", "Widget", shortNames=["wd"]))
    client.made(CRDS, definition("gadgets", "Gadget", shortNames=["wd", "gg"]))
    assert conditions(client, "gadgets")["NamesAccepted"] == ("False", "ShortNamesConflict")


def test_objects_within_objects_are_held_to_what_every_object_is(client: ApiClient) -> None:
    inner = {"type": "object", "x-kubernetes-embedded-resource": True, "x-kubernetes-preserve-unknown-fields": True}
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"template": inner}}}}
    client.made(CRDS, definition("widgets", "Widget", schema))
    path = "/apis/example.org/v1/namespaces/default/widgets"

    def asked(name: str, template: object) -> Any:
        body = {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": name}}
        return client.ask("POST", path, {**body, "spec": {"template": template}})

    meta = {"name": "inner", "nope": 1}
    taken = asked("a", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"a": "b"}})
    assert taken.status == 201
    assert warnings(taken) == ['299 - "unknown field \\"spec.template.metadata.nope\\""']
    assert b"nope" not in taken.body
    assert b"spec.template.apiVersion: Required value" in asked("b", {"kind": "ConfigMap"}).body
    odd = asked("c", {"apiVersion": "v1", "kind": "Config Map", "metadata": {"name": "a/b"}}).body
    assert b"may have mixed case, but should otherwise match" in odd
    assert b"spec.template.metadata.name: Invalid value: \\\"a/b\\\": may not contain '/'" in odd
