"""The API server of a cluster, asked in process."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.cluster.server.client import KEY

from nixernetes.cluster.discovery.documents import DiscoveryDocuments
from nixernetes.cluster.discovery.live import LiveRegistry
from nixernetes.cluster.discovery.serving import RegisteredResources
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.server.access import ServerAccess
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse, UrlQuery
from nixernetes.cluster.server.server import ApiServer
from nixernetes.objects.clocks import VirtualClock

MAPS = "/api/v1/namespaces/default/configmaps"


class Client:
    """Asks a server as a client with a token does."""

    def __init__(self) -> None:
        cluster = EmbeddedCluster(name="test", clock=VirtualClock())
        registry = LiveRegistry(cluster)
        documents = DiscoveryDocuments(registry, version="1.34.4", address="127.0.0.1:6443")
        self.server = ApiServer(
            cluster, RegisteredResources(registry), [documents], ServerAccess(cluster, ["secret"], KEY)
        )

    def ask(self, method: str, path: str, body: object = None, **query: str) -> ApiResponse:
        """Return the answer to a request."""
        return self.server.handle(
            ApiRequest(
                method=method,
                path=path,
                query=UrlQuery(query.items()),
                headers={"authorization": "Bearer secret", "content-type": self.media, "user-agent": "test/1"},
                body=b"" if body is None else json.dumps(body).encode(),
            )
        )

    media = "application/json"

    def read(self, method: str, path: str, body: object = None, **query: str) -> Any:
        """Return the body of an answer."""
        return json.loads(self.ask(method, path, body, **query).body)


@pytest.fixture(name="client")
def a_client() -> Client:
    return Client()


def config_map(name: str, **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def test_an_object_is_created_read_replaced_and_deleted(client: Client) -> None:
    made = client.ask("POST", MAPS, config_map("c", a="1"))
    assert made.status == 201
    found = client.read("GET", f"{MAPS}/c")
    assert found["data"] == {"a": "1"}
    assert found["metadata"]["managedFields"][0]["manager"] == "test"
    found["data"] = {"a": "2"}
    assert client.read("PUT", f"{MAPS}/c", found)["data"] == {"a": "2"}
    assert client.read("DELETE", f"{MAPS}/c")["status"] == "Success"
    gone = client.ask("GET", f"{MAPS}/c")
    assert gone.status == 404
    assert json.loads(gone.body)["details"] == {"name": "c", "kind": "configmaps"}


def test_a_replacement_of_an_older_state_is_refused(client: Client) -> None:
    old = client.read("POST", MAPS, config_map("c", a="1"))
    client.read("PUT", f"{MAPS}/c", config_map("c", a="2"))
    answer = client.ask("PUT", f"{MAPS}/c", old)
    assert answer.status == 409
    assert json.loads(answer.body)["reason"] == "Conflict"


def test_a_dry_run_stores_nothing(client: Client) -> None:
    assert client.ask("POST", MAPS, config_map("c"), dryRun="All").status == 201
    assert client.ask("GET", f"{MAPS}/c").status == 404


def test_pages_show_the_state_of_the_first(client: Client) -> None:
    for number in range(5):
        client.ask("POST", MAPS, config_map(f"c{number}"))
    first = client.read("GET", MAPS, limit="2")
    assert first["metadata"]["remainingItemCount"] == 4  # with kube-root-ca.crt
    client.ask("DELETE", f"{MAPS}/c4")
    client.ask("POST", MAPS, config_map("c9"))
    rest = client.read("GET", MAPS, limit="9", **{"continue": first["metadata"]["continue"]})
    assert [each["metadata"]["name"] for each in rest["items"]] == ["c2", "c3", "c4", "kube-root-ca.crt"]


def test_a_watch_tells_what_comes_after_a_revision(client: Client) -> None:
    start = client.read("GET", MAPS)["metadata"]["resourceVersion"]
    client.ask("POST", MAPS, config_map("a"))
    stream = client.ask("GET", MAPS, watch="true", resourceVersion=start).stream
    assert stream is not None
    client.ask("POST", MAPS, config_map("b", x="y"))
    client.ask("DELETE", f"{MAPS}/a")
    events = [json.loads(line) for line in stream.take()]
    assert [(each["type"], each["object"]["metadata"]["name"]) for each in events] == [
        ("ADDED", "a"),
        ("ADDED", "b"),
        ("DELETED", "a"),
    ]
    versions = [int(each["object"]["metadata"]["resourceVersion"]) for each in events]
    assert versions == sorted(set(versions))
    stream.close()
    assert client.server.watching == 0


def test_a_watch_by_labels_tells_of_what_begins_and_ceases_to_match(client: Client) -> None:
    stream = client.ask("GET", MAPS, watch="true", labelSelector="app=web").stream
    assert stream is not None
    labelled = config_map("c")
    labelled["metadata"]["labels"] = {"app": "web"}
    client.ask("POST", MAPS, config_map("c"))
    client.ask("PUT", f"{MAPS}/c", labelled)
    client.ask("PUT", f"{MAPS}/c", config_map("c"))
    assert [json.loads(line)["type"] for line in stream.take()] == ["ADDED", "DELETED"]


def test_the_first_events_of_a_streaming_list_end_with_a_bookmark(client: Client) -> None:
    client.ask("POST", MAPS, config_map("a"))
    stream = client.ask(
        "GET",
        MAPS,
        watch="true",
        sendInitialEvents="true",
        resourceVersionMatch="NotOlderThan",
        allowWatchBookmarks="true",
    ).stream
    assert stream is not None
    events = [json.loads(line) for line in stream.take()]
    assert [each["type"] for each in events] == ["ADDED", "ADDED", "BOOKMARK"]
    assert events[-1]["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


def test_who_shows_no_token_may_read_the_version_alone(client: Client) -> None:
    assert client.server.handle(ApiRequest(method="GET", path="/version")).status == 200
    refused = client.server.handle(ApiRequest(method="GET", path=MAPS))
    assert refused.status == 403
    assert json.loads(refused.body)["message"] == (
        'configmaps is forbidden: User "system:anonymous" cannot list resource "configmaps" in API group "" in the '
        'namespace "default"'
    )
    wrong = ApiRequest(method="GET", path=MAPS, headers={"authorization": "Bearer guess"})
    assert client.server.handle(wrong).status == 401


def test_custom_kinds_are_served_from_their_definition_on(client: Client) -> None:
    path = "/apis/example.com/v1/namespaces/default/widgets"
    assert client.ask("GET", path).content_type == "text/plain; charset=utf-8"
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "widgets", "singular": "widget", "kind": "Widget", "listKind": "WidgetList"},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}
            ],
        },
    }
    assert client.ask("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd).status == 201
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}}
    assert client.ask("POST", path, widget).status == 201
    assert client.read("GET", path)["items"][0]["kind"] == "Widget"
    groups = client.read("GET", "/apis")["groups"]
    assert groups[-1]["name"] == "example.com"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nope", 404),
        ("GET", "/apis/apps/v1/nope", 404),
        ("GET", "/apis/apps/v2/deployments", 404),
        ("PATCH", "/api/v1/namespaces/default/configmaps", 405),
        ("GET", "/api/v1/namespaces/default/configmaps/c/nope", 404),
        ("OPTIONS", "/api/v1/namespaces/default/configmaps", 405),
    ],
)
def test_paths_that_mean_nothing_are_refused(client: Client, method: str, path: str, status: int) -> None:
    assert client.ask(method, path).status == status


def test_a_body_that_is_too_long_is_refused(client: Client) -> None:
    assert client.ask("POST", MAPS, "x" * (4 << 20)).status == 413
