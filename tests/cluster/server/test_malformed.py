"""Whatever is asked, a server answers; nothing that a client sends is a bug of the server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.cluster.server.client import MERGE, ApiClient
from tests.cluster.server.malformed import requests

BUG = re.compile(rb"Internal error occurred: [A-Z]\w+: ")
MAPS = "/api/v1/namespaces/default/configmaps"
CONTROLLERS = "/api/v1/namespaces/default/replicationcontrollers"


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_is_sent_is_a_bug_of_the_server(seed: int) -> None:
    client = ApiClient()
    statuses = set()
    for asked in requests(client, seed, 1_200):
        assert not BUG.search(asked.answer.body), asked
        statuses.add(asked.answer.status)
    assert statuses >= {200, 201, 400, 404, 405, 409, 422}, "all kinds of answers were met"


def test_a_namespace_without_a_name_is_refused() -> None:
    answer = ApiClient().read("POST", "/api/v1/namespaces", {})
    assert (answer["code"], answer["reason"]) == (422, "Invalid")
    assert "metadata.name: Required value" in answer["message"]


@pytest.mark.parametrize("fields", ["x", {"f:data": "x"}, {"f:data": {"x": {}}}, {"k:{": {}}, {"f:data": {"k:1": {}}}])
def test_owners_that_cannot_be_read_are_those_of_before(fields: object) -> None:
    client = ApiClient()
    before = client.made(MAPS, {"metadata": {"name": "a"}, "data": {"a": "1"}})["metadata"]["managedFields"]
    stated = [{**before[0], "fieldsV1": fields}]
    changed = client.read("PATCH", f"{MAPS}/a", {"metadata": {"managedFields": stated}}, media=MERGE)
    assert changed["metadata"]["managedFields"] == before


def controller(**spec: Any) -> object:
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "a", "image": "a"}]}}
    return {"metadata": {"name": "a"}, "spec": {"template": template, **spec}}


def test_a_replication_controller_selects_what_its_template_makes() -> None:
    client = ApiClient()
    refused = client.read("POST", CONTROLLERS, controller(selector={"a": "c"}))
    assert refused["details"]["causes"] == [
        {
            "reason": "FieldValueInvalid",
            "message": 'Invalid value: {"a":"b"}: `selector` does not match template `labels`',
            "field": "spec.template.metadata.labels",
        }
    ]
    made = client.made(CONTROLLERS, controller())
    assert (made["spec"]["selector"], made["metadata"]["labels"]) == ({"a": "b"}, {"a": "b"})
    assert client.read("GET", f"{CONTROLLERS}/a/scale")["status"]["selector"] == "a=b"


def test_a_pattern_that_is_none_is_told() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": "*"}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    spec = {"group": "x.io", "scope": "Namespaced", "names": {"plural": "as", "kind": "A"}, "versions": [version]}
    body = {"metadata": {"name": "as.x.io"}, "spec": spec}
    told = ApiClient().read("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body)
    assert ".openAPIV3Schema.properties" in told["message"]
    assert "must be a valid regular expression, but isn't: error parsing regexp: missing argument" in told["message"]
